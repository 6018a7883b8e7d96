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
    WORD,
    Tokens,
)
from todotasks.language.recurrence.following import after_core
from todotasks.language.recurrence.places import (
    DAY_UNIT,
    between_items,
    more_places,
    nth_place,
    places,
    scope,
)
from todotasks.language.recurrence.rrule import RuleDraft
from todotasks.language.time.clock import clock_at, time_range
from todotasks.language.time.expression import Scan, TimeOfDay
from todotasks.language.time.numbers import (
    amount,
    cardinal,
    ordinal,
    unit_at,
)
from todotasks.language.time.relative_days import title_goes_on
from todotasks.language.words import roles as r
from todotasks.language.words.calendar_schema import Unit


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
    elif mask & r.WEEKDAY or t.words[i] in t.lexicon.short_days:
        rule = _weekdays(s, i)
        if rule is None and mask & r.WEEKDAY and t.masks[i + 1] & r.PLURAL_PART:
            rule = _plural(s, i)
    elif mask & r.ALWAYS:
        rule = _always(s, i)
    elif mask & (r.END_OF | r.START_OF | r.MID_OF | r.END_OF_DAY):
        rule = _edge_of_every(s, i)
    elif mask & r.FREQ:
        rule = _adverb(s, i)
    elif mask & r.ONCE or (t.masks[i + 1] & r.TIMES and (mask & r.NUM or t.kinds[i] == NUMBER)):
        rule = _once(s, i)
    elif mask & (r.PLURAL_DAY | r.PLURAL_PART) or (
        mask & (r.WORKDAY | r.WEEKEND)
        and t.words[i][-1] in "sn"
        and len(t.words[i]) > 6
        and not _modified(t, i)
    ):
        rule = _plural(s, i)
    elif mask & (r.ORD | r.LAST_OF | r.ARTICLE) or t.kinds[i] in {ORDINAL, NUMBER}:
        rule = _nth_of_every(s, i)
    if rule is None:
        return None
    rule.j = after_core(rule, s, rule.j)
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
    day = ordinal(t, j)
    noun = t.lexicon.tables.capital_nouns and t.kinds[j] == WORD and t.text[t.starts[j]].isupper()
    if day and noun and not t.masks[day[1]] & (r.WEEKDAY | r.PLURAL_DAY | r.UNIT | r.WORKDAY | r.OF):
        rule.month_days, rule.j = [day[0]], day[1]  # jeden Ersten
        return rule
    mask = t.masks[j]
    several = t.masks[j + 1] & r.AND and ordinal(t, j + 2)  # every second and fourth tuesday
    counts = mask & r.ORD and (several or t.masks[j + 1] & (r.WEEKDAY | r.PLURAL_DAY))  # no seconds
    if (
        mask & r.UNIT
        and len(t.words[j]) > 1
        and not counts
        and not mask & (r.WEEKDAY | r.WORKDAY | r.WEEKEND | r.PART)
    ):
        if not rule.unit(t.entries[j].unit, step):
            return None
        if t.entries[j].unit == ("months", 3) and step == 1:
            rule.scope = "quarter"  # of a place that follows: on the first working day
        rule.j = j + 1
        if t.words[j].startswith("night"):
            rule.part = "night"
        return rule
    rule.interval = int(step)
    if mask & r.END_OF_DAY and _named_edge(rule, t, j):  # every month end
        rule.j = j + 1
        return rule
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
        rule.j = scope(rule, t, n, any_article=True) or n  # every 15 of the month
        if t.masks[n] & r.MONTH:
            rule.months.append(t.entries[n].month)
            rule.j = n + 1
        return rule
    letters = t.lexicon.tables.day_letters if t.lexicon.tables.ordinal_dot else {}
    if t.words[j] in letters and not t.masks[j] & (r.WEEKDAY | r.PART):  # jeden Di
        rule.days.append(letters[t.words[j]])
        end: int | None = more_places(rule, t, j + 1)
    else:
        end = places(rule, t, j)
    if end is None:
        return None
    scoped = scope(rule, t, end, any_article=True)
    rule.j = scoped or end
    if rule.days and not (rule.nth or rule.set_pos or rule.month_days):
        rule.freq = "WEEKLY"
    return rule


