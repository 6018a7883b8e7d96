"""A process that we started: how it begins, when it is ready, how it ends, and what an earlier run left
over.

Nothing here knows which program it is: `backing`, `controlplane` and `parts` say that. Imports nothing else
of `local` but its errors.
"""
