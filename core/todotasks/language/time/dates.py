"""Calendar dates: 2026-05-01 · 8/10/2012 · 31.7. · 3rd of Feb '82 · May 5-7, 2027 · 12 to 14 May · Sept 2027.

What has the shape of a date and names no day (June 31, 2014/22/29) is returned as dead: nothing inside it
may be
read as something else.
"""

from datetime import date

from todotasks.language.lexer.tokens import (
    NUMBER,
    ORDINAL,
    SIGN,
    WORD,
    Tokens,
    marks_priority,
)
from todotasks.language.time.arithmetic import days_in_month, make_date
from todotasks.language.time.clock import dotted_time, ends_free, stands_free
from todotasks.language.time.expression import (
    COMING,
    MONTH_DAY,
    Day,
    Scan,
    TimeOfDay,
    When,
    exact,
    step_of,
)
from todotasks.language.time.numbers import cardinal, duration, ordinal, spoken_year
from todotasks.language.words import roles as r

_MODIFIERS = r.THIS | r.NEXT | r.LAST | r.COMING
_SEPARATORS = frozenset("-/. ")
PIVOT = 50  # a two-digit year from here on lies in the last century


def full_year(number: int, digits: int) -> int:
    if digits == 2:
        return number + (1900 if number >= PIVOT else 2000)
    return number


def _dead(i: int, j: int) -> When:
    when = When(i, j)
    when.dead = True
    return when


def _day(i: int, j: int, day: date | None) -> When:
    if day is None:
        return _dead(i, j)
    when = When(i, j)
    when.day = exact(day)
    return when


def month_day(i: int, j: int, month: int, day: int, year: int = 0) -> When:
    """A day of a month; without a year it is the next one that exists."""
    if year:
        return _day(i, j, make_date(year, month, day))
    if not 1 <= day <= (29 if month == 2 else days_in_month(2000, month)):
        return _dead(i, j)
    when = When(i, j)
    when.day = Day(MONTH_DAY)
    when.day.month, when.day.day = month, day
    return when