def _named_edge(rule: RuleDraft, t: Tokens, j: int) -> bool:
    """month end · Monatsanfang: the last, first or middle day of a month, a quarter or a year."""
    which, _, name = t.entries[j].name.rpartition(" of ")
    if name not in {"month", "quarter", "year"}:
        return False
    rule.freq, rule.scope = "MONTHLY", name
    rule.month_days = [{"start": 1, "mid": 15}.get(which, -1)]
    return True


def _other_by_ordinal(t: Tokens, j: int) -> bool:
    """Is "second" in "every second tuesday" every other one? Not where "of the month" follows the day."""
    if t.masks[j + 1] & r.AND and ordinal(t, j + 2):
        return False  # every second and fourth tuesday
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
    if t.masks[k] & r.PLURAL_DAY and value == int(value) and value > 1:
        rule.freq, rule.interval, rule.days = "WEEKLY", int(value), [t.entries[k].weekday]
        return k + 1  # every 3 fridays
    if not unit_at(t, k) or not rule.unit(t.entries[k].unit, value):
        return None
    if t.masks[k] & r.WEEKEND:
        rule.days = [5, 6]  # every 4 weekends
    if vague:
        rule.remarks.append(f'"{t.slice_text(j, k + 1)}" is read as every {int(value)}')
    return k + 1


def _always(s: Scan, i: int) -> RuleDraft | None:
    """jeweils am 15. · always on a monday · immer zum Monatsende"""
    t = s.t
    j = i + 1
    while t.masks[j] & (r.ON | r.ARTICLE | r.A | r.BY | r.STOP) and not t.masks[j] & r.WEEKDAY and j < i + 3:
        j += 1
    rule = RuleDraft(i, j + 1)
    if t.masks[j] & r.END_OF_DAY and _named_edge(rule, t, j):
        return rule
    if j == i + 1 and not t.masks[j] & r.WEEKDAY:
        return None
    if t.masks[j] & r.WEEKDAY and not title_goes_on(t, j + 1):
        end = places(rule, t, j)
        rule.freq, rule.j = "WEEKLY", end or j + 1
        return rule
    day = ordinal(t, j)
    if day and 1 <= day[0] <= 31 and not t.masks[day[1]] & (r.MONTH | r.UNIT | r.WEEKDAY | r.WORKDAY | r.OF):
        rule.freq, rule.month_days, rule.j = "MONTHLY", [day[0]], day[1]
        return rule
    return None


def _adverb(s: Scan, i: int) -> RuleDraft | None:
    """daily · weekly · quarterly. Before a noun it counts only where nothing else precedes the noun ("a
    weekly call").
    """
    t = s.t
    inflects = t.lexicon.tables.capital_nouns  # as an adjective it would have an ending: monatliche Runde
    own = any(t.words[i] in spellings.split("|") for spellings in t.lexicon.tables.frequencies)
    if inflects and not own and t.text[t.starts[i]].isupper():
        return None  # Daily um 9:15: the English word is what the meeting is called
    adjective = title_goes_on(t, i + 1) and not t.masks[i + 1] & r.EXCEPT and not inflects
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
    if t.masks[j] & r.QUARTER and " " in t.words[j]:  # once a quarter: one word to the tokenizer
        return _spread(RuleDraft(i, j + 1), ("months", 3), 1.0, times_of)
    if t.masks[j] & r.FREQ and t.entries[j].number == 1:  # twice daily
        return _spread(RuleDraft(i, j + 1), t.entries[j].unit, 1.0, times_of)
    if not t.masks[j] & r.PER:
        return None
    every = bool(t.masks[j] & r.EVERY)
    step = 1.0
    k = j + 1
    if every and (read_amount := amount(t, k)):
        step, k = read_amount[0], read_amount[1]
    if not t.masks[k] & r.UNIT or len(t.words[k]) < 2:
        return None
    return _spread(RuleDraft(i, k + 1), t.entries[k].unit, step, times_of)


