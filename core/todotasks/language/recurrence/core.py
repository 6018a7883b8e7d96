"""Recurrence phrases: every other tuesday · weekdays at 9 · the 2nd tuesday of the month · every 3 days
after completion.

    every + what ─┐
    daily, weekly ├─▶ core RuleDraft ─ places (on the 4th, on mon and wed) ─ times ─ `finish`: start, end …
    mondays       │
    nth of every ─┘

The core is found here; what surrounds it as ordinary time expressions (a start, an end, a time before it)
is put in by `recur_finish`.
"""

from todotasks.language.lexer.tokens import (
    NUMBER,
    ORDINAL,
    SIGN,
    Tokens,
)
from todotasks.language.recurrence.places import (
    DAY_UNIT,
    nth_place,
    of_months,
    places,
    scope,
    times,
)
from todotasks.language.recurrence.rrule import WORKDAYS, RuleDraft
from todotasks.language.time.clock import clock_at
from todotasks.language.time.expression import Scan, TimeOfDay
from todotasks.language.time.numbers import (
    amount,
    cardinal,
    ordinal,
    unit_at,
)
from todotasks.language.time.relative_days import title_goes_on
from todotasks.language.words import roles as r


def core(s: Scan, i: int) -> RuleDraft | None:
    """The recurrence that begins at token `i`, up to its times."""
    t = s.t
    mask = t.masks[i]
    rule: RuleDraft | None = None
    if mask & r.EVERY:
        rule = _every(s, i)
    elif t.kinds[i] == NUMBER or mask & (r.NUM | r.A | r.FEW):
        rule = (
            _after_done(s, i)
            or (_once(s, i) if t.masks[i + 1] & r.TIMES else None)
            or (_nth_of_every(s, i) if t.kinds[i] == NUMBER else None)
        )
    elif mask & r.WEEKDAY and t.masks[i + 1] & r.TO and t.masks[i + 2] & r.WEEKDAY:
        rule = _workdays(s, i)
    elif mask & r.FREQ:
        rule = _adverb(s, i)
    elif mask & r.ONCE or (t.masks[i + 1] & r.TIMES and (mask & r.NUM or t.kinds[i] == NUMBER)):
        rule = _once(s, i)
    elif (
        mask & (r.PLURAL_DAY | r.PLURAL_PART)
        or (mask & r.WEEKDAY and t.masks[i + 1] & r.PLURAL_PART)
        or (
            mask & (r.WORKDAY | r.WEEKEND)
            and t.words[i][-1] in "sn"
            and len(t.words[i]) > 6
            and not _modified(t, i)
        )
    ):
        rule = _plural(s, i)
    elif mask & (r.ORD | r.LAST_OF | r.ARTICLE) or t.kinds[i] in {ORDINAL, NUMBER}:
        rule = _nth_of_every(s, i)
    if rule is None:
        return None
    rule.j = _after_core(rule, s, rule.j)
    return rule


def _modified(t: Tokens, i: int) -> bool:
    return i > 0 and (
        bool(t.masks[i - 1] & (r.THIS | r.NEXT | r.LAST | r.NUM | r.FEW | r.ORD)) or t.kinds[i - 1] == NUMBER
    )


