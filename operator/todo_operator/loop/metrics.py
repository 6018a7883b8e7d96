"""What the operator counts. Labels are small sets: kinds, results, legs; never names of objects."""

from prometheus_client import Counter, Gauge, Histogram

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
QUEUE_DELAYED = Gauge("todotasks_queue_delayed", "Keys that failed and wait for their next attempt.")
SCHEDULED = Gauge("todotasks_scheduled", "Keys with an instant at which time alone changes something.")
KNOWN = Gauge("todotasks_known", "Objects in the cache.", ["kind"])
EMITTED = Counter("todotasks_emitted", "Events that time brought about, put into the outbox.", ["happening"])
SET_ASIDE = Counter(
    "todotasks_emissions_set_aside", "Events that could not be written; each is a dead letter.", ["happening"]
)
KUBE_EVENTS_DROPPED = Counter(
    "todotasks_kube_events_dropped", "Kubernetes Events left out: too many at once, or refused."
)
CANARY_SECONDS = Gauge(
    "todotasks_canary_seconds", "How long the last beat of the canary took to come back.", ["leg"]
)
