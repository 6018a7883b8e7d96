"""One line for each record: ours through structlog, the libraries' (kopf, aiohttp) through stdlib.

Both end in the same formatter on the root handler, so that one JSON shape comes out:
`{"time", "level", "logger", "event", "component", …}`. `event` is a stable word for machines; what is
particular stands in fields beside it. A correlation id follows the work that a message or an event
caused; tasks copy it when they are made. While a span runs, a line says its `trace_id` and `span_id`.
"""

import logging
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import msgspec
import structlog
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from todotasks import tracing
from todotasks.settings import Settings
from todotasks.telemetry.masking import mask_secrets

CORRELATION = "correlation_id"
# Their INFO is one line for each request or poll.
QUIET = ("aiohttp.access", "kopf.activities.probe", "asyncio", "urllib3")
_KOPF_EXTRAS = ("k8s_skip", "settings")  # kopf's notes to itself on its records


def setup_logging(settings: Settings, component: str, stream: TextIO | None = None) -> None:
    """Send every record of this process to `stream` (stderr), as `settings` want it.

    Call it once, first thing in `main`: loggers made before keep what they were.
    """
    level = getattr(logging, settings.log_level.upper())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.StackInfoRenderer(),
        _component(component),
        _trace,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _drop_extras, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask_secrets,
                _renderer(settings),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


@contextmanager
def correlation(id: str | None = None) -> Iterator[str]:
    """Everything logged inside carries this id, or a new one."""
    chosen = id or uuid.uuid4().hex
    with bound_contextvars(**{CORRELATION: chosen}):
        yield chosen


def correlation_id() -> str | None:
    """The id of the work that is going on, to hand to whatever it causes."""
    found = get_contextvars().get(CORRELATION)
    return found if isinstance(found, str) else None


def _component(name: str) -> Processor:
    def add(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        event["component"] = name
        return event

    return add


def _trace(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The names are OpenTelemetry's for logs that are not OTLP; by them a log leads to its trace."""
    running = tracing.current()
    if running is not None:
        _, event["trace_id"], event["span_id"], _ = running.split("-")
    return event


def _drop_extras(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for name in _KOPF_EXTRAS:
        event.pop(name, None)
    return event


def _renderer(settings: Settings) -> Processor:
    if settings.log_format == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), timestamp_key="time")
    return structlog.processors.JSONRenderer(serializer=_to_json)


def _to_json(event: Any, **_: Any) -> str:
    return _ENCODER.encode(event).decode()


_ENCODER = msgspec.json.Encoder(enc_hook=str)
