"""The way in for people: HTTP in front of the Kubernetes API, as the user who asks.

    server ─▶ api ─▶ conversations ─▶ http ─▶ access ─▶ base   (each imports what stands right of it)

It has no power of its own: the caller's token goes on to the API server, and what is served from PostgreSQL
is first asked about with that token. Of the other parts it imports `todotasks` only.
"""
