"""The decision about a RecurrenceRule: `reconcile(observed, now) -> Plan`.

Level, not edge: which occurrences are due now is derived from the status and the schedule
(`recurrence_rule_due`), what becomes of each from the tasks that are there. No I/O, no clock, and calling it
again after its plan was applied changes nothing.

    due ──▶ its name is taken by another's task ──▶ Stalled, until that is gone or the next one is due
     ├────▶ Forbid, and an earlier one is open  ──▶ recurrence.skipped
     ├────▶ Replace                             ──▶ made; the earlier open ones are deleted
     └────▶ Allow                               ──▶ made: task, its parts, recurrence.scheduled

    basis Completion: nothing is due while one is open; then the next counts from its completion, or from
    now when it was deleted before anybody saw it completed. It is made however late it is: missedPolicy and
    startingDeadlineSeconds have no say, because a chain that skips a link has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from todo_operator.reconcile.conditions import all_findings, conditions_of, findings
from todo_operator.reconcile.plan import Create, Delete, Emission, Plan, RuleEmission, RuleHappening
from todo_operator.reconcile.reasons import RuleCondition, SkipReason
from todo_operator.reconcile.rule.checks import (
    CONDITIONS,
    STALLS,
    WARNINGS,
    ObservedRule,
    RuleSituation,
    words,
)
from todo_operator.reconcile.rule.due import (
    MOST_COUNTED,
    NO_LEAD,
    SECOND,
    Calendar,
    DueOccurrences,
    Lead,
    Missed,
    due_by_schedule,
    unsettled_since,
)
from todo_operator.reconcile.rule.facts import Occurrence, RuleFacts, occurrence_name
from todo_operator.reconcile.rule.occurrence_task import due_text, instant_text, occurrence_body, part_bodies
from todotasks.api import RecurrenceRuleStatus, find_condition
from todotasks.api.durations import parse_calendar_duration
from todotasks.api.recurrence_rule import ActiveOccurrence
from todotasks.recurrence import Rule, next_after_completion

MOST_ACTIVE = 100  # open occurrences that the status names

NOTHING_DUE = DueOccurrences((), None, None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of the due ones."""

    made: tuple[datetime, ...] = ()
    skipped: tuple[tuple[datetime, SkipReason, str], ...] = ()
    replaced: tuple[Occurrence, ...] = ()
    blocked: datetime | None = None
    blocked_by: str | None = None


def reconcile(observed: ObservedRule, now: datetime) -> Plan[RecurrenceRuleStatus]:
    """What has to be made, deleted, written and told now, and when to look again. `now` is in UTC."""
    rule, schedule = observed.rule, observed.schedule
    if rule.deleting:
        return Plan()  # the garbage collector has the last word, and a new task would only be its next prey
    stalls = all_findings(STALLS, RuleSituation(observed))
    if stalls or not isinstance(schedule, Rule):
        # The cursor stays: what is missed until somebody mends it is missed like under a suspension.
        situation = RuleSituation(observed, stalls, _kept_cursor(observed, now))
        last, occurrences = rule.status.last_schedule_time, rule.status.occurrences
        status = _status(situation, last, occurrences, _open(observed), now)
        return Plan(status=status if status != rule.status else None, prunes=_history(observed, None))
    calendar = Calendar(schedule)
    lead = _lead(rule, schedule)
    if rule.spec.basis == "Completion" and (successor := _taken_back(observed)) is not None:
        return _take_back(observed, successor, now)
    waits_for = _open(observed) if rule.spec.basis == "Completion" else ()
    if rule.spec.basis == "Completion":
        due = NOTHING_DUE if waits_for else _due_by_completion(observed, schedule, lead, now)
    else:
        made_ahead = [
            o.scheduled for o in observed.occurrences if o.scheduled is not None and o.scheduled > now
        ]
        due = due_by_schedule(rule, calendar, lead, now, made_ahead)
    outcome = _decide(observed, due.wanted)
    made = outcome.made
    waits = tuple(o.name for o in waits_for)
    if rule.spec.basis == "Completion" and made:
        waits = tuple(occurrence_name(rule.name, at) for at in made)
    next_ = outcome.blocked or due.next
    situation = RuleSituation(
        observed,
        next=next_,
        blocked_by=outcome.blocked_by,
        waits_for=waits,
        occurrences=rule.status.occurrences + len(made),
        is_cut=due.cut_until is not None,
    )
    situation = replace(situation, stalls=all_findings(STALLS, situation))
    creates = tuple(_create(observed, schedule, at) for at in made)
    last = made[-1] if made else rule.status.last_schedule_time
    gone = {o.name for o in outcome.replaced}
    active = [o for o in _open(observed) if o.name not in gone]
    known = {o.name for o in observed.occurrences}
    active += [_to_be(rule, at) for at in made if occurrence_name(rule.name, at) not in known]
    status = _status(situation, last, situation.occurrences, sorted(active, key=_age), now)
    emits = _emissions(rule, due.missed, outcome)
    exhausted = _exhausted(situation, status)
    if creates:
        creates = (*creates[:-1], replace(creates[-1], emits=(*creates[-1].emits, *exhausted)))
    replaced = tuple(_delete(rule, o) for o in outcome.replaced)
    history, held = _history(observed, status), _is_held(observed, status)
    return Plan(
        status=status if status != rule.status else None,
        emits=emits if creates else (*emits, *exhausted),
        creates=creates,
        prunes=(*replaced, *history),
        requeue_at=now if held else _next_look(rule, calendar, outcome, next_, now, due.cut_until),
    )


