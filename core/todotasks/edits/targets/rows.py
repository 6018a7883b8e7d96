"""Tasks and rules as rows of a list, and which tasks a filter means. Times are told from the spec at `now`,
so a row does not wait for the operator."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from todotasks import recurrence
from todotasks.api import RecurrenceRule, TodoTask, is_true
from todotasks.api.due import Due
from todotasks.edits.model.command import Filter, Range, Sort
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.edit import Plural
from todotasks.edits.model.plan import Row
from todotasks.edits.model.times import (
    Moment,
    day_of,
    due_of,
    moment_of,
    with_offset,
)
from todotasks.edits.model.world import Thing, World, is_occurrence
from todotasks.edits.targets.texts import has_text
from todotasks.edits.targets.upcoming import upcoming

if TYPE_CHECKING:
    from todotasks.recurrence import Rule

PRIORITIES = ("Low", "Medium", "High", "Urgent")
_NEVER = datetime(9999, 12, 31, tzinfo=UTC).timestamp()

Place = tuple[float | int | str, ...]


def plural_of(thing: Thing) -> Plural:
    return "todotasks" if isinstance(thing, TodoTask) else "recurrencerules"


def title_of(thing: Thing) -> str:
    """A rule goes by the title of its tasks."""
    title = thing.spec.title if isinstance(thing, TodoTask) else thing.spec.template.spec.title
    return title or thing.metadata.name


def zone_of(task: TodoTask, world: World) -> str:
    """In which the task's times are read."""
    return task.spec.time_zone or world.namespace_zone


def due_in(task: TodoTask, world: World) -> Due | None:
    return due_of(task.spec.due, zone_of(task, world))


def schedule_of(rule: RecurrenceRule, world: World) -> "Rule | None":
    """None: it cannot be read; its condition Stalled says why."""
    read = recurrence.rule_from_spec(rule.spec, world.namespace_zone, rule.metadata.creation_timestamp)
    return read if isinstance(read, recurrence.Rule) else None


def occurrence_of(schedule: "Rule", instant: datetime) -> Moment:
    """An occurrence as it is said: a day where no time of day was given."""
    local = instant.astimezone(schedule.clock.zone)
    return local.date() if schedule.all_day else local


def row_of(number: int, thing: Thing, world: World) -> Row:
    meta = thing.metadata
    if isinstance(thing, RecurrenceRule):
        template = thing.spec.template.spec
        schedule = schedule_of(thing, world)
        following = None if schedule is None or thing.spec.suspend else upcoming(thing, schedule, world)
        words, day = None, None
        if schedule is not None and schedule.all_day and following is not None:
            day = occurrence_of(schedule, following).isoformat()  # that day, wherever one looks
        if schedule is not None:
            after = thing.spec.basis == "Completion"
            words = recurrence.explain(schedule, from_completion=after, language=world.language)
            words += ", paused" if thing.spec.suspend else ""
        return Row(
            number, "recurrencerules", world.namespace, meta.name, title_of(thing), meta.uid,
            priority=template.priority, tags=template.tags or (), project=template.project,
            assignee=template.assignee, schedule=words, due=day,
            due_time=with_offset(following.astimezone(UTC)) if following else None,
            all_day=schedule is not None and schedule.all_day,
        )  # fmt: skip
    spec, status, due = thing.spec, thing.status, due_in(thing, world)
    return Row(
        number, "todotasks", world.namespace, meta.name, title_of(thing), meta.uid,
        priority=spec.priority, due=spec.due,
        due_time=with_offset(due.instant) if due else None, all_day=due is not None and due.all_day,
        completed=spec.completed, overdue=is_overdue(thing, world),
        blocked=is_true(status.conditions, "Blocked"),
        tags=spec.tags or (), project=spec.project, assignee=spec.assignee,
        subtasks=(status.subtasks.completed, status.subtasks.total) if status.subtasks else None,
    )  # fmt: skip


def rows_of(things: Iterable[Thing], world: World) -> tuple[Row, ...]:
    return tuple(row_of(number, thing, world) for number, thing in enumerate(things, 1))


def shown_of(rows: Iterable[Row]) -> tuple[Shown, ...]:
    """What a conversation remembers of a list."""
    return tuple(Shown(row.resource, row.name, row.title, row.uid) for row in rows)


def offered_of(rows: Iterable[Row]) -> tuple[Shown, ...]:
    """The rows of a question, with what an answer may tell them by."""
    return tuple(
        Shown(
            row.resource, row.name, row.title, row.uid, due=row.due, priority=row.priority, tags=row.tags,
            project=row.project, assignee=row.assignee,
        )
        for row in rows
    )  # fmt: skip


