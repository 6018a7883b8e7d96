"""From an object and its predecessor to the verdict: which rules apply, and which mistakes are new.

What was wrong already does not hold up another change: a task whose time zone went unnoticed (the webhook
was away, an older version knew less) can be completed. Such an error becomes a warning. So an update is
compared with what the same rules say of the object before it.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from todo_webhook.rules.channel import validate_channel
from todo_webhook.rules.model import Context, Verdict
from todo_webhook.rules.reminder import validate_reminder, warn_reminder
from todo_webhook.rules.rule import validate_rule, warn_rule
from todo_webhook.rules.task import validate_task, warn_task
from todotasks.api.channel import NotificationChannelSpec
from todotasks.api.recurrence_rule import RecurrenceRuleSpec
from todotasks.api.reminder import ReminderSpec
from todotasks.api.task import TodoTaskSpec
from todotasks.recurrence import FieldError

Validate = Callable[[Any, Context], list[FieldError]]
Warn = Callable[[Any, Context], list[str]]


def _nothing(_: Any, __: Context) -> list[str]:
    return []


KINDS: dict[str, tuple[type[msgspec.Struct], Validate, Warn]] = {
    "TodoTask": (TodoTaskSpec, validate_task, warn_task),
    "RecurrenceRule": (RecurrenceRuleSpec, validate_rule, warn_rule),
    "Reminder": (ReminderSpec, validate_reminder, warn_reminder),
    "NotificationChannel": (NotificationChannelSpec, validate_channel, _nothing),
}


def judge(kind: str, spec: object, old: object | None, context: Context) -> Verdict:
    """The verdict on a spec as decoded JSON; `old` is the stored one, None where there is none.

    A spec that does not fit its type gets no verdict: the schema refuses it, and names the field.
    """
    if kind not in KINDS:
        return Verdict()
    type_, validate, warn = KINDS[kind]
    new = _read(spec, type_)
    if new is None:
        return Verdict()
    before = None if old is None else _read(old, type_)
    if before == new:
        return Verdict()
    errors = list(dict.fromkeys(validate(new, context)))
    warnings = warn(new, context)
    if errors and before is not None:
        known = set(validate(before, context))
        warnings = [f"{error} (as before)" for error in errors if error in known] + warnings
        errors = [error for error in errors if error not in known]
    if warnings and before is not None:
        told = set(warn(before, context))
        warnings = [warning for warning in warnings if warning not in told]
    return Verdict(tuple(errors), tuple(dict.fromkeys(warnings)))


def _read(spec: object, type_: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.convert(spec, type_)
    except (ValueError, RecursionError):  # msgspec.ValidationError; text that is no Unicode
        return None
