"""What the store counts. Labels are small sets: leaderships and tables, never names of objects."""

from prometheus_client import Counter, Gauge, Histogram

TRANSACTION_SECONDS = Histogram(
    "todotasks_store_transaction_seconds",
    "Length of a fenced transaction, waiting for its turn included.",
    ["leadership"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)
WAITING = Gauge("todotasks_store_waiting", "Who waits for a connection to PostgreSQL.")
UNAVAILABLE = Counter("todotasks_store_unavailable", "Contacts with PostgreSQL that failed.")
REFUSED = Counter(
    "todotasks_store_refused", "Rows that PostgreSQL would not take in any form, left out.", ["table"]
)
