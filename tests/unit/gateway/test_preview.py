"""When a rule or a reminder would come next: pure, at a given moment."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from chat_gateway.api import preview
from chat_gateway.api.preview import (
    PreviewReminder,
    PreviewReply,
    Schedule,
    of_reminder,
    of_schedule,
    of_words,
)
from todotasks.api import SimpleSchedule, TaskReminder
from todotasks.language import Context

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("schedule", "reading", "times"),
    [
        (
            Schedule(simple=SimpleSchedule("Weekly", days_of_week=("Tuesday",), time="09:00")),
            "every Tuesday at 09:00, Europe/Berlin",
            ("2027-03-02T08:00:00Z", "2027-03-09T08:00:00Z"),
        ),
        # 09:00 stays 09:00 when the clocks change on 28 March
        (
            Schedule(rrule="FREQ=WEEKLY;BYDAY=SU", start="2027-03-21T09:00"),
            "every Sunday at 09:00, Europe/Berlin",
            ("2027-03-21T08:00:00Z", "2027-03-28T07:00:00Z"),
        ),
        # all day: today is not over
        (Schedule(rrule="FREQ=DAILY"), "every day, Europe/Berlin", ("2027-03-01", "2027-03-02")),
        (Schedule(cron="0 9 1 * *"), None, ("2027-04-01T07:00:00Z", "2027-05-01T07:00:00Z")),
        (
            Schedule(rrule="FREQ=DAILY", start="2027-03-01", until="2027-03-01"),
            None,
            ("2027-03-01",),
        ),
    ],
)
def test_a_schedule_is_said_and_has_its_next_times(
    schedule: Schedule, reading: str | None, times: tuple[str, ...]
) -> None:
    told = of_schedule(schedule, "Europe/Berlin", NOW, 2, said=False)
    assert told.problems == ()
    assert told.times == times
    assert reading is None or told.reading == reading


@pytest.mark.parametrize(
    ("schedule", "path"),
    [
        (Schedule(), "rrule"),
        (Schedule(rrule="FREQ=SOMETIMES"), "rrule"),
        (Schedule(cron="0 9 * *"), "cron"),
        (Schedule(rrule="FREQ=DAILY", time_zone="Mars/Olympus"), "timeZone"),
        (Schedule(rrule="FREQ=DAILY", start="2027-02-30"), "start"),
    ],
)
def test_what_is_half_typed_is_told_field_by_field(schedule: Schedule, path: str) -> None:
    told = of_schedule(schedule, "UTC", NOW, 5, said=False)
    assert told.times == ()
    assert path in {problem.path for problem in told.problems}


def test_words_become_the_fields_of_a_schedule() -> None:
    read = of_words("every second tuesday at 9", "UTC", NOW, Context())
    assert read is not None and read.rrule is not None
    assert "INTERVAL=2" in read.rrule and "BYDAY=TU" in read.rrule
    after = of_words("every 3 days after completion", "UTC", NOW, Context())
    assert after is not None and after.basis == "Completion"
    assert of_words("the blue one", "UTC", NOW, Context()) is None


@pytest.mark.parametrize(
    ("reminder", "due", "times"),
    [
        (TaskReminder(before="1h"), "2027-03-02T09:00", ("2027-03-02T07:00:00Z",)),
        # the day before, at the same time of day, across the change of the clocks
        (TaskReminder(before="1d"), "2027-03-28T09:00", ("2027-03-27T08:00:00Z",)),
        (TaskReminder(before="0s"), "2027-03-02", ("2027-03-02T08:00:00Z",)),  # all day: from nine o'clock
        (TaskReminder(at="2027-03-05T10:00"), None, ("2027-03-05T09:00:00Z",)),
        (
            TaskReminder(before="0s", repeat_every="1d", max_repeats=2),
            "2027-03-27T09:00",
            ("2027-03-27T08:00:00Z", "2027-03-28T07:00:00Z", "2027-03-29T07:00:00Z"),
        ),
        (TaskReminder(before="1h"), "2027-02-01T09:00", ()),  # over
        # It has gone on for more than a year, and goes on.
        (
            TaskReminder(before="0s", repeat_every="1h"),
            "2026-01-01T09:30",
            tuple(f"2027-03-01T{hour}:30:00Z" for hour in range(12, 17)),
        ),
        (
            TaskReminder(before="0s", repeat_every="1d"),
            "2026-07-01",
            tuple(f"2027-03-{day:02}T08:00:00Z" for day in range(2, 7)),
        ),
        (TaskReminder(before="0s", repeat_every="1h", max_repeats=3), "2027-02-01T09:00", ()),
    ],
)
def test_a_reminder_has_the_times_at_which_it_would_fire(
    reminder: TaskReminder, due: str | None, times: tuple[str, ...]
) -> None:
    told = of_reminder(PreviewReminder(reminder, due), "Europe/Berlin", NOW, 5)
    assert told.problems == ()
    assert told.times == times


def test_a_reminder_that_counts_back_needs_a_due_date() -> None:
    told = of_reminder(PreviewReminder(TaskReminder(before="1h")), "UTC", NOW, 5)
    assert [problem.path for problem in told.problems] == ["due"]


async def test_an_odd_schedule_is_reckoned_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held up until somebody else was answered: in the loop, that would be for ever."""
    held = threading.Event()

    def reckon(*given: Any, **said: Any) -> PreviewReply:
        assert held.wait(20)
        return of_schedule(*given, **said)

    async def elsewhere(_: web.Request) -> web.Response:
        held.set()
        return web.Response()

    monkeypatch.setattr(preview, "of_schedule", reckon)
    app = web.Application()
    app.router.add_post("/v1/preview", preview.preview)
    app.router.add_get("/healthz", elsewhere)
    async with TestClient(TestServer(app)) as client:
        asked = asyncio.create_task(client.post("/v1/preview", json={"schedule": {"rrule": "FREQ=DAILY"}}))
        await asyncio.sleep(0.05)
        assert (await client.get("/healthz")).status == 200
        assert (await (await asked).json())["reading"] == "every day, UTC"


def test_a_schedule_is_no_longer_than_the_resource_takes_it() -> None:
    longest = {"rrule": "FREQ=DAILY", "except": ["2027-03-01"] * 366}
    assert msgspec.convert(longest, Schedule).except_ is not None
    for longer in (
        {**longest, "except": ["2027-03-01"] * 367},
        {"rrule": "FREQ=DAILY;" * 100},
        {"cron": "0 " * 200},
    ):
        with pytest.raises(msgspec.ValidationError, match="length <="):
            msgspec.convert(longer, Schedule)
