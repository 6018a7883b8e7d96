"""Recurrence rules against a real API server and PostgreSQL."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.integration.operator.rig import PATIENCE, Rig, Tasks, a_rig, no_room_for, told
from todotasks.api import RecurrenceRule, TodoTask, find_condition
from todotasks.events import CloudEvent, decode
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import NotFound
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS

SOON = timedelta(seconds=4)


class Rules:
    """The rules of one namespace, and what they made."""

    def __init__(self, kube: KubeClient, namespace: str) -> None:
        self.kube = kube
        self.namespace = namespace

    async def create(self, name: str, **spec: Any) -> RecurrenceRule:
        template = {"template": {"spec": {"title": name}}}
        body = {"metadata": {"name": name, "namespace": self.namespace}, "spec": template | spec}
        return await self.kube.create(RECURRENCERULES, body, type=RecurrenceRule)

    async def edit(self, name: str, **spec: Any) -> None:
        await self.kube.patch(RECURRENCERULES, name, {"spec": spec}, self.namespace)

    async def get(self, name: str) -> RecurrenceRule:
        return await self.kube.get(RECURRENCERULES, name, self.namespace, type=RecurrenceRule)

    async def made(self, name: str) -> list[TodoTask]:
        selector = f"todotasks.dev/rule={name}"
        return await self.kube.list_(TODOTASKS, self.namespace, label_selector=selector, type=TodoTask)

    async def look(self, *names: str) -> list[str]:
        """Asks for a reconcile now, as a person would; returns the resourceVersions."""
        asked = {"metadata": {"annotations": {"todotasks.dev/reconcile-at": datetime.now(UTC).isoformat()}}}
        answers = [await self.kube.patch(RECURRENCERULES, name, asked, self.namespace) for name in names]
        return [str(answer["metadata"]["resourceVersion"]) for answer in answers]

    async def until(self, name: str, holds: Callable[[RecurrenceRule], Any]) -> RecurrenceRule:
        rule = None
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    rule = await self.get(name)
                    if rule.status.observed_generation == rule.metadata.generation and holds(rule):
                        return rule
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"it did not come about within {PATIENCE} s: {rule}") from None

    async def until_made(self, name: str, number: int) -> RecurrenceRule:
        return await self.until(name, lambda rule: rule.status.occurrences == number)

    async def until_told(self, name: str, type_: str, expected: str) -> RecurrenceRule:
        return await self.until(name, lambda rule: rule_told(rule, type_) == expected)


def rule_told(rule: RecurrenceRule, type_: str) -> str | None:
    found = find_condition(rule.status.conditions, type_)
    return None if found is None else f"{found.status} {found.reason}"


async def events_of(rig: Rig) -> list[CloudEvent]:
    """What time did to the rules of our namespace: `scheduled`, `skipped`, `missed`, `exhausted`."""
    rows = await rig.store.outbox_batch(100_000)
    found = [decode(row.value) for row in rows if row.value is not None]
    own = (".recurrence.scheduled.", ".recurrence.skipped.", ".recurrence.missed.", ".recurrence.exhausted.")
    return [
        e for e in found if e.subject.startswith(f"{rig.namespace}/") and any(word in e.type for word in own)
    ]


def words(events: list[CloudEvent]) -> list[str]:
    return [event.type.split(".")[3] for event in events]


@pytest.fixture
async def rules(kube: KubeClient, namespace: str) -> Rules:
    return Rules(kube, namespace)


def moment(ahead: timedelta = SOON) -> datetime:
    return (datetime.now(UTC) + ahead).replace(microsecond=0)


def local(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%S")


async def test_an_occurrence_comes_at_its_time_with_its_parts_and_is_told(rig: Rig, rules: Rules):
    at = moment()
    rule = await rules.create(
        "rent",
        rrule="FREQ=DAILY",
        start=local(at),
        template={
            "metadata": {"labels": {"a": "b"}},
            "spec": {"title": "Pay rent", "priority": "High"},
            "subtasks": [{"title": "Look at the balance"}, {"title": "Transfer"}],
        },
    )
    early = await rules.until_told("rent", "Ready", "True Scheduled")
    assert early.status.next_schedule_time == at
    late = await rules.until_made("rent", 1)
    [task] = await rules.made("rent")
    assert task.metadata.name == f"rent-{int(at.timestamp()) // 60}"
    assert task.metadata.is_controlled_by(rule.metadata.uid)
    assert task.metadata.annotation("todotasks.dev/scheduled-time") == f"{local(at)}Z"
    assert (task.spec.title, task.spec.priority, task.spec.completed) == ("Pay rent", "High", False)
    assert datetime.fromisoformat(task.spec.due or "") == at
    assert late.status.last_schedule_time == at
    assert late.status.next_schedule_time == at + timedelta(days=1)
    assert [a.name for a in late.status.active or ()] == [task.metadata.name]
    tasks = Tasks(rules.kube, rules.namespace)
    await tasks.until(task.metadata.name, lambda t: t.status.subtasks and t.status.subtasks.total == 2)
    [event] = await events_of(rig)
    assert msgspec.json.decode(event.data)["task"]["uid"] == task.metadata.uid
    written = (await rules.get("rent")).metadata.resource_version
    await rig.settle()
    await asyncio.sleep(0.3)
    assert (await rules.get("rent")).metadata.resource_version == written


async def test_downtime_is_caught_up_as_the_policy_says_and_a_restart_writes_nothing(
    kube: KubeClient, postgres_url: str, rules: Rules
):
    """The operator starts two hours after the rules were made (its clock is ahead)."""
    expected = {"latest": ("Latest", 1), "all": ("All", 4), "skip": ("Skip", 0)}
    minute = (datetime.now(UTC).minute + 15) % 30
    for name, (policy, _) in expected.items():
        await rules.create(name, cron=f"{minute},{minute + 30} * * * *", missedPolicy=policy)
    async with a_rig(kube, postgres_url, rules.namespace) as rig:
        for name in expected:
            await rules.until_told(name, "Ready", "True Scheduled")
        rig.clock.ahead = timedelta(hours=2)  # as a machine that was suspended
        await rules.look(*expected)
        for name, (_, number) in expected.items():
            if number:
                await rules.until_made(name, number)
        await rules.until("skip", lambda rule: rule.status.next_schedule_time > rig.clock())
        await rig.settle()
        for name, (_, number) in expected.items():
            assert len(await rules.made(name)) == number
        told_of = words(await events_of(rig))
        assert sorted(told_of) == ["missed"] * 2 + ["scheduled"] * 5
    before = {name: (await rules.get(name)).metadata.resource_version for name in expected}
    async with a_rig(kube, postgres_url, rules.namespace) as rig:  # the clock is two hours back again
        await rig.settle()
        await asyncio.sleep(0.3)
    assert {name: (await rules.get(name)).metadata.resource_version for name in expected} == before


async def test_a_crash_between_task_and_status_makes_and_tells_it_once(
    kube: KubeClient, postgres_url: str, rules: Rules
):
    at = moment()
    async with a_rig(kube, postgres_url, rules.namespace) as rig:
        await rules.create("rent", rrule="FREQ=DAILY", start=local(at))
        rule = await rules.until_made("rent", 1)
        [task] = await rules.made("rent")
    # As if the status had never been written.
    lost = {"occurrences": 0, "lastScheduleTime": None, "nextScheduleTime": f"{local(at)}Z", "active": None}
    await kube.patch(RECURRENCERULES, "rent", {"status": lost}, rules.namespace, subresource="status")
    async with a_rig(kube, postgres_url, rules.namespace) as rig:
        again = await rules.until_made("rent", 1)
        assert [t.metadata.uid for t in await rules.made("rent")] == [task.metadata.uid]
        assert again.status == rule.status
        assert words(await events_of(rig)) == ["scheduled"]


async def test_a_name_that_is_taken_stalls_the_rule_until_it_is_free(rig: Rig, rules: Rules, tasks: Tasks):
    at = moment()
    name = f"rent-{int(at.timestamp()) // 60}"
    await tasks.create(name)
    await rules.create("rent", rrule="FREQ=DAILY", start=local(at))
    stalled = await rules.until_told("rent", "Stalled", "True NameTaken")
    assert name in find_condition(stalled.status.conditions, "Stalled").message
    assert (await tasks.get(name)).metadata.owner_references is None
    await tasks.delete(name)
    await rules.until_made("rent", 1)
    assert (await tasks.get(name)).metadata.is_controlled_by(stalled.metadata.uid)


async def test_a_task_that_the_api_server_refuses_is_told_in_its_words_until_an_edit(rig: Rig, rules: Rules):
    at = moment()
    own_name = f"rent-{int(at.timestamp()) // 60}"  # which no CRD of a rule can know
    await rules.create(
        "rent",
        rrule="FREQ=DAILY",
        start=local(at),
        template={"spec": {"title": "Rent", "parent": own_name}},
    )
    stalled = await rules.until_told("rent", "Stalled", "True Refused")
    assert "a task cannot be its own parent" in find_condition(stalled.status.conditions, "Stalled").message
    await rules.edit("rent", template={"spec": {"parent": None}})
    healed = await rules.until_made("rent", 1)
    assert rule_told(healed, "Ready") == "True Scheduled"


async def test_an_occurrence_without_room_is_said_in_the_servers_words_and_made_when_there_is_some(
    rig: Rig, rules: Rules
):
    async with no_room_for(rules.kube, rules.namespace, TODOTASKS):
        await rules.create("rent", rrule="FREQ=DAILY", start=local(moment(timedelta(seconds=1))))
        refused = await rules.until_told("rent", "Stalled", "True Refused")
        assert "exceeded quota: full" in find_condition(refused.status.conditions, "Ready").message
        assert await rules.made("rent") == []
    await rules.look("rent")  # else within the time that it waits by itself
    healed = await rules.until_made("rent", 1)
    assert rule_told(healed, "Ready") == "True Scheduled"
    assert rule_told(healed, "Stalled") is None


async def test_a_start_of_now_is_the_first_occurrence(rig: Rig, rules: Rules):
    made = None
    for attempt in range(20):  # the object is made in the second that it names, if the machine lets it be
        start = datetime.now(UTC)
        made = await rules.create(f"now-{attempt}", rrule="FREQ=DAILY", start=start.isoformat())
        if made.metadata.creation_timestamp == start.replace(microsecond=0):
            break
    else:
        pytest.skip("no object could be made within the second in which it was asked for")
    await rules.until_made(made.metadata.name, 1)


async def test_forbid_and_replace_look_at_what_is_open(rig: Rig, rules: Rules):
    start = moment()
    for policy in ("Forbid", "Replace"):
        await rules.create(policy.lower(), rrule="FREQ=HOURLY", start=local(start), concurrencyPolicy=policy)
    for name in ("forbid", "replace"):
        await rules.until_made(name, 1)
    rig.clock.ahead = timedelta(hours=1)
    await rules.look("forbid", "replace")
    await rules.until_made("replace", 2)
    await rules.until("forbid", lambda rule: rule.status.next_schedule_time > rig.clock())
    await rig.settle()
    [kept] = await rules.made("forbid")
    [new] = await rules.made("replace")
    assert kept.metadata.annotation("todotasks.dev/scheduled-time") == f"{local(start)}Z"
    later = start + timedelta(hours=1)
    assert new.metadata.annotation("todotasks.dev/scheduled-time") == f"{local(later)}Z"
    assert sorted(words(await events_of(rig))) == ["scheduled", "scheduled", "scheduled", "skipped"]


async def test_after_completion_the_next_is_counted_from_it(rig: Rig, rules: Rules, tasks: Tasks):
    start = moment()
    await rules.create(
        "water", rrule="FREQ=DAILY;INTERVAL=3", start=local(start), basis="Completion", historyLimit=0
    )
    await rules.until_told("water", "Ready", "True WaitingForCompletion")
    [task] = await rules.made("water")
    await tasks.edit(task.metadata.name, completed=True)
    rule = await rules.until_told("water", "Ready", "True Scheduled")
    assert rule.status.next_schedule_time == start + timedelta(days=3)
    await tasks.until_gone(task.metadata.name)  # the history limit is 0
    rig.clock.ahead = timedelta(days=3)
    await rules.look("water")
    await rules.until_made("water", 2)


async def test_suspended_it_rests_and_resumed_it_makes_what_it_missed(rig: Rig, rules: Rules):
    start = moment()
    await rules.create("rent", rrule="FREQ=HOURLY", start=local(start), suspend=True)
    await rules.until_told("rent", "Suspended", "True Suspended")
    rig.clock.ahead = timedelta(hours=3, minutes=30)
    await rules.edit("rent", suspend=False)
    rule = await rules.until_made("rent", 1)
    assert rule.status.last_schedule_time == start + timedelta(hours=3)


async def test_an_exhausted_rule_says_so_and_an_asked_for_look_changes_nothing(rig: Rig, rules: Rules):
    await rules.create("once", rrule="FREQ=DAILY;COUNT=1", start=local(moment()))
    done = await rules.until_told("once", "Exhausted", "True Exhausted")
    assert done.status.occurrences == 1
    assert words(await events_of(rig)) == ["scheduled", "exhausted"]
    [asked] = await rules.look("once")
    await rig.settle()
    await asyncio.sleep(0.2)
    assert (await rules.get("once")).metadata.resource_version == asked


async def test_bad_rules_are_told_and_stop_nobody_else(rig: Rig, rules: Rules):
    await rules.create("zone", cron="0 9 * * *", timeZone="Europe/Belin")
    await rules.create("never", rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", start="2026-01-01")
    await rules.create("good", rrule="FREQ=DAILY", start=local(moment()))
    await rules.until_made("good", 1)
    found = await rules.until_told("zone", "Stalled", "True InvalidTimeZone")
    assert 'did you mean "Europe/Berlin"' in find_condition(found.status.conditions, "Ready").message
    await rules.until_told("never", "Stalled", "True NeverFires")
    await rules.edit("zone", timeZone="Europe/Berlin")
    healed = await rules.until_told("zone", "Ready", "True Scheduled")
    assert rule_told(healed, "Stalled") is None


@pytest.mark.parametrize("propagation", ["Background", "Orphan"])
async def test_deleting_the_rule_takes_its_tasks_along_unless_they_are_orphaned(
    rig: Rig, rules: Rules, tasks: Tasks, propagation: str
):
    await rules.create("rent", rrule="FREQ=DAILY", start=local(moment()))
    await rules.until_made("rent", 1)
    [task] = await rules.made("rent")
    await rules.kube.delete(RECURRENCERULES, "rent", rules.namespace, propagation=propagation)
    if propagation == "Background":
        await tasks.until_gone(task.metadata.name)
        return
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await rules.get("rent")
            except NotFound:
                break
            await asyncio.sleep(0.05)
    kept = await tasks.until(task.metadata.name, lambda t: not t.metadata.owner_references)
    assert told(kept, "Ready") == "True Scheduled"


@pytest.mark.timeout(120)
async def test_a_hundred_rules_after_downtime_make_one_task_each(
    kube: KubeClient, postgres_url: str, rules: Rules
):
    number, minute = 100, datetime.now(UTC).minute
    limit = asyncio.Semaphore(32)

    async def create(n: int) -> None:
        async with limit:
            # Far enough ahead that none comes due while we look.
            await rules.create(f"rule-{n}", cron=f"{(minute + 15 + n % 40) % 60} * * * *")

    await asyncio.gather(*(create(n) for n in range(number)))
    async with a_rig(kube, postgres_url, rules.namespace) as rig:
        await rig.settle(60)
        rig.clock.ahead = timedelta(days=1)
        async with asyncio.timeout(100):
            while len(found := await kube.list_(TODOTASKS, rules.namespace, type=TodoTask)) < number:
                await asyncio.sleep(0.5)
        await rig.settle(60)
        found = await kube.list_(TODOTASKS, rules.namespace, type=TodoTask)
        assert len(found) == len({t.metadata.labels["todotasks.dev/rule"] for t in found}) == number
        told_of = words(await events_of(rig))
        assert told_of.count("scheduled") == told_of.count("missed") == number
        assert len({event.id for event in await events_of(rig)}) == 2 * number
