"""What of a plan people see under `Events`, and how little of a flood."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import msgspec
import pytest

from tests.unit.operator.build import NOW, a_task, observed
from tests.unit.operator.build_reminders import DUE, a_reminder, after, seeing
from tests.unit.operator.build_rules import a_rule, at, settled
from tests.unit.operator.build_rules import observed as observed_rule
from todo_operator.index.protocol import Decision, WorkKey
from todo_operator.loop.kube_events import ALIKE, WAITING, WAITING_OF_ONE, KubeEvent, KubeEvents, kube_events
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.reminder.decide import reconcile as reconcile_reminder
from todo_operator.reconcile.rule.decide import reconcile as reconcile_rule
from todo_operator.reconcile.task.decide import reconcile as reconcile_task
from todotasks.api import ObjectKey
from todotasks.api.reminder import Delivery
from todotasks.kube.errors import AlreadyExists, Forbidden, NotFound
from todotasks.rate_limit import RateLimiter


def told(kind: str, facts: Any, plan: Plan[Any]) -> list[tuple[str, str, str]]:
    decision = Decision(facts.uid, facts.generation, facts.status, plan)
    return [(e.kind, e.type, e.reason) for e in kube_events(WorkKey(kind, facts.key), decision)]


class TestWhatIsTold:
    def test_a_reminder_that_fires_is_told_of_it_and_of_its_task(self):
        seen = seeing(a_reminder(before_due="1h"))
        seen = after(seen, reconcile_reminder(seen, NOW))
        plan = reconcile_reminder(seen, DUE - timedelta(hours=1))
        assert told("Reminder", seen.reminder, plan) == [
            ("Reminder", "Normal", "Fired"),
            ("TodoTask", "Normal", "ReminderFired"),
        ]

    def test_a_delivery_that_failed_for_good_is_told_once(self):
        seen = seeing(a_reminder(before_due="1h"))
        seen = after(seen, reconcile_reminder(seen, NOW))
        seen = after(seen, reconcile_reminder(seen, DUE))
        failed = (Delivery("mail", "Failed", 5, "550 no such user", DUE),)
        status = msgspec.structs.replace(seen.reminder.status, deliveries=failed)
        seen = after(seen, Plan(status=status))
        plan = reconcile_reminder(seen, DUE)
        assert told("Reminder", seen.reminder, plan) == [("Reminder", "Warning", "DeliveryFailed")]
        seen = after(seen, plan)
        assert told("Reminder", seen.reminder, reconcile_reminder(seen, DUE)) == []

    def test_an_occurrence_that_is_made(self):
        rule = settled(a_rule(), at("11-21T09:00"), at("11-20T09:00"))
        plan = reconcile_rule(observed_rule(rule), NOW)
        assert told("RecurrenceRule", rule, plan) == [("RecurrenceRule", "Normal", "OccurrenceMade")]

    def test_occurrences_that_were_missed(self):
        rule = settled(a_rule(), at("11-15T09:00"), at("11-14T09:00"))
        plan = reconcile_rule(observed_rule(rule), NOW)
        assert ("RecurrenceRule", "Warning", "OccurrencesMissed") in told("RecurrenceRule", rule, plan)

    def test_a_task_that_stalls_with_its_reason(self):
        task = a_task(due="tomorrow")
        assert told("TodoTask", task, reconcile_task(observed(task), NOW)) == [
            ("TodoTask", "Warning", "InvalidDue")
        ]

    def test_nothing_of_an_ordinary_task(self):
        task = a_task(due=NOW + timedelta(hours=1))
        assert told("TodoTask", task, reconcile_task(observed(task), NOW)) == []


class Api:
    """Events as the API server keeps them."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.calls = 0
        self.refuses = False

    async def create(self, resource: Any, body: dict[str, Any], namespace: str) -> dict[str, Any]:
        self.calls += 1
        if self.refuses:
            raise Forbidden(403, "Forbidden", "no")
        name = body["metadata"]["name"]
        if name in self.kept:
            raise AlreadyExists(409, "AlreadyExists", "there")
        self.kept[name] = dict(body)
        return body

    async def get(self, resource: Any, name: str, namespace: str) -> dict[str, Any]:
        return self.kept[name]

    async def patch(self, resource: Any, name: str, body: dict[str, Any], namespace: str) -> dict[str, Any]:
        self.calls += 1
        if name not in self.kept:
            raise NotFound(404, "NotFound", "gone")
        self.kept[name].update(body)
        return body


def an_event(number: int = 0, namespace: str = "home", **changes: Any) -> KubeEvent:
    key = ObjectKey(namespace, "rent")
    return KubeEvent("Reminder", key, "uid-1", "Normal", "Fired", f"Fired {number}.")._replace(**changes)


async def write(api: Api, *events: KubeEvent) -> None:
    telling = KubeEvents(cast(Any, api), lambda: datetime(2026, 11, 21, tzinfo=UTC), limiter=RateLimiter(1e6))
    for event in events:
        telling.tell(event)
    running = asyncio.create_task(telling.run())
    for _ in range(20 * len(events)):
        await asyncio.sleep(0)
    assert not running.done()
    running.cancel()
    await asyncio.wait([running])


class TestHowLittle:
    async def test_the_same_again_is_counted(self):
        api = Api()
        await write(api, *[an_event()] * 3)
        (kept,) = api.kept.values()
        assert kept["count"] == 3

    async def test_a_new_leader_counts_on(self):
        api = Api()
        await write(api, an_event())
        await write(api, an_event())
        (kept,) = api.kept.values()
        assert kept["count"] == 2

    async def test_many_of_one_reason_become_one(self):
        api = Api()
        await write(api, *[an_event(number) for number in range(ALIKE + 20)])
        assert len(api.kept) == ALIKE + 1
        assert max(kept["count"] for kept in api.kept.values()) == 20

    async def test_one_that_the_api_server_has_forgotten_is_made_anew(self):
        api = Api()
        telling = KubeEvents(cast(Any, api), lambda: NOW, limiter=RateLimiter(1e6))
        await telling._write(telling._aggregated(an_event()))
        api.kept.clear()
        await telling._write(telling._aggregated(an_event()))
        (kept,) = api.kept.values()
        assert kept["count"] == 1

    async def test_a_refusal_harms_nobody(self):
        api = Api()
        api.refuses = True
        await write(api, an_event(1), an_event(2))
        assert api.kept == {}
        assert api.calls == 2

    def test_a_flood_waits_in_a_short_line_and_leaves_room_for_others(self):
        telling = KubeEvents(cast(Any, None), lambda: NOW)
        for number in range(10_000):
            telling.tell(an_event(number))
        assert len(telling._line) == WAITING_OF_ONE
        telling.tell(an_event(namespace="work"))
        assert len(telling._line) == WAITING_OF_ONE + 1
        for number in range(10_000):
            telling.tell(an_event(number, namespace=f"team-{number % 500}"))
        assert len(telling._line) == WAITING

    @pytest.mark.parametrize("name", ["r", "a" * 253, "a." + "b-" * 100 + "c"])
    def test_its_name_is_one_that_the_api_server_takes(self, name: str):
        telling = KubeEvents(cast(Any, None), lambda: NOW)
        found, _ = telling._aggregated(an_event(key=ObjectKey("home", name)))
        assert len(found) <= 253
        assert ".." not in found
        assert "-." not in found