def is_overdue(task: TodoTask, world: World) -> bool:
    due = None if task.spec.completed else due_in(task, world)
    return due is not None and due.overdue_at <= world.now


# --- filters -------------------------------------------------------------------------------------------


def matches(task: TodoTask, wanted: Filter, world: World, *, completed: bool | None) -> bool:
    """`completed` is what the caller takes for granted where the filter says nothing of it."""
    spec = task.spec
    state = wanted.completed if wanted.completed is not None else (None if wanted.everything else completed)
    me = world.me or "me"
    assignee = me if wanted.assignee == "me" else wanted.assignee
    tags = {tag.casefold() for tag in spec.tags or ()}
    return (
        (state is None or spec.completed == state)
        and (wanted.overdue is None or is_overdue(task, world) == wanted.overdue)
        and (wanted.priority is None or spec.priority == wanted.priority)
        and all(tag.casefold() in tags for tag in wanted.tags)
        and (not wanted.any_tags or any(tag.casefold() in tags for tag in wanted.any_tags))
        and (wanted.project is None or (spec.project or "").casefold() == wanted.project.casefold())
        and (assignee is None or (spec.assignee or "").casefold() == assignee.casefold())
        and (wanted.has_due is None or (spec.due is not None) == wanted.has_due)
        and (wanted.recurring is None or is_occurrence(task) == wanted.recurring)
        and (wanted.due is None or _is_in(task, wanted.due, world, done=state is True))
        and (wanted.text is None or has_text(task, wanted.text))
    )


def _is_in(task: TodoTask, wanted: Range, world: World, *, done: bool) -> bool:
    """Of completed ones the range says when they were completed: "what did I finish this week?"."""
    if done and task.spec.completed:  # one that the operator has not seen yet was completed just now
        return _is_between(task.status.completion_time or world.now, wanted, world)
    return is_within(task, wanted, world)


def is_within(task: TodoTask, wanted: Range, world: World) -> bool:
    """Whether it is due in the range. What is due all day is so on its day, wherever that day is."""
    due = due_in(task, world)
    if due is None:
        return False
    moment: Moment = due.instant
    if due.all_day:
        moment = date.fromisoformat((task.spec.due or "")[:10])
    return _is_between(moment, wanted, world)


def _is_between(moment: Moment, wanted: Range, world: World) -> bool:
    start = moment_of(wanted.start, world.zone) if wanted.start else None
    end = moment_of(wanted.end, world.zone) if wanted.end else None
    return (start is None or not _before(moment, start, world)) and (
        end is None or _before(moment, end, world)
    )


def _before(moment: Moment, border: Moment, world: World) -> bool:
    if not isinstance(moment, datetime):
        # A day lies before a moment of the same day: "due before 3pm" includes what is due that day.
        return moment < border if not isinstance(border, datetime) else _day_before(moment, border)
    if isinstance(border, datetime):
        return moment < border
    return day_of(moment.astimezone(world.local_now.tzinfo)) < border


def _day_before(day: date, border: datetime) -> bool:
    return day < border.date() or (day == border.date() and (border.hour, border.minute) > (0, 0))


def today(world: World) -> Range:
    day = world.local_now.date()
    return Range(day.isoformat(), (day + timedelta(days=1)).isoformat())


def sorted_tasks(tasks: Iterable[TodoTask], sort: Sort, world: World) -> list[TodoTask]:
    """Most pressing first: by due (those without one last), then priority, then as they were made."""
    return sorted(tasks, key=lambda task: place_of(task, sort, world))


def place_of(task: TodoTask, sort: Sort, world: World) -> Place:
    """Where a task stands in an order, in values that JSON keeps: two tasks never stand at one place."""
    due = due_in(task, world)
    by_due = due.overdue_at.timestamp() if due else _NEVER
    rank = -PRIORITIES.index(task.spec.priority)
    common: Place = (by_due, rank, *_made(task), task.metadata.name)
    match sort:
        case "priority":
            return (rank, *common)
        case "title":
            return (task.spec.title.casefold(), *common)
        case "created":
            created, version = _made(task)
            return (-created, -version, *common)
        case "completed":
            completed = task.status.completion_time
            return (-completed.timestamp() if completed else 0.0, *common)
        case "due":
            return common


def _made(task: TodoTask) -> tuple[float, int]:
    """The order in which tasks were made. The API server keeps seconds; of one second the versions tell it,
    as long as nobody changes them."""
    made, version = task.metadata.creation_timestamp, task.metadata.resource_version
    return made.timestamp() if made else _NEVER, int(version) if version.isdecimal() else 0


def titles_of(things: Sequence[Thing]) -> list[str]:
    return [title_of(thing) for thing in things]
