"""Days named by their relation to today: tomorrow · this friday · next tuesday · the 18th · christmas ·
tonight.
"""

from datetime import timedelta

from todotasks.language.lexer.tokens import (
    NUMBER,
    ORDINAL,
    SIGN,
    WORD,
    Tokens,
    marks_priority,
)
from todotasks.language.time.arithmetic import add_days, next_weekday
from todotasks.language.time.clock import ends_free
from todotasks.language.time.dates import distance_behind, year_behind
from todotasks.language.time.expression import (
    COMING,
    DAY_OF_MONTH,
    HOLIDAY,
    WEEKDAY,
    Day,
    Scan,
    When,
    exact,
    step_of,
)
from todotasks.language.time.holidays import next_holiday
from todotasks.language.time.numbers import ordinal
from todotasks.language.words import roles as r

_MODIFIERS = r.THIS | r.NEXT | r.LAST | r.COMING
_LEADS = (
    r.ON
    | r.BY
    | r.AT
    | r.IN
    | r.BEFORE
    | r.AFTER
    | r.SINCE
    | r.FROM
    | r.UNTIL
    | r.TO
    | r.FOR
    | r.BETWEEN
    | r.STARTING
)


def led(t: Tokens, i: int) -> bool:
    """Does a preposition of time stand before token `i`?"""
    return i > 0 and bool(t.masks[i - 1] & _LEADS)


def title_goes_on(t: Tokens, j: int) -> bool:
    """Is token `j` an ordinary word: what stands before it may describe it ("sat exam prep", "the 2nd
    floor")?
    """
    return (
        t.kinds[j] == WORD
        and not marks_priority(t, j)
        and not (t.masks[j] & r.APPROX and " " in t.words[j])  # by the 15th *at the latest*
        and not t.masks[j]
        & (
            r.TEMPORAL
            | r.STOP
            | r.THIS
            | r.NEXT
            | r.LAST
            | r.MERIDIEM
            | r.ZONE
            | r.EARLY
            | r.LATE
            | r.COMING
            | r.HALF
            | r.QUARTER
            | r.ORD
            | r.NUM
            | r.A
        )
    )


def noun_goes_on(t: Tokens, j: int) -> bool:
    """Is token `j` a noun that what stands before it may describe? German writes it with a capital: "am
    Muttertag anrufen" goes on with a verb.
    """
    if not title_goes_on(t, j):
        return False
    told = t.lexicon.tables.capital_nouns and t.text != t.text.lower()
    return not told or not t.text[t.starts[j]].islower()


def relative_day(s: Scan, i: int) -> When | None:
    """today · tomorrow · the day after tomorrow · tonight · last night"""
    t = s.t
    k = i + 1 if t.masks[i] & r.ARTICLE else i
    if not t.masks[k] & r.RELATIVE:
        return None
    entry = t.entries[k]
    day = add_days(s.today, entry.days)
    if day is None:
        return None
    when = When(i, k + 1)
    when.day = exact(day)
    when.part = entry.part
    return _half_of_day(t, when)


def _half_of_day(t: Tokens, when: When) -> When:
    """tomorrow *am* · friday *pm*, and no hour; "friday am i free" asks."""
    if t.masks[when.j] & r.MERIDIEM and not when.part and t.words[when.j + 1] not in {"i", "-"}:
        when.part = "afternoon" if t.entries[when.j].days else "morning"
        when.j += 1
    return when


