"""What the parts of todotasks share: typed kinds, recurrence, language, events, and the clients of the
Kubernetes API, PostgreSQL and Kafka.

It imports no other part. Its packages stand on floors, each importing only lower ones: `assistant`,
`tools`, `store`, `edits`; then `kube`, `broker`, `events`, `language` side by side; then `telemetry`,
`settings`, `recurrence`, and `api`. (`[tool.importlinter]` in pyproject.toml holds them.)
"""

from importlib.metadata import version

__version__ = version("todotasks")
