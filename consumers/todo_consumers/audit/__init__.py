"""The audit consumer: what every topic says, in an append-only log, its hashes chained and its heads signed.

    Kafka ──▶ intake ──▶ audit_log (PostgreSQL) ──▶ signing ──▶ Kafka `audit-heads`
                                                           └──▶ ConfigMap `todotasks-audit-heads`

It may import `todotasks` and no other part. What the log proves, and what it cannot know: docs/audit.md.
"""
