"""What can be found out about a RecurrenceRule: small checks of one shape, in ordered lists.

As for tasks: `STALLS` are all asked and all they find is said at once; of a condition's checks in
`CONDITIONS` the first that finds something decides.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from todo_operator.reconcile import conditions
from todo_operator.reconcile.conditions import ConditionChecks, Finding, not_ready, stall
from todo_operator.reconcile.reasons import RuleCondition, RuleReason
from todo_operator.reconcile.rule.due import MOST_AHEAD
from todo_operator.reconcile.rule.facts import Occurrence, RuleFacts
from todotasks.api import ANNOTATION_TIME_ZONE, TaskReminder
from todotasks.api.all_day import ALL_DAY_TIME
from todotasks.api.durations import DurationError, last_before, parse_duration
from todotasks.recurrence import FieldError, Rule, explain, left_out, why_never
from todotasks.recurrence.month_ends import Written

FIELD_TIME_ZONE = "spec.timeZone"


@dataclass(frozen=True, slots=True)
class ObservedRule:
    """Everything the decision is made of.

    `schedule` is the spec as it was read, or all that is wrong with it. `taken` are names of occurrences
    (and of their parts) under which there are tasks that are not the rule's. `refused` is what the API
    server said when it did not want one.
    """

    rule: RuleFacts
    schedule: Rule | tuple[FieldError, ...]
    occurrences: tuple[Occurrence, ...] = ()
    taken: frozenset[str] = frozenset()
    refused: str | None = None
    all_day_time: time = ALL_DAY_TIME


@dataclass(frozen=True, slots=True)
class RuleSituation:
    """What the checks look at: the observed, plus what was decided of it."""

    observed: ObservedRule
    stalls: tuple[Finding, ...] = ()
    next: datetime | None = None
    blocked_by: str | None = None  # a name that is taken
    waits_for: tuple[str, ...] = ()  # basis Completion: open occurrences
    occurrences: int = 0
    is_cut: bool = False  # its lead time would make more ahead than there may be

    @property
    def rule(self) -> RuleFacts:
        return self.observed.rule


Check = conditions.Check[RuleSituation]


# --- what only an edit can heal -----------------------------------------------------------------------


def spec_is_unreadable(s: RuleSituation) -> Finding | None:
    return None if s.rule.unreadable is None else stall(RuleReason.INVALID_SPEC, s.rule.unreadable)


def time_zone_is_unknown(s: RuleSituation) -> Finding | None:
    for error in _errors(s):
        if error.path == FIELD_TIME_ZONE:
            of_namespace = s.rule.spec.time_zone is None
            where = f"the namespace's annotation {ANNOTATION_TIME_ZONE}" if of_namespace else error.path
            return stall(RuleReason.INVALID_TIME_ZONE, f"{where}: {error.message}")
    return None


def schedule_is_wrong(s: RuleSituation) -> Finding | None:
    errors = [str(error) for error in _errors(s) if error.path != FIELD_TIME_ZONE]
    return stall(RuleReason.INVALID_SCHEDULE, "; ".join(errors)) if errors else None


def schedule_never_fires(s: RuleSituation) -> Finding | None:
    schedule = s.observed.schedule
    why = why_never(schedule) if isinstance(schedule, Rule) else None
    if why is None:
        return None
    return stall(RuleReason.NEVER_FIRES, f"the schedule {why}; give one that has a day in the calendar")


def lead_time_is_unreadable(s: RuleSituation) -> Finding | None:
    if s.rule.spec.lead_time is None:
        return None
    try:
        parse_duration(s.rule.spec.lead_time)
    except DurationError as error:
        return stall(RuleReason.INVALID_LEAD_TIME, f"spec.leadTime: {error}")
    return None


def template_has_no_title(s: RuleSituation) -> Finding | None:
    if s.rule.spec.template.spec.title or s.rule.unreadable:
        return None
    return stall(RuleReason.INVALID_TEMPLATE, "spec.template.spec.title: is missing; say what is to be done")


def occurrence_is_refused(s: RuleSituation) -> Finding | None:
    if s.observed.refused is None:
        return None
    return stall(RuleReason.REFUSED, f"the API server refuses the task {s.observed.refused}")


def name_is_taken(s: RuleSituation) -> Finding | None:
    if s.blocked_by is None:
        return None
    message = (
        f'the name "{s.blocked_by}" is taken by a task that is not an occurrence of this rule;'
        f" delete it: kubectl delete todotask {s.blocked_by}"
    )
    return stall(RuleReason.NAME_TAKEN, message)


STALLS: tuple[Check, ...] = (
    spec_is_unreadable,
    time_zone_is_unknown,
    schedule_is_wrong,
    schedule_never_fires,
    lead_time_is_unreadable,
    template_has_no_title,
    occurrence_is_refused,
    name_is_taken,
)


# --- the conditions: for each, the first check that finds something decides ---------------------------


def rule_is_stalled(s: RuleSituation) -> Finding | None:
    return not_ready(s.stalls)


def rule_is_suspended(s: RuleSituation) -> Finding | None:
    if not s.rule.spec.suspend:
        return None
    return Finding("True", RuleReason.SUSPENDED, "It is paused; set spec.suspend to false to go on.")


def rule_waits(s: RuleSituation) -> Finding | None:
    if not s.waits_for:
        return None
    return Finding("True", RuleReason.WAITING, f'The next counts from the completion of "{s.waits_for[-1]}".')


def rule_is_exhausted(s: RuleSituation) -> Finding | None:
    if s.next is not None or s.waits_for:
        return None
    return Finding("True", RuleReason.EXHAUSTED, f"No occurrence is left; it has made {s.occurrences}.")


def rule_is_scheduled(s: RuleSituation) -> Finding | None:
    assert s.next is not None, "exhausted otherwise"
    note = _left_out(s)
    more = f" {note[:1].upper()}{note[1:]}." if note else ""
    return Finding("True", RuleReason.SCHEDULED, f"{_explain(s)}; next {_when(s, s.next)}.{more}")


def rule_is_running(_: RuleSituation) -> Finding | None:
    return Finding("False", RuleReason.RUNNING, "It is not paused.")


def exhaustion_cannot_be_told(s: RuleSituation) -> Finding | None:
    if not s.stalls:
        return None
    return Finding("Unknown", s.stalls[0].reason, "Its occurrences cannot be told; see Ready.")


def occurrences_are_ahead(_: RuleSituation) -> Finding | None:
    return Finding("False", RuleReason.OCCURRENCES_AHEAD, "There are more occurrences to come.")


def a_reminder_can_never_fire(s: RuleSituation) -> Finding | None:
    """Each task is made at its time (less leadTime), so what counts back further from it is over by then."""
    schedule = s.observed.schedule
    if not isinstance(schedule, Rule):
        return None
    lead = _duration(s.rule.spec.lead_time)
    if schedule.all_day:
        at = s.observed.all_day_time
        lead += timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    never = [
        reminder.before
        for reminder in s.rule.spec.template.spec.reminders or ()
        if reminder.before is not None and _is_over(reminder, lead)
    ]
    if not never:
        return None
    told = ", ".join(f'"{before}"' for before in never)
    message = (
        f"The reminders {told} before the due time can never fire: each task is made later than that."
        f" Give spec.leadTime at least {max(never, key=_duration)}."
    )
    return Finding("True", RuleReason.LEAD_TIME_TOO_SHORT, message)


def lead_time_is_cut(s: RuleSituation) -> Finding | None:
    if not s.is_cut:
        return None
    message = (
        f"spec.leadTime {s.rule.spec.lead_time} would make more than {MOST_AHEAD} tasks ahead of their time;"
        " more are made as their times come. Give a shorter one."
    )
    return Finding("True", RuleReason.TOO_MANY_AHEAD, message)


# There only while they are true.
WARNINGS: tuple[tuple[RuleCondition, Check], ...] = (
    (RuleCondition.REMINDERS_MISSED, a_reminder_can_never_fire),
    (RuleCondition.LEAD_TIME_CUT, lead_time_is_cut),
)


# In the order in which they are written. The last check of each finds always something.
CONDITIONS: ConditionChecks[RuleSituation] = (
    (
        RuleCondition.READY,
        (rule_is_stalled, rule_is_suspended, rule_waits, rule_is_exhausted, rule_is_scheduled),
    ),
    (RuleCondition.SUSPENDED, (rule_is_suspended, rule_is_running)),
    (RuleCondition.EXHAUSTED, (exhaustion_cannot_be_told, rule_is_exhausted, occurrences_are_ahead)),
)


# --- words ---------------------------------------------------------------------------------------------


def _errors(s: RuleSituation) -> tuple[FieldError, ...]:
    schedule = s.observed.schedule
    return () if s.rule.unreadable or isinstance(schedule, Rule) else schedule


def words(s: RuleSituation) -> str | None:
    """The schedule in words; None where it cannot be read."""
    return _explain(s) if isinstance(s.observed.schedule, Rule) else None


def _left_out(s: RuleSituation) -> str:
    """Months and years that have no such day."""
    schedule, spec = s.observed.schedule, s.rule.spec
    if not isinstance(schedule, Rule):
        return ""
    lacking = left_out(schedule, from_completion=spec.basis == "Completion")
    written: Written = "simple" if spec.simple is not None else "cron" if spec.cron is not None else "rrule"
    return lacking.note(written) if lacking is not None else ""


def _is_over(reminder: TaskReminder, lead: timedelta) -> bool:
    """Whether even its last time lies before the task is made."""
    try:
        last = last_before(reminder.before or "0s", reminder.repeat_every, reminder.max_repeats)
    except DurationError:
        return False
    return last is not None and last > lead


def _duration(text: str | None) -> timedelta:
    try:
        return parse_duration(text) if text else timedelta()
    except DurationError:
        return timedelta()


def _explain(s: RuleSituation) -> str:
    schedule = s.observed.schedule
    assert isinstance(schedule, Rule), "stalled otherwise"
    words = explain(schedule, from_completion=s.rule.spec.basis == "Completion")
    return words[:1].upper() + words[1:]


def _when(s: RuleSituation, instant: datetime) -> str:
    schedule = s.observed.schedule
    assert isinstance(schedule, Rule), "stalled otherwise"
    local = instant.astimezone(schedule.clock.zone)
    if schedule.all_day:
        return f"on {local.date().isoformat()}"
    return f"at {local.isoformat(timespec='seconds')}"
