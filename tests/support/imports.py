"""Modules that cost `kubectl todo` more than what it does, each with who else imports it."""

# Nothing that a call for one person needs.
NEVER = frozenset({
    "apprise", "confluent_kafka", "cryptography", "jinja2", "jsonschema", "kopf", "mcp", "opentelemetry",
    "psycopg",
})  # fmt: skip
# What some calls need: a sentence is read, a title is compared, a rule is said, a list is watched.
HEAVY = frozenset({
    "aiohttp", "prometheus_client", "rapidfuzz", "rich", "structlog", "todotasks.language.reader",
    "todotasks.language.understanding", "todotasks.recurrence.rule",
})  # fmt: skip