def _every(s: Scan, i: int) -> RuleDraft | None:
    t = s.t
    rule = RuleDraft(i, i + 1)
    j = i + 1
    if t.words[i] == "all" and not t.masks[j] & (r.WEEKEND | r.PLURAL_DAY | r.WORKDAY):
        return None
    if t.words[j] == "!" and not t.gaps[j]:
        rule.completion = True
        j += 1
    if t.masks[j] & r.EVERY:  # each and every
        j += 1
    step = 1.0
    if t.masks[j] & r.OTHER and t.kinds[j] != ORDINAL and (not t.masks[j] & r.ORD or _other_by_ordinal(t, j)):
        step, j = 2.0, j + 1
    else:
        counted = _counted_unit(rule, t, j)
        if counted:
            rule.j = counted
            return rule
        nth = ordinal(t, j)
        if nth and t.masks[nth[1]] & r.UNIT and unit_at(t, nth[1]) and not _day_of_something(t, nth[1]):
            step, j = float(nth[0]), nth[1]  # every third week
    mask = t.masks[j]
    counts = mask & r.ORD and t.masks[j + 1] & (r.WEEKDAY | r.PLURAL_DAY)  # the second tuesday, no seconds
    if (
        mask & r.UNIT
        and len(t.words[j]) > 1
        and not counts
        and not mask & (r.WEEKDAY | r.WORKDAY | r.WEEKEND | r.PART)
    ):
        if not rule.unit(t.entries[j].unit, step):
            return None
        rule.j = j + 1
        if t.words[j].startswith("night"):
            rule.part = "night"
        return rule
    rule.interval = int(step)
    if mask & r.PART:
        rule.freq, rule.part, rule.j = "DAILY", t.entries[j].part, j + 1
        return rule
    if mask & r.NUM and t.kinds[j] != NUMBER and not ordinal(t, j):
        return None
    if (
        t.kinds[j] == NUMBER
        and 1 <= t.numbers[j] <= 31
        and len(t.words[j]) <= 2
        and not t.lexicon.tables.ordinal_dot
    ):
        n = j + 1
        if (t.masks[n] & r.MONTH or title_goes_on(t, n) or t.words[n] in {":", "/"}) and not t.masks[
            n
        ] & r.MONTH:
            return None
        rule.month_days.append(t.numbers[j])
        rule.j = n
        if t.masks[n] & r.MONTH:
            rule.months.append(t.entries[n].month)
            rule.j = n + 1
        return rule
    end = places(rule, t, j)
    if end is None:
        return None
    scoped = scope(rule, t, end, any_article=True)
    rule.j = scoped or end
    if rule.days and not (rule.nth or rule.set_pos or rule.month_days):
        rule.freq = "WEEKLY"
    return rule


def _other_by_ordinal(t: Tokens, j: int) -> bool:
    """Is "second" in "every second tuesday" every other one? Not where "of the month" follows the day."""
    if t.masks[j + 1] & r.UNIT:
        return False  # every second week: the ordinal says it
    probe = RuleDraft(j, j)
    return t.lexicon.tables.second_is_other and scope(probe, t, j + 2, any_article=True) is None


def _day_of_something(t: Tokens, j: int) -> bool:
    """every 3rd day *of the month*"""
    return (bool(t.masks[j + 1] & r.OF) and bool(t.masks[j + 2] & (r.ARTICLE | r.EVERY | r.UNIT))) or bool(
        t.masks[j + 1] & r.OF and t.lexicon.tables.ordinal_dot
    )


def _counted_unit(rule: RuleDraft, t: Tokens, j: int) -> int | None:
    """every *3 days* · every *two weeks* · every *half hour* · every *few days*"""
    read = amount(t, j)
    if read is None:
        return None
    value, k, vague = read
    if t.words[k] == "-" and not t.gaps[k]:
        k += 1
    if t.masks[k] & r.WEEKDAY and value > 1 and not t.masks[j] & r.A:
        return None
    if not unit_at(t, k) or not rule.unit(t.entries[k].unit, value):
        return None
    if vague:
        rule.remarks.append(f'"{t.slice_text(j, k + 1)}" is read as every {int(value)}')
    return k + 1


def _adverb(s: Scan, i: int) -> RuleDraft | None:
    """daily · weekly · quarterly. Before a noun it counts only where nothing else precedes the noun ("a
    weekly call").
    """
    t = s.t
    adjective = title_goes_on(t, i + 1)
    if (
        adjective
        and i > 0
        and not t.masks[i - 1] & (r.A | r.ON | r.MERIDIEM | r.WEEKDAY)
        and t.kinds[i - 1] not in {SIGN, NUMBER}
    ):
        return None
    rule = RuleDraft(i, i + 1)
    entry = t.entries[i]
    if entry.unit[0] == "semiweeks":
        rule.freq, rule.days = "WEEKLY", [0, 3]
        rule.remarks.append("twice a week is read as Mondays and Thursdays")
    else:
        rule.unit(entry.unit, entry.number)
    if t.words[i] == "nightly":
        rule.part = "night"
    if adjective:
        rule.i = rule.j = i + 1  # the word stays in the title
        rule.weak = True
    return rule


def _after_done(s: Scan, i: int) -> RuleDraft | None:
    """3 months after completion, without "every"."""
    read = amount(s.t, i)
    if read is None or not unit_at(s.t, read[1]) or not s.t.masks[read[1] + 1] & r.COMPLETION:
        return None
    rule = RuleDraft(i, read[1] + 2)
    rule.completion = True
    return rule if rule.unit(s.t.entries[read[1]].unit, read[0]) else None


