"""The admission webhook: what CEL cannot say about an object is said here, before the object is stored.

    API server ── AdmissionReview ──▶ serving ─▶ review ─▶ rules (pure) ─▶ allowed, refused, warnings
                                                   │ world: channels, namespaces, tasks as a watch saw them
                                                   └──▶ records ──▶ Kafka `task-admissions`

It may import `todotasks` (core) and no other part.
"""
