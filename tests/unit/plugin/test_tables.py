"""The tables of `kubectl todo`: a day is that day, wherever one looks from."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.unit.edits.worlds import world_of
from todo_cli.plugin.printing.tables import Look, print_answer
from todotasks.edits.model.command import Filter, ListTasks
from todotasks.edits.model.reply import Reply
from todotasks.edits.plan.dispatch import plan

RULE = """
kind: RecurrenceRule
metadata: {name: call}
spec:
  rrule: FREQ=WEEKLY;BYDAY=SU
  start: "2026-11-01"
  timeZone: Europe/Berlin
  template: {spec: {title: Call home}}
"""


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Pago_Pago"]
)
def test_the_next_day_of_a_rule_is_the_same_from_every_zone(zone: str) -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("UTC"))  # Saturday there, Sunday in Auckland already
    world = world_of(RULE, now=now, zone=zone)
    listing = plan(ListTasks(Filter(recurring=True)), world).listing
    assert listing is not None
    (row,) = listing.rows
    assert row.due == "2026-11-29"
    out = io.StringIO()
    look = Look(now.astimezone(ZoneInfo(zone)), ZoneInfo(zone), absolute=True)
    print_answer(Reply(reply="", listing=listing), None, out, look)
    assert "next Sun 29 Nov 2026" in out.getvalue()


def printed(tasks: str) -> str:
    now = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("UTC"))
    listing = plan(ListTasks(), world_of(tasks, now=now)).listing
    out = io.StringIO()
    print_answer(Reply(reply="", listing=listing), None, out, Look(now, ZoneInfo("UTC")))
    return out.getvalue()


def test_two_that_look_alike_are_told_apart_by_their_names() -> None:
    task = "kind: TodoTask\nmetadata: {{name: {}}}\nspec: {{title: {}}}\n"
    alike = printed("---\n".join([task.format("milk", "buy milk"), task.format("milk-2", "buy milk")]))
    assert "NAME" in alike
    assert [line.split()[-1] for line in alike.splitlines()[1:]] == ["milk", "milk-2"]
    other = printed("---\n".join([task.format("milk", "buy milk"), task.format("bread", "buy bread")]))
    assert "NAME" not in other