def month_period(i: int, j: int, month: int, year: int) -> When:
    when = When(i, j)
    start = date(year, month, 1)
    when.period = (start, date(year + month // 12, month % 12 + 1, 1))
    when.period_point = start
    when.grain = "month"
    return when


def numeric_date(s: Scan, i: int) -> When | None:
    """Digits and one separator: three groups, or two where the context makes a date of them."""
    t = s.t
    if t.kinds[i] != NUMBER or t.numbers[i] < 0:
        return None
    glued = not stands_free(t, i) and not (t.words[i - 1] == "-" and i == 1)
    # 1994 in "archive-1994-11-05" is a date; 03 in "133-03-03-2020" is not
    if glued and (len(t.words[i]) != 4 or t.kinds[i - 1] != SIGN or (i > 1 and t.kinds[i - 2] == NUMBER)):
        return None
    sign = t.words[i + 1]
    if (
        t.masks[i + 1] & r.MONTH and len(t.words[i]) == 4 and t.kinds[i + 2] in {NUMBER, ORDINAL}
    ):  # 2018 March 18
        return month_day(i, i + 3, t.entries[i + 1].month, t.numbers[i + 2], t.numbers[i])
    if t.gaps[i + 1] or sign not in {"-", "/", "."}:
        return _spaced_iso(t, i) or _spaced(s, i)
    if t.kinds[i + 2] == WORD and t.masks[i + 2] & r.MONTH and not t.gaps[i + 2]:
        return _with_month_name(t, i, sign)
    if t.kinds[i + 2] != NUMBER or t.gaps[i + 2]:
        return None
    if t.words[i + 3] == sign and not t.gaps[i + 3] and t.kinds[i + 4] == NUMBER and not t.gaps[i + 4]:
        return _three_groups(s, i, sign)
    if t.words[i + 3] == sign and not t.gaps[i + 3] and t.kinds[i + 4] == WORD and t.masks[i + 4] & r.MONTH:
        year, day = (t.numbers[i + 2], t.numbers[i]) if len(t.words[i + 2]) == 4 else (0, 0)
        return month_day(i, i + 5, t.entries[i + 4].month, day, year) if year else None  # 23-2020-September
    return _two_groups(s, i, sign)


def _spaced_iso(t: Tokens, i: int) -> When | None:
    """2016 10 16"""
    if (
        len(t.words[i]) == 4
        and t.kinds[i + 1] == NUMBER
        and t.kinds[i + 2] == NUMBER
        and len(t.words[i + 1]) == 2
    ):
        day = make_date(t.numbers[i], t.numbers[i + 1], t.numbers[i + 2])
        if day and len(t.words[i + 2]) == 2 and 1900 <= day.year <= 2200:
            return _day(i, i + 3, day)
    return None


def _spaced(s: Scan, i: int) -> When | None:
    """2 / 15 · 2 - 15 · 10 31 1974: with spaces, where the message holds nothing else."""
    t = s.t
    if i:
        return None
    signs = [k for k in range(t.count) if t.kinds[k] == SIGN]
    numbers = [t.numbers[k] for k in range(t.count) if t.kinds[k] == NUMBER]
    if len(signs) + len(numbers) != t.count or len({t.words[k] for k in signs}) > 1:
        return None
    sign = t.words[signs[0]] if signs else ""
    if len(numbers) == 2 and signs == [1] and sign in {"/", "-"}:
        day = _ordered(s, sign, numbers[0], numbers[1], 2000)  # a leap year: the next 29 February is found
        return month_day(0, t.count, day.month, day.day) if day else None
    if len(numbers) == 3 and signs in ([], [1, 3]) and len(t.words[t.count - 1]) == 4:
        return _day(0, t.count, _ordered(s, sign, *numbers))
    return None


def _with_month_name(t: Tokens, i: int, sign: str) -> When | None:
    """8/Oct/2012 · 10-Aug-2012 · 2012/aug/10 · 8-Oct"""
    month, first = t.entries[i + 2].month, t.numbers[i]
    if t.words[i + 3] == sign and not t.gaps[i + 3] and t.kinds[i + 4] == NUMBER and not t.gaps[i + 4]:
        last, digits = t.numbers[i + 4], len(t.words[i + 4])
        if len(t.words[i]) == 4:
            return month_day(i, i + 5, month, last, first)
        return month_day(i, i + 5, month, first, full_year(last, digits))
    if len(t.words[i]) == 4:
        return month_period(i, i + 3, month, first)
    return month_day(i, i + 3, month, first)


def _three_groups(s: Scan, i: int, sign: str) -> When | None:
    t = s.t
    first, second, third = t.numbers[i], t.numbers[i + 2], t.numbers[i + 4]
    sizes = (len(t.words[i]), len(t.words[i + 2]), len(t.words[i + 4]))
    j = i + 5
    if not t.gaps[j] and t.words[j] in _BEFORE_CLOCK and (clock := _glued_clock(t, j + 1)):
        day = (
            make_date(first, second, third)
            if sizes[0] == 4
            else _ordered(s, sign, first, second, full_year(third, sizes[2]))
        )
        when = _day(i, clock[1], day)
        when.clock = clock[0]
        return when
    longer = t.words[j] == sign and not t.gaps[j] and t.kinds[j + 1] == NUMBER and not t.gaps[j + 1]
    if longer and (sign != "-" or _digits_ahead(t, j + 1) != 3):
        return _dead(i, j + 2)
    if sizes[0] == 4 and sizes[1] <= 2 and sizes[2] <= 2:
        day = make_date(first, second, third) or (make_date(first, third, second) if second > 12 else None)
        return _day(i, j, day)
    if sizes[0] > 2 or sizes[1] > 2 or sizes[2] not in {2, 4}:
        return _dead(i, j) if sizes[2] in {1, 2} and sign != "." else None
    if sizes[2] == 2 and not _short_year_fits(s, i, sign, sizes):
        return None
    return _day(i, j, _ordered(s, sign, first, second, full_year(third, sizes[2])))


def _ordered(s: Scan, sign: str, first: int, second: int, year: int) -> date | None:
    """Day and month in the person's order, unless only the other one names a day."""
    day_first = s.day_first or sign == "." or first > 12
    if day_first and second > 12 >= first:
        day_first = False
    return make_date(year, second, first) if day_first else make_date(year, first, second)


_BEFORE_CLOCK = frozenset({"t", ".", ":", "-"})


def _glued_clock(t: Tokens, j: int) -> tuple[TimeOfDay, int] | None:
    """The time that touches a date: 2016-05-07*T23:45:10.5* · 05/31/2024*-14:15*"""
    if not (t.kinds[j] == t.kinds[j + 2] == NUMBER and t.words[j + 1] == ":" and not t.gaps[j + 1]):
        return None
    if t.numbers[j] > 23 or t.numbers[j + 2] > 59 or len(t.words[j + 2]) != 2:
        return None
    clock, end = TimeOfDay(t.numbers[j], t.numbers[j + 2]), j + 3
    if t.words[end] == ":" and t.kinds[end + 1] == NUMBER and t.numbers[end + 1] < 60:
        clock.second, end = t.numbers[end + 1], end + 2
    if t.words[end] in {".", ","} and not t.gaps[end] and t.kinds[end + 1] == NUMBER and not t.gaps[end + 1]:
        end += 2
    return clock, end


def _digits_ahead(t: Tokens, j: int) -> int:
    """How many groups of digits follow, joined by one sign: the end of a range 10-1-2018-10-7-2018 has
    three.
    """
    groups = 1
    while t.words[j + 1] and t.words[j + 1] in "-/." and t.kinds[j + 2] == NUMBER and not t.gaps[j + 1]:
        groups += 1
        j += 2
        if groups > 3:
            break
    return groups


def _short_year_fits(s: Scan, i: int, sign: str, sizes: tuple[int, int, int]) -> bool:
    """Is 5/3/18 a date, no version, no score? Slashes say so; dots and hyphens need two full groups."""
    if sign == "/":
        return True
    t = s.t
    one, two = sorted((t.numbers[i], t.numbers[i + 2]))
    if sign == "-" and 1 <= one <= 12 < two <= 31:
        return True  # 9-18-15: only one order names a day
    if sizes[0] == 2 and sizes[1] == 2:
        return max(t.numbers[i], t.numbers[i + 2]) <= 31 and min(t.numbers[i], t.numbers[i + 2]) <= 12
    return s.t.lexicon.tables.ordinal_dot and sign == "."


def _two_groups(s: Scan, i: int, sign: str) -> When | None:
    """8/10 · 9/2012 · 5.12 and 7-6 only beside a weekday or after "on" · 31.7."""
    t = s.t
    first, second = t.numbers[i], t.numbers[i + 2]
    sizes = (len(t.words[i]), len(t.words[i + 2]))
    j = i + 3
    if sizes[0] <= 2 and sizes[1] == 4 and sign in "/-." and 1 <= first <= 12 and ends_free(t, j):
        if sign == "." and not t.lexicon.tables.ordinal_dot:
            return None
        return month_period(i, j, first, second) if 1000 <= second <= 2999 else None
    if sizes[0] == 4 and sizes[1] == 2 and sign in "/-" and 1 <= second <= 12 and ends_free(t, j):
        when = month_period(i, j, second, first) if 1000 <= first <= 2999 else None
        if when:
            when.weak = True
        return when
    if sizes[0] > 2 or sizes[1] > 2:
        return None
    dotted_day = sign == "." and t.lexicon.tables.ordinal_dot and t.words[j] == "." and not t.gaps[j]
    if dotted_day and not (t.kinds[j + 1] == NUMBER and not t.gaps[j + 1]):
        return month_day(i, j + 1, second, first) if 1 <= second <= 12 else _dead(i, j + 1)
    year = 0
    if t.words[j] == "," and t.kinds[j + 1] == NUMBER and len(t.words[j + 1]) == 4 and ends_free(t, j + 2):
        year, j = t.numbers[j + 1], j + 2  # 08/12,2015
    elif not ends_free(t, j) and not (t.words[j] == "-" and not t.gaps[j]):
        return None
    if (t.words[j] in {"h", "a", "p"} and not t.gaps[j]) or t.masks[j] & (r.MERIDIEM | r.OCLOCK):
        return None
    if sign == "." and sizes[1] == 2 and first < 24 and second < 60 and dotted_time(t, i, j):
        return None  # at 5.30
    day_first = s.day_first or (sign == "." and t.lexicon.tables.ordinal_dot) or first > 12
    if day_first and second > 12 >= first:
        day_first = False
    month, day = (second, first) if day_first else (first, second)
    if not 1 <= month <= 12:
        return _dead(i, j) if sign == "/" else None
    if sign != "/" and t.masks[j] & r.MEASURE:
        return None
    when = month_day(i, j, month, day, year)
    if not when.dead and not year:
        before = t.masks[i - 1] if i else 0
        measured = bool(t.masks[j] & r.MEASURE)
        described = t.kinds[j] == WORD and not t.masks[j] and t.gaps[j] and i > 0 and not marks_priority(t, j)
        when.weak = (
            (sign != "/" and not before & (r.ON | r.BY | r.THIS))
            or measured
            or (described and not before & (r.ON | r.BY | r.AT))
        )
    return when


def year_at(t: Tokens, j: int, *, short: bool) -> tuple[int, int] | None:
    """The year behind a month or a day: 2027 · , 2027 · of 2027 · '27 · nineteen eighty six · 2555 BE"""
    k = j
    if t.words[k] in {",", ".", "-", "/"}:
        k += 1
    if t.masks[k] & (r.OF | r.IN):
        k += 1
    if t.words[k] == "'" and t.kinds[k + 1] == NUMBER and len(t.words[k + 1]) == 2:
        return full_year(t.numbers[k + 1], 2), k + 2
    if t.kinds[k] == NUMBER:
        number, size = t.numbers[k], len(t.words[k])
        era = t.words[k + 1]
        if era in {"be", "ad", "ce", "bc"} and number > 0:
            return (number - 543 if era == "be" else number), k + 2
        if size == 4 and 1000 <= number <= 2999:
            follow = t.words[k + 1]
            if follow == ":" and not t.gaps[k + 1]:
                return None
            return number, k + 1
        if short and size == 2 and number > 31 and ends_free(t, k + 1) and t.words[k + 1] != ":":
            return full_year(number, 2), k + 1
        return None
    return spoken_year(t, k)


def year_behind(s: Scan, j: int) -> tuple[int, int] | None:
    """2027 · of 2027 · two thousand eighteen · next year · of last year"""
    t = s.t
    k = j + 1 if t.masks[j] & r.OF else j
    if (said := year_at(t, k, short=False)) and 1000 <= said[0] <= 2999:
        return said
    if t.masks[k] & r.ARTICLE:
        k += 1
    if t.masks[k] & _MODIFIERS and t.masks[k + 1] & r.UNIT and t.entries[k + 1].unit == ("months", 12):
        step = step_of(t, k)
        return s.today.year + (1 if step == COMING else step), k + 2
    return None


def distance_behind(s: Scan, j: int) -> tuple[date, int] | None:
    """in 3 years · nine months ago · six years hence: the first day of that month, of that year."""
    t = s.t
    ahead = bool(t.masks[j] & r.IN) or bool(t.masks[j] & r.AGO_PREFIX)
    read = duration(t, j + 1 if ahead else j)
    if read is None or read[0].smallest != "months":
        return None
    span, end = read
    sign = -1 if t.masks[j] & r.AGO_PREFIX else 1
    if not ahead:
        if not t.masks[end] & (r.AGO | r.LATER):
            return None
        sign, end = (1 if t.masks[end] & r.LATER else -1), end + 1
    moment = span.added_to(s.now, sign)
    if moment is None:
        return None
    whole_years = all(unit[1] % 12 == 0 for unit, _ in span.amounts)
    return date(moment.year, 1 if whole_years else moment.month, 1), end


def _day_number(t: Tokens, i: int) -> tuple[int, int] | None:
    """The day of a month: 5 · 5th · fifth · twenty-four · the 5th · 3. (German)"""
    k = i
    if t.masks[k] & r.ARTICLE:
        k += 1
    nth = ordinal(t, k)
    if nth:
        return nth if 1 <= nth[0] <= 31 else None
    if t.kinds[k] == NUMBER:
        number = t.numbers[k]
        if (
            1 <= number <= 31
            and len(t.words[k]) <= 2
            and (t.gaps[k] or t.words[k - 1] in {"/", "-", ".", ","} or t.kinds[k - 1] == WORD)
        ):
            return number, k + 1
        return None
    if t.masks[k] & r.NUM and t.entries[k].number >= 1:
        read = cardinal(t, k)
        if read and 1 <= read[0] <= 31:
            return int(read[0]), read[1]
    return None


def day_then_month(s: Scan, i: int) -> When | None:
    """10 August 2012 · 3rd of Feb · 15Sep · 10 to 22 August · Eighth to eleventh May 2010"""
    t = s.t
    if t.kinds[i] == NUMBER and not stands_free(t, i):
        return None
    first = _day_number(t, i)
    if first is None:
        return None
    day, j = first
    last = None
    if t.masks[j] & (r.TO | r.AND) or t.words[j] == "-":
        last = _day_number(t, j + 1)
        if last is None:
            return None
        j = last[1]
    k = j
    while t.masks[k] & (r.OF | r.ARTICLE | r.ON) or (t.words[k] in {"-", ",", "/"} and not t.gaps[k]):
        k += 1
        if k - j > 2:
            return None
    if t.words[k] == "," and k == j:
        k += 1
    if not t.masks[k] & r.MONTH or (t.masks[k] & r.NAME_LIKE and _reads_as_name(t, k, i)):
        return None
    month, j = t.entries[k].month, k + 1
    if t.words[j] == "." and not t.gaps[j] and len(t.words[k]) <= 4:
        j += 1
    year, j = year_at(t, j, short=True) or (0, j)
    when = month_day(i, j, month, day, year)
    if last and not when.dead:
        when.end = month_day(i, j, month, last[0], year)
        when.dead = when.end.dead
    return when


def _reads_as_name(t: Tokens, k: int, i: int) -> bool:
    """Is "2 may" in "they 2 may come" no date? A verb follows it."""
    return (
        t.words[k] in {"may", "march"}
        and t.kinds[i] == WORD
        and t.kinds[k + 1] == WORD
        and t.words[k + 1] in {"be", "not", "have"}
    )


def month_then_day(s: Scan, i: int) -> When | None:
    """August 10, 2012 · May eighth · Nov/2 · August 10 - 22, 2012 · September-2020-23 · August 2012 · in
    August
    """
    t = s.t
    month = t.entries[i].month
    j = i + 1
    if t.words[j] == "." and len(t.words[i]) <= 4:
        j += 1
    if t.words[j] == "," and t.kinds[j + 1] in {NUMBER, ORDINAL}:
        j += 1
    elif t.words[j] in {"-", "/"} and not t.gaps[j] and t.kinds[j + 1] == NUMBER and not t.gaps[j + 1]:
        if len(t.words[j + 1]) == 4:
            year = t.numbers[j + 1]
            if t.words[j + 2] == t.words[j] and t.kinds[j + 3] == NUMBER and len(t.words[j + 3]) <= 2:
                return month_day(i, j + 4, month, t.numbers[j + 3], year)
            return month_period(i, j + 2, month, year) if 1000 <= year <= 2999 else None
        j += 1
    year_only = year_at(t, j, short=False)
    if (
        year_only
        and 1000 <= year_only[0] <= 2999
        and not (t.kinds[year_only[1] - 1] == WORD and _day_number(t, j))
    ):
        return month_period(i, year_only[1], month, year_only[0])
    read = _day_number(t, j) if not (t.words[j] == ":" or t.masks[j] & r.OCLOCK) else None
    if read and _counts_something(t, read[1]):
        read = None
    if read is None or (t.words[read[1]] == ":" and not t.gaps[read[1]]) or t.masks[read[1]] & r.MERIDIEM:
        return _month_alone(s, i)
    day, j = read
    last = None
    if (t.masks[j] & r.TO or t.words[j] == "-") and (t.kinds[j + 1] != NUMBER or len(t.words[j + 1]) <= 2):
        last = _day_number(t, j + 1)
        if last and (t.words[last[1]] in {":", "/"} or t.masks[last[1]] & (r.MERIDIEM | r.MONTH)):
            last = None
        if last:
            j = last[1]
    year, j = year_at(t, j, short=True) or (0, j)
    when = month_day(i, j, month, day, year)
    if last and not when.dead:
        when.end = month_day(i, j, month, last[0], year)
        when.dead = when.end.dead
    return when


def _counts_something(t: Tokens, j: int) -> bool:
    """march 5 miles: the number belongs to what follows."""
    return bool(t.masks[j] & (r.MEASURE | r.UNIT)) and not t.masks[j] & (r.OF | r.NAME_LIKE)


def _month_alone(s: Scan, i: int) -> When:
    """march · march next year · march after next"""
    t = s.t
    month = t.entries[i].month
    year = s.today.year + (1 if month < s.today.month else 0)
    j = i + 1
    if t.masks[j] & r.AFTER and t.masks[j + 1] & r.NEXT and not t.masks[j + 2] & (r.UNIT | r.WEEKDAY):
        return month_period(i, j + 2, month, year + 1 + (month == s.today.month))
    if said := year_behind(s, j):
        return month_period(i, said[1], month, said[0])
    if distance := distance_behind(s, j):
        first, j = distance
        return month_period(i, j, month, first.year + (month < first.month))
    when = month_period(i, i + 1, month, year)
    when.weak = when.yearless = True
    if i and t.masks[i - 1] & r.FROM and t.masks[j] & r.FILLER:
        when.weak, when.j = False, j + 1  # from april onwards
    return when