def _kept_cursor(observed: ObservedRule, now: datetime) -> datetime | None:
    """Refused at its first visit, it has none yet: without one, "none left" would be read out of it."""
    rule, schedule = observed.rule, observed.schedule
    if rule.status.next_schedule_time is not None or not isinstance(schedule, Rule) or schedule.never_fires:
        return rule.status.next_schedule_time
    calendar = Calendar(schedule)
    return calendar.at_or_after(unsettled_since(rule, calendar, now))


def _lead(rule: RuleFacts, schedule: Rule) -> Lead:
    text = rule.spec.lead_time
    return Lead(parse_calendar_duration(text), schedule.clock.zone) if text else NO_LEAD


# --- what becomes of the due ones ---------------------------------------------------------------------


def _decide(observed: ObservedRule, wanted: Sequence[datetime]) -> Outcome:
    rule, policy = observed.rule, observed.rule.spec.concurrency_policy
    existing = {o.name for o in observed.occurrences}
    open_ = list(_open(observed))
    skipped: list[tuple[datetime, SkipReason, str]] = []
    made: list[datetime] = []
    if policy == "Replace" and wanted:
        later = instant_text(wanted[-1])
        skipped = [(at, SkipReason.REPLACED, f"The one of {later} takes its place.") for at in wanted[:-1]]
        wanted = wanted[-1:]
    for at in wanted:
        name = occurrence_name(rule.name, at)
        if taken := _taken(observed, name):
            return Outcome(tuple(made), tuple(skipped), blocked=at, blocked_by=taken)
        # One that is there already was made before a crash, so that its status was not written.
        in_the_way = None
        if policy == "Forbid" and name not in existing:
            in_the_way = open_[0].name if open_ else occurrence_name(rule.name, made[0]) if made else None
        if in_the_way is not None:
            skipped.append((at, SkipReason.EARLIER_OPEN, f'"{in_the_way}" is still open.'))
        else:
            made.append(at)
    replaced: tuple[Occurrence, ...] = ()
    if policy == "Replace" and made:
        replaced = tuple(o for o in open_ if o.name != occurrence_name(rule.name, made[-1]))
    return Outcome(tuple(made), tuple(skipped), replaced)


def _due_by_completion(observed: ObservedRule, schedule: Rule, lead: Lead, now: datetime) -> DueOccurrences:
    """The one after the last, and whether its time has come; none is open."""
    rule, status = observed.rule, observed.rule.status
    count = schedule.source.count
    if count is not None and status.occurrences >= count:
        return NOTHING_DUE
    last = status.last_schedule_time
    if last is None:
        since = unsettled_since(rule, Calendar(schedule), now, lead)
        following = Calendar(schedule).at_or_after(since)
    else:
        done = next((o for o in observed.occurrences if o.scheduled == last and o.completed), None)
        settled = status.observed_generation == rule.generation
        if done is None and settled and status.next_schedule_time is not None:
            following = status.next_schedule_time  # found out while it was there; it is gone since
        else:
            following = _after(schedule, (done and done.completed_at) or now, last)
    if following is None or rule.spec.suspend or lead.made_at(following) > now:
        return DueOccurrences((), None, following)
    return DueOccurrences((following,), None, None)


