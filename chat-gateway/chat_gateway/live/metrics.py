"""What the live hub counts. No label names a user, a filter or an object."""

from prometheus_client import Counter, Gauge, Histogram

CLIENTS = Gauge("todotasks_live_clients", "Who looks on now, by transport: sse or websocket.", ["transport"])
WAITING = Gauge(
    "todotasks_live_waiting", "Changes that wait in the queues of clients which do not read as fast."
)
MESSAGES = Counter("todotasks_live_messages", "Changes that were handed to clients.")
RESETS = Counter(
    "todotasks_live_resets",
    "Clients that had to begin anew, by why: TooOld, TooSlow, BadCursor, Restored.",
    ["why"],
)
CLOSED = Counter("todotasks_live_closed", "Connections that the gateway ended, by reason.", ["reason"])
OBJECTS = Gauge("todotasks_live_objects", "Objects in memory, by kind.", ["kind"])
FANOUT = Histogram(
    "todotasks_live_fanout_seconds",
    "From a change's arrival to its being written to the last client that reads.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
)
