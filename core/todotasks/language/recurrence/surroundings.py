"""What surrounds a recurrence: its start and end, how often, exceptions, and times that stand before it."""

from datetime import date, datetime, timedelta

from todotasks.language.lexer.tokens import NUMBER, ORDINAL, Tokens
from todotasks.language.recurrence.core import core
from todotasks.language.recurrence.places import nth_place, of_months, places, position, scope
from todotasks.language.recurrence.rrule import WORKDAYS, RuleDraft
from todotasks.language.time.arithmetic import add_days
from todotasks.language.time.expression import (
    DAY_OF_MONTH,
    EXACT,
    HOLIDAY,
    MONTH_DAY,
    WEEKDAY,
    Day,
    Scan,
    TimeOfDay,
    When,
)
from todotasks.language.time.find import atom
from todotasks.language.time.numbers import cardinal
from todotasks.language.time.resolve import (
    day_of,
    interval_of,
    moment_of,
    resolve_clock,
    resolve_day,
)
from todotasks.language.words import roles as r

_CORE = (
    r.A
    | r.FEW
    | r.EVERY
    | r.FREQ
    | r.ONCE
    | r.PLURAL_DAY
    | r.PLURAL_PART
    | r.WORKDAY
    | r.WEEKEND
    | r.ORD
    | r.LAST_OF
    | r.END_OF
    | r.START_OF
    | r.MID_OF
    | r.END_OF_DAY
    | r.ALWAYS
)
WEEKEND_REACH = 16  # tokens behind a rule in which the weekend is named
_SHIFTED = (
    r.STOP | r.LATER | r.WEEKDAY | r.WORKDAY | r.BEFORE | r.AFTER | r.NEXT | r.COMING | r.ARTICLE | r.ON
)
MOST_SHIFTED = 28  # every month has this day
MOST_EXCEPTIONS = 31  # days that are left out
_EACH = {MONTH_DAY: "year", HOLIDAY: "year", DAY_OF_MONTH: "month"}
ENDING_REACH = 30  # tokens behind a rule in which its count may stand: its times come first
_LEAD = r.ON | r.AT | r.IN | r.FOR | r.ARTICLE | r.BY | r.FILLER


def find_rule(s: Scan) -> RuleDraft | None:
    """The first recurrence of the message, with its count and exceptions; its tokens are used up.

    A word that only may mean a recurrence ("first", "daily") does not keep a later "every monday" from
    being found.
    """
    t = s.t
    masks, kinds = t.masks, t.kinds
    found: RuleDraft | None = None
    for i in range(t.count):
        mask = masks[i]
        if not (
            mask & _CORE
            or kinds[i] == NUMBER
            or t.numbers[i] > 0
            or mask & (r.WEEKDAY | r.NUM)
            or t.words[i] in t.lexicon.short_days
        ):
            continue
        hourly = mask & r.FREQ and t.entries[i].unit[0] == "seconds"  # weekdays, hourly from 9 to 5
        if found is not None and (i < found.j or not (found.weak or mask & r.EVERY or hourly)):
            continue
        rule = core(s, i)
        if rule is not None and (found is None or not rule.weak):
            if found is not None and _says_again(found, rule):
                found.extra.append((rule.i, rule.j))  # the last day of the month, *every month*
                t.blank(rule.i, rule.j)
                continue
            if found is not None and found.freq == rule.freq and rule.interval == 1 and not rule.months:
                rule.interval = found.interval  # "biweekly planning, mondays"
            if found is not None and not found.weak and found.days and rule.freq in {"HOURLY", "MINUTELY"}:
                rule.days = rule.days or found.days  # on weekdays, every hour
                begin = found.i - 1 if found.i and masks[found.i - 1] & _LEAD else found.i
                rule.extra.append((begin, found.j))
                t.blank(begin, found.j)
            found = rule
            if mask & r.EVERY:
                break
    if found is None:
        return None
    _earlier_place(found, t)
    _earlier_parts(found, t)
    _later_days(found, t)
    _parity(found, t)
    if t.masks[found.j] & r.ALWAYS and found.j > found.i:
        found.extra.append((found.j, found.j + 1))  # am ersten Samstag im Monat *immer*
        t.blank(found.j, found.j + 1)
    _from_done(found, t)
    _weekend_shift(found, t)
    _ending(found, t)
    _exceptions(found, s)
    _unread(found, t)
    while (
        found.i > 0 and found.i < found.j and masks[found.i - 1] & _LEAD and not masks[found.i - 1] & r.UNTIL
    ):
        found.i -= 1
    t.blank(found.i, found.j)
    return found