def _spread(rule: RuleDraft, unit: Unit, step: float, times_of: int) -> RuleDraft | None:
    """So many times in a unit: spread evenly, where a rule can say it."""
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
        rule.spread = True
    else:
        rule.unit(unit, step)
        rule.remarks.append(f"a rule cannot say {times_of} times in that span; it is read as once")
        return rule
    rule.remarks.append("the exact days or hours were not said; they are spread evenly")
    return rule


def _weekdays(s: Scan, i: int) -> RuleDraft | None:
    """mon wed fri 6am · mon-thu 9am · tue/thu 6pm · mo-fr 9:00 · mwf 7am: several weekdays at a time repeat.

    Without a time of day a stretch of days is a stretch ("holiday mon-fri"), and two days are two days.
    """
    t = s.t
    tables = t.lexicon.tables
    rule = RuleDraft(i, i + 1)
    rule.freq = "WEEKLY"
    if t.words[i] in tables.day_sets:
        rule.days = list(tables.day_sets[t.words[i]])
        return rule if _timed(s, i + 1) else None
    short = not t.masks[i] & r.WEEKDAY
    rule.days, joint = [_day_letter(t, i)], ""
    j = i + 1
    while len(rule.days) < len(range(7)):
        k = j
        sign = t.words[k] if t.kinds[k] == SIGN else ""
        if sign or t.masks[k] & (r.AND | r.TO) or t.words[k] == ",":
            k += 1
            if sign == "," and t.masks[k] & r.AND:
                k += 1
        glued = sign in {"-", "/", ",", "+", "&"} and not t.gaps[k]
        two = len(t.words[k]) == len("mo") and len(t.words[i]) == len("mo")  # mo mi fr
        day = _day_letter(t, k) if t.masks[k] & r.WEEKDAY or glued or two else -1
        short = short or (day >= 0 and not t.masks[k] & r.WEEKDAY)
        if day < 0 or (sign and sign not in {"-", "/", ",", "+", "&"}):
            break
        if day in rule.days:
            break
        if t.masks[j] & r.TO and k > j:
            first = rule.days[-1]
            rule.days += [each % 7 for each in range(first + 1, day + 1 if day > first else day + 8)]
            joint = "to"
        else:
            rule.days.append(day)
            joint = joint or ("apart" if k == j or sign in {"/", "+", "&"} else "and")
        j = k + 1
    rule.days = list(dict.fromkeys(rule.days))
    rule.j = j
    many = len(rule.days) > 2 and joint != "to"
    spaced = short and any(t.gaps[i + 1 : j])
    hours = time_range(s, j) is not None  # tue and thu 4-6pm
    if len(rule.days) < 2 or (spaced and not ((len(rule.days) > 2 or hours) and _timed(s, j))):
        return None
    timed = _timed(s, j) or (i > 0 and bool(t.masks[i - 1] & (r.MERIDIEM | r.OCLOCK)))  # 9am mon-thu
    return rule if (many and not short) or (timed and (joint != "and" or hours)) else None


def _day_letter(t: Tokens, i: int) -> int:
    """The weekday that a word or its first letters name, or -1."""
    return (
        t.entries[i].weekday if t.masks[i] & r.WEEKDAY else t.lexicon.tables.day_letters.get(t.words[i], -1)
    )


def _timed(s: Scan, j: int) -> bool:
    """Does a time of day follow?"""
    t = s.t
    k = j + 1 if t.words[j] in {",", ":"} else j
    k = k + 1 if t.masks[k] & (r.AT | r.FROM | r.FOR) else k
    return (
        clock_at(s, k) is not None
        or time_range(s, k) is not None
        or bool(t.masks[k] & (r.PART | r.PLURAL_PART))
    )


