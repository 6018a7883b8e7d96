"""`GET /v1/calendar.ics`: what a calendar client gets, with the only credentials that it can send."""

import base64
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.integration.gateway.mirror import Mirror
from tests.support.gateway import RunningGateway, person
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.api import ANNOTATION_SCHEDULED_TIME, RecurrenceRule
from todotasks.kube.resources import RECURRENCERULES

PLAIN = {"observedGeneration": 1}
NOW = datetime.now(UTC)


@pytest.fixture
def gateway(stored: RunningGateway) -> RunningGateway:
    return stored


def basic(token: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anybody:{token}".encode()).decode()}


async def subscribe(gateway: RunningGateway, token: str, query: str) -> list[Any]:
    """The tasks or events, read as a client reads them."""
    async with gateway("GET", f"/v1/calendar.ics?{query}", headers=basic(token)) as answer:
        body = await answer.read()
        assert answer.status == 200, body
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = body.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    return [part for part in Calendar.from_ical(body).walk() if part.name in ("VTODO", "VEVENT")]


async def test_a_client_with_the_token_as_password_gets_tasks_with_their_zones(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    rent = await mirror.make(
        namespace,
        "pay-rent",
        {**PLAIN, "dueTime": "2027-07-01T07:00:00Z"},
        due="2027-07-01T09:00",
        timeZone="Europe/Berlin",
        priority="Urgent",
        tags=["home"],
        notes="by card;\nnot, cash",
    )
    await mirror.make(
        namespace, "ask", {**PLAIN, "dueTime": "2027-07-02T00:00:00Z"}, due="2027-07-02", parent="pay-rent"
    )
    found = await subscribe(gateway, token, f"namespace={namespace}")
    ask, todo = sorted(found, key=lambda part: part["summary"])
    assert todo["due"].params["TZID"] == "Europe/Berlin"
    assert todo.decoded("due") == datetime(2027, 7, 1, 7, tzinfo=UTC)
    assert todo["uid"] == f"{rent.metadata.uid}@todotasks.dev"
    assert (todo["priority"], todo["categories"].cats) == (1, ["home"])
    assert todo["description"] == "by card;\nnot, cash"
    assert ask.decoded("due") == date(2027, 7, 2)
    assert ask["related-to"] == todo["uid"]


async def test_what_was_completed_long_ago_is_shown_to_who_asks_for_it(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    for name, days in (("new", 3), ("old", 40)):
        at = (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        await mirror.make(namespace, name, {**PLAIN, "completionTime": at}, completed=True)
    (new,) = await subscribe(gateway, token, f"namespace={namespace}")
    assert (new["summary"], new["status"]) == ("New", "COMPLETED")
    assert len(await subscribe(gateway, token, f"namespace={namespace}&completed=true")) == 2
    assert not await subscribe(gateway, token, f"namespace={namespace}&completed=false")


async def test_as_events_for_clients_that_show_no_tasks(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    await mirror.make(namespace, "pay-rent", {**PLAIN, "dueTime": "2027-07-02T00:00:00Z"}, due="2027-07-02")
    await mirror.make(namespace, "some-day", PLAIN)
    (event,) = await subscribe(gateway, token, f"namespace={namespace}&as=events")
    assert (event.name, event.decoded("dtstart")) == ("VEVENT", date(2027, 7, 2))


async def a_rule(gateway: RunningGateway, namespace: str, **spec: Any) -> RecurrenceRule:
    body = {
        "metadata": {"name": "water", "namespace": namespace},
        "spec": {"timeZone": "Europe/Berlin", "template": {"spec": {"title": "Water plants"}}, **spec},
    }
    return await gateway.gateway.kube.create(RECURRENCERULES, body, type=RecurrenceRule)


async def test_an_occurrence_keeps_its_id_when_it_is_made_and_is_there_once(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    rule = await a_rule(gateway, namespace, rrule="FREQ=DAILY;BYHOUR=19;BYMINUTE=0;BYSECOND=0")
    before = await subscribe(gateway, token, f"namespace={namespace}")
    assert len(before) == 30
    first = min(before, key=lambda part: part.decoded("due"))
    at = first.decoded("due").astimezone(UTC)
    owner = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "RecurrenceRule",
        "name": "water",
        "uid": rule.metadata.uid,
        "controller": True,
    }
    moved = at + timedelta(hours=1)
    await mirror.make(
        namespace,
        "water-1",
        {**PLAIN, "dueTime": moved.strftime("%Y-%m-%dT%H:%M:%SZ")},
        due=moved.isoformat(),
        metadata={
            "ownerReferences": [owner],
            "annotations": {ANNOTATION_SCHEDULED_TIME: at.strftime("%Y-%m-%dT%H:%M:%SZ")},
        },
    )
    after = await subscribe(gateway, token, f"namespace={namespace}")
    assert {part["uid"] for part in after} == {part["uid"] for part in before}
    (made,) = [part for part in after if part["uid"] == first["uid"]]
    assert made.decoded("due").astimezone(UTC) == moved


@pytest.mark.parametrize("spec", [{"suspend": True}, {"except": []}], ids=["suspended", "of another tag"])
async def test_what_will_not_come_or_does_not_match_is_not_shown(
    gateway: RunningGateway, token: str, namespace: str, spec: dict[str, Any]
) -> None:
    await a_rule(gateway, namespace, rrule="FREQ=DAILY", **{k: v for k, v in spec.items() if v})
    filtered = "" if spec.get("suspend") else "&tag=x"
    assert not await subscribe(gateway, token, f"namespace={namespace}{filtered}")


async def test_a_client_that_has_it_already_gets_nothing_until_something_changes(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    await mirror.make(namespace, "pay-rent", PLAIN)
    path = f"/v1/calendar.ics?namespace={namespace}"
    async with gateway("GET", path, headers=basic(token)) as answer:
        etag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
    async with gateway("GET", path, headers={**basic(token), "If-None-Match": etag}) as answer:
        assert answer.status == 304
    await mirror.make(namespace, "review", PLAIN)
    async with gateway("GET", path, headers={**basic(token), "If-None-Match": etag}) as answer:
        assert answer.status == 200


async def test_a_wrong_password_is_asked_for_again_and_no_right_is_no_calendar(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str
) -> None:
    path = f"/v1/calendar.ics?namespace={namespace}"
    async with gateway("GET", path, headers=basic("wrong")) as answer:
        assert answer.status == 401
        assert any(value.startswith("Basic") for value in answer.headers.getall("WWW-Authenticate"))
    nobody = person(kubectl, namespace, "nobody", role=None)
    async with gateway("GET", path, headers=basic(nobody)) as answer:
        assert answer.status == 403
        assert answer.headers["Content-Type"].startswith("application/problem+json")
    async with gateway("GET", "/v1/tasks", headers=basic("any")) as answer:
        assert answer.status == 401  # Basic is for the calendar alone


async def test_a_large_calendar_ends_somewhere_and_says_so(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_gateway.api.calendar.endpoint.MOST_OPEN", 2)
    for number in range(3):
        due = f"2027-07-0{3 - number}"
        await mirror.make(namespace, f"task-{number}", {**PLAIN, "dueTime": f"{due}T00:00:00Z"}, due=due)
    found = await subscribe(gateway, token, f"namespace={namespace}")
    assert [part.decoded("due").day for part in found] == [1, 2]
    async with gateway("GET", f"/v1/calendar.ics?namespace={namespace}", token) as answer:
        assert "X-WR-CALDESC:Only the" in await answer.text()
