"""What all parts' metrics have in common. Each module defines its own beside the code that counts.

Names begin with `todotasks_`, seconds are seconds, labels are small sets: a kind, a verb, a reason;
never a name, a namespace or a uid.
"""

import asyncio
import platform
import time

from prometheus_client import Gauge, Histogram

from todotasks import __version__

LATENCY_BUCKETS = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
)  # fmt: skip
LAG_EVERY = 0.5  # seconds

BUILD = Gauge("todotasks_build_info", "What is running; always 1.", ["component", "version", "python"])
LOOP_LAG = Histogram(
    "todotasks_event_loop_lag_seconds",
    "How much later than asked for the event loop ran a timer: work that held it up.",
    buckets=LATENCY_BUCKETS,
)


def announce(component: str) -> None:
    """Say in the metrics which part, version and Python this is."""
    BUILD.labels(component, __version__, platform.python_version()).set(1)


async def measure_loop_lag() -> None:
    """Measure for ever; run it as a task. A loop that is held up shows here before anything is slow."""
    while True:
        due = time.monotonic() + LAG_EVERY
        await asyncio.sleep(LAG_EVERY)
        LOOP_LAG.observe(max(0.0, time.monotonic() - due))
