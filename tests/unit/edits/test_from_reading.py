"""Readings become commands: what a reading did not understand of "all" is asked about, never widened."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from todotasks.api import TaskReminder
from todotasks.edits.model import command as c
from todotasks.edits.understand.from_reading import commands_of
from todotasks.language import Filter, Reading, parse
from todotasks.language.reading.model import Reminder, Span

NOTHING = c.Target()
NOW = datetime(2026, 3, 4, 10)  # a Wednesday


def bulk(text: str, words: str, which: Filter, due: str = "") -> c.Command:
    """The command of a reading that took `words` for all the tasks and `due` for a time."""
    spans = [Span(text.index(words), text.index(words) + len(words), "filter", words)]
    if due:
        spans.append(Span(text.index(due), text.index(due) + len(due), "due", due))
    reading = Reading("reschedule", due=date(2026, 3, 6), filter=which, spans=tuple(spans))
    (command,) = commands_of(reading, zone="Europe/Berlin")
    return command


@pytest.mark.parametrize(
    "words",
    [
        "all my meetings",
        "all reminders",
        "everything due",
        "all urgent tasks",
        "alle termine",
        "all of today's",
    ],
)
def test_all_of_a_kind_that_is_not_in_the_filter_is_refused(words: str) -> None:
    command = bulk(f"move {words} to friday", words, Filter(everything=True))
    assert isinstance(command, c.Update)
    assert command.target == NOTHING


def test_a_time_among_the_words_that_is_not_in_the_filter_is_refused() -> None:
    command = bulk(
        "move all #home tasks due today", "all #home tasks due today", Filter(tags=("home",)), "today"
    )
    assert isinstance(command, c.Update)
    assert command.target == NOTHING


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("delete everything due today", "2026-03-04", "2026-03-05"),
        ("delete everything due by friday", None, "2026-03-07"),
        ("move everything due by friday to monday", None, "2026-03-07"),
        ("what's due by friday", None, "2026-03-07"),
        ("what's due before friday", None, "2026-03-06"),
        ("show tasks from monday to wednesday", "2026-03-09", "2026-03-12"),
        ("what's due this week", "2026-03-02", "2026-03-09"),
    ],
)
def test_a_last_day_that_was_said_belongs_to_the_range(text: str, start: str | None, end: str) -> None:
    (command,) = commands_of(parse(text, NOW, ZoneInfo("Europe/Berlin")), zone="Europe/Berlin")
    assert isinstance(command, c.ListTasks | c.Delete | c.Update)
    which = command.filter if isinstance(command, c.ListTasks) else command.target.filter
    assert which is not None
    assert which.due == c.Range(start, end)


@pytest.mark.parametrize("words", ["everything", "all my tasks", "all of the todos", "alle meine aufgaben"])
def test_all_tasks_said_so_are_all_open_tasks(words: str) -> None:
    command = bulk(f"move {words} to friday", words, Filter(everything=True))
    assert isinstance(command, c.Update)
    assert command.target == c.Target(filter=c.Filter())


def test_everything_that_is_deleted_is_also_what_is_completed() -> None:
    (command,) = commands_of(parse("delete everything", NOW), zone="Europe/Berlin")
    assert command == c.Delete(c.Target(filter=c.Filter(everything=True)))


def only(reading: Reading) -> c.Command:
    (command,) = commands_of(reading, zone="Europe/Berlin")
    return command


@pytest.mark.parametrize("text", ["find 12", "find 2", "search 12"])
def test_find_and_a_number_look_for_that_text(text: str) -> None:
    command = only(parse(text, NOW, ZoneInfo("Europe/Berlin")))
    assert command == c.ListTasks(c.Filter(text=text.rpartition(" ")[2]))


def test_a_reminder_that_repeats_keeps_how_often() -> None:
    at = datetime(2026, 3, 4, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    nag = Reminder(at=at, repeat_every="15m", max_repeats=4)
    made = only(Reading("remind", title="call the bank", due=at, reminders=(nag,)))
    assert isinstance(made, c.CreateTask)
    assert made.task.reminders == (TaskReminder(before="0s", repeat_every="15m", max_repeats=4),)
    there = only(Reading("remind", target="bank", reminders=(nag,)))
    assert there == c.Remind(
        c.Target(title="bank"), (TaskReminder(at="2026-03-04T12:00", repeat_every="15m", max_repeats=4),)
    )


def test_a_reminder_before_another_task_makes_a_task_that_is_due_then() -> None:
    made = only(Reading("remind", title="call Bob", reminders=(Reminder(before="15m", of="the meeting"),)))
    assert isinstance(made, c.CreateTask)
    assert made.task.relative == c.Relative(c.Target(title="the meeting"), "-15m")
    assert made.task.reminders == (TaskReminder(before="0s"),)


def test_a_rule_is_paused_until_the_day_that_was_said() -> None:
    command = only(Reading("recurrence-stop", target="standup", due=date(2027, 1, 1)))
    assert command == c.StopRule(c.Target(title="standup"), until="2027-01-01")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("find 12", "12"),
        ("search for 0042", "0042"),
        ("find 2", "2"),
        ("find INV-2026/0042", "INV-2026/0042"),
        ("find 1/2", "1/2"),
        ("find 3/4", "3/4"),
    ],
)
def test_a_number_that_is_looked_for_is_a_text_and_no_row(said: str, text: str) -> None:
    (command,) = commands_of(parse(said, NOW, ZoneInfo("Europe/Berlin")), zone="Europe/Berlin")
    assert isinstance(command, c.ListTasks)
    assert command.filter == c.Filter(text=text), "nor is it a day"


def test_one_of_the_dependencies_goes_and_all_of_them_go() -> None:
    one = only(Reading("update", target="van", depends_on="license", clear_depends=True))
    assert one == c.Update(c.Target(title="van"), c.Changes(independent_of=c.Target(title="license")))
    every = only(Reading("update", target="van", depends_on="*", clear_depends=True))
    assert every == c.Update(c.Target(title="van"), c.Changes(clear=("dependsOn",)))


@pytest.mark.parametrize("scope", ["this", "all"])
def test_this_one_or_all_of_them_is_kept(scope: c.Scope) -> None:
    reading = Reading("delete", target="standup", occurrences=scope)
    assert only(reading) == c.Delete(c.Target(title="standup"), scope=scope)
    moved = only(Reading("update", target="standup", priority="High", occurrences=scope))
    assert moved == c.Update(c.Target(title="standup"), c.Changes(priority="High"), scope=scope)
