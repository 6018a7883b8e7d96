"""What only looks: lists, one task, what is on, help."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from todotasks import recurrence
from todotasks.api import RecurrenceRule, TodoTask
from todotasks.edits.model.command import (
    Filter,
    ListTasks,
    Range,
    ShowTask,
    Sort,
    Summary,
)
from todotasks.edits.model.plan import Listing, Plan
from todotasks.edits.model.times import Moment, moment_of
from todotasks.edits.model.world import Thing, World
from todotasks.edits.targets.resolve import Wanted, problem, resolve
from todotasks.edits.targets.rows import (
    is_overdue,
    is_within,
    matches,
    occurrence_of,
    place_of,
    rows_of,
    schedule_of,
    sorted_tasks,
    title_of,
    today,
    zone_of,
)
from todotasks.edits.targets.texts import with_text
from todotasks.edits.targets.upcoming import upcoming
from todotasks.edits.wording.details import describe_due, spec_details
from todotasks.edits.wording.formatting import (
    clean,
    format_day,
    format_moment,
    quoted,
    quoted_list,
)
from todotasks.edits.wording.phrases import phrase
from todotasks.text.alike import ReadAs

NO_CURSOR = "is none of this list: take `next` of its answer as it is, with the same words, or leave it out"


def plan_list(command: ListTasks, world: World) -> Plan:
    """Rules answer for what comes back: their schedule says more than their open tasks."""
    wanted = command.filter
    text = (wanted.text or "").strip() and wanted.text
    plain = replace(wanted, text=None)
    tasks: Sequence[TodoTask]
    rules = {rule.metadata.name: rule for rule in world.rules} if wanted.recurring else {}
    if wanted.recurring:
        tasks = [probe for rule in world.rules if _has_tags(probe := _probe(rule), wanted)]
    else:
        tasks = [task for task in world.tasks if matches(task, plain, world, completed=False)]
    read_as: ReadAs = {}
    if text:
        tasks, read_as = with_text(tasks, text)
    tasks = sorted_tasks(tasks, "title" if wanted.recurring else command.sort, world)
    about = _about(wanted, world)
    reply = phrase(world.language, "list", tasks=counted(len(tasks), world, _kind(wanted)), about=about)
    page, following = _page(tasks, command, world)
    if page is None:
        return problem("Invalid", f"cursor: {NO_CURSOR}", "cursor")
    rows = rows_of([rules.get(task.metadata.name, task) for task in page], world)
    remarks = tuple(
        phrase(world.language, "read-as", word=quoted(word), words=quoted_list(more))
        for word, more in read_as.items()
    )
    listing = Listing(rows, len(tasks), reply.rstrip("."), next=following)
    return Plan(reply=reply, listing=listing, remarks=remarks)


def _probe(rule: RecurrenceRule) -> TodoTask:
    """A rule is found by the task that it makes."""
    return TodoTask(metadata=rule.metadata, spec=rule.spec.template.spec)


def _has_tags(task: TodoTask, wanted: Filter) -> bool:
    tags = {tag.casefold() for tag in task.spec.tags or ()}
    return all(tag.casefold() in tags for tag in wanted.tags)


# --- pages ---------------------------------------------------------------------------------------------


class _Cursor(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    asked: str  # a digest of what is asked: a place belongs to one list
    place: tuple[float | int | str, ...]  # of the last row that was shown


def _page(
    tasks: Sequence[TodoTask], command: ListTasks, world: World
) -> tuple[Sequence[TodoTask] | None, str | None]:
    """The rows behind the cursor's place, and the cursor of those behind them; None: it is no cursor.

    A place is one of the order and no number, so what is done meanwhile moves nothing else.
    """
    sort: Sort = "title" if command.filter.recurring else command.sort
    asked = replace(command, cursor=None, limit=1)
    digest = hashlib.sha256(msgspec.json.encode((world.namespace, asked))).hexdigest()[:16]
    if command.cursor is not None:
        try:
            cursor = msgspec.json.decode(command.cursor, type=_Cursor)
            tasks = [task for task in tasks if place_of(task, sort, world) > cursor.place]
        except (msgspec.MsgspecError, TypeError):
            return None, None
        if cursor.asked != digest:
            return None, None
    page = tasks[: command.limit]
    if len(page) == len(tasks):
        return page, None
    return page, msgspec.json.encode(_Cursor(digest, place_of(page[-1], sort, world))).decode()


def plan_show(command: ShowTask, world: World) -> Plan:
    found = resolve(command.target, world, Wanted("any", rules="also"))
    if isinstance(found, Plan):
        return found
    rows = rows_of(found.things, world)
    if len(found.things) != 1:
        reply = counted(len(found.things), world, "task") + "."
        return Plan(reply=reply, listing=Listing(rows, len(rows), reply.rstrip(".")), remarks=found.remarks)
    thing = found.things[0]
    details = _said(thing, world)
    reply = phrase(world.language, "show", what=quoted(title_of(thing)), details=details)
    return Plan(reply=reply, listing=Listing(rows, 1, quoted(title_of(thing))), remarks=found.remarks)


def _said(thing: Thing, world: World) -> str:
    if isinstance(thing, RecurrenceRule):
        schedule = schedule_of(thing, world)
        following = None if schedule is None or thing.spec.suspend else upcoming(thing, schedule, world)
        parts = [
            recurrence.explain(schedule, language=world.language)
            if schedule
            else phrase(world.language, "bad-schedule")
        ]
        parts += [phrase(world.language, "paused")] if thing.spec.suspend else []
        if schedule is not None and following is not None:
            moment = format_moment(occurrence_of(schedule, following), world.language)
            parts.append(phrase(world.language, "next", moment=moment))
        return "; ".join(parts)
    spec = thing.spec
    parts = [phrase(world.language, "is-completed" if spec.completed else "is-open")]
    parts += [phrase(world.language, "is-overdue")] if is_overdue(thing, world) else []
    parts += [describe_due(spec.due, zone_of(thing, world), world)] if spec.due else []
    fields = {
        "priority": spec.priority, "tags": spec.tags, "project": spec.project, "assignee": spec.assignee,
        "parent": spec.parent, "dependsOn": _waits_for(spec.depends_on or (), world),
        "reminders": spec.reminders,
        "timeZone": zone_of(thing, world),
    }  # fmt: skip
    more = spec_details({name: value for name, value in fields.items() if value}, world).removeprefix(": ")
    parts += [more] if more else []
    parts += [clean(spec.notes, 400)] if spec.notes else []
    return "; ".join(parts)


def _waits_for(names: Sequence[str], world: World) -> list[str]:
    """Those that are still to be done, or that are not there to be asked."""
    there = ((name, world.task_by_name.get(name)) for name in names)
    return [name for name, task in there if task is None or not task.spec.completed]


def plan_summary(command: Summary, world: World) -> Plan:
    """Overdue ones first, then what is due in the range; how many are open at all."""
    wanted = command.due or today(world)
    open_tasks = [task for task in world.tasks if not task.spec.completed]
    due = [task for task in open_tasks if is_within(task, wanted, world)]
    overdue = [task for task in open_tasks if is_overdue(task, world)]
    both = {task.metadata.name: task for task in (*overdue, *due)}
    rows = rows_of(sorted_tasks(both.values(), "due", world), world)
    reply = phrase(
        world.language, "summary", about=_range(wanted, world), due=len(due), overdue=len(overdue),
        open=len(open_tasks),
    )  # fmt: skip
    return Plan(reply=reply, listing=Listing(rows[:200], len(rows), reply.rstrip(".")))


def counted(count: int, world: World, kind: str) -> str:
    """3 open tasks · 1 overdue task · No completed tasks"""
    key = {0: f"no-{kind}", 1: f"one-{kind}"}.get(count, f"{kind}s")
    return phrase(world.language, key, count=count)


def _kind(wanted: Filter) -> str:
    if wanted.recurring:
        return "recurring-task"
    if wanted.overdue:
        return "overdue-task"
    if wanted.everything and wanted.completed is None:
        return "task"
    return "completed-task" if wanted.completed else "open-task"


# --- what a list is about ------------------------------------------------------------------------------


def _about(wanted: Filter, world: World) -> str:
    """` due on Friday, 6 March 2026, tagged #home`"""
    language = world.language
    parts = []
    if wanted.due is not None:
        key = "done" if wanted.completed else "due"
        parts.append(phrase(language, key, moment=_range(wanted.due, world)))
    if wanted.has_due is not None:
        parts.append(phrase(language, "with-due" if wanted.has_due else "without-due"))
    if wanted.priority is not None:
        parts.append(phrase(language, "of-priority", priority=wanted.priority))
    parts += [phrase(language, "tagged", tag=clean(tag)) for tag in wanted.tags]
    if wanted.any_tags:
        separator = " oder #" if language == "de" else " or #"
        parts.append(phrase(language, "tagged", tag=separator.join(clean(tag) for tag in wanted.any_tags)))
    if wanted.project is not None:
        parts.append(phrase(language, "in-project", name=quoted(wanted.project)))
    if wanted.assignee is not None:
        who = (world.me or "me") if wanted.assignee == "me" else wanted.assignee
        parts.append(phrase(language, "assignee", name=quoted(who)))
    if wanted.text is not None:
        parts.append(phrase(language, "with-words", text=quoted(wanted.text)))
    return " " + ", ".join(parts) if parts else ""


def _range(wanted: Range, world: World) -> str:
    """on Friday, 6 March 2026 · from … to … (the last day said, where the end is a day)"""
    language = world.language
    start = moment_of(wanted.start, world.zone) if wanted.start else None
    end = moment_of(wanted.end, world.zone) if wanted.end else None
    last: Moment | None = end
    if end is not None and not isinstance(end, datetime):
        last = end - timedelta(days=1)
    if start is not None and last is not None and start == last:
        return phrase(language, "on", moment=format_day(start, language))
    if start is not None and last is not None:
        return phrase(
            language, "from-to", start=format_moment(start, language), end=format_moment(last, language)
        )
    if start is not None:
        return phrase(language, "from", start=format_moment(start, language))
    return phrase(language, "until", end=format_moment(last, language)) if last is not None else ""