def _says_again(found: RuleDraft, rule: RuleDraft) -> bool:
    """Does a second phrase only say how often, which the first one has said with its days?"""
    placed = found.month_days or found.nth or found.set_pos or found.days
    bare = not (rule.month_days or rule.nth or rule.set_pos or rule.days or rule.months or rule.times)
    return bool(placed) and bare and found.freq == rule.freq and found.interval == rule.interval


def _earlier_place(rule: RuleDraft, t: Tokens) -> None:
    """on the second-to-last day of the month, *every month*: the day stands before the rule."""
    if rule.freq != "MONTHLY" or rule.month_days or rule.nth or rule.set_pos:
        return
    for k in range(rule.i):
        probe = RuleDraft(k, k)
        end = nth_place(probe, t, k)
        scoped = scope(probe, t, end, any_article=True) if end is not None else None
        if scoped is not None and scoped <= rule.i:
            rule.month_days, rule.nth, rule.set_pos, rule.days = (
                probe.month_days, probe.nth, probe.set_pos, probe.days
            )  # fmt: skip
            begin = k
            while begin and t.masks[begin - 1] & (r.ON | r.ARTICLE):
                begin -= 1
            rule.extra.append((begin, scoped))
            t.blank(begin, scoped)
            return


def _earlier_parts(rule: RuleDraft, t: Tokens) -> None:
    """*morning and evening* every day"""
    k, part = rule.i - 1, r.PART | r.PLURAL_PART
    if rule.part or rule.times or rule.freq not in {"DAILY", "WEEKLY"} or k < 2:
        return
    if t.masks[k] & part and t.masks[k - 1] & r.AND and t.masks[k - 2] & part:
        rule.part, rule.i = t.entries[k - 2].part, k - 2
        rule.parts.append(t.entries[k].part)


def _later_days(rule: RuleDraft, t: Tokens) -> None:
    """biweekly 1:1 with Anna *on wednesdays*: plural days that stand apart from a weekly rule."""
    if rule.freq != "WEEKLY" or rule.days:
        return
    for k in range(rule.j, t.count):
        if t.masks[k] & r.PLURAL_DAY:
            end = places(rule, t, k)
            if end is not None:
                begin = k - 1 if t.masks[k - 1] & r.ON else k
                rule.extra.append((begin, end))
                t.blank(begin, end)
            return


def _parity(rule: RuleDraft, t: Tokens) -> None:
    """mondays *in even weeks*: every second week, from the next one of these on."""
    k = next((k for k in range(t.count) if t.masks[k] & r.PARITY), None)
    if k is None or rule.freq != "WEEKLY" or rule.interval > 1 or not rule.days:
        return
    rule.parity, rule.interval = t.entries[k].step, 2
    rule.remarks.append("where a year has 53 weeks, the weeks after it are the other ones")
    t.blank(k, k + 1)
    rule.extra.append((k, k + 1))


def _from_done(rule: RuleDraft, t: Tokens) -> None:
    """alle 3 Tage gießen, *nachdem ich es gemacht habe*: said apart from the rule."""
    for k in range(rule.j, t.count):
        if t.masks[k] & r.COMPLETION and rule.j > rule.i:
            rule.completion = True
            t.blank(k, k + 1)
            rule.extra.append((k, k + 1))
            return


