"""What this package counts. Labels are small sets: verbs, codes, kinds; never names of objects."""

from collections import Counter as CounterOf
from collections.abc import Sequence
from functools import cache

from prometheus_client import Counter, Gauge, Histogram

from todotasks.kube.watch.observed import Change, T

REQUESTS = Counter("todotasks_kube_requests", "Requests to the API server by answer.", ["verb", "code"])
SECONDS = Histogram(
    "todotasks_kube_request_seconds",
    "How long the API server took to answer.",
    ["verb"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
RETRIES = Counter("todotasks_kube_retries", "Requests to the API server that were sent again.", ["verb"])

WATCH_AGE = Gauge(
    "todotasks_watch_age_seconds",
    "Since a watch was opened or its last line came; above 70 it is being reconnected.",
    ["watch"],
)
WATCH_EVENTS = Counter("todotasks_watch_events", "Changes received from a watch.", ["watch", "type"])
WATCH_RECONNECTS = Counter("todotasks_watch_reconnects", "Watches that ended and why.", ["watch", "cause"])
WATCH_LISTS = Counter("todotasks_watch_lists", "Full lists begun and why.", ["watch", "cause"])
WATCH_UNDECODABLE = Counter(
    "todotasks_watch_undecodable", "Objects that do not fit their type and were left out.", ["watch"]
)

LEASE_HELD = Gauge("todotasks_lease_held", "1 while this process holds the Lease.", ["lease"])
LEASE_LOST = Counter("todotasks_lease_lost", "How often this process lost the Lease.", ["lease"])

_request_counter = cache(REQUESTS.labels)
_request_seconds = cache(SECONDS.labels)
_retry_counter = cache(RETRIES.labels)
_watch_counter = cache(WATCH_EVENTS.labels)


def requests(verb: str, code: int | str, seconds: float | None = None) -> None:
    """Count one answer; looking up a labelled child costs more than counting, so children are kept."""
    _request_counter(verb, str(code)).inc()
    if seconds is not None:
        _request_seconds(verb).observe(seconds)


def retries(verb: str) -> None:
    _retry_counter(verb).inc()


def watch_events(watch: str, changes: Sequence[Change[T]]) -> None:
    """Count a batch: one increment for each type in it, not for each change."""
    for kind, count in CounterOf(change.type for change in changes).items():
        _watch_counter(watch, kind).inc(count)
