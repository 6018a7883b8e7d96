"""Where in a week, month or year a recurrence falls, and at what times: on mon and wed · the 4th · 2nd
tuesday · last day · jan 27th.

Each function reads into the rule that it is given and returns the position behind what it read, or None.
"""

from todotasks.language.lexer.tokens import (
    NUMBER,
    ORDINAL,
    SIGN,
    Tokens,
)
from todotasks.language.recurrence.rrule import WORKDAYS, RuleDraft
from todotasks.language.time.clock import clock_at, time_range
from todotasks.language.time.expression import Scan, TimeOfDay
from todotasks.language.time.numbers import cardinal, ordinal
from todotasks.language.time.periods import SEASONS
from todotasks.language.time.relative_days import title_goes_on
from todotasks.language.words import roles as r

MOST_PLACES = 12  # items of a list, and times of a day
MOST_WEEKS = 5  # of a month: a higher number counts days
DAY_UNIT = ("days", 1)
_LIST = r.AND | r.OR


def between_items(t: Tokens, j: int) -> int:
    """The position behind "," "and" "/" "&" between two items of a list; j itself where there is none."""
    k = j
    while (t.kinds[k] == SIGN and t.words[k] in {",", "/", "&", "+"}) or t.masks[k] & _LIST:
        k += 1
        if k - j == 2:
            break
    return k


def place(rule: RuleDraft, t: Tokens, j: int) -> int | None:
    """One place within a week, month or year at `j`: monday · the 4th · 2nd tuesday · last day · jan 27th ·
    3rd last friday.
    """
    k = j + 1 if t.masks[j] & r.ARTICLE else j
    mask = t.masks[k]
    if mask & r.UNIT and t.entries[k].unit == DAY_UNIT and t.kinds[k + 1] == NUMBER and len(t.words[k]) > 1:
        return _day_numbers(rule, t, k + 1)
    if mask & (r.WEEKDAY | r.PLURAL_DAY):
        rule.days.append(t.entries[k].weekday)
        rule.part = rule.part or t.entries[k].part  # jeden Freitagabend
        return _day_range(rule, t, k + 1)
    if mask & r.WORKDAY and len(t.words[k]) > 3:
        rule.days.extend(WORKDAYS)
        return k + 1
    if mask & r.WEEKEND:
        rule.days.extend((5, 6))
        return k + 1
    if mask & r.MONTH and not (t.words[k] == "may" and title_goes_on(t, k + 1)):
        rule.months.append(t.entries[k].month)
        n = k + 1
        if t.words[n] == "." and not t.gaps[n]:
            n += 1
        if t.masks[n] & r.ARTICLE:
            n += 1
        nth = ordinal(t, n) or (
            (t.numbers[n], n + 1) if t.kinds[n] == NUMBER and 1 <= t.numbers[n] <= 31 else None
        )
        if nth and t.words[nth[1]] != ":" and not t.masks[nth[1]] & r.MERIDIEM:
            rule.month_days.append(nth[0])
            return nth[1]
        return k + 1
    if mask & r.SEASON and t.entries[k].step:
        month, day = SEASONS[t.entries[k].step - 1]
        rule.months.append(month)
        rule.month_days.append(day)
        rule.remarks.append(f'"{t.words[k]}" begins on {day}.{month}. here')
        return k + 1
    return nth_place(rule, t, k)


def _day_numbers(rule: RuleDraft, t: Tokens, k: int) -> int | None:
    """day *31* · day *20 and 30*"""
    end = None
    while t.kinds[k] == NUMBER and 1 <= t.numbers[k] <= 31 and len(rule.month_days) < MOST_PLACES:
        rule.month_days.append(t.numbers[k])
        end = k + 1
        k = between_items(t, end)
        if k == end:
            break
    return end


def nth_place(rule: RuleDraft, t: Tokens, k: int) -> int | None:
    read = position(t, k)
    if read is None:
        return None
    number, n = read
    numbers = [number]
    while True:  # first and third thursday, the first and the last day
        m = between_items(t, n)
        more = position(t, m + 1 if t.masks[m] & r.ARTICLE else m) if m > n else None
        if more is None or len(numbers) >= MOST_PLACES or _ends_place(t, n, more[1]):
            break
        numbers.append(more[0])
        n = more[1]
    if t.masks[n] & r.INSTANCE and t.masks[n + 1] & r.OF:
        end = places(rule, t, n + 2)  # the first and last instance of wed and fri
        if end is not None and rule.days:
            rule.set_pos.extend(numbers)
            return end
        return None
    if t.masks[n] & (r.WEEKDAY | r.PLURAL_DAY):
        rule.nth.extend((number, t.entries[n].weekday) for number in numbers)
        return of_months(rule, t, n + 1)
    if t.masks[n] & r.WORKDAY and len(t.words[n]) > 3:
        rule.set_pos.extend(numbers)
        rule.days = list(WORKDAYS)
        return n + 1
    if t.masks[n] & r.UNIT and t.entries[n].unit == DAY_UNIT and len(t.words[n]) > 1:
        n += 1
    elif t.masks[n] & r.UNIT or (
        t.kinds[k] != ORDINAL and number > 0 and t.kinds[k] != NUMBER and title_goes_on(t, n)
    ):
        return None
    if any(abs(number) > 31 for number in numbers):
        return None
    rule.month_days.extend(numbers)
    return of_months(rule, t, n)