def weekday(s: Scan, i: int) -> When | None:
    """friday · this friday · the next friday · coming thursday · Sun. · tuesdays are a recurrence and not
    here
    """
    t = s.t
    k, step, leads = i, None, False
    if t.masks[k] & r.ARTICLE and t.masks[k + 1] & (_MODIFIERS | r.WEEKDAY):
        k += 1
    if t.masks[k] & _MODIFIERS and t.masks[k + 1] & (r.WEEKDAY | r.COMING | r.NEXT):
        step = step_of(t, k)
        k += 1
        if t.masks[k] & (r.COMING | r.NEXT) and t.masks[k + 1] & r.WEEKDAY:
            step = COMING if t.masks[k] & r.COMING else step
            k += 1
        leads = True
    if not t.masks[k] & r.WEEKDAY:
        return None
    j = k + 1
    if (
        t.words[j] == "."
        and not t.gaps[j]
        and len(t.words[k]) <= 5
        and (t.masks[j + 1] or j + 1 == t.count == i + 2)
    ):
        j += 1
    if 12 < t.numbers[j] <= 31 and t.kinds[j] == NUMBER and _is_day_number(t, j + 1):
        when = When(i, j + 1)  # Monday 21
        when.day = Day(DAY_OF_MONTH)
        when.day.day, when.day.weekday = t.numbers[j], t.entries[k].weekday
        return when
    when = When(i, j)
    when.day = Day(WEEKDAY)
    when.day.weekday = t.entries[k].weekday
    when.day.step = step
    when.part = t.entries[k].part  # Samstagmorgen
    if step is None and t.masks[j] & r.AFTER and t.masks[j + 1] & r.NEXT and not title_goes_on(t, j + 2):
        day = next_weekday(s.today + timedelta(days=1), when.day.weekday)
        when.day, when.j = exact(day + timedelta(days=7)), j + 2  # friday after next: behind the coming one
        return _half_of_day(t, when)
    if (
        t.words[j] == "week"
        and step is None
        and (
            j + 1 >= t.count
            or t.kinds[j + 1] != WORD
            or led(t, j + 1)
            or t.masks[j + 1] & (r.AT | r.BY)
            or (i and t.masks[i - 1] & r.ON)
        )
    ):
        day = next_weekday(s.today + timedelta(days=1), when.day.weekday)
        when.day, when.j = exact(day + timedelta(days=7)), j + 1  # friday week: a week after the coming one
        return _half_of_day(t, when)
    if t.masks[k] & r.NAME_LIKE and not leads and not led(t, i):
        # "gym sat" ends with a day; "sat exam prep", "the sun" do not
        before_article = k > 0 and t.masks[k - 1] & r.ARTICLE
        when.weak = bool(before_article) or title_goes_on(t, j) or i == 0 or len(t.words[k]) < 3
        if t.kinds[j] == NUMBER and t.masks[j + 1] & r.TO and t.kinds[j + 2] == NUMBER and not before_article:
            when.weak = False  # sat 10-12 help Priya
    elif k > 1 and step is None and t.masks[k - 1] & r.ARTICLE and not led(t, k - 1):
        when.weak = title_goes_on(t, j)  # the sunday times
    return _half_of_day(t, when)


def _is_day_number(t: Tokens, j: int) -> bool:
    """May a bare number that ends before `j` be a day of the month? Not an hour, a count, part of a date."""
    if not ends_free(t, j) or t.words[j] == ":" or title_goes_on(t, j):
        return False
    return not t.masks[j] & (r.UNIT | r.MEASURE | r.MONTH | r.OCLOCK | r.MERIDIEM)


