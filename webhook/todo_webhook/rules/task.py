"""TodoTask: zones, reminders that can never fire, references that go round or too far."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime

from todo_webhook.rules.model import Context
from todo_webhook.rules.moments import instant_of, midnight_utc, zone_errors
from todotasks.api.all_day import counted_from
from todotasks.api.due import FIELD_DUE, Due, DueError, resolve_due
from todotasks.api.durations import DurationError, parse_calendar_duration, parse_duration
from todotasks.api.task import TaskReminder, TodoTaskSpec
from todotasks.api.zones import load_zone
from todotasks.recurrence import FieldError
from todotasks.recurrence.errors import quoted

WAY_SHOWN = 8  # names of a cycle that the message shows


def validate_task(spec: TodoTaskSpec, context: Context, path: str = "spec") -> list[FieldError]:
    """Everything that cannot work. `path` is where the spec stands: a rule's template is checked by "
    "the same words."""
    errors = zone_errors(spec.time_zone, f"{path}.timeZone")
    if spec.due is not None:
        try:
            resolve_due(spec.due, spec.time_zone, context.default_zone)
        except DueError as error:
            if error.field == FIELD_DUE:
                errors.append(FieldError(f"{path}.due", error.message))
    errors += _reminder_errors(spec, context, path)
    if path == "spec":  # a template's names are of tasks that are not there yet
        errors += _dependency_errors(spec, context)
        errors += _parent_errors(spec, context)
    return errors


def _reminder_errors(spec: TodoTaskSpec, context: Context, path: str) -> list[FieldError]:
    errors = []
    for index, reminder in enumerate(spec.reminders or ()):
        where = f"{path}.reminders[{index}]"
        if reminder.before is not None:
            try:
                parse_duration(reminder.before)
            except DurationError as error:
                errors.append(FieldError(f"{where}.before", str(error)))
            if spec.due is None and path == "spec":
                errors.append(
                    FieldError(
                        f"{where}.before",
                        f"{quoted(reminder.before)} counts from the due time, and there is no spec.due: "
                        "set it, or give the reminder a time (at)",
                    )
                )
        if reminder.at is not None:
            try:
                resolve_due(reminder.at, spec.time_zone, context.default_zone)
            except DueError as error:
                if error.field == FIELD_DUE:
                    errors.append(FieldError(f"{where}.at", error.message))
    return errors


# --- references -----------------------------------------------------------------------------------------


def _dependency_errors(spec: TodoTaskSpec, context: Context) -> list[FieldError]:
    names = spec.depends_on or ()
    errors = [
        FieldError(f"spec.dependsOn[{index}]", f"{quoted(name)} is this task itself")
        for index, name in enumerate(names)
        if name == context.name
    ]
    if context.task is None or errors or not names:
        return errors
    way, count = _way_back(names, context)
    if way is not None:
        errors.append(
            FieldError(
                "spec.dependsOn", f"would be a cycle: {_shown((context.name, *way))}; leave one of them out"
            )
        )
    elif count > context.limits.reachable:
        errors.append(
            FieldError(
                "spec.dependsOn",
                f"more than {context.limits.reachable} tasks would have to be completed first, counting "
                f"what they "
                "depend on themselves; depend on fewer, or on one task that stands for them",
            )
        )
    return errors


def _way_back(names: tuple[str, ...], context: Context) -> tuple[tuple[str, ...] | None, int]:
    """The shortest way from the names back to the task, and how many tasks were met; stops at the limit."""
    assert context.task is not None
    came_from: dict[str, str | None] = dict.fromkeys(names)
    queue = deque(came_from)
    while queue and len(came_from) <= context.limits.reachable:
        name = queue.popleft()
        node = context.task(name)
        for following in () if node is None else node.depends_on:
            if following == context.name:
                way = [context.name]
                at: str | None = name
                while at is not None:
                    way.append(at)
                    at = came_from[at]
                return tuple(reversed(way)), len(came_from)
            if following not in came_from:
                came_from[following] = name
                queue.append(following)
    return None, len(came_from)