def _weekend_shift(rule: RuleDraft, t: Tokens) -> None:
    """on the 15th, *or the next weekday if that is a weekend*: the first working day from it on."""
    reach = range(rule.j, min(t.count, rule.j + WEEKEND_REACH))
    end = next((k + 1 for k in reach if t.masks[k] & r.WEEKEND), 0)
    if not end or len(rule.month_days) != 1 or not any(t.masks[k] & r.IF for k in range(rule.j, end)):
        return
    while end < t.count and end in reach and (t.masks[end] & _SHIFTED or _then(t, end)):
        end += 1  # if it is a weekend *then on the monday after*
    begin = next(k for k in range(rule.j, end) if t.masks[k] & (r.IF | r.OR) or t.words[k] == ",")
    said, day = range(begin, end), rule.month_days[0]
    if any(t.masks[k] & (r.BEFORE | r.LAST) or _is_friday(t, k) for k in said):
        days, which = ([-3, -2, -1], -1) if day == -1 else ([day - 2, day - 1, day], -1)
    else:
        days, which = [day, day + 1, day + 2], 1
    if 0 in days or max(days) > MOST_SHIFTED:
        rule.remarks.append(f'"{t.slice_text(begin, end)}" is not kept: it may fall into another month')
    else:
        rule.month_days, rule.days, rule.set_pos = days, list(WORKDAYS), [which]
    t.blank(begin, end)
    rule.extra.append((begin, end))


def _then(t: Tokens, k: int) -> bool:
    """if it is a weekend*, then monday*: does the comma at `k` go on with what happens?"""
    behind = range(k + 1, min(k + 4, t.count))
    return t.words[k] == "," and any(t.masks[n] & (r.WEEKDAY | r.WORKDAY | r.BEFORE) for n in behind)


def _is_friday(t: Tokens, k: int) -> bool:
    return bool(t.masks[k] & r.WEEKDAY) and t.entries[k].weekday == WORKDAYS[-1]


def _ending(rule: RuleDraft, t: Tokens) -> None:
    """for 20 times · 10 times · x 5"""
    for k in range(rule.j, min(t.count, rule.j + ENDING_REACH)):
        begin = k
        if t.masks[k] & r.FOR:
            k += 1  # noqa: PLW2901 - the number follows
        read = cardinal(t, k) if t.kinds[k] == NUMBER or t.masks[k] & r.NUM else None
        if t.masks[k] & r.ONCE and t.entries[k].step > 1 and not t.masks[k + 1] & r.PER:
            rule.count = t.entries[k].step  # every 2 hours twice
            t.blank(begin, k + 1)
            rule.extra.append((begin, k + 1))
            return
        glued = read is not None and not t.gaps[read[1]]  # 3x
        if (
            read
            and 1 <= read[0] <= 1000
            and t.masks[read[1]] & r.TIMES
            and (len(t.words[read[1]]) > 1 or glued)
        ):
            rule.count = int(read[0])
            t.blank(begin, read[1] + 1)
            rule.extra.append((begin, read[1] + 1))
            return


def _unread(rule: RuleDraft, t: Tokens) -> None:
    """every month, *the first of these* …: what counts days behind a rule but is no part of it."""
    k = rule.j + 1 if t.words[rule.j] == "," else rule.j
    k += 1 if t.masks[k] & r.ON else 0
    unread = None
    if t.masks[k] & r.ARTICLE and (which := position(t, k + 1)):
        unread = k, which[1]
    else:  # at minute 5, in hours 9–17, in week 20
        k += 1 if t.masks[k] & (r.AT | r.IN) else 0
        if t.masks[k] & r.UNIT and t.kinds[k + 1] == NUMBER:
            unread = k, k + 2
    if unread:
        rule.remarks.append(f'"{t.slice_text(*unread)}" is not read as part of the repetition')


def _exceptions(rule: RuleDraft, s: Scan) -> None:
    """except holidays · except fridays · but not on monday · except 2026-03-09"""
    t = s.t
    for k in range(rule.j, t.count):
        if not t.masks[k] & r.EXCEPT:
            continue
        j = k + 1
        while t.masks[j] & (r.ON | r.ARTICLE | r.EVERY):
            j += 1
        if t.masks[j] & r.HOLIDAYS:
            rule.remarks.append("holidays are not known here: the rule also fires on them")
            t.blank(k, j + 1)
            rule.extra.append((k, j + 1))
            return
        if said := _moment_left_out(rule, s, k):
            rule.remarks.append(
                f'the rule also fires "{t.slice_text(k + 1, said)}": only whole days can be left out'
            )
            t.blank(k, said)
            rule.extra.append((k, said))
            return
        if end := _months_left_out(rule, t, j):
            t.blank(k, end)
            rule.extra.append((k, end))
            return
        probe = RuleDraft(j, j)
        days = t.masks[j] & (r.WEEKDAY | r.PLURAL_DAY | r.WEEKEND) and not _dated_weekday(s, j)
        end = places(probe, t, j) if days else _left_out(rule, s, k + 1)
        rule.excluded = probe.days
        if end and (probe.days or not days):
            t.blank(k, end)
            rule.extra.append((k, end))
        return


