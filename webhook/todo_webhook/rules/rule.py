"""RecurrenceRule: schedules that mean nothing, never fire, fire too often; templates that make no good "
"task."""

from datetime import datetime, timedelta
from itertools import islice

import msgspec

from todo_webhook.rules.model import Context
from todo_webhook.rules.moments import midnight_utc
from todo_webhook.rules.task import validate_task, warn_task
from todotasks.api.durations import DurationError, format_duration, last_before, parse_duration
from todotasks.api.recurrence_rule import RecurrenceRuleSpec
from todotasks.recurrence import FieldError, Rule, explain, left_out, rule_from_spec, why_never
from todotasks.recurrence.month_ends import Written

HOUR = timedelta(hours=1)
TEMPLATE = "spec.template.spec"


def validate_rule(spec: RecurrenceRuleSpec, context: Context) -> list[FieldError]:
    """Everything that cannot work."""
    errors: list[FieldError] = []
    rule = rule_from_spec(spec, context.default_zone or "UTC", created=context.now)
    lead, lead_errors = _lead_time(spec)
    errors += lead_errors
    if isinstance(rule, Rule):
        errors += _schedule_errors(spec, rule, lead, context)
        errors += _never_reminded(spec, rule, lead, context)
    else:
        errors += rule
    if not spec.template.spec.title:
        errors.append(FieldError(f"{TEMPLATE}.title", "is missing: say what is to be done"))
    errors += validate_task(spec.template.spec, context, TEMPLATE)
    return errors


def _lead_time(spec: RecurrenceRuleSpec) -> tuple[timedelta, list[FieldError]]:
    if spec.lead_time is None:
        return timedelta(), []
    try:
        return parse_duration(spec.lead_time), []
    except DurationError as error:
        return timedelta(), [FieldError("spec.leadTime", str(error))]


def _schedule_errors(
    spec: RecurrenceRuleSpec, rule: Rule, lead: timedelta, context: Context
) -> list[FieldError]:
    field = f"spec.{'cron' if spec.cron is not None else 'rrule' if spec.rrule is not None else 'simple'}"
    why = why_never(rule)
    if why is not None:
        return [FieldError(field, f"{why}; give one that has a day in the calendar")]
    if spec.basis == "Completion":
        return []  # one task at a time: the next begins when this one is done
    errors = []
    begin = max(context.now, rule.start) if rule.start is not None else context.now
    each = 1 + len(spec.template.subtasks or ())
    limits = context.limits
    most = max(1, limits.tasks_an_hour // each)
    following = list(islice(rule.after(begin, inclusive=True), 4 * most + 1))
    if not following and context.creating and not spec.suspend:
        errors.append(
            FieldError(
                field,
                f"has no occurrence left: {explain(rule)}; the last one was {_last(rule, context.now)}. "
                "Give a later end, or create it with spec.suspend: true if it is only to be kept",
            )
        )
    if _densest(following, most):
        errors.append(
            FieldError(
                field,
                f"makes more than {limits.tasks_an_hour} tasks an hour (subtasks count); "
                "remind more often instead (spec.template.spec.reminders), or leave out times",
            )
        )
    elif lead:
        ahead = list(islice(rule.after(context.now), limits.tasks_ahead // each + 1))
        if len(ahead) > limits.tasks_ahead // each and ahead[-1] - context.now <= lead:
            errors.append(
                FieldError(
                    "spec.leadTime",
                    f'"{spec.lead_time}" makes more than {limits.tasks_ahead} tasks at once (subtasks '
                    f"count); give a shorter one",
                )
            )
    return errors


def _densest(following: list[datetime], most: int) -> bool:
    """Whether an hour of it has more than `most`."""
    return any(later - earlier < HOUR for earlier, later in zip(following, following[most:], strict=False))


def _last(rule: Rule, now: datetime) -> str:
    found = rule.previous(now, inclusive=True)
    if found is None:
        return "never"
    return f"on {found.date()}" if rule.all_day else f"at {found.isoformat(timespec='minutes')}"


def _never_reminded(
    spec: RecurrenceRuleSpec, rule: Rule, lead: timedelta, context: Context
) -> list[FieldError]:
    """Reminders whose times are all over when the task is made: the lead time ahead of its due time."""
    errors = []
    allowed = lead
    if rule.all_day:
        at = context.all_day_time
        allowed += timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    for index, reminder in enumerate(spec.template.spec.reminders or ()):
        if reminder.before is None:
            continue
        try:
            last = last_before(reminder.before, reminder.repeat_every, reminder.max_repeats)
        except DurationError:
            continue  # said by the task's own rule
        # Exactly the lead time is too late as well, but for the moment in which both happen: it is let
        # through.
        if last is not None and last > allowed and spec.basis == "Schedule":
            has = f'"{spec.lead_time}" (spec.leadTime)' if spec.lead_time else "0s: there is no spec.leadTime"
            errors.append(
                FieldError(
                    f"{TEMPLATE}.reminders[{index}].before",
                    f'"{reminder.before}" before the due time can never fire: the task is made {has} '
                    f"ahead of it. "
                    f"Set spec.leadTime to {format_duration(parse_duration(reminder.before))} or more",
                )
            )
    return errors


# --- what is legal but odd --------------------------------------------------------------------------------


def warn_rule(spec: RecurrenceRuleSpec, context: Context) -> list[str]:
    """What can work, but is probably not meant."""
    warnings = [
        f"spec.{name}: {odd}"
        for name, text in (("start", spec.start), ("until", spec.until))
        if (odd := midnight_utc(text)) is not None
    ]
    rule = rule_from_spec(spec, context.default_zone or "UTC", created=context.now)
    if isinstance(rule, Rule):
        warnings += [f"spec.{'rrule' if spec.rrule else 'cron'}: {note}" for note in rule.notes]
        warnings += _days_left_out(spec, rule)
        if (
            not context.creating
            and not spec.suspend
            and not rule.never_fires
            and rule.is_exhausted_after(context.now)
        ):
            warnings.append("spec: has no occurrence left, so it makes no task any more")
    template = spec.template.spec
    for name in ("due", "parent", "depends_on"):
        value = getattr(template, name)
        if name == "due" and value is not None:
            warnings.append(f"{TEMPLATE}.due: is not used: each task is due when the schedule says")
    for index, reminder in enumerate(template.reminders or ()):
        if reminder.at is not None:
            warnings.append(
                f"{TEMPLATE}.reminders[{index}].at: is one moment, so it fires for one of the tasks at "
                f"most; use before"
            )
    shown = msgspec.structs.replace(template, due=None)
    return warnings + warn_task(shown, context, TEMPLATE)


def _days_left_out(spec: RecurrenceRuleSpec, rule: Rule) -> list[str]:
    """Days that not every month or year has."""
    lacking = left_out(rule, from_completion=spec.basis == "Completion")
    if lacking is None:
        return []
    written: Written = "cron" if spec.cron is not None else "rrule" if spec.rrule is not None else "simple"
    return [f"spec.{written}: {lacking.note(written)}"]
