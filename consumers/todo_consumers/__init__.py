"""What reads Kafka and does something about it: the notifier, the audit.

A consumer writes down what it has read before it commits, and is keyed by event id, so that a message that
comes twice has one effect. Of the other parts only `todotasks` is imported, and no consumer imports
another: what both need at their start is in `beginning`.
"""
