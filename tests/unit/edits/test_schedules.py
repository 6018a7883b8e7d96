"""Schedules as a RecurrenceRule has them: the time of day in `start`, a start only where one is needed."""

from typing import Any

import msgspec
import pytest

from tests.unit.edits.worlds import the_world
from todotasks.api import RecurrenceRule, RecurrenceRuleSpec
from todotasks.api.recurrence_rule import SimpleSchedule
from todotasks.edits.model.command import CreateRule, ScheduleFields, TaskFields
from todotasks.edits.plan.dispatch import plan
from todotasks.edits.plan.recurring.schedules import ScheduleError, changed_schedule, new_schedule
from todotasks.recurrence import Rule, explain, rule_from_spec

WORLD = the_world()


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (ScheduleFields(rrule="FREQ=MONTHLY;BYMONTHDAY=1"), {"rrule": "FREQ=MONTHLY;BYMONTHDAY=1"}),
        (ScheduleFields(rrule="RRULE:FREQ=DAILY"), {"rrule": "FREQ=DAILY"}),
        (ScheduleFields(rrule="FREQ=WEEKLY"), {"rrule": "FREQ=WEEKLY", "start": "2026-03-04"}),
        (
            ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
            {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "start": "2026-03-09"},
        ),
        (
            ScheduleFields(rrule="FREQ=DAILY;BYHOUR=9;BYMINUTE=0"),  # nine o'clock is over today
            {"rrule": "FREQ=DAILY", "start": "2026-03-05T09:00"},
        ),
        (
            ScheduleFields(rrule="FREQ=DAILY;BYHOUR=9,17"),  # two times of day are no start
            {"rrule": "FREQ=DAILY;BYHOUR=9,17"},
        ),
        (
            ScheduleFields(rrule="FREQ=DAILY;BYHOUR=19;BYMINUTE=30", start="2026-04-01"),
            {"rrule": "FREQ=DAILY", "start": "2026-04-01T19:30"},
        ),
        (ScheduleFields(rrule="FREQ=HOURLY"), {"rrule": "FREQ=HOURLY"}),
        (ScheduleFields(cron="0 9 * * 1"), {"cron": "0 9 * * 1"}),
        (
            ScheduleFields(rrule="FREQ=DAILY", count=3, except_=("2026-03-06",), time_zone="Europe/London"),
            {"rrule": "FREQ=DAILY", "count": 3, "except": ["2026-03-06"], "timeZone": "Europe/London"},
        ),
    ],
)  # fmt: skip
def test_a_new_schedule_says_no_more_than_it_must(said: ScheduleFields, fields: dict[str, Any]) -> None:
    assert new_schedule(said, WORLD).fields == fields


OLD = RecurrenceRuleSpec(rrule="FREQ=WEEKLY;BYDAY=MO", start="2026-03-02T09:00")
BARE = RecurrenceRuleSpec(rrule="FREQ=WEEKLY;BYDAY=FR")
NINE = RecurrenceRuleSpec(rrule="FREQ=DAILY;BYHOUR=9;BYMINUTE=0")
SIMPLE = RecurrenceRuleSpec(simple=SimpleSchedule("Weekly", days_of_week=("Friday",), time="15:00"))


