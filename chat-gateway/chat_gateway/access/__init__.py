"""Who asks, from where, and how much: token and cookie, origin, rates.

Whether somebody may do something is not decided here: the API server is asked with the caller's own token,
and its answer kept for seconds. May import `base`.
"""
