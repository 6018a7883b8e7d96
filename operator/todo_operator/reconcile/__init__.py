"""Decisions: `reconcile(observed, now) -> Plan`, one pure function a kind; no I/O, no clock.

`plan`, `conditions`, `facts`, `reasons` are shared by the kinds. Imports `todotasks.api` and `recurrence`.
"""
