"""Traces: off and free by default, by the standard variables, and nothing is taken on trust."""

import os
import subprocess
import sys

import pytest

from todotasks import tracing
from todotasks.settings import SettingsError
from todotasks.telemetry.traces import setup_tracing, wanted

GOOD = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    "text",
    [GOOD, GOOD[:-2] + "00", "01" + GOOD[2:], "cc" + GOOD[2:-2] + "09"],
)
def test_w3c_trace_context_is_taken(text: str) -> None:
    assert tracing.is_traceparent(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "00",
        GOOD.upper(),
        GOOD + "\n",
        GOOD + "-00",  # a version 00 has no more
        " " + GOOD,
        "ff" + GOOD[2:],
        "00-" + "0" * 32 + GOOD[35:],
        GOOD[:36] + "0" * 16 + "-01",
        GOOD.replace("4", "٤", 1),  # a digit, and not one of ours
        "00-" + "a" * 10_000,
        "'; DROP TABLE tasks; --",
    ],
)
def test_what_only_looks_like_it_is_not(text: str | None) -> None:
    assert not tracing.is_traceparent(text)


@pytest.mark.parametrize(
    ("environ", "on"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, False),
        ({"OTEL_SDK_DISABLED": "TRUE", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, False),
        ({"OTEL_SERVICE_NAME": "mine"}, False),
    ],
)
def test_the_standard_variables_switch_it_on(environ: dict[str, str], on: bool) -> None:
    assert wanted(environ) is on


def test_a_protocol_that_is_not_spoken_is_said_at_the_start() -> None:
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    with pytest.raises(SettingsError, match="OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf, got 'grpc'"):
        setup_tracing("gateway", environ)
    assert not tracing.enabled()


def test_without_an_endpoint_every_span_is_the_same_nothing() -> None:
    setup_tracing("gateway", {})
    span = tracing.span("edit", parent=GOOD, todotasks_object="home/rent")
    assert span is tracing.NOTHING
    with span as running:
        assert running.traceparent is None
        assert tracing.current() is None
    span.end(ValueError())


def run(code: str, **environ: str) -> str:
    """In a process of its own: what is imported, and the spans of a process, are for good."""
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["todo_cli.plugin.main", "todo_operator.process.main"])
def test_nobody_who_has_not_asked_for_traces_imports_what_makes_them(module: str) -> None:
    loaded = run(
        f"import sys, {module}; from todotasks.telemetry import setup_tracing; setup_tracing('x', {{}});"
        "print(sorted(name for name in sys.modules if name.startswith('opentelemetry')))"
    )
    assert loaded.strip() == "[]"


SPANS = """
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from todotasks import tracing
from todotasks.telemetry import otlp
kept = InMemorySpanExporter()
otlp.OTLPSpanExporter = lambda: kept
otlp.BatchSpanProcessor = SimpleSpanProcessor
tracing.install(otlp.Spans("gateway", {}))
"""


def test_a_span_is_below_its_parent_or_the_one_that_runs() -> None:
    out = run(
        SPANS
        + f"""
with tracing.span("outer", kind="server", parent="{GOOD}") as outer:
    assert tracing.current() == outer.traceparent
    with tracing.span("inner", only_below=True, todotasks_object="home/rent"):
        pass
assert tracing.current() is None
assert tracing.span("lonely", only_below=True) is tracing.NOTHING
forged = "00-" + "0" * 32 + "-00f067aa0ba902b7-01"
assert tracing.span("forged", only_below=True, parent=forged) is tracing.NOTHING
inner, outer = kept.get_finished_spans()
print(f"{{outer.context.trace_id:032x}} {{outer.parent.span_id:016x}}")
print(inner.parent.span_id == outer.context.span_id)
print(dict(inner.attributes), outer.resource.attributes["service.name"])
"""
    )
    assert out.splitlines() == [
        "4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7",
        "True",
        "{'todotasks.object': 'home/rent'} todotasks-gateway",
    ]


def test_what_fails_is_marked_by_its_type_and_not_by_what_it_quotes() -> None:
    out = run(
        SPANS
        + """
try:
    with tracing.span("edit"):
        raise ValueError("the password is hunter2")
except ValueError:
    pass
[span] = kept.get_finished_spans()
print(span.status.status_code.name, span.status.description, len(span.events), "hunter2" in span.to_json())
"""
    )
    assert out.strip() == "ERROR ValueError 0 False"
