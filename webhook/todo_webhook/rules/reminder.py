"""Reminder: durations, times that have passed, a task or a channel that is not there."""

from datetime import UTC

from todo_webhook.rules.model import Context
from todo_webhook.rules.moments import instant_of, midnight_utc
from todo_webhook.rules.task import channel_warnings
from todotasks.api.due import FIELD_DUE, DueError, resolve_due
from todotasks.api.durations import DurationError, parse_duration
from todotasks.api.reminder import ReminderSpec
from todotasks.recurrence import FieldError

SHORTEST_REPEAT = 60.0  # seconds


def validate_reminder(spec: ReminderSpec, context: Context) -> list[FieldError]:
    """Everything that cannot work."""
    errors = []
    for name, text in (("beforeDue", spec.before_due), ("repeatEvery", spec.repeat_every)):
        if text is None:
            continue
        try:
            duration = parse_duration(text)
        except DurationError as error:
            errors.append(FieldError(f"spec.{name}", str(error)))
        else:
            if name == "repeatEvery" and duration.total_seconds() < SHORTEST_REPEAT:
                errors.append(FieldError(f"spec.{name}", f'"{text}" is shorter than 1m'))
    if spec.at is not None:
        try:
            resolve_due(spec.at, None, context.default_zone)
        except DueError as error:
            if error.field == FIELD_DUE:
                errors.append(FieldError("spec.at", error.message))
    return errors


def warn_reminder(spec: ReminderSpec, context: Context) -> list[str]:
    """What can work, but is probably not meant."""
    warnings = channel_warnings(spec.channels, context, "spec.channels")
    if (odd := midnight_utc(spec.at)) is not None:
        warnings.append(f"spec.at: {odd}")
    at = None if spec.at is None else instant_of(spec.at, None, context.default_zone)
    snoozed = None if spec.snooze_until is None else spec.snooze_until.astimezone(UTC)
    if (
        at is not None
        and at <= context.now
        and spec.repeat_every is None
        and (snoozed is None or snoozed <= context.now)
    ):
        warnings.append(f"spec.at: {at:%Y-%m-%dT%H:%M:%SZ} has passed, so it fires at once or not at all")
    if context.task is not None and spec.task_ref.name:
        task = context.task(spec.task_ref.name)
        if task is None:
            warnings.append(
                f'spec.taskRef.name: there is no task "{spec.task_ref.name}" in the namespace '
                f'"{context.namespace}" (yet)'
            )
        elif spec.before_due is not None and task.due is None:
            warnings.append(
                f'spec.beforeDue: counts from the due time, and the task "{spec.task_ref.name}" has '
                f"none; it fires when it gets one"
            )
    return warnings