def _ends_place(t: Tokens, n: int, behind: int) -> bool:
    """the 1st *and the last weekday*: a number of days ends before a place of another sort; "the 2nd and last
    friday" is one place.
    """
    if t.kinds[n - 1] != ORDINAL or not t.masks[behind] & (r.WORKDAY | r.WEEKDAY | r.PLURAL_DAY):
        return False
    apart = t.masks[behind] & r.WORKDAY or t.masks[behind - 2] & r.ARTICLE
    return bool(apart) or t.numbers[n - 1] > MOST_WEEKS


def position(t: Tokens, k: int) -> tuple[int, int] | None:
    """Which one, counted from the front or (negative) from the back: third · last · 2nd last ·
    second-to-last.
    """
    read = ordinal(t, k)
    if read is None:
        return (-1, k + 1) if t.masks[k] & (r.LAST_OF | r.LAST) else None
    number, n = read
    m = n
    while m < n + 3 and (t.words[m] in {"-", "to"} or (m > n and t.masks[m] & r.ARTICLE)):
        m += 1  # second-to-last, 2nd to the last
    if t.masks[m] & r.LAST_OF and number > 0:
        return -number, m + 1
    return number, n


def of_months(rule: RuleDraft, t: Tokens, n: int) -> int:
    """The months that a place is in: the 3rd *of May* · the last friday *of march, june and september*."""
    k = n + 1 if t.masks[n] & r.OF else n
    if not t.masks[k] & r.MONTH:
        return n
    while t.masks[k] & r.MONTH and len(rule.months) < MOST_PLACES:
        rule.months.append(t.entries[k].month)
        n = k + 1
        k = between_items(t, n)
        if k == n:
            break
    return n


def _day_range(rule: RuleDraft, t: Tokens, k: int) -> int:
    """monday *to friday*"""
    if t.masks[k] & r.TO and t.masks[k + 1] & (r.WEEKDAY | r.PLURAL_DAY):
        first, last = rule.days[-1], t.entries[k + 1].weekday
        if first == last:
            return k + 2
        rule.days.extend(day % 7 for day in range(first + 1, last + 1 if last > first else last + 8))
        return k + 2
    if t.words[k] == "." and not t.gaps[k] and t.masks[between_items(t, k + 1)] & r.WEEKDAY:
        return k + 1
    return k


def places(rule: RuleDraft, t: Tokens, j: int) -> int | None:
    """A list of places; a further item must be of the same sort, so that "friday and call mom" ends after
    friday.
    """
    end = place(rule, t, j)
    return None if end is None else more_places(rule, t, end)


def more_places(rule: RuleDraft, t: Tokens, end: int) -> int:
    """What goes on with a list of places that ends before `end`: where all of it ends."""
    for _ in range(MOST_PLACES):
        k = between_items(t, end)
        if k == end and not (rule.days and t.masks[k - 1] & t.masks[k] & (r.WEEKDAY | r.PLURAL_DAY)):
            break  # mon wed fri: weekdays need nothing between them
        n = k + 1 if t.masks[k] & r.ON else k
        letters = t.lexicon.tables.day_letters
        if (
            rule.days
            and t.words[n] in letters
            and t.words[end - 1] in {*letters, *_short_of(t)}
            and not t.masks[n] & r.WEEKDAY
        ):
            rule.days.append(letters[t.words[n]])  # jeden Mo, Mi und Fr
            end = n + 1
            continue
        if (
            not t.masks[n] & (r.WEEKDAY | r.PLURAL_DAY | r.MONTH | r.ORD | r.LAST_OF | r.ARTICLE)
            and t.kinds[n] != ORDINAL
        ):
            break
        before = (len(rule.days), len(rule.months), len(rule.month_days), len(rule.nth))
        more = place(rule, t, n)
        if more is None:
            break
        if before == (len(rule.days), len(rule.months), len(rule.month_days), len(rule.nth)):
            break
        end = more
    return end