_SPREAD_HOURS = {2: (9, 18), 3: (8, 13, 19), 4: (8, 12, 16, 20)}
_SPREAD_DAYS = {2: [0, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4], 5: [0, 1, 2, 3, 4]}


def _once(s: Scan, i: int) -> RuleDraft | None:
    """once a week · twice a year · 3 times a day"""
    t = s.t
    j = i + 1
    if t.masks[i] & r.ONCE:
        times_of = t.entries[i].step
    else:
        read = cardinal(t, i)
        if read is None:
            return None
        times_of, j = int(read[0]), read[1] + 1
    if not t.masks[j] & r.PER:
        return None
    every = bool(t.masks[j] & r.EVERY)
    step = 1.0
    k = j + 1
    if every and (read_amount := amount(t, k)):
        step, k = read_amount[0], read_amount[1]
    if not t.masks[k] & r.UNIT or len(t.words[k]) < 2:
        return None
    rule = RuleDraft(i, k + 1)
    unit = t.entries[k].unit
    if times_of == 1:
        return rule if rule.unit(unit, step) else None
    if unit[0] == "months" and unit[1] * step % times_of == 0:
        rule.unit(unit, step / times_of)
    elif unit == ("months", 1) and times_of == 2:
        rule.freq, rule.month_days = "MONTHLY", [1, 15]
    elif unit == ("days", 7) and times_of in _SPREAD_DAYS:
        rule.freq, rule.days = "WEEKLY", list(_SPREAD_DAYS[times_of])
    elif unit == DAY_UNIT and times_of in _SPREAD_HOURS:
        rule.freq, rule.times = "DAILY", [TimeOfDay(hour) for hour in _SPREAD_HOURS[times_of]]
    else:
        rule.unit(unit, step)
        rule.remarks.append(f"a rule cannot say {times_of} times in that span; it is read as once")
        return rule
    rule.remarks.append("the exact days or hours were not said; they are spread evenly")
    return rule


def _workdays(s: Scan, i: int) -> RuleDraft | None:
    """mon-fri 9:30: the working week at a time of day repeats; without a time it is a stretch of days."""
    t = s.t
    first, last = t.entries[i].weekday, t.entries[i + 2].weekday
    k = i + 4 if t.masks[i + 3] & r.AT else i + 3
    if (first, last) != (WORKDAYS[0], WORKDAYS[-1]) or clock_at(s, k) is None:
        return None
    rule = RuleDraft(i, i + 3)
    rule.freq, rule.days = "WEEKLY", list(WORKDAYS)
    return rule


def _plural(s: Scan, i: int) -> RuleDraft | None:
    """mondays · tuesdays and thursdays · tuesday afternoons · mornings · weekdays · weekends"""
    t = s.t
    minutes = i > 1 and t.words[i - 2] == ":" and not t.gaps[i - 1]  # at 18:30 mondays
    if i > 0 and (t.masks[i - 1] & (r.NUM | r.FEW) or t.kinds[i - 1] == NUMBER) and not minutes:
        return None
    rule = RuleDraft(i, i + 1)
    if t.masks[i] & r.PLURAL_PART:
        if i == 0 and title_goes_on(t, 1):
            return None
        rule.freq, rule.part = "DAILY", t.entries[i].part
        return rule
    end = places(rule, t, i)
    if end is None:
        return None
    rule.freq = "WEEKLY"
    rule.j = end
    return rule


def _nth_of_every(s: Scan, i: int) -> RuleDraft | None:
    """the 2nd tuesday of the month · 19th of every month · last weekday of the quarter · 15th and last day
    of each month
    """
    t = s.t
    if t.kinds[i] == NUMBER and not t.lexicon.tables.ordinal_dot:
        return None
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    if not (t.masks[k] & (r.ORD | r.LAST_OF) or t.kinds[k] == ORDINAL or t.kinds[k] == NUMBER):
        return None
    if i > 0 and t.masks[i - 1] & r.BY and not t.masks[i - 1] & r.ON:
        return None  # by the last friday of the month: a deadline
    rule = RuleDraft(i, i)
    end = nth_place(rule, t, k)
    if end is None:
        return None
    by_weekday = bool(rule.nth or rule.set_pos)
    scoped = scope(rule, t, end, any_article=by_weekday)
    if scoped is None:
        if len(set(rule.months)) < 2:
            return None
        scoped = end  # on the 1st of april and october: dates of more than one month repeat
    rule.j = scoped
    rule.freq = "MONTHLY"
    return rule


