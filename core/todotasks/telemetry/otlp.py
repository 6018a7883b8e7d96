"""Spans as OpenTelemetry's SDK makes and sends them. Imported by `traces` alone, and only where traces are
asked for: the SDK and its exporter are the extra `tracing`.

Which spans are kept (OTEL_TRACES_SAMPLER), where to (OTEL_EXPORTER_OTLP_…), in which batches (OTEL_BSP_…):
the SDK reads its own standard variables.
"""

import contextlib
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from todotasks import __version__
from todotasks.tracing import Attributes, Kind

_KINDS: Mapping[Kind, trace.SpanKind] = {
    "internal": trace.SpanKind.INTERNAL,
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
}
_W3C = TraceContextTextMapPropagator()


def _traceparent(context: trace.SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


class _Span:
    """A `tracing.Running`."""

    def __init__(self, made: trace.Span) -> None:
        self._span = made
        self._running: contextlib.AbstractContextManager[trace.Span] | None = None

    @property
    def traceparent(self) -> str | None:
        return _traceparent(self._span.get_span_context())

    def end(self, error: BaseException | None = None) -> None:
        if error is not None:
            # The type alone: a message may quote what a person wrote.
            self._span.set_status(trace.StatusCode.ERROR, type(error).__name__)
        self._span.end()

    def __enter__(self) -> Self:
        self._running = trace.use_span(
            self._span, end_on_exit=False, record_exception=False, set_status_on_exception=False
        )
        self._running.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._running is not None
        self._running.__exit__(None, None, None)
        self.end(error)


class Spans:
    """Those of one process."""

    def __init__(self, component: str, environ: Mapping[str, str]) -> None:
        about = {"service.version": __version__}
        if not environ.get("OTEL_SERVICE_NAME"):
            about["service.name"] = f"todotasks-{component}"
        provider = TracerProvider(resource=Resource.create(about))  # flushed when the process ends
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = provider.get_tracer("todotasks", __version__)

    def begin(
        self, name: str, kind: Kind, parent: str | None, started: float | None, attributes: Attributes
    ) -> _Span:
        # Without a parent of its own it belongs below the span that runs here.
        context = _W3C.extract({"traceparent": parent}, Context()) if parent else None
        at = None if started is None else int(started * 1e9)
        made = self._tracer.start_span(
            name, context, kind=_KINDS[kind], start_time=at, attributes=dict(attributes)
        )
        return _Span(made)

    def current(self) -> str | None:
        context = trace.get_current_span().get_span_context()
        return _traceparent(context) if context.is_valid and context.trace_flags.sampled else None
