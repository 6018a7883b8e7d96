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
    "Requests that were told to come later, by what was used up: user, at_once, login, room.",
    ["what"],
)
ROOM_WAITING = Gauge(
    "todotasks_gateway_room_waiting",
    "Requests that wait until there is room for an answer that holds much, by what it holds.",
    ["holds"],
)
CHAT_MESSAGES = Counter(
    "todotasks_chat_messages",
    "Messages to the chat by language (en, de) and by what came of them: done, dry-run, unchanged, listed, "
    "asked, refused, not-understood, told.",
    ["language", "outcome"],
)
CHAT_MISSED = Counter(
    "todotasks_chat_missed",
    "What in the chat was not understood, by language and why: nothing-asked (no words for us), not-found "
    "(nothing has that name), choice (several have it), confirm (too much to do without asking), remark (a "
    "part of it was left out or guessed), taken-back (undo or a correction). Never the words.",
    ["language", "why"],
)
CHAT_SECONDS = Histogram(
    "todotasks_chat_seconds", "From a message to its answer, edits included.", buckets=LATENCY_BUCKETS
)
REVIEWS = Counter(
    "todotasks_gateway_reviews",
    "Questions to the API server with a caller's token: identity or access, accepted or refused.",
    ["what", "result"],
)
