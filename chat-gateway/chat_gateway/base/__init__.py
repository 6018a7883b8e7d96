"""What the gateway's modules stand on: settings, metrics, the one shape of an error, a cache for seconds.

It imports nothing of the gateway; of core only settings, telemetry and the errors of clients.
"""