def _short_of(t: Tokens) -> dict[str, int]:
    """Weekdays in two letters."""
    return {word: day for word, day in t.lexicon.tables.weekdays.items() if len(word) == len("mo")}


def scope(rule: RuleDraft, t: Tokens, j: int, *, any_article: bool) -> int | None:
    """of every month · of the quarter · im Monat: the position behind it, or None where nothing of the kind
    follows.
    """
    k = j
    if t.masks[k] & r.OF and not t.masks[k] & r.EVERY:  # "jedes Monats" is both
        k += 1
    if (
        t.masks[k] & r.EVERY
        or (t.masks[k] & r.ARTICLE and any_article)
        or (t.masks[k] & r.PER and any_article and k > j)
    ):
        k += 1
    elif t.masks[k] & r.FREQ and k == j:  # 3rd thursday *monthly*
        kind, size = t.entries[k].unit
        rule.scope = _SCOPES.get(size, "") if kind == "months" and t.entries[k].number == 1 else ""
        return k + 1 if rule.scope else None
    elif not (
        k > j and any_article and t.lexicon.tables.ordinal_dot
    ) and not (  # im Monat has its article inside
        k > j and t.masks[k] & r.UNIT and t.entries[k].unit == ("months", 1) and not t.masks[k + 1] & r.AGO
    ):  # "every 15 of month"
        return None
    step = 1
    if t.masks[k - 1] & r.EVERY:  # of every other month · of every 3rd month · of every 3 months
        if t.masks[k] & r.OTHER and t.masks[k + 1] & r.UNIT:
            step, k = 2, k + 1
        elif (nth := ordinal(t, k)) and t.masks[nth[1]] & r.UNIT:
            step, k = nth
        elif (counted := cardinal(t, k)) and t.masks[counted[1]] & r.UNIT and counted[0] >= 1:
            step, k = int(counted[0]), counted[1]
    unit = t.entries[k].unit if t.masks[k] & r.UNIT and len(t.words[k]) > 1 else None
    if unit is None or unit[0] != "months":
        return None
    name = _SCOPES.get(unit[1])
    if name is None or (step > 1 and name != "month"):
        return None
    rule.scope = name
    rule.interval = max(rule.interval, step)
    return k + 1


_SCOPES = {1: "month", 3: "quarter", 12: "year"}


def times(rule: RuleDraft, s: Scan, j: int) -> int:
    """at 10, 12 and 17 · 9:15 · at 8am and 8pm, behind the core."""
    t = s.t
    k = j
    if t.words[k] == "," and t.masks[k + 1] & r.AT:
        k += 1
    asked = bool(t.masks[k] & (r.AT | r.FOR))
    n = k + 1 if asked else k
    while t.masks[n] & r.APPROX:
        n += 1
    if t.masks[k] & (r.FROM | r.BETWEEN) and rule.freq in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        hours = time_range(s, k + 1)  # every tuesday from 9 to 11
        if hours is not None and hours.clock is not None:
            rule.times, rule.spread = [hours.clock], False
            rule.remarks.append(
                f'only the beginning of "{t.slice_text(k, hours.j)}" repeats: a task has no end'
            )
            return hours.j
    read = clock_at(s, n)
    hours = time_range(s, k) if t.kinds[k] == NUMBER and rule.days and rule.freq == "WEEKLY" else None
    if hours is not None and hours.clock is not None and (read is None or hours.j > read[1]):
        rule.times, rule.spread = [hours.clock], False  # sundays 9-10
        rule.remarks.append(f'only the beginning of "{t.slice_text(k, hours.j)}" repeats: a task has no end')
        return hours.j
    if read is None:
        return j
    if rule.spread:
        rule.times, rule.spread = [], False  # twice a day *at 8 and 20*
        rule.remarks = []
    _add_time(rule, read[0])
    end = read[1]
    while len(rule.times) < MOST_PLACES:
        k = between_items(t, end)
        if k == end:
            break
        if t.masks[k] & r.AT:
            k += 1
        more = clock_at(s, k)
        if (
            more is None
            and asked
            and t.kinds[k] == NUMBER
            and 0 <= t.numbers[k] < 24
            and not t.masks[k + 1] & (r.UNIT | r.TIMES)
        ):
            more = TimeOfDay(t.numbers[k], 0, 0, t.numbers[k] > 12), k + 1, True
        if more is None:
            break
        _add_time(rule, more[0])
        end = more[1]
    return end


def _add_time(rule: RuleDraft, clock: TimeOfDay) -> None:
    rule.times.append(clock)
