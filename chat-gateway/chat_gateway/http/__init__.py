"""HTTP without a subject: routes, pipeline, reading of requests, streams, probes, the contract.

A request passes origin, identity, limits and size before a handler sees it; what it raises becomes one
shape of error. May import `access` and `base`; nothing here knows what a task is.
"""
