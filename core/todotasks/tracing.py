"""Traces: one message to the chat followed through API server, webhook, recorder, relay and notifier.

    with span("edit", kind="client"): …  a span below the one that runs here; nothing while tracing is off
    current()                            its traceparent, for whoever is told of it

Between processes a trace travels as W3C `traceparent`: in the annotation `todotasks.dev/traceparent` of the
object that was written, in the attribute of that name of its events, in a header of Kafka's. Only that is
taken from what others write, and only where it is well formed: no `tracestate`, no baggage. It decides
nothing but below which span ours is drawn. Light: whoever calls this imports no library for it.
"""

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int]

# https://www.w3.org/TR/trace-context/: version ff and ids of zeros are none.
_TRACEPARENT: Final = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII
)
_spans: "Spans | None" = None


class Running(Protocol):
    """A span that has begun. As a context manager it is the one that runs, until the block ends."""

    @property
    def traceparent(self) -> str | None:
        """For whoever is told of it; None while tracing is off."""

    def end(self, error: BaseException | None = None) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Spans(Protocol):
    """Who makes them: `todotasks.telemetry.otlp`, installed by `setup_tracing` where traces are asked for."""

    def begin(
        self, name: str, kind: Kind, parent: str | None, started: float | None, attributes: Attributes
    ) -> Running: ...

    def current(self) -> str | None: ...


class _Nothing:
    """What every span is while tracing is off."""

    traceparent = None

    def end(self, error: BaseException | None = None) -> None:
        pass

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *_: object) -> None:
        pass


NOTHING: Final[Any] = _Nothing()


def is_traceparent(text: str | None) -> bool:
    """Whether this is W3C Trace Context, and not only looks like it."""
    return text is not None and _TRACEPARENT.fullmatch(text) is not None


def install(spans: "Spans | None") -> None:
    """From now on spans are made by these; None: no more."""
    global _spans  # noqa: PLW0603 the one of this process, as with logs
    _spans = spans


def enabled() -> bool:
    return _spans is not None


def span(
    name: str,
    *,
    kind: Kind = "internal",
    parent: str | None = None,
    started: float | None = None,
    only_below: bool = False,
    **attributes: str | int,
) -> Running:
    """A span that has begun; end it, or use it as a context manager.

    `parent`: the traceparent it belongs below; without one, the span that runs here. `only_below`: none is
    made where there is no such span. `started`: when, in seconds since 1970, if not now. An attribute's `_`
    stands for a dot.
    """
    if _spans is None:
        return NOTHING  # type: ignore[no-any-return]
    told = {key.replace("_", "."): value for key, value in attributes.items()}
    above = parent if is_traceparent(parent) else None
    if only_below and above is None and _spans.current() is None:
        return NOTHING  # type: ignore[no-any-return]
    return _spans.begin(name, kind, above, started, told)


def current() -> str | None:
    """The traceparent of the span that runs here; None without one, or where it is not recorded."""
    return None if _spans is None else _spans.current()
