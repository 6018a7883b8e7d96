"""What the operator counts. Labels are small sets: kinds, results, legs; never names of objects."""

from prometheus_client import Counter, Gauge, Histogram

from todotasks.telemetry import LATENCY_BUCKETS

RECONCILED = Counter(
    "todotasks_reconcile",
    "Keys reconciled, by what came of it: unchanged, written, deleted, gone, retried or failed.",
    ["kind", "result"],
)
RECONCILE_SECONDS = Histogram(
    "todotasks_reconcile_seconds",
    "From taking a key out of the queue to the end of its writes, the wait for the write limit included.",
    ["kind"],
    buckets=(0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
QUEUE_DEPTH = Gauge("todotasks_queue_depth", "Keys that wait for a worker.")
QUEUE_OLDEST = Gauge(
    "todotasks_queue_oldest_seconds",
    "How long the first key of a lane has stood there, the longest of them.",
)
QUEUE_DELAYED = Gauge("todotasks_queue_delayed", "Keys that failed and wait for their next attempt.")
SCHEDULED = Gauge("todotasks_scheduled", "Keys with an instant at which time alone changes something.")
ALARM_LATE = Histogram(
    "todotasks_alarm_late_seconds",
    "How much later than its instant the oldest key of a batch of alarms was fired.",
    buckets=LATENCY_BUCKETS,
)
KNOWN = Gauge("todotasks_known", "Objects in the cache.", ["kind"])
EMITTED = Counter("todotasks_emitted", "Events that time brought about, put into the outbox.", ["happening"])
EMISSIONS_WAITING = Gauge(
    "todotasks_emissions_waiting", "Events that time brought about and that are not yet in the outbox."
)
SET_ASIDE = Counter(
    "todotasks_emissions_set_aside", "Events that could not be written; each is a dead letter.", ["happening"]
)
KUBE_EVENTS_DROPPED = Counter(
    "todotasks_kube_events_dropped", "Kubernetes Events left out: too many at once, or refused."
)
KUBE_EVENTS_WAITING = Gauge("todotasks_kube_events_waiting", "Kubernetes Events that wait to be written.")
CANARY_SECONDS = Gauge(
    "todotasks_canary_seconds",
    "How long the last beat of the canary took to come back, or has been missing if that is longer.",
    ["leg"],
)