def _taken_back(observed: ObservedRule) -> Occurrence | None:
    """The successor of a task that was reopened, as long as nobody has touched it.

    With basis Completion one is open at a time: two mean that a completion was taken back, and the task that
    was made because of it has lost its reason.
    """
    last = observed.rule.status.last_schedule_time
    open_ = _open(observed)
    if len(open_) < 2 or any(o.completed for o in open_):  # or: seen completed, but not yet when
        return None
    newest = open_[-1]
    return newest if newest.scheduled == last and newest.is_untouched else None


def _take_back(observed: ObservedRule, successor: Occurrence, now: datetime) -> Plan[RecurrenceRuleStatus]:
    """Deletes it, and counts on from the one that is open again. A crash before the status: it is open alone,
    and the next one counts from its completion all the same."""
    rule, left = observed.rule, tuple(o for o in _open(observed) if o.name != successor.name)
    count = max(0, rule.status.occurrences - 1)
    situation = RuleSituation(observed, waits_for=tuple(o.name for o in left), occurrences=count)
    status = _status(situation, left[-1].scheduled, count, left, now)
    return Plan(status=status if status != rule.status else None, prunes=(_delete(rule, successor),))


def _after(schedule: Rule, completed_at: datetime, last: datetime) -> datetime | None:
    """Always after `last`: done early through leadTime, it must not come back under its own name."""
    found = next_after_completion(schedule, completed_at.replace(microsecond=0), last)
    if found is not None and found.astimezone(UTC) <= last:
        found = next_after_completion(schedule, last, last)
    return None if found is None else found.astimezone(UTC)


def _open(observed: ObservedRule) -> tuple[Occurrence, ...]:
    """Oldest first. Completed, but nobody has said when yet: still open for the moment that takes."""
    found = [
        o for o in observed.occurrences if not o.deleting and not (o.completed and o.completed_at is not None)
    ]
    return tuple(sorted(found, key=_age))


def _age(o: Occurrence) -> tuple[datetime, str]:
    return o.scheduled or datetime.min.replace(tzinfo=UTC), o.name


def _taken(observed: ObservedRule, name: str) -> str | None:
    """`name` itself, or one of its parts: `rent-29744640-0`."""
    if not observed.taken:
        return None
    return next((n for n in sorted(observed.taken) if n == name or n.startswith(f"{name}-")), None)


# --- what it costs ------------------------------------------------------------------------------------


def _create(observed: ObservedRule, schedule: Rule, at: datetime) -> Create:
    rule = observed.rule
    body = occurrence_body(rule, schedule, at)
    name = body["metadata"]["name"]
    scheduled = _emission(rule, "recurrence.scheduled", at, task=name)
    return Create(rule.key._replace(name=name), rule.uid, body, part_bodies(rule, body), (scheduled,))


def _to_be(rule: RuleFacts, at: datetime) -> Occurrence:
    return Occurrence(occurrence_name(rule.name, at), "", 0, rule.uid, at)


def _delete(rule: RuleFacts, o: Occurrence) -> Delete:
    return Delete(rule.key._replace(name=o.name), o.uid, str(o.resource_version))


def _history(observed: ObservedRule, status: RecurrenceRuleStatus | None) -> tuple[Delete, ...]:
    """Completed ones beyond the limit, the oldest first."""
    limit = observed.rule.spec.history_limit
    if limit is None or limit < 0:
        return ()
    done = sorted((o for o in observed.occurrences if o.completed and not o.deleting), key=_age)
    beyond = done[: max(0, len(done) - limit)]
    held = status is None or _is_held(observed, status)
    last = observed.rule.status.last_schedule_time
    return tuple(_delete(observed.rule, o) for o in beyond if not (held and o.scheduled == last))


def _is_held(observed: ObservedRule, status: RecurrenceRuleStatus) -> bool:
    """Whether the completion that the next one counts from is known from the task alone.

    It has to stay until the status has the next time: a crash after the deletion would forget it.
    """
    rule = observed.rule
    if rule.spec.history_limit is None or rule.spec.basis != "Completion":
        return False
    return status.next_schedule_time != rule.status.next_schedule_time


