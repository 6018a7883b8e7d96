"""What the broker's clients count. Labels are topics and partitions, never keys."""

from prometheus_client import Counter, Gauge, Histogram

SENT = Counter("todotasks_broker_sent", "Messages by what became of them.", ["topic", "outcome"])
ACK_SECONDS = Histogram(
    "todotasks_broker_ack_seconds",
    "From handing a message over to its acknowledgement by all in-sync replicas.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
IN_FLIGHT = Gauge("todotasks_broker_in_flight", "Messages handed over and not yet acknowledged.")
RESTARTS = Counter("todotasks_broker_restarts", "Producers that were replaced after a failure.")
READ = Counter("todotasks_consumer_read", "Messages read.", ["topic"])
DELAY_SECONDS = Histogram(
    "todotasks_consumer_delay_seconds",
    "How old the last message of a batch was when it was read.",
    ["topic"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200),
)
FAILURES = Counter(
    "todotasks_consumer_failures",
    "Attempts to handle a message that failed, also those made again.",
    ["topic"],
)
DEAD_LETTERS = Counter(
    "todotasks_consumer_dead_letters", "Messages put aside after their attempts.", ["topic"]
)
LAG = Gauge(
    "todotasks_consumer_lag",
    "Messages that are there and not yet read, of the partitions that this process has.",
    ["group", "topic", "partition"],
)
