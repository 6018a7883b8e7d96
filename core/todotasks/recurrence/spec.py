"""From what a person wrote to a `Rule`, or to the list of everything that is wrong with it.

Exactly one of `rrule`, `cron` and `simple` says when; `start`, `until`, `count` and `except` limit it. The
paths of errors begin with the caller's (`spec.rrule`), so that the same check serves a resource, a
template in it, and the command line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from todotasks.recurrence.calendar.clock import LAST_INSTANT, ZoneClock, from_datetime
from todotasks.recurrence.calendar.times import DAY
from todotasks.recurrence.calendar.when import Stamp, moment_of, read_moment
from todotasks.recurrence.errors import FieldError
from todotasks.recurrence.notation.cron import Cron, read_cron
from todotasks.recurrence.notation.lines import Lines, read_lines
from todotasks.recurrence.notation.rrule import completed, walls_of
from todotasks.recurrence.notation.rrule_text import LARGEST, Freq, RRule
from todotasks.recurrence.notation.simple import SimpleLike, read_simple
from todotasks.recurrence.rule import Exclusions, Rule, Source
from todotasks.recurrence.series import Moments, Occurrences, Series

MAX_EXCEPTIONS = 10_000
MAX_ERRORS = 50
MAX_TEXT = 65_536  # characters of a rule; the resource accepts 1,024


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """What can be said about a recurrence. `start` and `until` may be text or a `datetime`."""

    rrule: str | None = None
    cron: str | None = None
    simple: SimpleLike | None = None
    start: str | datetime | None = None
    until: str | datetime | None = None
    count: int | None = None
    except_: Sequence[str] = ()
    time_zone: str | None = None


class RecurrenceSpecLike(Protocol):
    """`todotasks.api.RecurrenceRuleSpec` has this shape."""

    @property
    def rrule(self) -> str | None: ...
    @property
    def cron(self) -> str | None: ...
    @property
    def simple(self) -> SimpleLike | None: ...
    @property
    def start(self) -> str | None: ...
    @property
    def until(self) -> str | None: ...
    @property
    def count(self) -> int | None: ...
    @property
    def except_(self) -> tuple[str, ...] | None: ...
    @property
    def time_zone(self) -> str | None: ...


def rule_from_spec(
    spec: RecurrenceSpecLike, default_zone: str | tzinfo = "UTC", created: datetime | None = None
) -> Rule | list[FieldError]:
    """The rule of a RecurrenceRule. Without `start` it counts from the day on which it was `created`, and
    has what comes after that moment; if it is all-day, the whole of that day."""
    return parse_rule(
        RuleSpec(
            rrule=spec.rrule,
            cron=spec.cron,
            simple=spec.simple,
            start=spec.start,
            until=spec.until,
            count=spec.count,
            except_=spec.except_ or (),
            time_zone=spec.time_zone,
        ),
        default_zone=default_zone,
        anchor=created,
        made=created,
        path="spec",
    )


def parse_rule(
    spec: RuleSpec,
    *,
    default_zone: str | tzinfo = "UTC",
    anchor: datetime | None = None,
    made: datetime | None = None,
    path: str = "",
) -> Rule | list[FieldError]:
    """The rule, or every mistake in it.

    Without `start` the day of `anchor` is the start, at midnight: intervals go from there. What was over on
    that day when the rule was `made` is no occurrence then, and `count` does not count it.
    """
    return _Parser(spec, f"{path}." if path else "").parse(default_zone, anchor, made)


class _Parser:
    def __init__(self, spec: RuleSpec, prefix: str) -> None:
        self.spec = spec
        self.prefix = prefix
        self.errors: list[FieldError] = []

    def error(self, field: str, message: str) -> None:
        self.errors.append(FieldError(self.prefix + field, message))

    def parse(
        self, default_zone: str | tzinfo, anchor: datetime | None, made: datetime | None
    ) -> Rule | list[FieldError]:
        spec = self.spec
        clock = ZoneClock(self._zone(default_zone))
        for name in ("rrule", "cron"):
            text = getattr(spec, name)
            if text is not None and len(text) > MAX_TEXT:
                self.error(name, f"has {len(text)} characters: at most {MAX_TEXT}")
                return self.errors
        given = [name for name in ("rrule", "cron", "simple") if getattr(spec, name) is not None]
        if len(given) != 1:
            self.error(given[1] if given else "rrule", "give exactly one of rrule, cron and simple")
        start = self._moment("start", spec.start)
        until = self._moment("until", spec.until)
        excepted = self._exceptions()
        if spec.count is not None and not 1 <= spec.count <= LARGEST:
            self.error("count", f"{spec.count}: write a whole number from 1")
        if start is None and anchor is not None:
            start = Stamp(moment_of(anchor).local_wall(clock) // DAY * DAY, is_date=True)
        lines, cron = Lines(), None
        if spec.rrule is not None:
            lines = read_lines(spec.rrule, self.prefix + "rrule", _load_zone)
            self.errors += lines.errors
            start = self._start_of_lines(lines, start, clock)
        elif spec.cron is not None:
            cron, errors = read_cron(spec.cron, self.prefix + "cron")
            self.errors += errors
        elif spec.simple is not None:
            lines = self._simple(spec.simple, start, clock)
        if lines.rules and start is None and not self.errors:
            self.error("start", "is needed: the rule counts from it; write a date or a date-time")
        has_start = spec.start is not None or lines.start is not None
        first = None if has_start or made is None else from_datetime(made) + 1
        self._check_order(start, until, clock)
        if self.errors:
            # Each mistake once, and no flood: a text of nothing but ";" has thousands.
            return list(dict.fromkeys(self.errors))[:MAX_ERRORS]
        return _build(_Read(clock, lines, cron, start, first, until, spec.count, excepted))

    def _zone(self, default: str | tzinfo) -> tzinfo:
        name = self.spec.time_zone
        zone = _load_zone(name) if name is not None else default
        if isinstance(zone, str) and name is None:
            zone = _load_zone(zone)
        if isinstance(zone, str):
            self.error("timeZone", zone)
            return UTC
        return zone

    def _moment(self, field: str, given: str | datetime | None) -> Stamp | None:
        if given is None or isinstance(given, datetime):
            return None if given is None else moment_of(given)
        moment = read_moment(given)
        if isinstance(moment, str):
            self.error(field, moment)
            return None
        return moment

    def _exceptions(self) -> list[Stamp]:
        moments = []
        for index, text in enumerate(self.spec.except_[:MAX_EXCEPTIONS]):
            moment = self._moment(f"except[{index}]", text)
            if moment is not None:
                moments.append(moment)
        if len(self.spec.except_) > MAX_EXCEPTIONS:
            self.error("except", f"has {len(self.spec.except_)} entries: at most {MAX_EXCEPTIONS}")
        return moments

    def _start_of_lines(self, lines: Lines, start: Stamp | None, clock: ZoneClock) -> Stamp | None:
        if lines.start is None:
            return start
        moment, zone = lines.start
        if zone is not None:
            moment = Stamp(clock.wall(moment.instant(ZoneClock(zone))), moment.is_date)
        if self.spec.start is not None and start is not None:
            if moment.instant(clock) != start.instant(clock):
                self.error("start", "differs from the DTSTART in the rule: give one of them")
            return start
        return moment

    def _simple(self, simple: SimpleLike, start: Stamp | None, clock: ZoneClock) -> Lines:
        month = None
        if start is not None:
            month = clock.to_datetime(start.instant(clock)).month
        rule, errors = read_simple(simple, self.prefix + "simple", month)
        self.errors += errors
        return Lines(rules=[rule] if rule else [])

    def _check_order(self, start: Stamp | None, until: Stamp | None, clock: ZoneClock) -> None:
        if self.spec.start is None or start is None or until is None:
            return
        if until.last_instant(clock) < start.instant(clock):
            self.error("until", "lies before start: then there is no occurrence at all")


@dataclass(frozen=True, slots=True)
class _Read:
    """A spec without mistakes."""

    clock: ZoneClock
    lines: Lines
    cron: Cron | None
    start: Stamp | None
    first: int | None  # the first instant of a rule that is not all-day, where that is not its start
    until: Stamp | None
    count: int | None
    excepted: list[Stamp]


def _build(read: _Read) -> Rule:
    lines, clock, cron, count = read.lines, read.clock, read.cron, read.count
    if cron is not None:
        clock = ZoneClock(clock.zone, cron.policy)
    start_wall = read.start.local_wall(clock) if read.start else None
    start = read.start.instant(clock) if read.start else None
    rules = [completed(rule, start_wall) for rule in lines.rules] if start_wall is not None else []
    all_day = cron is None and (read.start is None or read.start.is_date)
    all_day = all_day and not any(map(_has_time, lines.rules))
    first = start if all_day or read.first is None else read.first
    excluded = _exclusions(read, start_wall, start)
    parts: list[Occurrences]
    if cron is not None:
        parts = [Series(cron.walls(), clock, first, count=count)]
    else:
        parts = [_series(rule, clock, start_wall, first, count) for rule in rules]
        if lines.dates:
            parts.append(Moments(frozenset(_instant(moment, zone, clock) for moment, zone in lines.dates)))
    single = lines.rules[0] if len(lines.rules) == 1 and not lines.dates else None
    ends = [moment.last_instant(clock) for moment in (read.until, single and single.until) if moment]
    counts = [number for number in (count, single and single.count) if number]
    source = Source(
        rrule=rules[0] if single and rules else None,
        cron=cron,
        plain=single is not None and _is_plain(single),
        until=min(ends, default=None),
        count=min(counts, default=None),
        left_out=len(excluded.instants) + len(excluded.days),
    )
    return Rule(
        clock=clock,
        parts=tuple(parts),
        excluded=excluded,
        source=source,
        start=None if start is None else clock.to_datetime(start),
        all_day=all_day,
        notes=tuple(dict.fromkeys(lines.notes)),
        _count=count if len(parts) > 1 else None,
        _until=read.until.last_instant(clock) if read.until else LAST_INSTANT,
    )


def _exclusions(read: _Read, start_wall: int | None, start: int | None) -> Exclusions:
    clock, lines = read.clock, read.lines
    moments = [*((moment, None) for moment in read.excepted), *lines.excluded_dates]
    return Exclusions(
        frozenset(_instant(moment, zone, clock) for moment, zone in moments if not moment.is_date),
        frozenset(moment.wall // DAY for moment, _ in moments if moment.is_date),
        tuple(
            _series(completed(rule, start_wall), clock, start_wall, start, None)
            for rule in lines.excluded_rules
            if start_wall is not None
        ),
    )


def _series(
    rule: RRule, clock: ZoneClock, start_wall: int | None, first: int | None, count: int | None
) -> Occurrences:
    """A completed rule from its first instant on; `start_wall` is what its intervals go from."""
    assert start_wall is not None
    walls = walls_of(rule, start_wall)
    if walls is None:
        return Moments(frozenset())
    counts = [number for number in (rule.count, count) if number is not None]
    until = rule.until.last_instant(clock) if rule.until else None
    return Series(walls, clock, first, until=until, count=min(counts, default=None))


def _instant(moment: Stamp, zone: tzinfo | None, clock: ZoneClock) -> int:
    return moment.instant(ZoneClock(zone) if zone is not None else clock)


def _is_plain(rule: RRule) -> bool:
    """Nothing but an interval and at most one time of day."""
    times = max(len(rule.by_hour), len(rule.by_minute), len(rule.by_second))
    below_a_day = rule.freq >= Freq.HOURLY
    return not (rule.selects_days or rule.by_month or rule.by_set_pos or times > 1 or (below_a_day and times))


def _has_time(rule: RRule) -> bool:
    return rule.freq >= Freq.HOURLY or bool(rule.by_hour or rule.by_minute or rule.by_second)


_ZONE_NAME = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*){0,2}", re.ASCII)


@lru_cache(maxsize=1024)
def _load_zone(name: str) -> tzinfo | str:
    """The zone, or what is wrong with the name."""
    if _ZONE_NAME.fullmatch(name) and name not in ("Factory",):
        try:
            return UTC if name == "UTC" else ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # no such zone; no file can be opened under this name
            pass
    # The list of all names takes 70 ms to import and read: only who mistyped one waits for it.
    from todotasks.api.zones import ZoneError, load_zone  # noqa: PLC0415

    try:
        return load_zone(name)
    except ZoneError as error:
        return str(error)
