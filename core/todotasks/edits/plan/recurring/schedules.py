"""Schedules as a RecurrenceRule has them: the time of day stands in `start`, and a start is there where the
rule needs one.

    FREQ=DAILY;INTERVAL=3;BYHOUR=19;BYMINUTE=0  ─▶  rrule: FREQ=DAILY;INTERVAL=3, start: 2026-03-05T19:00
    FREQ=MONTHLY;BYMONTHDAY=1                   ─▶  rrule: FREQ=MONTHLY;BYMONTHDAY=1
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from todotasks.api import RecurrenceRuleSpec, SimpleSchedule
from todotasks.edits.model.command import ScheduleFields
from todotasks.edits.model.edit import Document, plain
from todotasks.edits.model.merge import difference, merged
from todotasks.edits.model.times import (
    Moment,
    at_time,
    day_of,
    moment_of,
    written,
)
from todotasks.edits.model.world import World
from todotasks.edits.plan.dues import has_offset
from todotasks.edits.plan.recurring.notations import as_cron, as_simple, cron_at, parts_of_simple
from todotasks.edits.targets.rows import occurrence_of
from todotasks.recurrence import FieldError, Rule, RuleSpec, parse_rule

_DAILY_OR_SLOWER = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAY_PARTS = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"})
_KINDS = ("rrule", "cron", "simple")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?")


class ScheduleError(ValueError):
    """Everything that is wrong with a schedule; `field` is the path of the first."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.field = errors[0].path