_OF_DAYS = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
MONTHS, SUNDAY = range(1, 13), 6


def _months_left_out(rule: RuleDraft, t: Tokens, j: int) -> int | None:
    """except *(in) February and March*: the months that are left, and where they end that are not."""
    probe = RuleDraft(j, j)
    j += bool(t.masks[j] & r.IN)
    end = of_months(probe, t, j)
    dated = t.kinds[end] in {NUMBER, ORDINAL}  # except March 9
    if end == j or dated or rule.months or rule.freq == "YEARLY" or len(probe.months) >= len(MONTHS):
        return None
    rule.months = [month for month in MONTHS if month not in probe.months]
    return end


def _moment_left_out(rule: RuleDraft, s: Scan, k: int) -> int | None:
    """except *daily at 12am*, *tomorrow at 8am and on Jan 7th at 4pm*: where it ends, if hours are left out
    of a rule that has hours, or what repeats itself.
    """
    t, j = s.t, k + 1
    while t.masks[j] & (r.ON | r.ARTICLE):
        j += 1
    other = core(s, j) if t.masks[j] & (r.EVERY | r.FREQ) else None
    if other is not None and (other.times or other.months or other.freq != "WEEKLY"):
        return other.j
    if rule.freq not in {"HOURLY", "MINUTELY", "SECONDLY"}:
        return None
    end, timed = None, False
    for _ in range(MOST_EXCEPTIONS):
        when = atom(s, j)
        if when is None:
            break
        timed, end, j = timed or when.clock is not None, when.j, when.j
        while t.masks[j] & (r.AND | r.AT | r.ON) or (t.words[j] == "," and j < t.count):
            j += 1
    return end if timed else None


def _dated_weekday(s: Scan, j: int) -> bool:
    """monday *9 march*: one day, not all Mondays"""
    k = j + 2 if s.t.words[j + 1] == "," else j + 1
    behind = atom(s, k) if s.t.masks[j] & r.WEEKDAY else None
    return behind is not None and behind.day is not None and behind.day.kind in {MONTH_DAY, EXACT}


def _left_out(rule: RuleDraft, s: Scan, j: int) -> int | None:
    """2026-03-09 and 2026-03-10 · on christmas day · 9 to 13 march: where the days end that are left out."""
    t = s.t
    end = None
    for _ in range(MOST_EXCEPTIONS):
        while t.masks[j] & (r.ON | r.IN | r.FROM) or _dated_weekday(s, j) or (end and t.words[j] == ","):
            j += 1
        when = atom(s, j)
        if when is None or (when.day is None and when.period is None):
            return end
        until = atom(s, when.j + 1) if when.day is not None and t.masks[when.j] & r.TO else when.end
        end = when.j if until is None else max(when.j, until.j)
        days = _days(s, when, until, apart=any(t.masks[k] & r.AND for k in range(j, end)))
        if days:
            rule.exceptions += days
            _only(rule, when, days)
        else:
            rule.remarks.append(
                f'the rule also fires "{t.slice_text(j, end)}": only some days can be left out'
            )
        j = end + 1 if t.words[end] == "," else end
        j += 1 if t.masks[j] & r.AND or t.words[j] in {"or", "oder"} else 0
        if j == end:
            return end
    return end


def _days(s: Scan, when: When, until: When | None, *, apart: bool) -> list[date]:
    """The days from one to the other; `apart`: only these two. None where they are no days, or too many."""
    first = resolve_day(s, when.day, None) if when.day is not None else None
    if first is None or until is None:
        return [first] if first is not None else []
    last = resolve_day(s, until.day, None) if until.day is not None else None
    if last is None:
        return []
    if apart:
        return [first, last]
    count = (last - first).days + 1
    return [first + timedelta(days=k) for k in range(count)] if 0 < count <= MOST_EXCEPTIONS else []


