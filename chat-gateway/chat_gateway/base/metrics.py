"""What the gateway counts. A route is its template; no label names a user, an address or a task."""

from prometheus_client import Counter, Gauge, Histogram

from todotasks.telemetry import LATENCY_BUCKETS

REQUESTS = Histogram(
    "todotasks_gateway_request_seconds",
    "How long a request took; of a stream, until it ended.",
    ["method", "route", "status"],
    buckets=LATENCY_BUCKETS,
)
IN_FLIGHT = Gauge(
    "todotasks_gateway_requests_in_flight", "Requests that are being answered, streams included."
)
LIMITED = Counter(
    "todotasks_gateway_limited",
    "Requests that were told to come later, by what was used up: user, at_once, login.",
    ["what"],
)
REVIEWS = Counter(
    "todotasks_gateway_reviews",
    "Questions to the API server with a caller's token: identity or access, accepted or refused.",
    ["what", "result"],
)
