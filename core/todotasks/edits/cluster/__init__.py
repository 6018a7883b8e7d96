"""The API server, as the caller: look at the world, do edits, look at what undo would take back.

May import: `edits.plan` and what lies below it, `todotasks.kube`.
"""
