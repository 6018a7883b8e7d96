"""What the parts of todotasks share: typed kinds, recurrence, language, events, and the clients of
the Kubernetes API, PostgreSQL and Kafka. It imports no other part (see `[tool.importlinter]`)."""

from importlib.metadata import version

__version__ = version("todotasks")
