"""Whether traces are made, and where they go: by the standard variables of OpenTelemetry. Off by default."""

import os
from collections.abc import Mapping
from typing import Final

from todotasks import tracing
from todotasks.settings import SettingsError

_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
PROTOCOL: Final = "http/protobuf"


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether the standard variables ask for traces: an endpoint is set, or the exporter `otlp` is."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    exporter = environ.get("OTEL_TRACES_EXPORTER", "")
    if exporter:
        return exporter == "otlp"
    return any(environ.get(name) for name in _ENDPOINTS)


def setup_tracing(component: str, environ: Mapping[str, str] = os.environ) -> None:
    """Once, in `main`. Raises `SettingsError` where traces are asked for and cannot be sent."""
    if not wanted(environ):
        return
    protocol = next((environ[name] for name in _PROTOCOLS if environ.get(name)), PROTOCOL)
    if protocol != PROTOCOL:
        raise SettingsError([f"{_PROTOCOLS[1]} must be {PROTOCOL}, got {protocol!r}"])
    try:
        from todotasks.telemetry import otlp  # noqa: PLC0415 0.1 s and 15 MB, for who asks for traces
    except ImportError as error:
        raise SettingsError(
            [f"OTEL_… asks for traces, and {error.name} is not installed: install todotasks[tracing]"]
        ) from error
    tracing.install(otlp.Spans(component, environ))