def _only(rule: RuleDraft, when: When, days: list[date]) -> None:
    """25 December is said of every year, and only one can be left out."""
    each = _EACH.get(when.day.kind, "") if when.day is not None and not when.day.year else ""
    if each and not (rule.until or rule.count):
        said = " to ".join(day.isoformat() for day in dict.fromkeys((days[0], days[-1])))
        rule.remarks.append(f"only {said} is left out, not every {each}")


def finish(rule: RuleDraft, s: Scan, whens: list[When]) -> list[When]:
    """Put the time expressions beside a recurrence in their place; the others are returned."""
    rest = []
    placed = bool(rule.month_days or rule.nth or rule.days or rule.set_pos)
    for when in whens:
        if not _absorb(rule, s, when, placed):
            rest.append(when)
    part = rule.part
    if not rule.times and part:
        rule.times.extend(TimeOfDay(s.parts.habit_hour(each)) for each in (part, *rule.parts))
    settled = []
    for clock in rule.times:
        moment = resolve_clock(s, clock, part, s.today + timedelta(days=1))
        settled.append(TimeOfDay(moment.hour, moment.minute) if moment else clock)
    rule.times = settled
    if rule.parity is not None:
        coming = (timedelta(days=n) + (rule.start or s.today) for n in range(14))
        fits = (day for day in coming if day.weekday() in rule.days)
        rule.start = next(day for day in fits if day.isocalendar().week % 2 == rule.parity)
    if rule.start and rule.freq == "WEEKLY" and rule.interval > 1 and rule.days:
        begins = rule.start.weekday()
        ahead = min((day - begins) % 7 for day in rule.days)
        if begins + ahead > SUNDAY:  # every other Tuesday from May: weeks are counted from its first one
            rule.start = add_days(rule.start, ahead) or rule.start
    return rest


def _absorb(rule: RuleDraft, s: Scan, when: When, placed: bool) -> bool:
    t = s.t
    if when.mode in {"for", "bare"} and when.duration is not None:
        if when.mode == "bare" or rule.count or rule.until or when.duration.has_time:
            return False
        start = rule.start or s.today
        end = when.duration.added_to(datetime.combine(start, datetime.min.time()))
        rule.until = add_days(end.date(), -1) if end else None
        return True
    if when.grain == "days" and when.duration is not None and when.period is not None and not rule.until:
        rule.until = when.period_point  # for the next 5 days
        return True
    words = range(when.i, min(when.i + 3, when.j))
    ends = any(t.masks[k] & r.UNTIL for k in words) and when.mode in {"until", "before"}
    starts = any(t.masks[k] & r.STARTING for k in words) and not ends
    if when.end is not None:
        span = interval_of(s, when)
        if (
            span
            and isinstance(span[0], date)
            and not isinstance(span[0], datetime)
            and isinstance(span[1], date)
        ):
            rule.start, rule.until = span[0], span[1]
            if when.grain == "month" and rule.start < s.today.replace(day=1):
                rule.start = rule.start.replace(year=rule.start.year + 1)  # from november on: the next one
            if when.end.grain == "month" and when.end.period:
                rule.until = add_days(when.end.period[1], -1)
            return True
        if when.clock is not None:
            rule.times = rule.times or [when.clock]
            return True
        return False
    if ends and when.clock is not None and not (when.has_day or when.period) and rule.freq in _OF_DAYS:
        rule.times = rule.times or [when.clock]  # jeden Freitag bis 15 Uhr: each time by then
        return True
    if ends:
        point = day_of(s, when)
        if when.period is not None and when.grain in {"month", "year"} and not when.edge:
            point = add_days(when.period[1], -1)
        if when.clock is not None:
            rule.remarks.append("a repetition ends with a day: the time of its end is left out")
        named = any(t.masks[k] & (r.NEXT | r.COMING) for k in range(when.i, when.j))
        if when.period is not None and named and when.grain in {"month", "year"} and not when.edge:
            point = when.period[0]  # until next month: until it begins
        if when.day is None and when.clock is not None and rule.freq in {"HOURLY", "MINUTELY"}:
            point = s.today  # every 10 minutes until 7pm: never for ever
        rule.until = point
        return True
    if when.day is None and when.period is None and when.instant is None:
        if when.clock is not None and rule.freq == "HOURLY" and not rule.times and _from_hour(rule, t, when):
            return True
        if rule.spread and when.clock is not None:
            rule.times, rule.spread, rule.remarks = [], False, []  # twice daily, *7am* and 7pm
        if when.clock is not None and len(rule.times) < 12:
            rule.times.append(when.clock)
        rule.part = rule.part or when.part
        return True
    return _absorb_day(rule, s, when, starts, placed)


