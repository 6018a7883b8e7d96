"""Certificates that the API server trusts: made, renewed, kept in step with the webhook's configuration.

`material` is pure (what to have next), `stores` keep it (a Secret, a folder), `keeper` turns it over
while the server serves. It may import `todotasks.kube` and nothing of the rules.
"""