def _after_core(rule: RuleDraft, s: Scan, j: int) -> int:
    """Places, parts of the day, times and "after completion" that follow the core."""
    t = s.t
    end = j
    for _ in range(6):
        start = end
        if t.masks[end] & r.COMPLETION:
            rule.completion = True
            end += 1
        if not rule.part and t.masks[end] & (r.PART | r.PLURAL_PART):
            rule.part, end = t.entries[end].part, end + 1
        elif (
            not rule.part
            and t.masks[end] & (r.IN | r.AT | r.ON)
            and t.masks[end + 1] & (r.PART | r.PLURAL_PART)
        ):
            rule.part, end = t.entries[end + 1].part, end + 2
        elif (
            not rule.part
            and t.masks[end] & r.IN
            and t.masks[end + 1] & r.ARTICLE
            and t.masks[end + 2] & r.PART
        ):
            rule.part, end = t.entries[end + 2].part, end + 3
        if rule.part and t.masks[end] & r.AND and t.masks[end + 1] & (r.PART | r.PLURAL_PART):
            rule.parts.append(t.entries[end + 1].part)
            end += 2
        if not rule.times:
            end = times(rule, s, end)
        end = _more_places(rule, t, end)
        if end == start:
            break
    return end


def _more_places(rule: RuleDraft, t: Tokens, j: int) -> int:
    """every week *on sunday* · every month *on the 4th* · every year *on the 1st friday* · *in april* · gym
    mon every week
    """
    k = j + 1 if t.words[j] == "," else j
    if t.masks[k] & r.IN and t.masks[k + 1] & r.MONTH and not rule.months:
        return of_months(rule, t, k)  # every monday in june, july and august
    said = t.masks[k] & (r.ON | r.IN | r.OF) or (k > j and t.masks[k] & r.WEEKDAY)
    placed = t.masks[k] & r.STARTING or rule.month_days or rule.nth or (rule.days and rule.freq != "DAILY")
    if placed and (rule.freq != "WEEKLY" or rule.days):
        unscoped = (rule.nth or rule.set_pos) and not rule.scope
        return (scope(rule, t, j, any_article=True) if unscoped else None) or j
    bare = t.masks[k] & r.PLURAL_DAY or (t.masks[k] & r.WEEKDAY and not title_goes_on(t, k + 1))
    if not said and not (bare and rule.freq == "WEEKLY"):
        return j
    n = k + 1 if t.masks[k] & (r.ON | r.IN | r.OF) else k
    if t.masks[n] & r.A and t.masks[n + 1] & r.WEEKDAY:
        n += 1  # on a monday
    if rule.freq == "WEEKLY" and t.masks[n] & r.EVERY:
        n += 1  # every 2 weeks on every weekday
        if t.masks[n] & r.UNIT and t.entries[n].unit == DAY_UNIT:
            rule.days = list(range(7))
            return n + 1
    if t.masks[n] & r.ARTICLE and t.masks[n + 1] & r.UNIT and not t.masks[n + 1] & r.ORD:
        return j
    probe = RuleDraft(n, n)
    probe.freq = rule.freq
    end = places(probe, t, n)
    if end is None or not _fits(rule, probe):
        return j
    rule.days.extend(probe.days)
    rule.nth.extend(probe.nth)
    rule.month_days.extend(probe.month_days)
    rule.months.extend(probe.months)
    rule.set_pos.extend(probe.set_pos)
    if rule.freq == "YEARLY" and not rule.months and (rule.nth or rule.month_days):
        rule.scope = "year"
    scoped = scope(rule, t, end, any_article=True)
    return scoped or end


def _fits(rule: RuleDraft, probe: RuleDraft) -> bool:
    """Does the place belong to this rule? A monthly rule has no weekday without a number; a daily one has
    none.
    """
    if probe.days and not probe.set_pos:
        return rule.freq in {"WEEKLY"} and not rule.days
    if probe.months and not probe.month_days and not probe.nth:
        return rule.freq in {"YEARLY", "MONTHLY", "WEEKLY", "DAILY"}
    return rule.freq in {"MONTHLY", "YEARLY"}