def _edge_of_every(s: Scan, i: int) -> RuleDraft | None:
    """the end of every month · beginning of each quarter · the middle of every month"""
    t = s.t
    edge, j = t.masks[i], i + 1
    if edge & r.END_OF_DAY:  # the end of the month, every month: its first half is one word
        which = t.entries[i].name.partition(" of ")[0]
        edge = {"start": r.START_OF, "mid": r.MID_OF}.get(which, r.END_OF)
    while t.masks[j] & r.OF and not t.masks[j] & r.EVERY:
        j += 1
    if t.masks[j] & r.ARTICLE and t.masks[j + 1] & r.UNIT and t.words[j + 1] == t.words[j + 3]:
        j += 2  # the end of the month, every month
    if not t.masks[j] & r.EVERY or not t.masks[j + 1] & r.UNIT or len(t.words[j + 1]) < 2:
        return None
    kind, size = t.entries[j + 1].unit
    rule = RuleDraft(i, j + 2)
    at_end = bool(edge & r.END_OF)
    if (kind, size) == ("days", 7):
        rule.freq, rule.days = "WEEKLY", [4 if at_end else 2 if edge & r.MID_OF else 0]
        if at_end:
            rule.remarks.append("the end of a week is read as Friday")
        return rule
    if kind != "months" or size not in {1, 3, 12}:
        return None
    rule.freq, rule.scope = "MONTHLY", {1: "month", 3: "quarter", 12: "year"}[size]
    rule.month_days = [-1 if at_end else 15 if edge & r.MID_OF else 1]
    if size == 12:
        rule.freq, rule.months = "YEARLY", [12 if at_end else 7 if edge & r.MID_OF else 1]
        rule.month_days = [31 if at_end else 1]
    return rule


def _plural(s: Scan, i: int) -> RuleDraft | None:
    """mondays · tuesdays and thursdays · tuesday afternoons · mornings · weekdays · weekends"""
    t = s.t
    minutes = i > 1 and t.words[i - 2] == ":" and not t.gaps[i - 1]  # at 18:30 mondays
    if i > 0 and (t.masks[i - 1] & (r.NUM | r.FEW) or t.kinds[i - 1] == NUMBER) and not minutes:
        return None
    rule = RuleDraft(i, i + 1)
    if t.masks[i] & r.PLURAL_PART:
        if i and t.lexicon.tables.parts_after_clock and t.masks[i - 1] & (r.OCLOCK | r.CLOCK_WORD):
            return None  # um 7 Uhr abends
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
    if _is_deadline(t, i):
        return None  # by the last friday of the month
    rule = RuleDraft(i, i)
    end = nth_place(rule, t, k)
    if end is None:
        return None
    for _ in range(3):  # first and third friday *and second tuesday*
        more = RuleDraft(i, i)
        n = between_items(t, end)
        behind = nth_place(more, t, n) if rule.nth and n > end else None
        if behind is None or not more.nth:
            break
        rule.nth += more.nth
        rule.months += more.months
        end = behind
    by_weekday = bool(rule.nth or rule.set_pos)
    scoped = scope(rule, t, end, any_article=by_weekday)
    if scoped is None:
        if len(set(rule.months)) < 2:
            return None
        scoped = end  # on the 1st of april and october: dates of more than one month repeat
    rule.j = scoped
    rule.freq = "MONTHLY"
    return rule


_BEHIND_BY = r.ON | r.ARTICLE | r.AT | r.CLOCK_WORD | r.OCLOCK | r.MERIDIEM
MOST_BEHIND_BY = 6  # words of a time between "by" and the day


def _is_deadline(t: Tokens, i: int) -> bool:
    """by · by noon on · by 5 pm on: is what follows the last day?"""
    if i > 0 and t.masks[i - 1] & r.BY and not t.masks[i - 1] & r.ON:
        return True
    k = i - 1
    while k > 0 and i - k <= MOST_BEHIND_BY and (t.masks[k] & _BEHIND_BY or t.kinds[k] in {NUMBER, SIGN}):
        if t.masks[k] & r.BY and not t.masks[k] & (r.ON | r.AT):
            break
        k -= 1
    timed = i - k > 2 and any(t.masks[n] & r.CLOCK_WORD or t.kinds[n] == NUMBER for n in range(k, i))
    return timed and bool(t.masks[k] & r.BY) and not t.masks[k] & (r.ON | r.AT)