def _parent_errors(spec: TodoTaskSpec, context: Context) -> list[FieldError]:
    if spec.parent is None:
        return []
    if spec.parent == context.name:
        return [FieldError("spec.parent", f"{quoted(spec.parent)} is this task itself")]
    if context.task is None:
        return []
    way = [context.name]
    for name in _ancestors(spec.parent, context):
        way.append(name)
        if name == context.name:
            return [
                FieldError("spec.parent", f"would be a cycle: {_shown(tuple(way))}; leave one of them out")
            ]
        if len(way) > context.limits.depth + 1:
            return [
                FieldError(
                    "spec.parent",
                    f"there are more than {context.limits.depth} tasks above it; nest less deeply",
                )
            ]
    return []


def _ancestors(name: str | None, context: Context) -> Iterator[str]:
    assert context.task is not None
    seen: set[str] = set()
    while name is not None and name not in seen:
        yield name
        seen.add(name)
        node = context.task(name)
        name = None if node is None else node.parent


def _shown(way: tuple[str, ...]) -> str:
    if len(way) > WAY_SHOWN:
        way = (*way[: WAY_SHOWN - 2], "…", way[-1])
    return " → ".join(way)


# --- what is legal but odd --------------------------------------------------------------------------------


def warn_task(spec: TodoTaskSpec, context: Context, path: str = "spec") -> list[str]:
    """What can work, but is probably not meant."""
    warnings = []
    due = _due(spec, context)
    if (odd := midnight_utc(spec.due)) is not None:
        warnings.append(f"{path}.due: {odd}")
    if (
        path == "spec"
        and context.creating
        and due is not None
        and not spec.completed
        and due.overdue_at <= context.now
    ):
        warnings.append(
            f"{path}.due: {quoted(spec.due or '')} has passed, so the task is overdue from the start"
        )
    for index, reminder in enumerate(spec.reminders or ()):
        where = f"{path}.reminders[{index}]"
        warnings += channel_warnings(reminder.channels, context, f"{where}.channels")
        at = _fires(reminder, due, context, spec.time_zone)
        if path == "spec" and not spec.completed and at is not None and at <= context.now:
            warnings.append(f"{where}: its time, {at:%Y-%m-%dT%H:%M:%SZ}, has passed, so it will not fire")
    if path == "spec" and context.task is not None:
        if spec.parent is not None and spec.parent != context.name and context.task(spec.parent) is None:
            warnings.append(
                f'{path}.parent: there is no task "{spec.parent}" in the namespace '
                f'"{context.namespace}" (yet)'
            )
        missing = [
            name for name in spec.depends_on or () if name != context.name and context.task(name) is None
        ]
        if missing:
            names = ", ".join(f'"{name}"' for name in missing[:WAY_SHOWN])
            warnings.append(
                f"{path}.dependsOn: there is no task {names} (yet); until there is, this one is blocked"
            )
    return warnings


def channel_warnings(channels: tuple[str, ...] | None, context: Context, path: str) -> list[str]:
    """Channels that are not there: a reminder that reaches nobody."""
    if context.channels is None:
        return []
    if not channels:
        if any(context.channels.values()):
            return []
        return [
            f'{path}: names none, and no NotificationChannel of the namespace "{context.namespace}" is '
            f"a default one "
            "(spec.default: true), so the reminder would reach nobody"
        ]
    missing = [name for name in channels if name not in context.channels]
    if not missing:
        return []
    names = ", ".join(f'"{name}"' for name in missing)
    there = ", ".join(f'"{name}"' for name in sorted(context.channels)[:WAY_SHOWN]) or "none"
    return [
        f'{path}: there is no NotificationChannel {names} in the namespace "{context.namespace}" (there '
        f"is {there})"
    ]


def _due(spec: TodoTaskSpec, context: Context) -> Due | None:
    if spec.due is None:
        return None
    try:
        return resolve_due(spec.due, spec.time_zone, context.default_zone)
    except DueError:
        return None


def _fires(reminder: TaskReminder, due: Due | None, context: Context, zone: str | None) -> datetime | None:
    """When it fires; None where that cannot be told."""
    if reminder.at is not None:
        return instant_of(reminder.at, zone, context.default_zone)
    if reminder.before is None or due is None:
        return None
    try:
        before = parse_calendar_duration(reminder.before)
        return before.before(counted_from(due, context.all_day_time), load_zone(due.zone))
    except (DurationError, OverflowError):
        return None