def _from_hour(rule: RuleDraft, t: Tokens, when: When) -> bool:
    """every 4 hours *from 10pm*: the hours of each day that are a multiple away from it."""
    starts = any(t.masks[k] & (r.STARTING | r.FROM | r.SINCE) for k in range(when.i, when.j))
    clock = when.clock
    if not starts or clock is None or when.end is not None or 24 % rule.interval or rule.interval == 1:
        return False
    hours = sorted((clock.hour + step) % 24 for step in range(0, 24, rule.interval))
    rule.freq, rule.interval = "DAILY", 1
    rule.times = [TimeOfDay(hour, clock.minute, 0, True) for hour in hours]
    return True


def _absorb_day(rule: RuleDraft, s: Scan, when: When, starts: bool, placed: bool) -> bool:
    if when.clock is not None and not rule.times:
        rule.times.append(when.clock)
    rule.part = rule.part or when.part
    day = when.day
    if day is not None and not starts and not placed:
        if day.kind == WEEKDAY and rule.freq == "WEEKLY" and day.step is None:
            rule.days.append(day.weekday)
            return True
        if day.kind == DAY_OF_MONTH and day.weekday < 0 and rule.freq == "MONTHLY":
            rule.month_days.append(day.day)
            return True
        if day.kind == MONTH_DAY and rule.freq == "YEARLY" and not rule.months:
            rule.months.append(day.month)
            rule.month_days.append(day.day)
            return True
    if (
        day is not None
        and day.kind == MONTH_DAY
        and rule.month_days == [day.day]
        and rule.months == [day.month]
    ):
        return True
    if not starts and _another_day(rule, s, when):
        return True
    if day is not None and day.kind == HOLIDAY and rule.freq == "YEARLY" and not starts:
        return _absorb_holiday(rule, s, day)
    within = (
        when.period is not None and when.grain in {"week", "month", "weekend", "season"} and not when.edge
    )
    if within and not starts and when.period and when.clock is None and not rule.until:
        rule.start = max(when.period[0], s.today)  # every day next week
        rule.until = add_days(when.period[1], -1)
        return True
    if placed and not starts:
        rule.remarks.append(f'"{s.t.slice_text(when.i, when.j)}" is read as when it starts')
    if when.instant is not None:
        moment = moment_of(s, when)
        if isinstance(moment, datetime):
            rule.start = moment.date()
            return True
    if starts and when.period is not None and when.grain == "week":
        rule.start = max(when.period[0], s.today)  # from next week: from its first day
        return True
    rule.start = (resolve_day(s, day, when.clock) if day is not None else when.period_point) or rule.start
    return True


def _another_day(rule: RuleDraft, s: Scan, when: When) -> bool:
    """every monday 7.30 *and thursday 7.30*: one more day of the same rule."""
    day, joined = when.day, when.i and s.t.masks[when.i - 1] & r.AND
    if day is None or not joined or day.kind != WEEKDAY or day.step is not None or rule.freq != "WEEKLY":
        return False
    if not rule.days or rule.nth or rule.set_pos or when.end is not None:
        return False
    first = rule.times[0] if rule.times else None
    clock = when.clock
    if clock is not None and (first is None or (clock.hour, clock.minute) != (first.hour, first.minute)):
        return False
    rule.days.append(day.weekday)
    return True


def _absorb_holiday(rule: RuleDraft, s: Scan, day: Day) -> bool:
    """every year at christmas: a date of its own, unless the day moves from year to year."""
    first = resolve_day(s, day, None)
    if first is None:
        return False
    later = Day(HOLIDAY)
    later.name, later.year = day.name, first.year + 1
    second = resolve_day(s, later, None)
    if second is not None and (second.month, second.day) == (first.month, first.day):
        rule.months.append(first.month)
        rule.month_days.append(first.day)
    else:
        rule.start = first
        rule.remarks.append("this day moves from year to year: the rule keeps the date of the first one")
    return True