@pytest.mark.parametrize(
    ("there", "said", "fields", "words"),
    [
        (
            OLD, ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2"),
            {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"},
            "every second Monday at 09:00, Europe/Berlin",
        ),
        (
            OLD, ScheduleFields(rrule="FREQ=WEEKLY;BYDAY=TU;BYHOUR=17;BYMINUTE=0"),
            {"rrule": "FREQ=WEEKLY;BYDAY=TU", "start": "2026-03-02T17:00"},
            "every Tuesday at 17:00, Europe/Berlin",
        ),
        (
            OLD, ScheduleFields(rrule="FREQ=DAILY"),
            {"rrule": "FREQ=DAILY"}, "every day at 09:00, Europe/Berlin",
        ),
        (
            SIMPLE, ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2"),
            {"simple": {"interval": 2}, "start": "2026-03-04"},
            "every second Friday at 15:00, Europe/Berlin",
        ),
        (  # says all in one line, as a file of Git may: nothing stays beside it when that is applied
            BARE, ScheduleFields(rrule="FREQ=WEEKLY;BYDAY=TH;BYHOUR=9;BYMINUTE=0"),
            {"rrule": "FREQ=WEEKLY;BYDAY=TH;BYHOUR=9;BYMINUTE=0"},
            "every Thursday at 09:00, Europe/Berlin",
        ),
        (
            BARE, ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;BYHOUR=9;BYMINUTE=0"),
            {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;BYHOUR=9;BYMINUTE=0", "start": "2026-03-04"},
            "every second Thursday at 09:00, Europe/Berlin",
        ),
        (
            BARE, ScheduleFields(rrule="FREQ=HOURLY;INTERVAL=2"),
            {"rrule": "FREQ=HOURLY;INTERVAL=2", "start": "2026-03-04"},
            "every second hour, Europe/Berlin",
        ),
        (
            NINE, ScheduleFields(rrule="FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0"),
            {"rrule": "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0"}, "every day at 09:00 and 17:00, Europe/Berlin",
        ),
        (
            NINE, ScheduleFields(rrule="FREQ=DAILY;INTERVAL=2"),
            {"rrule": "FREQ=DAILY;INTERVAL=2;BYHOUR=9;BYMINUTE=0", "start": "2026-03-05"},
            "every second day at 09:00, Europe/Berlin",
        ),
        (  # cron cannot say it
            RecurrenceRuleSpec(cron="0 17 * * 5"), ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
            {
                "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;BYHOUR=17;BYMINUTE=0", "cron": None,
                "start": "2026-03-04",
            },
            "every second Thursday at 17:00, Europe/Berlin",
        ),
        (OLD, ScheduleFields(rrule="FREQ=WEEKLY;BYDAY=MO"), {}, "every Monday at 09:00, Europe/Berlin"),
        (
            OLD, ScheduleFields(cron="0 8 * * *"), {"rrule": None, "cron": "0 8 * * *"},
            "every day at 08:00, Europe/Berlin",
        ),
    ],
)  # fmt: skip
def test_what_is_not_said_of_a_schedule_stays(
    there: RecurrenceRuleSpec, said: ScheduleFields, fields: dict[str, Any], words: str
) -> None:
    created = WORLD.rules[0].metadata.creation_timestamp
    old = rule_from_spec(there, "Europe/Berlin", created)
    assert isinstance(old, Rule)
    told = changed_schedule(said, there, old, WORLD)
    assert told.fields == fields
    assert explain(told.rule) == words


@pytest.mark.parametrize("rrule", ["nonsense", "FREQ=NEVER", "", "FREQ=DAILY;INTERVAL=0"])
def test_a_schedule_that_cannot_be_read_names_its_field(rrule: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        new_schedule(ScheduleFields(rrule=rrule), WORLD)
    assert caught.value.field == "spec.rrule"


@pytest.mark.parametrize(
    "schedule",
    [
        ScheduleFields(rrule="FREQ=DAILY;UNTIL=20200101"),
        ScheduleFields(rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    ],
)
def test_a_rule_that_would_never_make_a_task_is_refused(schedule: ScheduleFields) -> None:
    found = plan(CreateRule(TaskFields("x"), schedule), WORLD)
    assert found.problem is not None
    assert (found.problem.reason, found.edits) == ("Invalid", ())


def test_what_is_made_reads_back_as_the_same_schedule() -> None:
    told = new_schedule(ScheduleFields(rrule="FREQ=DAILY;INTERVAL=3;BYHOUR=19;BYMINUTE=0"), WORLD)
    spec = msgspec.convert({**told.fields, "template": {"spec": {"title": "x"}}}, RecurrenceRuleSpec)
    again = rule_from_spec(RecurrenceRule(WORLD.rules[0].metadata, spec).spec, "Europe/Berlin", WORLD.now)
    assert isinstance(again, Rule)
    assert again.first(3) == told.rule.first(3)
