"""What a process says about itself: logs, metrics, health.

    setup_logging(settings, "operator")        every record, ours and the libraries', as one JSON line
    with correlation(id): …                    everything logged inside carries that id
    await start_health_server(port, live=…, ready=…)   /healthz, /readyz, /metrics
    setup_tracing("operator")               spans (`todotasks.tracing`) where OTEL_… asks for them

Secrets never get into a log: values under telling names and passwords in URLs are masked on the way.
"""

from todotasks.telemetry.health import HealthServer, start_health_server
from todotasks.telemetry.logs import correlation, correlation_id, setup_logging
from todotasks.telemetry.masking import MASK, mask_secrets, mask_text
from todotasks.telemetry.metrics import LATENCY_BUCKETS, announce, measure_loop_lag
from todotasks.telemetry.traces import setup_tracing

__all__ = [
    "LATENCY_BUCKETS",
    "MASK",
    "HealthServer",
    "announce",
    "correlation",
    "correlation_id",
    "mask_secrets",
    "mask_text",
    "measure_loop_lag",
    "setup_logging",
    "setup_tracing",
    "start_health_server",
]
