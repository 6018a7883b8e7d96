"""The times of a reading: due, interval, duration, recurrence, how far to move, and when to be reminded."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from todotasks.language.lexer.tokens import ORDINAL, Tokens
from todotasks.language.reading.model import (
    Interval,
    Moment,
    Recurrence,
    Reminder,
)
from todotasks.language.recurrence.surroundings import finish
from todotasks.language.slots.fill import CREATES, LISTS, Assembly
from todotasks.language.slots.reminders import Nag, Offset
from todotasks.language.time.arithmetic import make_date
from todotasks.language.time.expression import Duration, When, exact
from todotasks.language.time.numbers import cardinal
from todotasks.language.time.periods import period_around
from todotasks.language.time.resolve import end_counts, interval_of, moment_of
from todotasks.language.time.zones import as_day, aware, spanned
from todotasks.language.words import roles as r
from todotasks.language.words.shared import ABOUT, DETERMINERS, JOINS_DAYS

# Where one of these is said, "for 5 minutes" ends in a moment; elsewhere it is how long something takes.
TIMER_VERBS = frozenset(
    {"timer", "wait", "alarm", "alert", "wake", "countdown", "remind", "reminder", "snooze"}
)


_EARLIER = frozenset({"earlier", "sooner", "früher"})
_RELATIVE = _EARLIER | {"later", "später"}  # said of when it is due
# Behind these stands the time that a task moves from.
_NOT_THERE = frozenset({"of", "from", "than", "not", "statt", "anstatt", "nicht"})


def times(a: Assembly) -> None:
    """The due, the interval, the duration, the recurrence."""
    c = a.c
    whens = _left(a)
    if c.rule is not None and a.rule_counts():
        whens = finish(c.rule, c.s, whens)
        rule = c.rule
        if rule.j > rule.i:
            a.span("recurrence", rule.i, rule.j)
        start = rule.start
        a.values["recurrence"] = Recurrence(
            rrule=rule.rrule(),
            start=start,
            basis="Completion" if rule.completion else "Schedule",
            exceptions=tuple(dict.fromkeys(rule.exceptions)),
        )
        c.remarks.extend(rule.remarks)
        for when in c.whens:
            if when not in whens:
                a.span("recurrence", when.i, when.j)
    _due(a, whens)


def _left(a: Assembly) -> list[When]:
    """The times but those that say which tasks are meant."""
    return [when for when in a.c.whens if when not in a.sources] if a.sources else a.c.whens


def _due(a: Assembly, whens: list[When]) -> None:
    chosen: When | None = None
    lone_time: When | None = None
    if a.action in {"reschedule", "snooze"}:
        whens = _where_to(a, whens)
    alone = len(whens) == 1
    for when in whens:
        if when.mode == "bare" or (
            when.instant == a.c.now
            and when.duration is None
            and when.end is None
            and not (alone and a.action in CREATES | {"none"})
        ):
            continue
        if when.mode == "for" and when.duration is not None:
            _duration(a, when)
            continue
        if chosen is None or (
            when.mode in {"until", "before"}
            and chosen.mode not in {"until", "before"}
            and when.day is not None
        ):
            if (
                when.day is None
                and when.instant is None
                and when.period is None
                and chosen is None
                and lone_time is None
                and len(whens) > 1
            ):
                lone_time = when
                continue
            chosen = when
        elif (
            chosen.clock is None
            and chosen.instant is None
            and when.day is None
            and when.clock is not None
            and chosen.end is None
        ):
            chosen.clock, chosen.zone = when.clock, when.zone
            chosen.part = chosen.part or when.part
            a.span("due", when.i, when.j)
    if chosen is None:
        chosen = lone_time
    elif lone_time is not None and chosen.clock is None and chosen.instant is None:
        chosen.clock, chosen.zone, chosen.part = (
            lone_time.clock,
            lone_time.zone,
            chosen.part or lone_time.part,
        )
        a.span("due", lone_time.i, lone_time.j)
    if chosen is None:
        return
    a.span("due", chosen.i, chosen.j)
    a.values["time_only"] = _only_clock(chosen)
    a.values["all_day"] = chosen.all_day
    _resolve(a, chosen)


def _only_clock(when: When) -> bool:
    """at 3pm: no day was said, and none follows from what was."""
    return (
        when.clock is not None
        and when.day is None
        and when.instant is None
        and when.period is None
        and when.end is None
        and when.duration is None
    )


def _where_to(a: Assembly, whens: list[When]) -> list[When]:
    """Of several times the one the task moves to: the last, outside the words that name the task."""
    dated = [
        when
        for when in whens
        if when.mode not in {"bare", "for"} and (when.instant != a.c.now or when.duration is not None)
    ]
    if len(dated) < 2:
        return whens
    span = a.slots.get("target")
    i, j = a.c.tokens_of(span) if span else (0, 0)
    t = a.c.t
    left = [when for when in dated if not (when.i > 0 and t.words[when.i - 1] in _NOT_THERE)]
    outside = [when for when in left if not i <= when.i < j] or left or dated
    last = outside[-1]
    together = [
        when for when in outside if when is last or (when.i > j and when.day is None) != (last.day is None)
    ]
    return [
        *(when for when in whens if when.mode in {"bare", "for"}),
        *(together if len(together) == 2 else [last]),
    ]


def _duration(a: Assembly, when: When) -> None:
    assert when.duration is not None
    a.span("duration", when.i, when.j)
    if TIMER_VERBS & set(a.c.spoken.words) and "duration" not in a.values:
        moment = when.duration.added_to(a.c.now)
        if moment is not None and when.duration.has_time:
            a.values.setdefault("due", aware(moment, a.zone))
            return
    a.values["duration"] = when.duration.iso()


def _resolve(a: Assembly, when: When) -> None:
    c = a.c
    moved = a.action in {"reschedule", "update"} and when.end is not None
    if moved and when.end is not None and (when.clock is None or c.t.words[when.i] in {"from", "vom", "von"}):
        interval_of(c.s, when)  # what one side lacks it takes from the other
        when = when.end  # "from thursday to friday": where it moves to
        a.values["time_only"] = _only_clock(when)
    clock = when.clock
    if clock is not None and not clock.exact and not when.part and 5 <= clock.hour <= 11:
        if c.language.evening & set(c.words):
            when.part = "evening"
        elif c.language.morning & set(c.words):
            when.part = "morning"
    interval = interval_of(c.s, when)
    due: date | datetime | None
    due = moment_of(c.s, when)
    if (
        when.end is not None
        and interval is not None
        and isinstance(due, datetime) == isinstance(interval[0], datetime)
    ):
        due = interval[0]
    if when.instant == c.now and interval is not None and when.end is not None:
        due = interval[1]  # between now and friday
    if due is None and interval is not None:
        due = interval[0] if interval[0] is not None else interval[1]
    zone = when.zone
    if due is not None:
        a.values["due"] = _aware(a, due, zone)
    if interval is not None:
        start, end = interval
        a.values["interval"] = Interval(
            _aware(a, start, zone) if start is not None else None,
            _aware(a, end, zone) if end is not None else None,
            end_counts(when, end),
        )


def _aware(a: Assembly, moment: Moment, zone: str) -> Moment:
    return aware(moment, a.zone, zone) if isinstance(moment, datetime) else moment


def block(a: Assembly) -> None:
    """A start and a duration make an interval: "tomorrow at 3 for 2 hours"."""
    due, duration = a.values.get("due"), a.values.get("duration")
    said = a.values.get("interval")
    open_ended = said is None or (isinstance(said, Interval) and said.start == due and said.end is None)
    if isinstance(duration, str) and isinstance(due, date) and open_ended:
        end = spanned(due, duration)
        if end is not None:
            a.values["interval"] = Interval(due, end)


def shift(a: Assembly) -> None:
    """How far to move or to snooze, and the due that goes with it."""
    c = a.c
    for when in _left(a):
        span = when.duration
        if span is None:
            continue
        backward = when.instant is not None and when.instant < c.now
        backward = backward or (
            when.day is not None and when.day.date is not None and when.day.date < c.s.today
        )
        if when.mode not in {"bare", "for"} and not (
            backward
            or c.t.words[when.j - 1] in _RELATIVE
            or when.instant
            or a.action == "snooze"
            or "+later" in a.effects
            or "+earlier" in a.effects
        ):
            continue
        before = bool(_EARLIER & set(c.words)) or c.t.words[when.j - 1] in _EARLIER
        sign = -1 if "+earlier" in a.effects or before or (backward and "+later" not in a.effects) else 1
        a.values["shift"] = span.iso(sign)
        a.values.pop("due", None)
        a.values.pop("duration", None)
        a.values.pop("interval", None)
        a.span("shift", when.i, when.j)
        return
    count = a.slots.get("count")
    if count is not None:
        _counted_shift(a, count)


def _counted_shift(a: Assembly, span: tuple[int, int]) -> None:
    """10 more minutes · two more days: the unit stands two words on."""

    c = a.c
    i, j = c.tokens_of(span)
    read = cardinal(c.t, i)
    unit = next(
        (c.t.entries[k].unit for k in range(j, min(j + 3, c.t.count)) if c.t.entries[k].unit[1]), None
    )
    if read and unit:
        a.values["shift"] = Duration([(unit, read[0])]).iso()
        a.values.pop("due", None)


def reminders(a: Assembly) -> None:
    due = a.values.get("due")
    found = [_offset(a, offset, due) for offset in a.c.offsets]
    for when in a.c.told:
        a.span("reminder", when.i, when.j)
        if when.day is None and when.instant is None and isinstance(due, date):
            when.day = exact(as_day(due))
        moment = moment_of(a.c.s, when)
        if isinstance(moment, date) and not isinstance(moment, datetime):
            moment = datetime.combine(moment, a.c.s.parts.all_day)
        if moment is not None:
            found.append(Reminder(at=aware(moment, a.zone, when.zone)))
    if a.action == "remind" and not found and isinstance(due, datetime):
        found.append(Reminder(at=due))
    for when in a.c.again:
        a.span("reminder", when.i, when.j)
        when.day = exact(as_day(due)) if isinstance(due, date) else None
        if isinstance(moment := moment_of(a.c.s, when), datetime):
            found.append(Reminder(at=aware(moment, a.zone, when.zone)))
    if a.c.nag is not None:
        found = _nagging(a, a.c.nag, found)
    if found:
        a.values["reminders"] = tuple(found)


def _nagging(a: Assembly, nag: Nag, found: list[Reminder]) -> list[Reminder]:
    """The last reminder comes again; where there is none, one when it is due, else after the first wait."""
    for i, j in nag.tokens:
        a.span("reminder", i, j)
    due = a.values.get("due")
    if not found and (a.values.get("recurrence") is not None or isinstance(due, date)):
        found = [Reminder(at=due) if isinstance(due, datetime) else Reminder(before="0m")]
    elif not found:
        first = nag.span.added_to(a.c.now)
        if first is None:
            return []
        found = [Reminder(at=aware(first, a.zone))]
    return [*found[:-1], replace(found[-1], repeat_every=nag.span.short(), max_repeats=nag.most)]


def _offset(a: Assembly, offset: Offset, due: object) -> Reminder:
    """So long before; "the evening before" is a moment once the due is known."""
    if offset.part and isinstance(due, date):
        day = as_day(due) - timedelta(days=1)
        return Reminder(at=aware(datetime.combine(day, time(a.c.s.parts.hour(offset.part))), a.zone))
    return Reminder(before=offset.span.short(), of=offset.of or None)


# -- which days a list is asked for --


def asked_days(a: Assembly) -> None:
    """Put what is found into the interval of a list."""
    if a.action in LISTS and not _named_month(a):
        _joined_days(a)


def _named_month(a: Assembly) -> bool:
    """show me *april*: where a month is all that is named, what is due in it."""
    span = a.slots.get("target")
    if span is None or "interval" in a.values or not ABOUT.isdisjoint(a.c.words):
        return False
    t = a.c.t
    i, j = a.c.tokens_of(span)
    while j - i > 1 and (t.words[i] in DETERMINERS or t.words[i] in {"all", "of", "in", "for"}):
        i += 1
    if j - i != 1 or not t.masks[i] & r.MONTH:
        return False
    today, month = a.c.s.today, t.entries[i].month
    first = date(today.year + (month < today.month), month, 1)
    period = period_around(first, "month")
    if period is None:
        return False
    a.action, a.slots = "list", {name: slot for name, slot in a.slots.items() if name != "target"}
    a.values["interval"] = Interval(*period)
    a.span("interval", i, j)
    a.c.used.update(range(i, j))
    return True


def _joined_days(a: Assembly) -> None:
    whens = [when for when in a.c.whens if when.mode != "bare" and when.day is not None and not when.has_time]
    for when in whens:
        start = moment_of(a.c.s, when)
        if not isinstance(start, date) or isinstance(start, datetime):
            continue
        found = _other_day(a, when, whens) or _numbered_day(a.c.t, when, start)
        if found is not None and found[0] > start:
            a.values["interval"] = Interval(start, found[0], True)
            a.span("interval", when.i, found[1])
            a.c.used.update(range(when.i, found[1]))
            return


def _other_day(a: Assembly, one: When, whens: list[When]) -> tuple[date, int] | None:
    """on friday *and saturday*"""
    for other in whens:
        between = range(one.j, other.i)
        if other.i > one.j and all(a.c.t.words[k] in JOINS_DAYS for k in between):
            end = moment_of(a.c.s, other)
            return (end, other.j) if isinstance(end, date) and not isinstance(end, datetime) else None
    return None


def _numbered_day(t: Tokens, one: When, start: date) -> tuple[date, int] | None:
    """the 24th *and 25th*"""
    k = one.j
    while t.words[k] in JOINS_DAYS:
        k += 1
    if k == one.j or t.kinds[k] != ORDINAL:
        return None
    day = make_date(start.year, start.month, t.numbers[k])
    return (day, k + 1) if day is not None else None
