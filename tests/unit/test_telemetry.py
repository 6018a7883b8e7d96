"""What a process says about itself: JSON lines, masked; metrics and probes."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter

from todotasks import tracing
from todotasks.settings import Settings
from todotasks.telemetry import (
    MASK,
    correlation,
    correlation_id,
    mask_secrets,
    mask_text,
    setup_logging,
    start_health_server,
)


@pytest.fixture
def lines() -> Iterator["Lines"]:
    """Set up logging as a process would, and put everything back."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    setup_logging(Settings.load({"TODO_LOG_LEVEL": "info"}), "operator", stream)
    yield Lines(stream)
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


class Lines:
    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]

    def only(self) -> dict[str, Any]:
        [line] = self.all()
        return line


class Drawing:
    """Spans of a process in which one runs."""

    def begin(self, *_: object) -> tracing.Running:
        raise AssertionError("nothing here begins a span")

    def current(self) -> str | None:
        return "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_line_that_is_written_while_a_span_runs_leads_to_its_trace(lines: Lines) -> None:
    structlog.get_logger("todotasks.test").info("before")
    tracing.install(Drawing())
    try:
        structlog.get_logger("todotasks.test").info("ours")
        logging.getLogger("kopf.objects").warning("theirs")
    finally:
        tracing.install(None)
    before, *within = lines.all()
    assert "trace_id" not in before
    assert {(line["trace_id"], line["span_id"]) for line in within} == {
        ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
    }
    assert [line["event"] for line in within] == ["ours", "theirs"]


def test_our_records_and_the_libraries_have_one_shape(lines: Lines) -> None:
    structlog.get_logger("todotasks.test").info("task_seen", kind="TodoTask", count=3)
    logging.getLogger("kopf.objects").warning("Patching %s failed", "it", extra={"k8s_ref": {"name": "rent"}})
    ours, theirs = lines.all()
    for line in (ours, theirs):
        assert line["component"] == "operator"
        assert line["time"].endswith("Z")
    assert (ours["event"], ours["level"], ours["logger"]) == ("task_seen", "info", "todotasks.test")
    assert (ours["kind"], ours["count"]) == ("TodoTask", 3)
    assert (theirs["event"], theirs["level"], theirs["logger"]) == (
        "Patching it failed",
        "warning",
        "kopf.objects",
    )
    assert theirs["k8s_ref"] == {"name": "rent"}


def test_below_the_level_nothing_is_said(lines: Lines) -> None:
    structlog.get_logger("x").debug("hidden")
    logging.getLogger("x").debug("hidden")
    logging.getLogger("aiohttp.access").info("GET /healthz")
    assert lines.all() == []


def test_an_exception_is_one_line_with_its_traceback_masked(lines: Lines) -> None:
    try:
        raise ConnectionError("postgresql://todo:hunter2@db/todo refused")
    except ConnectionError:
        structlog.get_logger("x").exception("store_down")
    line = lines.only()
    assert "ConnectionError" in line["exception"]
    assert "hunter2" not in json.dumps(line)


def test_what_json_cannot_say_is_said_as_text(lines: Lines) -> None:
    structlog.get_logger("x").info("odd", what=object, error=ValueError("no"))
    assert lines.only()["error"] == "no"


async def test_a_correlation_id_follows_the_work_into_tasks_and_ends_with_it(lines: Lines) -> None:
    async def work() -> None:
        structlog.get_logger("x").info("inside")

    with correlation("abc") as chosen:
        assert (chosen, correlation_id()) == ("abc", "abc")
        task = asyncio.create_task(work())
    await task
    structlog.get_logger("x").info("outside")
    inside, outside = lines.all()
    assert inside["correlation_id"] == "abc"
    assert "correlation_id" not in outside
    with correlation() as made:
        assert made
        assert made != "abc"


