"""A zone that was only assumed, or that may not be read, stands in what is made."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.edits.worlds import NOW, the_world
from todotasks.api import TaskReminder
from todotasks.edits.model import command as c
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.dispatch import plan

UNSEEN = {"default_zone": None, "zone_known": False}  # who may not look at the namespace
ASSUMED = the_world(zone="UTC", zone_assumed=True, **UNSEEN)
SAID = the_world(zone="Europe/Berlin", **UNSEEN)
SAYS_SO = "The time zone of namespace home may not be read by you, so times were read in UTC"


def spec_of(planned: Plan) -> dict[str, Any]:
    (edit,) = planned.edits
    assert edit.manifest is not None
    return dict(edit.manifest["spec"])


@pytest.mark.parametrize("world", [ASSUMED, SAID], ids=["assumed", "said"])
def test_a_time_is_kept_with_the_zone_in_which_it_was_read(world: World) -> None:
    planned = plan(c.CreateTask(c.TaskFields("stove", due="2026-03-04T09:30")), world)
    assert spec_of(planned) == {"title": "stove", "due": "2026-03-04T09:30", "timeZone": world.zone}


def test_a_zone_that_was_assumed_is_said() -> None:
    for due in ("2026-03-04T12:30", "2026-03-05"):
        planned = plan(c.CreateTask(c.TaskFields("stove", due=due)), ASSUMED)
        assert any(remark.startswith(SAYS_SO) for remark in planned.remarks)
    assert not plan(c.CreateTask(c.TaskFields("stove", due="2026-03-04T12:30")), SAID).remarks


def test_a_day_in_an_assumed_zone_is_left_to_the_namespace() -> None:
    planned = plan(c.CreateTask(c.TaskFields("stove", due="2026-03-05")), ASSUMED)
    assert spec_of(planned) == {"title": "stove", "due": "2026-03-05"}
    planned = plan(c.CreateTask(c.TaskFields("stove", due="2026-03-05")), SAID)
    assert spec_of(planned)["timeZone"] == "Europe/Berlin"


def test_a_zone_of_ones_own_is_none_to_be_assumed() -> None:
    task = c.TaskFields("stove", due="2026-03-04T12:30", time_zone="Asia/Tokyo")
    assert spec_of(plan(c.CreateTask(task), ASSUMED))["timeZone"] == "Asia/Tokyo"


def test_a_moved_task_gets_the_zone_too() -> None:
    command = c.Update(c.Target(names=("taxes",)), c.Changes(due="2026-03-04T12:30"))
    (edit,) = plan(command, ASSUMED).edits
    assert edit.patch == {"spec": {"due": "2026-03-04T12:30", "timeZone": "UTC"}}


def test_a_reminder_at_a_moment_has_its_offset() -> None:
    command = c.Remind(c.Target(names=("taxes",)), (TaskReminder(at="2026-03-04T12:30"),))
    (edit,) = plan(command, SAID).edits
    assert edit.patch == {"spec": {"reminders": [{"at": "2026-03-04T12:30:00+01:00"}]}}


def test_what_comes_back_names_its_zone() -> None:
    command = c.CreateRule(c.TaskFields("stove"), c.ScheduleFields(rrule="FREQ=DAILY;BYHOUR=9;BYMINUTE=0"))
    planned = plan(command, replace(ASSUMED, now=NOW))
    assert spec_of(planned)["timeZone"] == "UTC"
    assert any(remark.startswith(SAYS_SO) for remark in planned.remarks)


def test_where_the_zone_of_the_namespace_is_known_it_is_not_repeated() -> None:
    planned = plan(c.CreateTask(c.TaskFields("stove", due="2026-03-04T12:30")), the_world())
    assert spec_of(planned) == {"title": "stove", "due": "2026-03-04T12:30"}
    assert planned.remarks == ()
