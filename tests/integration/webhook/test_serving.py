"""Over HTTP: whatever is sent gets an answer that is none of ours gone wrong, and soon."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.webhook.test_review import AWorld, json_values, specs
from todo_webhook import review, rules
from todo_webhook.records import Records
from todo_webhook.rules import Context, Verdict
from todo_webhook.serving import build_app, serving

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SECRET = "5e" * 16
SOON = aiohttp.ClientTimeout(total=2)  # seconds: what the API server waits
paths = st.sampled_from([f"/{verb}/{SECRET}" for verb in ("validate", "deleted", "stamp")])
objects = st.fixed_dictionaries(
    {},
    optional={
        "spec": specs | json_values,
        "metadata": st.fixed_dictionaries({}, optional={"name": st.text()}),
    },
)
requests = st.fixed_dictionaries(
    {"uid": st.text(max_size=8)},
    optional={
        "operation": st.sampled_from(["CREATE", "UPDATE", "DELETE", "CONNECT", "WISH"]),
        "kind": st.fixed_dictionaries(
            {"kind": st.sampled_from(["TodoTask", "RecurrenceRule", "Reminder", "Pod"])}
        ),
        "resource": st.fixed_dictionaries({"resource": st.sampled_from(["todotasks", "reminders", "pods"])}),
        "object": objects | json_values,
        "oldObject": objects | json_values,
        "userInfo": json_values,
        "dryRun": st.booleans() | json_values,
        "subResource": st.sampled_from(["", "status"]),
    },
)
reviews = requests.map(lambda asked: {"apiVersion": "admission.k8s.io/v1", "request": asked})


@asynccontextmanager
async def served() -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the server, in surroundings that do not change."""

    async def knows(secret: str) -> bool:
        return secret == SECRET

    app = build_app(AWorld(), Records(None), lambda: NOW, knows)  # type: ignore[arg-type]
    async with (
        serving(app, "127.0.0.1", 0, None) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=SOON) as session,
    ):
        yield session


@pytest.mark.parametrize("path", [f"/{verb}/{SECRET}" for verb in ("validate", "deleted", "stamp")])
async def test_what_is_no_review_is_a_bad_request(path: str) -> None:
    async with served() as session:
        for body in (
            b"",
            b"{}",
            b"null",
            b"[" * 50_000,
            b'{"apiVersion":"admission.k8s.io/v1beta1"}',
            b"\xff",
        ):
            async with session.post(path, data=body) as answer:
                assert answer.status == 400
                assert "error" in await answer.json()
        async with session.get(path) as answer:
            assert answer.status == 404
        async with session.post(path, data=b" " * (17 * 2**20)) as answer:
            assert answer.status == 413


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(paths, reviews | json_values), min_size=1, max_size=5))
async def test_a_review_with_anything_in_it_is_answered_in_time(asked: list[tuple[str, Any]]) -> None:
    async with served() as session:
        for path, review in asked:
            async with session.post(path, data=json.dumps(review)) as answer:
                assert answer.status in {200, 400}
                if answer.status == 200:
                    response = (await answer.json())["response"]
                    assert isinstance(response["allowed"], bool)


async def test_a_slow_rule_keeps_nobody_waiting_but_its_own_namespace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The arithmetic of an odd schedule, held up here until a task was answered."""
    held = threading.Event()
    monkeypatch.setattr(review, "judge", _held_up_for_rules(held))

    async def ask(session: aiohttp.ClientSession, kind: str) -> str:
        asked = {"uid": kind, "kind": {"kind": kind}, "namespace": "home", "object": {"spec": {"title": "x"}}}
        body = {"apiVersion": "admission.k8s.io/v1", "request": asked}
        async with session.post(f"/validate/{SECRET}", json=body) as response:
            return str((await response.json())["response"]["uid"])

    async with served() as session:
        slow = [asyncio.create_task(ask(session, "RecurrenceRule")) for _ in range(8)]
        try:
            await asyncio.sleep(0)
            assert [await ask(session, "TodoTask") for _ in range(3)] == ["TodoTask"] * 3
            assert not any(each.done() for each in slow)
        finally:
            held.set()
        assert await asyncio.gather(*slow) == ["RecurrenceRule"] * 8


def _held_up_for_rules(held: threading.Event) -> Callable[..., Verdict]:
    def judge(kind: str, spec: object, old: object, context: Context) -> Verdict:
        if kind == "RecurrenceRule":
            assert held.wait(SOON.total)
        return rules.judge(kind, spec, old, context)

    return judge
