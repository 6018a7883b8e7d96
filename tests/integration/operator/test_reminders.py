"""Reminders and channels against a real API server and PostgreSQL."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.operator.rig import PATIENCE, Rig, Tasks, a_rig, no_room_for
from todo_operator.loop.kube_events import EVENTS
from todotasks.api import NotificationChannel, Reminder, find_condition
from todotasks.events import CloudEvent, decode
from todotasks.events.data import ReminderDue
from todotasks.events.types import REMINDER_DUE
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import NAMESPACES, NOTIFICATIONCHANNELS, REMINDERS, Resource

SOON = timedelta(seconds=2)


class Reminders:
    """The reminders and channels of one namespace."""

    def __init__(self, kube: KubeClient, namespace: str) -> None:
        self.kube = kube
        self.namespace = namespace

    async def create(self, name: str, task: str, **spec: Any) -> Reminder:
        body = {"metadata": {"name": name}, "spec": {"taskRef": {"name": task}} | spec}
        return await self.kube.create(REMINDERS, body, self.namespace, type=Reminder)

    async def channel(self, name: str, **spec: Any) -> None:
        target = {"webhook": {"url": "https://example.com/hook"}}
        await self.kube.create(
            NOTIFICATIONCHANNELS, {"metadata": {"name": name}, "spec": target | spec}, self.namespace
        )

    async def edit(self, name: str, **spec: Any) -> None:
        await self.kube.patch(REMINDERS, name, {"spec": spec}, self.namespace)

    async def all(self) -> list[Reminder]:
        return await self.kube.list_(REMINDERS, self.namespace, type=Reminder)

    async def until_told(self, name: str, type_: str, expected: str) -> Reminder:
        return await self.until(
            name, lambda found: told(found, type_) == expected and found.status.observed_generation > 0
        )

    async def until(self, name: str, holds: Callable[[Reminder], Any]) -> Reminder:
        return await self._until(REMINDERS, name, Reminder, holds)

    async def until_channel(self, name: str, holds: Callable[[NotificationChannel], Any]) -> Any:
        return await self._until(NOTIFICATIONCHANNELS, name, NotificationChannel, holds)

    async def _until(
        self, resource: Resource, name: str, type_: type[Any], holds: Callable[[Any], Any]
    ) -> Any:
        found = None
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    found = await self.kube.get(resource, name, self.namespace, type=type_)
                    if holds(found):
                        return found
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"it did not come about within {PATIENCE} s: {found}") from None


def told(found: Reminder | NotificationChannel, type_: str) -> str | None:
    condition = find_condition(found.status.conditions, type_)
    return None if condition is None else f"{condition.status} {condition.reason}"


@pytest.fixture
def reminders(kube: KubeClient, namespace: str) -> Reminders:
    return Reminders(kube, namespace)


async def due_events(rig: Rig) -> list[CloudEvent]:
    rows = await rig.store.outbox_batch(100_000)
    found = [decode(row.value) for row in rows if row.value is not None]
    return [e for e in found if e.type == REMINDER_DUE and e.subject.startswith(f"{rig.namespace}/")]


def soon() -> str:
    return (datetime.now(UTC) + SOON).isoformat()


# ── firing ───────────────────────────────────────────────────────────────────────────────────────────
async def test_a_reminder_fires_once_with_its_task_and_the_default_channels(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    await reminders.channel("mail", default=True)
    await reminders.channel("chat")
    task = await tasks.create("rent")
    await reminders.create("soon", "rent", at=soon(), message="The rent!")
    waiting = await reminders.until_told("soon", "Ready", "True Scheduled")
    fired = await reminders.until_told("soon", "Fired", "True Fired")
    assert fired.status.fired_at == waiting.status.fire_time
    assert fired.status.fire_time is None
    assert told(fired, "Delivered") == "False Pending"
    await rig.settle()
    (event,) = await due_events(rig)
    data = event.read(ReminderDue)
    assert event.partitionkey == task.metadata.uid
    assert (data.task.spec.title, data.channels, data.message) == ("rent", ("mail",), "The rent!")
    assert not data.late


async def test_before_due_follows_the_due_date(rig: Rig, tasks: Tasks, reminders: Reminders):
    await tasks.create("rent", due="2099-01-02T10:00:00Z")
    await reminders.create("before", "rent", beforeDue="1h")
    day = datetime(2099, 1, 2, tzinfo=UTC)
    await reminders.until("before", lambda r: r.status.fire_time == day.replace(hour=9))
    await tasks.edit("rent", due="2099-01-02T12:00:00Z")
    await reminders.until("before", lambda r: r.status.fire_time == day.replace(hour=11))
    moved = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    await tasks.edit("rent", due=(moved + timedelta(hours=1)).isoformat())
    fired = await reminders.until_told("before", "Fired", "True Fired")
    assert fired.status.fired_at == moved
    assert len(await due_events(rig)) == 1


# ── children ─────────────────────────────────────────────────────────────────────────────────────────
async def test_the_list_of_a_task_becomes_reminders_and_follows_its_edits(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    created = await tasks.create(
        "rent", due="2099-01-02T10:00:00Z", reminders=[{"before": "1h"}, {"before": "1d"}]
    )
    task = await tasks.until_told("rent", "Ready", "True Scheduled")
    assert task.status.next_reminder_time == datetime(2099, 1, 1, 10, tzinfo=UTC)
    await rig.settle()
    found = await reminders.all()
    assert {r.spec.before_due for r in found} == {"1h", "1d"}
    assert all(r.metadata.is_controlled_by(created.metadata.uid) for r in found)
    again = await tasks.get("rent")
    # One status write for the whole of it: the reminders have their own versions.
    assert again.metadata.resource_version == task.metadata.resource_version
    await tasks.edit("rent", reminders=[{"before": "1h"}])
    task = await tasks.until(
        "rent", lambda t: t.status.next_reminder_time == datetime(2099, 1, 2, 9, tzinfo=UTC)
    )
    await rig.settle()
    assert [r.spec.before_due for r in await reminders.all()] == ["1h"]


async def test_a_reminder_without_room_is_said_in_its_tasks_condition_and_made_when_there_is_some(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    async with no_room_for(reminders.kube, reminders.namespace, REMINDERS):
        await tasks.create("rent", due="2099-01-02T10:00:00Z", reminders=[{"before": "1h"}])
        refused = await tasks.until_told("rent", "Stalled", "True ReminderRefused")
        stalled = find_condition(refused.status.conditions, "Stalled")
        assert stalled is not None
        assert "exceeded quota: full" in stalled.message
        assert find_condition(refused.status.conditions, "Overdue").reason == "NotYetDue"
        assert await reminders.all() == []
    healed = await tasks.until_told("rent", "Ready", "True Scheduled")
    assert find_condition(healed.status.conditions, "Stalled") is None
    assert [r.spec.before_due for r in await reminders.all()] == ["1h"]


async def test_the_next_reminder_time_goes_when_it_has_fired(rig: Rig, tasks: Tasks, reminders: Reminders):
    await tasks.create("rent", reminders=[{"at": soon()}])
    await tasks.until("rent", lambda t: t.status.next_reminder_time is not None)
    await tasks.until(
        "rent", lambda t: t.status.next_reminder_time is None and t.status.observed_generation > 0
    )
    (child,) = await reminders.all()
    assert told(child, "Fired") == "True Fired"
    await rig.settle()
    assert len(await due_events(rig)) == 1


# ── silence, late, channels ──────────────────────────────────────────────────────────────────────────
async def test_a_suspended_one_is_silent_and_a_snoozed_one_fires_when_that_ends(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    await tasks.create("rent")
    at = soon()
    await reminders.create("suspended", "rent", at=at, suspend=True)
    until = (datetime.now(UTC) + timedelta(seconds=4)).replace(microsecond=0)
    await reminders.create("snoozed", "rent", at=at, snoozeUntil=until.isoformat())
    fired = await reminders.until_told("snoozed", "Fired", "True Fired")
    assert fired.status.fired_at == until
    silent = await reminders.until_told("suspended", "Ready", "True Suspended")
    assert told(silent, "Fired") == "False NotYet"
    await reminders.edit("suspended", suspend=False)
    await reminders.until_told("suspended", "Ready", "True Passed")
    assert [event.subject for event in await due_events(rig)] == [f"{rig.namespace}/snoozed"]


async def test_what_passed_while_nobody_was_there_fires_late_once(
    kube: KubeClient, postgres_url: str, namespace: str, tasks: Tasks, reminders: Reminders
):
    await tasks.create("rent")
    await reminders.create("soon", "rent", at=soon())
    async with a_rig(kube, postgres_url, namespace) as rig:
        rig.clock.ahead = timedelta(hours=1)
        await reminders.until_told("soon", "Fired", "True FiredLate")
        (event,) = await due_events(rig)
        assert event.read(ReminderDue).late
    async with a_rig(kube, postgres_url, namespace) as rig:
        rig.clock.ahead = timedelta(hours=2)
        await rig.settle()
        assert len(await due_events(rig)) == 1


async def test_the_notifiers_field_is_left_alone_and_decides_delivered(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    await reminders.channel("mail", default=True)
    await tasks.create("rent")
    await reminders.create("soon", "rent", at=soon())
    await reminders.until_told("soon", "Fired", "True Fired")
    moment = (datetime.now(UTC) + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    entry = {"channel": "mail", "state": "Delivered", "attempts": 1, "time": moment}
    await reminders.kube.apply(
        REMINDERS,
        "soon",
        {
            "apiVersion": "todotasks.dev/v1",
            "kind": "Reminder",
            "metadata": {"name": "soon", "namespace": rig.namespace},
            "status": {"deliveries": [entry]},
        },
        rig.namespace,
        field_manager="todotasks-notifier",
        subresource="status",
    )
    delivered = await reminders.until_told("soon", "Delivered", "True Delivered")
    assert [d.channel for d in delivered.status.deliveries or ()] == ["mail"]


async def test_a_missing_task_and_a_missing_channel_are_told(rig: Rig, tasks: Tasks, reminders: Reminders):
    await reminders.create("early", "rent", at="2099-01-01T09:00", channels=["phone"])
    await reminders.until_told("early", "Ready", "False TaskMissing")
    await tasks.create("rent")
    await reminders.until_told("early", "Ready", "False ChannelMissing")
    await reminders.channel("phone")
    await reminders.until_channel("phone", lambda c: told(c, "Ready") == "True Accepted")
    await reminders.until_told("early", "Ready", "True Scheduled")


async def test_the_namespace_says_when_an_all_day_task_reminds(
    rig: Rig, kube: KubeClient, tasks: Tasks, reminders: Reminders
):
    await tasks.create("rent", due="2099-01-02", reminders=[{"before": "1h"}])
    nine = datetime(2099, 1, 2, 9, tzinfo=UTC)
    await tasks.until("rent", lambda t: t.status.next_reminder_time == nine - timedelta(hours=1))
    annotated = {"metadata": {"annotations": {"todotasks.dev/all-day-reminder-time": "07:30"}}}
    await kube.patch(NAMESPACES, rig.namespace, annotated)
    await tasks.until("rent", lambda t: t.status.next_reminder_time == nine - timedelta(hours=2, minutes=30))
    (child,) = await reminders.all()
    await reminders.until(child.metadata.name, lambda r: r.status.fire_time == nine - timedelta(hours=2.5))


# ── what people see ──────────────────────────────────────────────────────────────────────────────────
async def test_describe_shows_that_it_has_fired_and_that_its_delivery_failed_for_good(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    task = await tasks.create("rent")
    await reminders.channel("mail", default=True)
    await reminders.create("soon", "rent", at=soon())
    fired = await reminders.until_told("soon", "Fired", "True Fired")
    failed = {
        "channel": "mail",
        "state": "Failed",
        "attempts": 5,
        "lastError": "550 no such user",
        "time": fired.status.fired_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    status = {"status": {"deliveries": [failed]}}
    await reminders.kube.patch(REMINDERS, "soon", status, reminders.namespace, subresource="status")
    reasons: set[tuple[str, str, str]] = set()
    async with asyncio.timeout(PATIENCE):
        while ("Reminder", "Warning", "DeliveryFailed") not in reasons:
            found = await reminders.kube.list_(EVENTS, reminders.namespace)
            reasons = {(e["involvedObject"]["kind"], e["type"], e["reason"]) for e in found}
            about = {e["involvedObject"]["uid"] for e in found}
            await asyncio.sleep(0.05)
    assert ("Reminder", "Normal", "Fired") in reasons
    assert ("TodoTask", "Normal", "ReminderFired") in reasons
    assert about == {task.metadata.uid, fired.metadata.uid}


async def test_a_repeating_reminder_of_a_tasks_list_fires_again_until_the_task_is_done(
    rig: Rig, tasks: Tasks, reminders: Reminders
):
    await tasks.create("rent", reminders=[{"at": soon(), "repeatEvery": "1m", "maxRepeats": 3}])
    (child,) = await _children(reminders)
    assert (child.spec.repeat_every, child.spec.max_repeats) == ("1m", 3)
    await reminders.until(child.metadata.name, lambda r: r.status.fired_count == 1)
    rig.clock.ahead += timedelta(minutes=1)
    await tasks.kube.patch(
        REMINDERS,
        child.metadata.name,
        {"metadata": {"annotations": {"todotasks.dev/reconcile-at": "now"}}},
        reminders.namespace,
    )
    await reminders.until(child.metadata.name, lambda r: r.status.fired_count == 2)
    await tasks.edit("rent", completed=True)
    await reminders.until_told(child.metadata.name, "Ready", "True TaskCompleted")


async def _children(reminders: Reminders) -> list[Reminder]:
    async with asyncio.timeout(PATIENCE):
        while not (found := await reminders.all()):
            await asyncio.sleep(0.02)
    return found
