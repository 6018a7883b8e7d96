"""Whatever is asked in whatever world: a plan never raises, touches only what is there, and settles."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.edits.worlds import NOW, shown
from todotasks.api import Metadata, OwnerReference, RecurrenceRule, Reminder, TaskReminder, TodoTask
from todotasks.api.recurrence_rule import RecurrenceRuleSpec, TaskTemplate
from todotasks.api.reminder import ReminderSpec, TaskRef
from todotasks.api.task import SubtaskTotals, TodoTaskSpec, TodoTaskStatus
from todotasks.edits.model import command as c
from todotasks.edits.model.edit import Edit, plain
from todotasks.edits.model.merge import merged
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.dispatch import needs, plan

TITLES = (
    "report", "the report", "weekly report", "buy milk", "Buy Milk!", "$(rm -rf /)", "a\nEOF\nb",
    "\x1b[31mred", "\u202egnp.exe", "=HYPERLINK()", "—", "水やり", "yes", "call Anna", "call Bob",
)  # fmt: skip
DUES = (
    "2026-03-04", "2026-03-29T02:30", "2026-10-25T02:30", "2026-03-06T15:00", "2026-03-06T15:00:00+01:00",
    "2999-12-31", "1900-01-01", "2026-02-30", "tomorrow", "T15:00", "T25:00", "2026-03-06T15:00Z", "",
)  # fmt: skip
ZONES = ("Europe/Berlin", "UTC", "Pacific/Apia", "America/New_York")
BAD_ZONES = (*ZONES, "Mars/Olympus")
SHIFTS = ("2d", "-1w", "1mo", "5y", "3h", "-90m", "99999999d", "1y2mo3w4d5h", "0d")
BEFORES = ("0s", "1d", "30m", "1w2d")
RRULES = (
    "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILY;INTERVAL=3;BYHOUR=19;BYMINUTE=0", "FREQ=NEVER",
    "nonsense", "FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3",
    "", "FREQ=WEEKLY;BYHOUR=9,17", "FREQ=DAILY;UNTIL=20200101",
)  # fmt: skip

titles, dues, tags = st.sampled_from(TITLES), st.sampled_from(DUES), st.sampled_from(("home", "Work", "a b"))
maybe_due = st.none() | dues
task_reminders = st.builds(TaskReminder, before=st.sampled_from(BEFORES)) | st.builds(TaskReminder, at=dues)


def metadata(kind: str, number: int, owner: OwnerReference | None = None) -> Metadata:
    name = f"{kind.lower()}-{number}"
    return Metadata(
        name, "home", f"uid-{name}", "7", 1, datetime(2026, 3, 1, tzinfo=UTC),
        owner_references=(owner,) if owner else None,
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    rules = [
        RecurrenceRule(
            metadata("RecurrenceRule", number),
            RecurrenceRuleSpec(
                rrule=draw(st.sampled_from(RRULES)), start=draw(maybe_due), suspend=draw(st.booleans()),
                time_zone=draw(st.none() | st.sampled_from(BAD_ZONES)),
                template=TaskTemplate(spec=TodoTaskSpec(title=draw(titles), tags=("home",))),
            ),
        )
        for number in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    owners = [
        None,
        *(
            OwnerReference("todotasks.dev/v1", "RecurrenceRule", r.metadata.name, r.metadata.uid, True)
            for r in rules
        ),
    ]
    tasks = [
        TodoTask(
            metadata("TodoTask", number, draw(st.sampled_from(owners))),
            TodoTaskSpec(
                title=draw(titles), due=draw(maybe_due), completed=draw(st.booleans()),
                priority=draw(st.sampled_from(("Low", "Medium", "Urgent"))),  # type: ignore[arg-type]
                tags=draw(st.none() | st.lists(tags, unique=True).map(tuple)),
                time_zone=draw(st.none() | st.sampled_from(BAD_ZONES)),
                reminders=draw(st.none() | st.lists(task_reminders, max_size=2).map(tuple)),
            ),
            TodoTaskStatus(subtasks=draw(st.none() | st.just(SubtaskTotals(3, 1)))),
        )
        for number in range(draw(st.integers(0, 12)))
    ]  # fmt: skip
    reminders = tuple(
        Reminder(metadata("Reminder", number), ReminderSpec(TaskRef(f"todotask-{number}"), before_due="1h"))
        for number in range(draw(st.integers(0, 3)))
    )
    things = [*tasks, *rules]
    listed = draw(st.lists(st.sampled_from(things), unique_by=lambda t: t.metadata.name)) if things else []
    return World(
        "home", NOW, draw(st.sampled_from(ZONES)), draw(st.none() | st.sampled_from(BAD_ZONES)),
        tasks=tuple(tasks), rules=tuple(rules), reminders=reminders, shown=tuple(map(shown, listed)),
        key=draw(st.sampled_from(("", "abc"))), language=draw(st.sampled_from(("en", "de"))),
    )  # fmt: skip


filters = st.builds(
    c.Filter, text=st.none() | st.just("report"), completed=st.none() | st.booleans(),
    overdue=st.none() | st.booleans(), tags=st.sampled_from(((), ("home",))), everything=st.booleans(),
    due=st.none() | st.builds(c.Range, start=maybe_due, end=maybe_due), recurring=st.none() | st.booleans(),
)  # fmt: skip
some_names = st.sampled_from(("todotask-1", "recurrencerules/recurrencerule-0", "no"))
targets = (
    st.builds(c.Target, title=titles | st.text(min_size=1, max_size=40))
    | st.builds(c.Target, names=st.lists(some_names, min_size=1).map(tuple))
    | st.builds(c.Target, ordinals=st.lists(st.integers(-3, 15), min_size=1, max_size=5).map(tuple))
    | st.builds(c.Target, reference=st.sampled_from(("it", "them")))
    | st.builds(c.Target, filter=filters)
    | st.just(c.Target())
)  # fmt: skip
clearable = st.lists(st.sampled_from(get_args(c.Clearable)), unique=True, max_size=3).map(tuple)
changes = st.builds(
    c.Changes, title=st.none() | titles, add_notes=st.none() | st.just("see page 3"),
    priority=st.none() | st.just("High"), priority_step=st.sampled_from((-1, 0, 1)),
    add_tags=st.lists(tags, max_size=2).map(tuple), remove_tags=st.lists(tags, max_size=1).map(tuple),
    due=maybe_due, shift=st.none() | st.sampled_from(SHIFTS), parent=st.none() | targets,
    reminders=st.none() | st.lists(task_reminders, max_size=2).map(tuple), clear=clearable,
)  # fmt: skip
fields = st.builds(
    c.TaskFields, title=titles, notes=st.none() | st.just("a\nb"), due=maybe_due,
    tags=st.lists(tags).map(tuple), time_zone=st.none() | st.sampled_from(BAD_ZONES),
    parent=st.none() | targets, reminders=st.lists(task_reminders, max_size=3).map(tuple),
)  # fmt: skip
ranges = st.builds(c.Range, start=maybe_due, end=maybe_due)
schedules = st.builds(
    c.ScheduleFields, rrule=st.sampled_from(RRULES), start=maybe_due, until=maybe_due,
    count=st.none() | st.integers(1, 5), time_zone=st.none() | st.sampled_from(BAD_ZONES),
) | st.builds(c.ScheduleFields, cron=st.sampled_from(("0 9 * * 1", "x")))  # fmt: skip
commands = (
    st.builds(c.CreateTask, fields)
    | st.builds(c.CreateRule, fields, schedules, st.none() | st.sampled_from(BEFORES))
    | st.builds(c.Remind, targets, st.lists(task_reminders, min_size=1, max_size=2).map(tuple))
    | st.builds(c.Update, targets, changes)
    | st.builds(c.Complete, targets) | st.builds(c.Reopen, targets) | st.builds(c.Delete, targets)
    | st.builds(c.Snooze, targets, maybe_due, st.none() | st.sampled_from(SHIFTS))
    | st.builds(c.StopRule, targets, st.booleans()) | st.builds(c.SkipOccurrence, targets, maybe_due)
    | st.builds(c.ChangeRule, targets, schedules) | st.builds(c.ListTasks, filters)
    | st.builds(c.ShowTask, targets) | st.builds(c.Summary, st.none() | ranges)
    | st.sampled_from((c.Undo(), c.Help(), c.NotOurs()))
)  # fmt: skip
slowly = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)


def after(world: World, edits: tuple[Edit, ...]) -> World:
    """The world once these edits were done."""
    kinds: dict[str, Any] = {"todotasks": TodoTask, "recurrencerules": RecurrenceRule, "reminders": Reminder}
    there = {
        "todotasks": {t.metadata.name: t for t in world.tasks},
        "recurrencerules": {r.metadata.name: r for r in world.rules},
        "reminders": {r.metadata.name: r for r in world.reminders},
    }
    for edit in edits:
        objects: dict[str, Any] = there[edit.resource]
        if edit.verb == "create":
            objects[edit.name] = msgspec.convert(edit.manifest, kinds[edit.resource])
        elif edit.verb == "delete":
            del objects[edit.name]
        else:
            changed = merged(plain(objects[edit.name]), edit.patch or {})
            objects[edit.name] = msgspec.convert(changed, kinds[edit.resource])
    return replace(
        world, tasks=tuple(there["todotasks"].values()), rules=tuple(there["recurrencerules"].values()),
        reminders=tuple(there["reminders"].values()),
    )  # fmt: skip


def by_names(command: Any, world: World, edits: tuple[Edit, ...]) -> Any:
    """The same command about the objects that it changed: by name, as titles may be other ones by now."""
    names = {e.name if e.resource == "todotasks" else f"{e.resource}/{e.name}": None for e in edits}
    return msgspec.structs.replace(command, target=c.Target(names=tuple(names)))


@slowly
@given(commands, worlds(), st.booleans())
def test_any_command_in_any_world_gets_a_plan(command: c.Command, world: World, confirmed: bool) -> None:
    found = plan(command, world, confirmed=confirmed)
    assert isinstance(found, Plan)
    assert found.reply
    assert not (found.edits and (found.question or found.problem))
    assert not (confirmed and found.question and found.question.kind == "confirm")
    assert len(found.edits) <= c.MOST_TARGETS
    needs(command, world.shown)
    msgspec.json.encode(found)


@slowly
@given(commands, worlds())
def test_only_what_is_in_the_world_is_edited_and_as_it_was_seen(command: c.Command, world: World) -> None:
    there = {("todotasks", t.metadata.name): t.metadata for t in world.tasks}
    there |= {("recurrencerules", t.metadata.name): t.metadata for t in world.rules}
    there |= {("reminders", t.metadata.name): t.metadata for t in world.reminders}
    for edit in plan(command, world, confirmed=True).edits:
        assert edit.namespace == "home"
        assert edit.kubectl
        if edit.verb == "create":
            assert (edit.resource, edit.name) not in there
            continue
        seen = there[edit.resource, edit.name]
        assert (edit.uid, edit.resource_version) == (seen.uid, seen.resource_version)
        assert edit.verb == "delete" or list(edit.patch or {}) == ["spec"]
        assert edit.verb == "delete" or (edit.patch or {})["spec"]


@slowly
@given(st.builds(c.Complete, targets) | st.builds(c.Reopen, targets), worlds())
def test_completing_again_changes_nothing(command: Any, world: World) -> None:
    first = plan(command, world, confirmed=True)
    later = after(world, first.edits)
    assert not first.edits or not plan(by_names(command, later, first.edits), later, confirmed=True).edits


@slowly
@given(st.builds(c.Update, targets, changes), worlds())
def test_changing_again_in_the_same_way_changes_nothing(command: c.Update, world: World) -> None:
    settled = msgspec.structs.replace(command.changes, shift=None, priority_step=0, parent=None)
    command = msgspec.structs.replace(command, changes=settled)
    first = plan(command, world, confirmed=True)
    later = after(world, first.edits)
    assert not first.edits or not plan(by_names(command, later, first.edits), later, confirmed=True).edits


@slowly
@given(st.builds(c.ChangeRule, targets, schedules) | st.builds(c.StopRule, targets), worlds())
def test_another_schedule_given_again_changes_nothing(command: Any, world: World) -> None:
    first = plan(command, world, confirmed=True)
    later = after(world, first.edits)
    assert not first.edits or not plan(by_names(command, later, first.edits), later, confirmed=True).edits


@slowly
@given(st.builds(c.Snooze, targets, dues), worlds())
def test_putting_off_until_the_same_time_changes_nothing_more(command: Any, world: World) -> None:
    first = plan(command, world, confirmed=True)
    later = after(world, first.edits)
    reminded = {r.metadata.name: r.spec.task_ref.name for r in world.reminders}
    names = {
        {"todotasks": edit.name, "reminders": reminded.get(edit.name, "")}.get(
            edit.resource, f"{edit.resource}/{edit.name}"
        ): None
        for edit in first.edits
    }
    again = msgspec.structs.replace(command, target=c.Target(names=tuple(names)))
    assert not first.edits or not plan(again, later, confirmed=True).edits


@slowly
@given(st.builds(c.CreateTask, fields), worlds())
def test_the_same_message_sent_again_makes_the_same_object_again(command: c.CreateTask, world: World) -> None:
    world = replace(world, key="the-key")
    first = plan(command, world)
    later = replace(after(world, first.edits), now=world.now + timedelta(seconds=5))
    again = plan(msgspec.structs.replace(command), later)
    if command.task.parent is None:  # what the parent is called may mean another task by now
        assert [e.name for e in again.edits] == [e.name for e in first.edits]
