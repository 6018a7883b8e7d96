"""What the audit consumer counts."""

from prometheus_client import Counter, Gauge

ENTRIES = Counter(
    "todotasks_audit_entries", "Events read, by outcome (added, known, unreadable).", ["outcome"]
)
TIP = Gauge("todotasks_audit_tip", "The number of the last row.")
SIGNED = Gauge("todotasks_audit_signed", "The number of the last row that a published head covers.")
SIGN_FAILURES = Counter(
    "todotasks_audit_sign_failures", "Heads that could not be signed and published, each tried again."
)
DROPPED = Counter("todotasks_audit_partitions_dropped", "Months that were dropped when their time was over.")
CONFLICTS = Counter(
    "todotasks_audit_conflicts",
    "Published heads that say something else than the database: it was put back or rewritten.",
)