@dataclass(frozen=True, slots=True)
class PlannedSchedule:
    """A schedule as the fields of a spec, and what it comes to. `rewritten`: the way of writing that is there
    cannot say it, so it is from that one to another: ("cron", "rrule"). `clashes`: whoever applies a file
    with what was there (`kubectl apply`, which leaves alone what is new) is refused.
    """

    fields: Document
    rule: Rule
    rewritten: tuple[str, str] | None = None
    clashes: bool = False


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of an RRULE, without its time of day where that is one time."""

    parts: tuple[tuple[str, str], ...]
    clock: time | None

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.parts)

    def get(self, name: str) -> str | None:
        return next((value for key, value in self.parts if key == name), None)

    @property
    def text(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.parts)

    @property
    def needs_start(self) -> bool:
        """Whether something counts from the start: an interval, or the day itself."""
        if self.get("INTERVAL") not in {None, "1"} or self.get("FREQ") == "YEARLY":
            return True
        return self.get("FREQ") in {"WEEKLY", "MONTHLY"} and not self.names & _DAY_PARTS


def new_schedule(schedule: ScheduleFields, world: World) -> PlannedSchedule:
    """The fields of a new rule. Raises ScheduleError, DueError."""
    zone = schedule.time_zone or world.zone
    fields = _plain_fields(schedule)
    parts = _split(schedule.rrule) if schedule.rrule is not None else None
    if parts is not None:
        fields |= _anchored(parts, schedule.start, None, zone, world)
    if schedule.time_zone is not None or zone != world.namespace_zone or not world.zone_known:
        fields["timeZone"] = zone
    return PlannedSchedule(_in_order(fields), _read(fields, zone, world))


def changed_schedule(
    schedule: ScheduleFields,
    spec: RecurrenceRuleSpec,
    old: Rule | None,
    world: World,
    created: datetime | None = None,
) -> PlannedSchedule:
    """The fields that change; null for those that go. What is not said stays: the weekday, the time of day.
    A rule that was `created` counts from then, where it has no start.

    Raises ScheduleError, DueError.
    """
    zone = schedule.time_zone or spec.time_zone or world.namespace_zone
    fields = _plain_fields(schedule)
    following = old.next_after(world.now) if old is not None else None
    if schedule.rrule is not None:
        parts = _split(schedule.rrule)
        before = _before(spec)
        if before is not None and before.get("FREQ") == parts.get("FREQ") and not parts.names & _DAY_PARTS:
            kept = tuple(part for part in before.parts if part[0].startswith("BY"))
            parts = _Parts((*parts.parts, *kept), parts.clock)
        if parts.clock is None and old is not None and following is not None and not old.all_day:
            parts = _Parts(parts.parts, following.time())
        base = _begins(spec, parts, following, zone, world)
        fields |= _anchored(parts, schedule.start, base, zone, world)
        fields = _as_it_was_written(fields, parts, schedule, spec, following)
        if "rrule" in fields and spec.start is None and schedule.start is None:
            fields = _without_start(fields, parts)
    if schedule.time_zone is not None:
        fields["timeZone"] = zone
    was, becomes = _kind_of(plain(spec)), _kind_of(fields)
    rewritten = (was, becomes) if was and becomes and was != becomes else None
    for kind in _KINDS:
        if any(k in fields for k in _KINDS) and kind not in fields:
            fields[kind] = None
    limited = "UNTIL=" in (schedule.rrule or "").upper() or "COUNT=" in (schedule.rrule or "").upper()
    for one, other in (("until", "count"), ("count", "until")):
        if (one in fields or limited) and other not in fields:
            fields[other] = None
    there = plain(spec)
    changed = {name: value for name, value in fields.items() if there.get(name) != value}
    if _same_moment(changed.get("start"), spec.start, zone):
        del changed["start"]
    if isinstance(changed.get("simple"), dict) and isinstance(there.get("simple"), dict):
        changed["simple"] = difference(there["simple"], changed["simple"])  # a patch joins objects
    after = {**{k: v for k, v in there.items() if k != "template"}, **fields}
    rule = _read(after, zone, world, created)
    return PlannedSchedule(_in_order(changed), rule, rewritten, _clashes(after, there, zone, world))


def _clashes(becomes: Document, there: Document, zone: str, world: World) -> bool:
    """Whether the former fields, laid over the new ones, make no schedule."""
    names = ("rrule", "cron", "simple", "start", "until", "count", "except", "timeZone")
    kept = {name: value for name, value in becomes.items() if name in names and value is not None}
    both = merged(kept, {name: value for name, value in there.items() if name in names})
    if both.get("until") is not None and both.get("count") is not None:
        return True
    try:
        _read(both, zone, world)
    except ScheduleError:
        return True
    return False


def _before(spec: RecurrenceRuleSpec) -> "_Parts | None":
    """The parts that are there; a cron line has none that could stay."""
    if spec.rrule is not None:
        return _split(spec.rrule)
    return _Parts(tuple(parts_of_simple(spec.simple).items()), None) if spec.simple is not None else None


def _kind_of(fields: Document) -> str | None:
    return next((kind for kind in _KINDS if fields.get(kind) is not None), None)


def _begins(
    spec: RecurrenceRuleSpec, parts: "_Parts", following: datetime | None, zone: str, world: World
) -> str | None:
    """From where a changed rule counts: where it began, else the day on which it is changed. An interval goes
    on in its rhythm: from the week (month, year) of the next one, so that every other Friday becomes the
    Thursday of the same week."""
    if spec.start is not None and (following is None or not _begins_with(spec.start, following, zone)):
        return spec.start
    if following is None:
        return None
    today, day = world.now.astimezone(following.tzinfo).date(), following.date()
    if parts.get("FREQ") not in _DAILY_OR_SLOWER:
        day = today
    elif parts.get("INTERVAL") in {None, "1"}:
        day = today if spec.start is None else max(today, _period(parts, day))
    elif parts.names & _DAY_PARTS:
        day = max(today, _period(parts, day))
    elif spec.start is not None:
        return spec.start
    return written(day, zone)


def _begins_with(start: str, following: datetime, zone: str) -> bool:
    """Whether the next one is the very first."""
    return _day_in(start, zone) == following.date()


def _period(parts: "_Parts", day: date) -> date:
    match parts.get("FREQ"):
        case "WEEKLY":
            return day - timedelta(days=day.weekday())
        case "MONTHLY":
            return day.replace(day=1)
        case "YEARLY":
            return day.replace(month=1, day=1)
        case _:
            return day


def _as_it_was_written(
    fields: Document,
    parts: "_Parts",
    schedule: ScheduleFields,
    spec: RecurrenceRuleSpec,
    following: datetime | None,
) -> Document:
    """The same in the way of writing that is there, where that can say it: a file may declare it."""
    limits, rest = _limits(dict(parts.parts))
    if spec.cron is not None and following is not None:
        cron = as_cron(rest, parts.clock, following)
        if cron is not None:
            kept = {k: v for k, v in fields.items() if k != "rrule" and (k != "start" or schedule.start)}
            return {**kept, "cron": cron, **limits}
    if spec.simple is not None:
        simple = as_simple(rest, parts.clock)
        if simple is not None:
            kept = {k: v for k, v in fields.items() if k != "rrule"}
            start = kept.pop("start", None)
            if start is not None and (parts.needs_start or schedule.start is not None):
                # The time of day stands in `simple.time`.
                kept["start"] = start if has_offset(start) or "time" not in simple else start[:10]
            return {**kept, "simple": simple, **limits}
    return fields


def _without_start(fields: Document, parts: "_Parts") -> Document:
    """A rule without `start` says all in one line, and goes on to do so: a file that declares it puts back
    that alone, and a time of day in `start` would stay. What counts from a start gets the day."""
    if parts.get("FREQ") not in _DAILY_OR_SLOWER:
        return fields
    out = {**fields}
    if parts.clock is not None and "BYHOUR" not in parts.names:
        out["rrule"] = f"{parts.text};BYHOUR={parts.clock.hour};BYMINUTE={parts.clock.minute}"
    start = out.pop("start", None)
    if start is not None and parts.needs_start:
        out["start"] = start if has_offset(start) else start[:10]
    return out


def _limits(parts: dict[str, str]) -> tuple[Document, dict[str, str]]:
    """UNTIL and COUNT of an RRULE as the fields that all ways of writing share; and the rest of it."""
    limits: Document = {}
    if "COUNT" in parts and parts["COUNT"].isdecimal():
        limits["count"] = int(parts.pop("COUNT"))
    found = _UNTIL.fullmatch(parts.get("UNTIL", ""))
    if found is not None:
        del parts["UNTIL"]
        year, month, day, hour, minute, second, utc = found.groups()
        limits["until"] = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second}{utc}" if hour else "")
    return limits, parts


def retimed(clock: time, spec: RecurrenceRuleSpec, old: Rule | None, world: World) -> Document:
    """The fields that change when its tasks are due at another time of day, on the same days.

    Empty where nothing does. Raises ScheduleError where a cron line has several times.
    """
    if spec.rrule is not None:
        parts = _split(spec.rrule)
        kept = [f"{name}={value}" for name, value in parts.parts if name not in {"BYHOUR", "BYMINUTE"}]
        rrule = ";".join([*kept, f"BYHOUR={clock.hour}", f"BYMINUTE={clock.minute}"])
        return changed_schedule(ScheduleFields(rrule=rrule), spec, old, world).fields
    if spec.simple is not None:
        text = f"{clock:%H:%M}"
        return {} if spec.simple.time == text else {"simple": {"time": text}}
    cron = cron_at(spec.cron or "", clock)
    if cron is None:
        message = "has several times of day: say when it is to come back, such as “every day at 9”"
        raise ScheduleError([FieldError("spec.cron", message)])
    return {} if cron == spec.cron else {"cron": cron}


def _plain_fields(schedule: ScheduleFields) -> Document:
    fields: Document = plain(schedule)
    fields.pop("timeZone", None)
    if schedule.basis == "Schedule":
        fields.pop("basis", None)
    return fields


def _anchored(parts: _Parts, said: str | None, base: str | None, zone: str, world: World) -> Document:
    """`rrule` and, where it is needed, `start`: as it was said, else the first occurrence from now on.

    `base` is where the schedule began before it was changed.
    """
    clock = parts.clock
    fields: Document = {"rrule": parts.text}
    if said is not None:
        moment = moment_of(said, zone)
        if clock is not None and not isinstance(moment, datetime):
            moment = at_time(moment, clock, zone)
            fields["start"] = written(moment, zone)
        else:
            fields["start"] = said
        return fields
    if clock is None and base is not None and "T" not in base:
        return {**fields, "start": base}
    if clock is None and not parts.needs_start:
        return fields
    day = _day_in(base, zone) if base is not None else world.local_now.date()
    start = written(at_time(day, clock, zone) if clock is not None else day, zone)
    if base is None:
        # "Every other Monday" begins with the next Monday, so the interval does not count yet.
        every = ";".join(f"{name}={value}" for name, value in parts.parts if name != "INTERVAL")
        first = _first(_read({"rrule": every, "start": start}, zone, world), world)
        if first is not None:
            start = written(first.date() if clock is None else first, zone)
    return {**fields, "start": start}


def _day_in(base: str, zone: str) -> date:
    return day_of(moment_of(base, zone))


def _first(rule: Rule, world: World) -> datetime | None:
    """The first occurrence that is not over; one that is due all day today is not."""
    if rule.all_day:
        midnight = world.now.astimezone(rule.clock.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return rule.next_after(midnight, inclusive=True)
    return rule.next_after(world.now)


def first_occurrence(rule: Rule, world: World) -> Moment | None:
    first = _first(rule, world)
    return None if first is None else occurrence_of(rule, first)


def _split(rrule: str) -> _Parts:
    text = rrule.strip().rstrip(";")
    text = text[len("RRULE:") :] if text.upper().startswith("RRULE:") else text
    pairs = [tuple(part.partition("=")[::2]) for part in text.split(";") if part]
    parts = tuple((name.upper(), value) for name, value in pairs)
    found = dict(parts)
    hour, minute = found.get("BYHOUR", ""), found.get("BYMINUTE", "0")
    one_time = hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60
    if not one_time or found.get("FREQ", "").upper() not in _DAILY_OR_SLOWER or "BYSECOND" in found:
        return _Parts(parts, None)
    rest = tuple(part for part in parts if part[0] not in {"BYHOUR", "BYMINUTE"})
    return _Parts(rest, time(int(hour), int(minute)))


def _read(fields: Document, zone: str, world: World, created: datetime | None = None) -> Rule:
    read = parse_rule(
        RuleSpec(
            rrule=fields.get("rrule"), cron=fields.get("cron"), simple=_simple(fields.get("simple")),
            start=fields.get("start"), until=fields.get("until"), count=fields.get("count"),
            except_=fields.get("except") or (), time_zone=zone,
        ),
        default_zone="UTC", anchor=created or world.now, path="spec",
    )  # fmt: skip
    if isinstance(read, Rule):
        return read
    raise ScheduleError(read)


def _simple(fields: Document | None) -> SimpleSchedule | None:
    return None if fields is None else msgspec.convert(fields, SimpleSchedule)


def _same_moment(new: str | None, old: str | None, zone: str) -> bool:
    if new is None or old is None or has_offset(new) or ("T" in new) != ("T" in old):
        return False
    return moment_of(new, zone) == moment_of(old, zone)


_ORDER = ("rrule", "cron", "simple", "start", "until", "count", "except", "timeZone", "basis")


def _in_order(fields: Document) -> Document:
    return {name: fields[name] for name in _ORDER if name in fields}