def _next_look(  # noqa: PLR0917 - what of the plan says when to look again
    rule: RuleFacts,
    calendar: Calendar,
    outcome: Outcome,
    next_: datetime | None,
    now: datetime,
    cut_until: datetime | None,
) -> datetime | None:
    if rule.spec.suspend or next_ is None:
        return None
    lead = _lead(rule, calendar.rule)
    if outcome.blocked is not None:
        following = calendar.at_or_after(max(next_, now) + SECOND)
        return None if following is None else max(lead.made_at(following), now + SECOND)
    if cut_until is not None:
        return max(cut_until, now + SECOND)
    return max(lead.made_at(next_), now)


# --- what is told --------------------------------------------------------------------------------------


def _emissions(rule: RuleFacts, missed: Missed | None, outcome: Outcome) -> tuple[Emission, ...]:
    told = []
    if missed is not None:
        number = f"at least {missed.count}" if missed.count == MOST_COUNTED else str(missed.count)
        told.append(
            _emission(
                rule,
                "recurrence.missed",
                missed.last,
                first=missed.first,
                count=missed.count,
                reason=missed.reason,
                message=f"{number} not made: {_why(rule, missed.reason)}.",
            )
        )
    told += [
        _emission(rule, "recurrence.skipped", at, reason=reason, message=message)
        for at, reason, message in outcome.skipped
    ]
    return tuple(told)


def _why(rule: RuleFacts, reason: SkipReason) -> str:
    if reason is SkipReason.DEADLINE_EXCEEDED:
        return f"later than the {rule.spec.starting_deadline_seconds} s of spec.startingDeadlineSeconds"
    if reason is SkipReason.TOO_MANY:
        return "spec.missedPolicy is All, which makes up to 100 of the newest"
    return f"spec.missedPolicy is {rule.spec.missed_policy}"


def _exhausted(s: RuleSituation, status: RecurrenceRuleStatus) -> tuple[Emission, ...]:
    """Once for each generation, unless the stored status says that it was told."""
    found = find_condition(status.conditions, RuleCondition.EXHAUSTED)
    before = find_condition(s.rule.status.conditions, RuleCondition.EXHAUSTED)
    if found is None or found.status != "True":
        return ()
    if before is not None and before.status == "True" and before.observed_generation == s.rule.generation:
        return ()
    last = status.last_schedule_time
    return (_emission(s.rule, "recurrence.exhausted", None, first=last, count=s.occurrences),)


def _emission(
    rule: RuleFacts,
    happening: RuleHappening,
    instant: datetime | None,
    *,
    task: str = "",
    first: datetime | None = None,
    count: int = 0,
    reason: str = "",
    message: str = "",
) -> RuleEmission:
    return RuleEmission(
        happening,
        rule.key,
        rule.uid,
        rule.generation if instant is None else 0,
        instant,
        resource_version=str(rule.resource_version),
        task=task,
        first=first,
        count=count,
        reason=str(reason),
        message=message,
    )


# --- status --------------------------------------------------------------------------------------------


def _status(
    s: RuleSituation, last: datetime | None, occurrences: int, active: Sequence[Occurrence], now: datetime
) -> RecurrenceRuleStatus:
    rule = s.rule
    schedule = s.observed.schedule
    found = findings(CONDITIONS, s)
    if not s.stalls:
        found += [(type_, warning) for type_, check in WARNINGS if (warning := check(s)) is not None]
    zone = schedule.clock.zone if isinstance(schedule, Rule) else None
    named = [ActiveOccurrence(o.name, o.scheduled) for o in active if o.scheduled is not None]
    return RecurrenceRuleStatus(
        observed_generation=rule.generation,
        last_schedule_time=last,
        next_schedule_time=s.next,
        occurrences=occurrences,
        active_count=len(active),
        active=tuple(named[:MOST_ACTIVE]) or None,
        schedule=words(s),
        next=None if s.next is None or not isinstance(schedule, Rule) else due_text(schedule, s.next),
        time_zone=None if zone is None else str(zone),
        conditions=conditions_of(
            found,
            generation=rule.generation,
            before=rule.status.conditions,
            now=now,
            stalled=bool(s.stalls),
        ),
    )
