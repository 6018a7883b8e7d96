"""kopf, and the only place that knows its name: the watches, the settings and why, the connections.

It passes on what it hears to a `Listener`; imports nothing of the operator.
"""