# ── masking ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("postgresql://todo:x@db/todo", f"postgresql://{MASK}@db/todo"),
        ("to smtps://me%40home:x@mail:465 failed", f"to smtps://{MASK}@mail:465 failed"),
        ("https://token@git.example/x", f"https://{MASK}@git.example/x"),
        ("Authorization: Bearer abcdefghijklmnop.qrs", f"Authorization: Bearer {MASK}"),
        ("authorization=Basic dXNlcjpwYXNzd29yZA==", f"authorization=Basic {MASK}"),
        ("host=db password=hunter2 user=x", f"host=db password={MASK} user=x"),
        ('{"sasl.password": "hunter2", "x": 1}', f'{{"sasl.password": "{MASK}", "x": 1}}'),
        ("GET /hook?token=abc&x=1", f"GET /hook?token={MASK}&x=1"),
        # nothing secret in these, and a person needs the words
        ("invalid token: expected a number", "invalid token: expected a number"),
        ("the password must be set", "the password must be set"),
        ("basic information about tasks", "basic information about tasks"),
        ("mail to anna@example.org", "mail to anna@example.org"),
        ("https://127.0.0.1:6443/apis", "https://127.0.0.1:6443/apis"),
    ],
)
def test_texts_lose_their_secrets_and_nothing_else(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "name",
    ["password", "sasl.password", "SASL_PASSWORD", "token", "accessToken", "client_secret", "Authorization",
     "api_key", "apiKey", "client-key-data", "cookie", "credentials"],
)  # fmt: skip
def test_a_value_under_a_telling_name_is_masked_at_any_depth(name: str) -> None:
    event = mask_secrets(None, "info", {name: "x", "deep": [{"er": {name: "x"}}], "kept": "y"})
    assert event == {name: MASK, "deep": [{"er": {name: MASK}}], "kept": "y"}


def test_a_name_that_only_resembles_is_not_masked() -> None:
    event = {"secretRef": {"name": "mail"}, "token_count": 3, "password": None, "tokens": 5}
    assert mask_secrets(None, "info", dict(event)) == event


@given(
    st.recursive(
        st.text() | st.integers() | st.none(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_can_be_masked_twice_with_the_same_result(value: Any) -> None:
    once = mask_secrets(None, "info", {"value": value})
    assert mask_secrets(None, "info", dict(once)) == once


# ── probes and metrics ───────────────────────────────────────────────────────────────────────────────
async def test_probes_answer_why_not() -> None:
    reasons: dict[str, str | None] = {"live": None, "ready": "the first list is not done"}

    def broken() -> str | None:
        raise KeyError("x")

    server = await start_health_server(
        0, live=lambda: reasons["live"], ready=lambda: reasons["ready"], host="127.0.0.1"
    )
    failing = await start_health_server(0, live=broken, ready=broken, host="127.0.0.1")
    async with aiohttp.ClientSession() as http:
        assert await get(http, server.port, "/healthz") == (200, "ok\n")
        assert await get(http, server.port, "/readyz") == (503, "the first list is not done\n")
        reasons["ready"] = None
        assert await get(http, server.port, "/readyz") == (200, "ok\n")
        status, text = await get(http, failing.port, "/healthz")
        assert status == 503
        assert "the check itself failed: KeyError" in text
    await server.close()
    await failing.close()


async def test_metrics_come_as_openmetrics_to_who_asks_for_it() -> None:
    registry = CollectorRegistry()
    Counter("todotasks_things", "Things.", registry=registry).inc(exemplar={"trace": "t1"})
    server = await start_health_server(
        0, live=lambda: None, ready=lambda: None, host="127.0.0.1", registry=registry
    )
    async with aiohttp.ClientSession() as http:
        plain = await get(http, server.port, "/metrics")
        modern = await get(
            http, server.port, "/metrics", Accept="application/openmetrics-text; version=1.0.0"
        )
    await server.close()
    assert plain[0] == modern[0] == 200
    assert "todotasks_things_total 1.0" in plain[1]
    assert "t1" not in plain[1]
    assert 'trace="t1"' in modern[1]
    assert modern[1].endswith("# EOF\n")


async def test_one_port_serves_ipv4_and_ipv6() -> None:
    server = await start_health_server(0, live=lambda: None, ready=lambda: None)
    async with aiohttp.ClientSession() as http:
        assert (await get(http, server.port, "/healthz"))[0] == 200
        try:
            assert (await get(http, server.port, "/healthz", host="[::1]"))[0] == 200
        except aiohttp.ClientConnectorError:
            pytest.skip("this machine has no IPv6")
        finally:
            await server.close()


async def get(
    http: aiohttp.ClientSession, port: int, path: str, host: str = "127.0.0.1", **headers: str
) -> tuple[int, str]:
    async with http.get(f"http://{host}:{port}{path}", headers=headers) as answer:
        return answer.status, await answer.text()
