"""What the notifier counts. No label names a channel or a task: those are without bound."""

from prometheus_client import Counter, Gauge, Histogram

RECEIVED = Counter(
    "todotasks_notifier_received",
    "reminder.due by what it was: new, repeated, unreadable",
    ["what"],
)
ATTEMPTS = Counter(
    "todotasks_notifier_attempts",
    "Attempts by result: delivered, temporary, permanent",
    ["result"],
)
SECONDS = Histogram(
    "todotasks_notifier_attempt_seconds",
    "How long an attempt took",
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 90),
)
REPORTS_PUT_OFF = Counter(
    "todotasks_notifier_reports_put_off",
    "Results of deliveries that could not be told (to Kafka, or in the reminder's status) and are told later",
)
WAITING = Gauge("todotasks_notifier_waiting", "Deliveries that wait, by state: Pending, Retrying", ["state"])
OLDEST = Gauge("todotasks_notifier_oldest_seconds", "Age of the oldest delivery that waits")
RESTING = Gauge("todotasks_notifier_channels_resting", "Channels whose circuit breaker is open")
