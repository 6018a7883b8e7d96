"""What the webhook counts."""

from prometheus_client import Counter, Gauge, Histogram

from todotasks.telemetry import LATENCY_BUCKETS

REVIEWS = Counter(
    "todotasks_webhook_reviews",
    "AdmissionReviews by kind, operation and outcome (allowed, refused, bad, unknown_caller).",
    ["kind", "operation", "outcome"],
)
SECONDS = Histogram(
    "todotasks_webhook_review_seconds",
    "Seconds from a review's arrival to its answer.",
    buckets=LATENCY_BUCKETS,
)
WARNINGS = Counter("todotasks_webhook_warnings", "Reviews that were answered with a warning.")
FAILURES = Counter(
    "todotasks_webhook_failures", "Errors of the webhook itself, by where; the object was let in.", ["where"]
)
UNKNOWN = Counter(
    "todotasks_webhook_unknown",
    "Reviews answered without knowing the named kind, because its watch had nothing or was too old.",
    ["kind"],
)
CERTIFICATE_EXPIRY = Gauge(
    "todotasks_webhook_certificate_expiry_seconds", "When the serving certificate ends, seconds since 1970."
)
RECORDS = Counter(
    "todotasks_webhook_records", "Admission records by outcome (delivered, dropped, failed).", ["outcome"]
)
RECORDS_WAITING = Gauge("todotasks_webhook_records_waiting", "Admission records not yet with Kafka.")
RECORDS_OLDEST = Gauge(
    "todotasks_webhook_records_oldest_seconds", "Age of the oldest admission record not yet with Kafka."
)