def day_of_month(s: Scan, i: int) -> When | None:
    """the 18th · on the 17 · the first (only after "on", "by") · the 15th day of the month · am 3."""
    t = s.t
    k = i
    article = bool(t.masks[k] & r.ARTICLE)
    if article:
        k += 1
    preposition = led(t, i) or (i > 0 and bool(t.masks[i - 1] & r.WEEKDAY))
    if article and t.entries[k].unit == ("days", 1) and t.kinds[k + 1] == NUMBER and _is_day_number(t, k + 2):
        when = When(i, k + 2)  # the day 11, as many say who learnt English late
        when.day = Day(DAY_OF_MONTH)
        when.day.day = t.numbers[k + 1]
        return when if 1 <= when.day.day <= 31 else None
    read = ordinal(t, k)
    if read is None:
        on = i > 0 and t.masks[i - 1] & r.ON and not t.masks[i - 1] & r.AT  # "on 15", "on the 15"
        on = on or (i == 0 and article and k + 1 == t.count)  # the 24
        if not ((on or (article and preposition)) and t.kinds[k] == NUMBER and 1 <= t.numbers[k] <= 31):
            return None
        behind = t.words[k + 1]
        if behind and not (t.kinds[k + 1] == SIGN and behind in ".,!?" and t.gaps[k + 2]):
            allowed = r.AT | r.BETWEEN | r.FROM if not article else r.TEMPORAL | r.STOP | r.BETWEEN
            if not t.masks[k + 1] & allowed:
                return None
        read = (t.numbers[k], k + 1)
    number, j = read
    if not 1 <= number <= 31:
        return None
    spelled = t.kinds[k] == WORD
    inside = i > 0 and t.words[i - 1] in t.lexicon.tables.with_article.split("|")  # *am* siebzehnten
    if spelled and number < 20 and not (preposition and (article or (inside and not t.masks[j] & r.PART))):
        return None
    if t.masks[j] & r.UNIT and t.entries[j].unit == ("days", 1) and t.masks[j + 1] & r.OF:
        j += 1
    if t.masks[j] & (r.WEEKDAY | r.WORKDAY | r.UNIT | r.PLURAL_DAY | r.LAST_OF | r.ORD | r.HALF | r.QUARTER):
        return None
    dotted = t.kinds[k] == NUMBER and read[1] == k + 2 and i > 0 and t.masks[i - 1] & r.ON  # am 15. Bericht
    if (title_goes_on(t, j) and not dotted) or (t.masks[j] & r.MEASURE and not t.masks[j] & r.OF):
        return None
    if t.words[j] in {"one", "ones"}:
        return None  # the second one
    if t.masks[j] & r.OF:
        return None  # the period behind "of" makes it a date of its own: `periods.nth_of`
    if t.masks[j] & r.LAST:
        return None
    when = When(i, j)
    when.day = Day(DAY_OF_MONTH)
    when.day.day = number
    last = t.kinds[k] == ORDINAL and j == t.count and k > 1  # "pay the bill 15th"
    when.weak = not (preposition or article or last)
    return when


def holiday_at(s: Scan, i: int) -> When | None:
    """christmas · next easter · black friday 2027 · independence day of this year · tax day two years ago.
    Weak where a noun follows.
    """
    t = s.t
    k, step = i, None
    if t.masks[k] & r.ARTICLE:
        k += 1
    if t.masks[k] & _MODIFIERS:
        step = step_of(t, k)
        k += 1
    if not t.masks[k] & r.HOLIDAY:
        return None
    when = When(i, k + 1)
    day = when.day = Day(HOLIDAY)
    day.name = t.entries[k].name
    day.step = step
    sure = weekday_of = False
    if (year := year_behind(s, k + 1)) is not None:
        day.year, when.j = year
    elif (distance := distance_behind(s, k + 1)) is not None:
        first, when.j = distance
        found, sure = next_holiday(day.name, first), True
        when.day = exact(found) if found else day
    sure = sure or step is not None or bool(day.year) or led(t, i)
    if t.lexicon.tables.capital_nouns and i == 0 and t.kinds[when.j] == WORD:
        sure = sure or t.text[t.starts[when.j]].islower()  # Fronleichnam wandern gehen
        # Pfingstmontag Grillen: who names the day of the week of a feast names a day
        weekday_of = any(t.words[k].endswith(day) for day in t.lexicon.tables.weekdays if len(day) > 2)
    on = i > 0 and t.masks[i - 1] & r.ON  # on christmas call mom
    when.weak = not weekday_of and (not sure or (noun_goes_on(t, when.j) and not day.year and not on))
    return when
