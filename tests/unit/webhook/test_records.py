"""Admission records: what is recorded of a request, and what becomes of those for which there is no room."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from todo_webhook.records import Records, attempt_of, changed_fields
from todo_webhook.review import Kind, Meta, Plural, Request, Thing, User
from todotasks.broker.errors import BrokerError
from todotasks.events import types
from todotasks.events.envelope import decode

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def a_request(uid: str = "u", **fields: Any) -> Request:
    given = {
        "uid": uid,
        "kind": Kind("todotasks.dev", "v1", "TodoTask"),
        "resource": Plural("todotasks.dev", "v1", "todotasks"),
        "namespace": "home",
        "name": "rent",
        "user_info": User("ana", "7", ("people",)),
        "object": Thing(Meta("rent", "home", "uid-1", "11"), {"title": "x"}),
    }
    return Request(**{**given, **fields})


def thing(spec: Any = None, **meta: Any) -> Thing:
    return Thing(Meta(**meta), spec)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        (thing({"title": "a"}), thing({"title": "b", "due": "2099-01-01"}), ("spec.due", "spec.title")),
        (thing({"title": "a", "due": "x"}), thing({"title": "a"}), ("spec.due",)),
        (thing({}, labels={"a": "1"}), thing({}, labels={"a": "2"}), ("metadata.labels",)),
        (thing({}, labels={"tag.todotasks.dev/x": ""}), thing({}), ()),
        (thing({}, annotations={"todotasks.dev/last-actor": "a"}), thing({}), ()),
        (thing({}), thing({}, annotations={"example.com/a": "b"}), ("metadata.annotations",)),
        (thing({}, finalizers=("a",)), thing({}), ("metadata.finalizers",)),
        (thing({}), thing({}, owner_references=({"uid": "x"},)), ("metadata.ownerReferences",)),
        (thing("no spec"), thing(["neither"]), ()),
        (None, thing({"title": "a"}), ("spec.title",)),
    ],
)
def test_the_fields_that_differ_are_named_and_our_stamps_are_nobodys_change(
    before: Thing | None, after: Thing, changed: tuple[str, ...]
) -> None:
    assert changed_fields(before, after) == changed


def test_an_attempt_says_who_asked_for_what() -> None:
    created = attempt_of(a_request(operation="CREATE"))
    assert (created.verb, created.changed, created.resource_version) == ("create", (), None)
    assert (created.user.username, created.user.groups) == ("ana", ("people",))
    old = thing({"title": "old"}, name="rent", namespace="home", uid="uid-1", resource_version="10")
    updated = attempt_of(a_request(operation="UPDATE", old_object=old))
    assert (updated.verb, updated.changed, updated.resource_version) == ("update", ("spec.title",), "10")
    deleted = attempt_of(a_request(operation="DELETE", object=None, old_object=old))
    assert (deleted.verb, deleted.object.uid, deleted.resource_version) == ("delete", "uid-1", "10")


class Broker:
    """The producer's seam, in memory; `away` while it takes nothing."""

    def __init__(self) -> None:
        self.away = False
        self.got: list[bytes] = []

    async def send(
        self, topic: str, key: str, value: bytes, headers: object = None
    ) -> "asyncio.Future[None]":
        if self.away:
            raise BrokerError("away")
        self.got.append(value)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future

    async def restart(self) -> None:
        """Nothing was in flight."""


async def test_what_does_not_fit_is_dropped_counted_and_told_as_a_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("todo_webhook.records.RETRY", 0.0)
    broker = Broker()
    broker.away = True
    clock = [NOW]
    records = Records(broker, most_waiting=3, replica="w-1", clock=lambda: clock[0])  # type: ignore[arg-type]
    for number in range(5):
        records.admitted(a_request(f"u{number}"), NOW + timedelta(seconds=number))
    assert records.waiting == 3
    clock[0] = NOW + timedelta(minutes=1)
    broker.away = False
    sending = asyncio.create_task(records.run())
    while len(broker.got) < 4:
        await asyncio.sleep(0)
    sending.cancel()
    events = [decode(value) for value in broker.got]
    assert [event.type for event in events] == [*[types.ADMISSION_REQUESTED] * 3, types.ADMISSION_GAP]
    gap = msgspec.json.decode(events[-1].data)
    assert (gap["dropped"], gap["replica"]) == (2, "w-1")
    assert (gap["since"], gap["until"]) == ("2026-11-28T12:00:03Z", "2026-11-28T12:01:00Z")


async def test_while_kafka_is_away_nothing_is_lost_that_fits_and_order_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("todo_webhook.records.RETRY", 0.0)
    broker = Broker()
    broker.away = True
    records = Records(broker, replica="w-1")  # type: ignore[arg-type]
    sending = asyncio.create_task(records.run())
    for number in range(20):
        records.admitted(a_request(f"u{number}"), NOW)
        await asyncio.sleep(0)
    broker.away = False
    while len(broker.got) < 20:
        await asyncio.sleep(0)
    sending.cancel()
    assert [decode(value).id for value in broker.got] == [
        f"u{number}:admission.requested.v1" for number in range(20)
    ]


async def test_without_kafka_nothing_is_kept() -> None:
    records = Records(None)
    records.admitted(a_request(), NOW)
    assert records.waiting == 0
