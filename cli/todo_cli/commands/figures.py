"""What a part says of itself in its /metrics, for `todotasks status`: its version, and what waits in it.

Only what is behind is told; whether it is well says its `/readyz`.
"""

import re
import urllib.request
from typing import NamedTuple

from prometheus_client.parser import text_string_to_metric_families

TIMEOUT = 3.0  # seconds
_VERSION = re.compile(r"\bv?\d+\.\d+(?:\.\d+)?\b")

# part -> words for what waits, and the metrics of which that is the sum. `-` before one takes it away.
WAITS: dict[str, dict[str, tuple[str, ...]]] = {
    "operator": {
        "keys": ("todotasks_queue_depth", "todotasks_queue_delayed"),
        "in the outbox": ("todotasks_outbox_depth",),
        "s old": ("todotasks_outbox_age_seconds",),
    },
    "webhook": {"records": ("todotasks_webhook_records_waiting",)},
    "notifier": {
        "messages behind": ("todotasks_consumer_lag",),
        "deliveries": ("todotasks_notifier_waiting",),
    },
    "audit": {
        "messages behind": ("todotasks_consumer_lag",),
        "rows unsigned": ("todotasks_audit_tip", "-todotasks_audit_signed"),
    },
    "gateway": {
        "requests": ("todotasks_gateway_requests_in_flight",),
        "look on": ("todotasks_live_clients",),
    },
}


class Figures(NamedTuple):
    """`lag`: what waits, by what it is. Empty where the part does not say."""

    version: str | None
    lag: dict[str, float]


NONE = Figures(None, {})


def read(part: str, text: str) -> Figures:
    """Of the Prometheus text of a part."""
    sums: dict[str, float] = {}
    version = None
    for family in text_string_to_metric_families(text):
        if family.name == "todotasks_build_info":
            version = next((sample.labels.get("version") for sample in family.samples), None)
        for sample in family.samples:
            sums[sample.name] = sums.get(sample.name, 0.0) + sample.value
    lag = {}
    for words, metrics in WAITS.get(part, {}).items():
        if any(name.lstrip("-") in sums for name in metrics):
            total = sum(
                -sums.get(name[1:], 0.0) if name.startswith("-") else sums.get(name, 0.0) for name in metrics
            )
            lag[words] = max(0.0, total)  # a part that has just started has signed more than it has seen
    return Figures(version, lag)


def ask(part: str, health: str) -> Figures:
    """`health`: the address of its health server. A part that does not answer has no figures."""
    try:
        with urllib.request.urlopen(f"{health}/metrics", timeout=TIMEOUT) as answer:  # noqa: S310 our own
            return read(part, answer.read().decode())
    except (OSError, ValueError):
        return NONE


def version_in(words: str) -> str | None:
    """The version that stands in the words for what was taken: `Apache Kafka 4.1.1 in …`."""
    found = _VERSION.search(words)
    return found[0].removeprefix("v") if found else None


def told(lag: dict[str, float]) -> str:
    """In words, without what is nothing: `12 in the outbox, 3 s old`; `-` where nothing waits."""
    return ", ".join(f"{count:.0f} {words}" for words, count in lag.items() if round(count)) or "-"
