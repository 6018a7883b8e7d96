"""Times of day: 5pm · 17:30 · half past eight · 20 min past eight · 11ish · noon · at 4 · 3:30-4:30pm · in
the evening.

A bare number is an hour only after a word that asks for one ("at 4", "by 5") and only where the sentence
does not go on
with what it counts ("look at 3 houses").
"""

from todotasks.language.lexer.tokens import (
    NUMBER,
    OPAQUE,
    ORDINAL,
    SIGN,
    WORD,
    Tokens,
    marks_priority,
)
from todotasks.language.time.expression import (
    Scan,
    TimeOfDay,
    When,
    exact,
)
from todotasks.language.time.numbers import cardinal
from todotasks.language.words import roles as r

# What may stand before a bare hour.
_ASKS_HOUR = r.AT | r.BY | r.BEFORE | r.AFTER | r.FROM | r.BETWEEN | r.TO | r.SINCE | r.UNTIL | r.STARTING
# What may follow one: the sentence goes on with something else than a counted thing.
_GOES_ON = (
    r.TEMPORAL
    | r.STOP
    | r.MERIDIEM
    | r.ZONE
    | r.NEXT
    | r.THIS
    | r.COMING
    | r.LAST
    | r.EVERY
    | r.ISH
    | r.WITHIN
)
_BEFORE_HOUR = (
    r.TEMPORAL | _ASKS_HOUR | r.ON | r.NEXT | r.THIS | r.APPROX | r.ARTICLE | r.EVERY | r.WORKDAY | r.OTHER
)
_QUARTERS_AND_FIVES = frozenset({5, 10, 15, 20, 25})
NOON = 12
HOUR = ("seconds", 3600)
# minutes behind a dot and a day; "05" and "10" may be a month
FIVES = frozenset({"00", "15", "20", "25", "30", "35", "40", "45", "50", "55"})
LAST_SMALL_HOUR = 5  # "5 Uhr nachts" is before dawn, "9 Uhr nachts" in the evening
_MONEY = frozenset("$€£#%_=^")
_JOINED = frozenset(".,:/-+$€£#%_&=~^")


def stands_free(t: Tokens, i: int) -> bool:
    """Does number `i` begin by itself: no "1.", no "$", no letters right before it?"""
    if i == 0:
        return True
    before = t.words[i - 1]
    if t.gaps[i]:
        return before not in _MONEY or before == "#"
    if t.kinds[i - 1] == SIGN:
        return before not in _JOINED or (t.read_to == i - 1 and before in "-,")
    return t.kinds[i - 1] == OPAQUE


def ends_free(t: Tokens, j: int) -> bool:
    """Does what ends before token `j` end there: no digits, no fraction, no percent right behind it?"""
    if t.gaps[j]:
        return t.words[j] not in {"%"}
    kind = t.kinds[j]
    if kind == NUMBER:
        return False
    if kind == SIGN:
        word = t.words[j]
        if word in ".,:/-'":
            return (
                t.gaps[j + 1]
                or t.kinds[j + 1] not in {NUMBER, WORD}
                or (word == "'" and t.kinds[j + 1] != NUMBER)
            )
        return word not in "%_=^"
    return kind == OPAQUE or not t.words[j]


def asks_hour(t: Tokens, i: int) -> bool:
    """Does a word before `i` ask for an hour?"""
    k = i - 1
    while k >= 0 and t.masks[k] & r.APPROX:
        k -= 1
    if k < 0 or (k and t.masks[k] & r.LAST and t.masks[k - 1] & r.THIS):
        return False  # this past one
    return bool(t.masks[k] & _ASKS_HOUR or (k < i - 1 and t.masks[k] & (r.RELATIVE | r.WEEKDAY | r.PART)))


def sentence_goes_on(t: Tokens, j: int, i: int) -> bool:
    """May a bare hour stand before `j`? A counted thing ("3 houses") may not follow."""
    if not t.words[j] or t.kinds[j] in {SIGN, OPAQUE}:
        return t.words[j] not in {"%", "/", "°", "$", "€"} and not (
            t.words[j] == "-" and t.kinds[j + 1] == NUMBER
        )
    if marks_priority(t, j):
        return True
    if t.masks[j] & (r.MEASURE | r.UNIT) and not t.masks[j] & (r.OF | r.PART | r.WEEKDAY | r.A):
        return False
    if t.masks[j] & _GOES_ON or t.kinds[j] == NUMBER:
        return True
    told = t.lexicon.tables.capital_nouns and (t.text != t.text.lower() or _behind_day(t, i - 1))
    if told and i and t.masks[i - 1] & r.AT and t.text[t.starts[j]].islower():
        return True  # "um 8 abholen": what is counted would be a noun
    # "tomorrow at 3 call Bob": nothing but time so far, so the title begins here
    k = i - 1
    while k >= 0 and t.masks[k] & _BEFORE_HOUR:
        k -= 1
    plain = t.lexicon.tables.capital_nouns or t.text[t.starts[j]].islower()
    return k < t.begin and t.words[j].islower() and plain


def _in_part(clock: TimeOfDay, part: str) -> None:
    """7 Uhr *abends*: the half of the day."""
    late = part in {"afternoon", "evening", "noon"} or (part == "night" and clock.hour > LAST_SMALL_HOUR)
    clock.hour = clock.hour % 12 + 12 * late
    if part == "night" and clock.hour == NOON:
        clock.hour = 0
    clock.exact = True


def _minute(t: Tokens, i: int) -> int | None:
    """Two digits that touch the sign before them, and are a minute."""
    if t.kinds[i] == NUMBER and not t.gaps[i] and len(t.words[i]) == 2 and t.numbers[i] < 60:
        return t.numbers[i]
    return None


def _meridiem_at(t: Tokens, j: int) -> bool:
    """Does am or pm follow: 3 pm, 3 in the PM?"""
    return bool(
        t.masks[j] & r.MERIDIEM
        or (t.masks[j] & r.IN and t.masks[j + 1] & r.ARTICLE and t.masks[j + 2] & r.MERIDIEM)
    )


def _meridiem(t: Tokens, j: int, clock: TimeOfDay) -> int | None:
    """The position behind am/pm at `j`, applied to the clock; None where the two do not fit (14 pm)."""
    if t.masks[j] & r.IN and t.masks[j + 1] & r.ARTICLE and t.masks[j + 2] & r.MERIDIEM:
        j += 2  # 3 in the PM
    if t.lexicon.tables.parts_after_clock and 1 <= clock.hour <= 12:
        early = t.masks[j] & r.PART and t.masks[j - 1] & r.OCLOCK  # um 6 Uhr früh
        if t.masks[j] & r.PLURAL_PART or (early and (j + 1 >= t.count or t.masks[j + 1])):
            _in_part(clock, t.entries[j].part)
            return j + 1
    if not t.masks[j] & r.MERIDIEM:
        return j
    shift = t.entries[j].days
    if clock.hour > 12 or clock.hour == 0:
        return j + 1 if clock.hour > 12 and shift == 12 and clock.exact and t.words[j] != "am" else None
    clock.hour = clock.hour % 12 + shift
    clock.exact = True
    end = j + 1
    return end + 1 if t.words[end] == "." and not t.gaps[end] and "." in t.words[j] else end


def clock_at(s: Scan, i: int) -> tuple[TimeOfDay, int, bool] | None:
    """A time of day at token `i`: the clock, the position behind it, and whether it is a bare number."""
    t = s.t
    mask = t.masks[i]
    if t.kinds[i] == NUMBER:
        return _digits(s, i) if stands_free(t, i) and not _is_date(t, i) else None
    if mask & r.CLOCK_WORD:
        return TimeOfDay(int(t.entries[i].number)), i + 1, False
    if mask & (r.HALF | r.QUARTER):
        return _fraction_hour(s, i)
    if mask & r.NUM:
        return _spoken(s, i)
    return None


def _halves(t: Tokens) -> bool:
    """Does the language count the hours of each half of the day? Where it does not, 7a is a class."""
    return bool(t.lexicon.tables.meridiem)


def _is_date(t: Tokens, i: int) -> bool:
    """ab *1. März*: a number with a dot before a month is its day."""
    dotted = t.words[i + 1] == "." and not t.gaps[i + 1] and t.lexicon.tables.ordinal_dot
    return dotted and t.gaps[i + 2] and bool(t.masks[i + 2] & (r.MONTH | r.OF | r.ARTICLE))


def _digits(s: Scan, i: int) -> tuple[TimeOfDay, int, bool] | None:
    t = s.t
    word, number, j = t.words[i], t.numbers[i], i + 1
    if len(word) > 4:
        return None
    sign = t.words[j]
    exact = len(word) == 2 and (word[0] == "0" or number > 12)
    if len(word) <= 2 and number <= 24:
        minute = None
        if not t.gaps[j] and sign and sign in ":.h":
            minute = _minute(t, j + 1)
            if sign == "." and minute is not None and not dotted_time(t, i, j + 2):
                return None
            if sign == ":" and minute is None:
                return None
        if minute is not None:
            clock = TimeOfDay(
                number % 24 if number < 24 else 0, minute, 0, exact or number == 0 or sign == "h"
            )
            return _after_minutes(t, clock, j + 2)
        clock = TimeOfDay(number, 0, 0, exact)
        if _meridiem_at(t, j) and number <= 12:
            end = _meridiem(t, j, clock)
            return (clock, end, False) if end and ends_free(t, end) else None
        if not t.gaps[j] and sign in {"a", "p"} and 1 <= number <= 12 and _halves(t):
            clock.hour = number % 12 + (12 if sign == "p" else 0)
            clock.exact = True
            return clock, j + 1, False
        if (
            sign == "."
            and not t.gaps[j]
            and not t.gaps[j + 1]
            and t.masks[j + 1] & r.MERIDIEM
            and number <= 12
        ):
            end = _meridiem(t, j + 1, clock)
            return (clock, end, False) if end else None
        if t.masks[j] & r.OCLOCK:
            j += 1
            if t.kinds[j] == NUMBER and t.lexicon.tables.half_before and t.numbers[j] < 60:
                clock.minute, clock.exact = t.numbers[j], True  # 15 Uhr 30; 6 Uhr 30 is before dawn
                j += 1
            clock.hour %= 24
            end = _meridiem(t, j, clock)
            return clock, end or j, False
        if i and t.masks[i - 1] & r.AT and t.entries[j].unit == HOUR and _nothing_counted(t, j + 1):
            clock.hour %= 24
            return clock, j + 1, False  # at 9 hours, as many say who learnt English late
        if t.masks[j] & r.ISH and not t.gaps[j]:
            return clock, j + 1, False
        if t.masks[j] & r.CLOCK_WORD and number == 12:
            return TimeOfDay(int(t.entries[j].number)), j + 1, False
        past = _minutes_past(s, number, j)
        if past:
            return past
        if number and _part_follows(s, j):
            return clock, j, True
        if sign == "h" and not t.gaps[j] and (number >= 13 or asks_hour(t, i)):
            return TimeOfDay(number % 24, 0, 0, True), j + 1, False
        spoken = _spoken_minutes(t, j) if number <= 12 and asks_hour(t, i) and t.kinds[j] == WORD else None
        if spoken and spoken[0] >= 10 and sentence_goes_on(t, spoken[1], i):
            clock.minute = int(spoken[0])  # at 3 fifteen
            return clock, spoken[1], False
        if asks_hour(t, i) and ends_free(t, j) and sentence_goes_on(t, j, i):
            clock.hour %= 24
            return clock, j, True
        after_day = i > 0 and t.masks[i - 1] & (r.WEEKDAY | r.RELATIVE) and t.gaps[i] and 1 <= number <= 12
        if after_day and (
            j >= t.count
            or marks_priority(t, j)
            or t.words[j] in {"#", "@", "!"}
            or (t.masks[j] & r.STOP and not t.masks[j] & (r.OF | r.A | r.ARTICLE | r.TO | r.AND))
        ):
            return clock, j, True  # haircut sat 11
        return None
    if len(word) >= 3 and number // 100 < 24 and number % 100 < 60:
        clock = TimeOfDay(number // 100, number % 100, 0, len(word) == 4)
        if t.masks[j] & r.MERIDIEM:
            end = _meridiem(t, j, clock)
            return (clock, end, False) if end else None
        if i and not t.gaps[j] and t.kinds[j] != SIGN:
            return None
        after_day = i > 0 and t.masks[i - 1] & (r.WEEKDAY | r.RELATIVE) and number % 5 == 0
        before_day = len(word) == 4 and t.masks[j] & (r.WEEKDAY | r.RELATIVE) and t.gaps[j]
        if before_day and not 1900 <= number <= 2099 and number % 5 == 0:
            return clock, j, False  # dentist 0930 tomorrow
        if after_day and not 1900 <= number <= 2099 and ends_free(t, j) and sentence_goes_on(t, j, i):
            return clock, j, False  # friday 830
        around = (
            i > 0 and t.masks[i - 1] & r.APPROX and not t.masks[j] & (r.UNIT | r.MEASURE) and j >= t.count
        )
        if (
            len(word) == 4
            and (t.words[i - 1] in {"at", "@"} or around)
            and ends_free(t, j)
            and sentence_goes_on(t, j, i)
        ):
            return clock, j, False
    return None


def _nothing_counted(t: Tokens, j: int) -> bool:
    """Does the sentence end here, or go on with something else than what was counted?"""
    return j >= t.count or t.kinds[j] == SIGN or bool(t.masks[j] & r.STOP and not t.masks[j] & (r.OF | r.A))


def _behind_date(t: Tokens, i: int) -> bool:
    """14 nov *9.15* · 24/9 *9.15*: does a day of a month stand right before?"""
    numbers = {NUMBER, ORDINAL}
    if i < 2 or not t.gaps[i]:
        return False
    if t.masks[i - 1] & r.MONTH:
        return t.kinds[i - 2] in numbers
    dated = t.masks[i - 2] & r.MONTH or (t.words[i - 2] == "/" and not t.gaps[i - 1] and not t.gaps[i - 2])
    return t.kinds[i - 1] in numbers and bool(dated)


def dotted_time(t: Tokens, i: int, j: int) -> bool:
    """Is 8.30 a time? Yes before am/pm, and after "at" where nothing is measured; behind a day only on a
    five of the minutes.
    """
    if t.masks[j] & (r.MERIDIEM | r.OCLOCK):
        return True
    before = t.masks[i - 1] if i else 0
    if (
        (before & (r.WEEKDAY | r.RELATIVE) or _behind_date(t, i))
        and not t.lexicon.tables.ordinal_dot
        and t.words[i + 2] in FIVES
        and 0 < t.numbers[i] < 24
        and not t.masks[j] & r.MEASURE
    ):
        return ends_free(t, j)  # monday 7.30, whole crew
    return (
        (bool(before & r.AT) or bool(t.masks[j] & r.ZONE))
        and ends_free(t, j)
        and sentence_goes_on(t, j, i)
        and t.words[i + 2] >= "12"
        and not t.masks[j] & r.MEASURE
    )


def _after_minutes(t: Tokens, clock: TimeOfDay, j: int) -> tuple[TimeOfDay, int, bool] | None:
    if t.words[j] == ":" and not t.gaps[j]:
        second = _minute(t, j + 1)
        if second is None:
            return None
        clock.second = second
        j += 2
        if t.words[j] in {".", ","} and not t.gaps[j] and t.kinds[j + 1] == NUMBER and not t.gaps[j + 1]:
            j += 2
    if t.masks[j] & r.OCLOCK:
        clock.exact = clock.exact or t.lexicon.tables.parts_after_clock  # 5:30 Uhr is before dawn
        j += 1
    end = _meridiem(t, j, clock)
    if end is None:
        return None
    if end == j and not t.gaps[j] and t.words[j] in {"a", "p"} and 1 <= clock.hour <= 12:
        clock.hour = clock.hour % 12 + (12 if t.words[j] == "p" else 0)
        clock.exact = True
        end = j + 1
    elif end == j and not ends_free(t, j) and not (t.words[j] == "-" or t.kinds[j] == WORD):
        return None
    return clock, end, False


def _hour(s: Scan, i: int) -> tuple[TimeOfDay, int] | None:
    """The hour behind "half past": eight · 8 · 8pm · noon · halb acht"""
    t = s.t
    if t.masks[i] & r.HALF and t.lexicon.tables.half_before and (whole := _hour(s, i + 1)):
        return _move(whole[0], -30), whole[1]  # fünf vor halb acht
    if t.masks[i] & r.CLOCK_WORD:
        return TimeOfDay(int(t.entries[i].number)), i + 1
    read = cardinal(t, i)
    if read is None or not 1 <= read[0] <= 24:
        return None
    spelled_out = t.masks[read[1]] & (r.MERIDIEM | r.OCLOCK) or t.words[read[1]] == "h"
    if not ends_free(t, read[1]) and not spelled_out:
        return None
    clock, j = TimeOfDay(int(read[0]) % 24, exact=read[0] > 12), read[1]
    if t.words[j] == "h" and not t.gaps[j]:
        return TimeOfDay(clock.hour), j + 1
    if t.masks[j] & r.OCLOCK:
        j += 1
    end = _meridiem(t, j, clock)
    return clock, end or j


def _move(clock: TimeOfDay, minutes: int) -> TimeOfDay:
    total = (clock.hour * 60 + clock.minute + minutes) % 1440
    if not clock.exact and total < 60:
        total += 720  # quarter to one
    return TimeOfDay(total // 60, total % 60, 0, clock.exact)


def _fraction_hour(s: Scan, i: int) -> tuple[TimeOfDay, int, bool] | None:
    """half past eight · quarter to 6 · halb neun"""
    t = s.t
    j = i + 1
    half = bool(t.masks[i] & r.HALF)
    minutes = 30 if half else 15
    if t.masks[j] & r.PAST:
        hour = _hour(s, j + 1)
        return (_move(hour[0], minutes), hour[1], False) if hour else None
    if t.masks[j] & r.TILL_HOUR and not half:
        hour = _hour(s, j + 1)
        return (_move(hour[0], -minutes), hour[1], False) if hour else None
    asked = t.lexicon.tables.half_before or asks_hour(t, i)
    if not half and t.lexicon.tables.half_before and (asks_hour(t, i) or i == 0 or _behind_day(t, i)):
        share = int(60 * (t.entries[i].number or 0.25))
        whole = _hour(s, j) if t.masks[j] & r.NUM or t.kinds[j] == NUMBER else None
        return (_move(whole[0], share - 60), whole[1], False) if whole else None  # dreiviertel neun
    asked = asked or _behind_day(t, i)
    hour = _hour(s, j) if half else None
    if hour and (asked or (i == 0 and hour[1] == t.count)):
        return _move(hour[0], -30 if t.lexicon.tables.half_before else 30), hour[1], False
    return None


def _behind_day(t: Tokens, i: int) -> bool:
    """the day after *tomorrow* half twelve"""
    return i > 0 and bool(t.masks[i - 1] & (r.WEEKDAY | r.RELATIVE | r.MONTH))


def _minutes_past(s: Scan, number: float, j: int) -> tuple[TimeOfDay, int, bool] | None:
    """20 (minutes) past eight · ten minutes to six; without "minutes" only "past": 5 to 6 is a range."""
    t = s.t
    if not 1 <= number < 60:
        return None
    if t.masks[j] & r.TO and t.masks[j + 1] & r.CLOCK_WORD and number in _QUARTERS_AND_FIVES:
        return _move(TimeOfDay(int(t.entries[j + 1].number)), -int(number)), j + 2, False  # 15 to noon
    named = bool(t.masks[j] & r.MINUTES)
    k = j + 1 if named else j
    if t.masks[k] & r.PAST and (
        named or not t.masks[k] & r.AFTER or t.words[k] == "past" or t.lexicon.tables.half_before
    ):
        hour = _hour(s, k + 1)
        return (_move(hour[0], int(number)), hour[1], False) if hour else None
    spoken = t.kinds[k - 1] == WORD and number in {5, 10, 20, 25} and t.masks[k] & r.TO  # ten to eight
    at = j > 1 and t.masks[j - 2] & r.AT and not t.masks[j - 2] & (r.FROM | r.BETWEEN)  # at ten to six
    if spoken and (at or not asks_hour(t, k - 1)) and not named:
        hour = _hour(s, k + 1)
        if hour and (not t.words[hour[1]] or hour[0].exact or t.kinds[hour[1]] == SIGN):
            return _move(hour[0], -int(number)), hour[1], False
    if t.masks[k] & r.TILL_HOUR and (named or t.lexicon.tables.half_before) and not t.masks[k] & r.OF:
        hour = _hour(s, k + 1)
        return (_move(hour[0], -int(number)), hour[1], False) if hour else None
    return None


def _spoken(s: Scan, i: int) -> tuple[TimeOfDay, int, bool] | None:
    """seven · seven twenty-seven · six hundred and forty five am · thirty-six minutes past eight"""
    t = s.t
    read = cardinal(t, i)
    if read is None:
        return None
    value, j = int(read[0]), read[1]
    if past := _minutes_past(s, value, j):
        return past
    asked = asks_hour(t, i)
    if value >= 100:
        if t.masks[j] & r.MERIDIEM and value // 100 <= 12 and value % 100 < 60:
            clock = TimeOfDay(value // 100, value % 100)
            end = _meridiem(t, j, clock)
            return (clock, end, False) if end else None
        return None
    if not 0 <= value <= 24:
        return None
    clock = TimeOfDay(value % 24, 0, 0, value > 12)
    minutes = _spoken_minutes(t, j)
    whole = i == 0 and minutes is not None and minutes[1] == t.count  # ten-thirty, and nothing else
    if (
        minutes
        and minutes[0] < 60
        and value
        and (asked or whole or _meridiem_at(t, minutes[1]) or _part_follows(s, minutes[1]))
        and not t.masks[minutes[1]] & r.UNIT
    ):
        clock.minute = int(minutes[0])
        end = _meridiem(t, minutes[1], clock)
        return clock, end or minutes[1], False
    if _meridiem_at(t, j) and value <= 12:
        end = _meridiem(t, j, clock)
        return (clock, end, False) if end else None
    if t.masks[j] & r.OCLOCK:
        end = _meridiem(t, j + 1, clock)
        return clock, end or j + 1, False
    if t.masks[j] & r.CLOCK_WORD and value == 12:
        return TimeOfDay(int(t.entries[j].number)), j + 1, False
    if t.masks[j] & r.ISH:
        return clock, j + 1, False
    if value and _part_follows(s, j):
        return clock, j, True
    if asked and sentence_goes_on(t, j, i):
        return clock, j, True
    return None


def _spoken_minutes(t: Tokens, j: int) -> tuple[float, int] | None:
    """seven *twenty-seven* · ten-*thirty* · twelve *oh three*"""
    if t.words[j] == "-" and not t.gaps[j] and not t.gaps[j + 1]:
        j += 1
    if t.words[j] in t.lexicon.tables.spoken_zeros or (t.masks[j] & r.NUM and t.entries[j].number == 0):
        j += 1 + (t.words[j + 1] == "-")
        last = cardinal(t, j) if t.masks[j] & r.NUM else None
        return last if last and last[0] < 10 else None
    read = cardinal(t, j) if t.masks[j] & r.NUM and t.entries[j].number >= 1 else None
    return read if read and read[0] < 60 else None  # "at 3 ninety" is no time


def _part_follows(s: Scan, j: int) -> bool:
    """6 *in the morning* · 11 *at night* · 11 *tonight*"""
    t = s.t
    if t.masks[j] & r.RELATIVE and t.entries[j].part:
        return t.numbers[j - 1] not in range(1, 5)  # "episode 4 tonight" is no hour
    spelled = t.masks[j] & r.THIS and t.kinds[j - 1] == WORD  # "building 4 this afternoon" is no hour
    if not t.masks[j] & (r.IN | r.AT) and not spelled:
        return False
    part = part_at(s, j)
    return part is not None and not part.weak


def part_at(s: Scan, i: int) -> When | None:
    """morning · in the evening · at night · this afternoon · early morning. Alone and without "in the" it is
    weak.
    """
    t = s.t
    j = i
    said = this = False
    if t.masks[j] & (r.IN | r.AT | r.ON | r.FOR) and t.masks[j + 1] & (r.ARTICLE | r.PART | r.EARLY | r.LATE):
        said = bool(t.masks[j] & (r.IN | r.AT))
        j += 1
    if t.masks[j] & r.ARTICLE:
        j += 1
    elif t.masks[j] & r.THIS:
        said = this = True
        j += 1
    alone = t.masks[j] & r.PART and i > 0 and t.masks[i - 1] & (r.WEEKDAY | r.RELATIVE)  # Sonntag früh
    if t.masks[j] & (r.EARLY | r.LATE) and not alone:
        j += 1
        if t.masks[j] & r.IN and t.masks[j + 1] & r.ARTICLE:
            j += 2
        elif t.masks[j] & r.ARTICLE:
            j += 1  # "early in" is one word to the tokenizer
    if not t.masks[j] & r.PART:
        return None
    when = When(i, j + 1)
    when.part = t.entries[j].part
    when.weak = not said and not t.masks[j] & r.FILLER  # "first thing" is said of nothing else
    when.said = said
    if this:
        when.day = exact(s.today)
    return when


# --- from one time of day to another ---


def _side(t: Tokens, i: int) -> tuple[TimeOfDay, int, bool] | None:
    """One end: the clock, the position behind it, and whether it is certainly a time."""
    if t.masks[i] & r.CLOCK_WORD:
        return TimeOfDay(int(t.entries[i].number)), i + 1, True
    certain = False
    if t.kinds[i] == NUMBER:
        number, j, size = t.numbers[i], i + 1, len(t.words[i])
        if size > 2 or number > 24:
            return None
        clock = TimeOfDay(number % 24, 0, 0, number > 12 or (size == 2 and t.words[i][0] == "0"))
        if t.words[j] in {":", "."} and not t.gaps[j] and t.kinds[j + 1] == NUMBER and not t.gaps[j + 1]:
            if len(t.words[j + 1]) != 2 or t.numbers[j + 1] > 59 or number > 23:
                return None
            certain = t.words[j] == ":"
            clock.minute = t.numbers[j + 1]
            j += 2
            if t.words[j] == ":" and not t.gaps[j] and t.kinds[j + 1] == NUMBER and len(t.words[j + 1]) == 2:
                clock.second = min(t.numbers[j + 1], 59)
                j += 2
            if not certain and not t.masks[j] & (r.MERIDIEM | r.OCLOCK):
                return None
    else:
        read = cardinal(t, i) if t.masks[i] & r.NUM else None
        if read is None or not 1 <= read[0] <= 12:
            return None
        clock, j = TimeOfDay(int(read[0]), exact=False), read[1]
    if t.masks[j] & r.OCLOCK:
        certain = True
        j += 1
    if t.masks[j] & r.MERIDIEM and clock.hour <= 12:
        clock.hour = clock.hour % 12 + t.entries[j].days
        clock.exact = certain = True
        j += 1
        if t.words[j] == "." and not t.gaps[j] and "." in t.words[j - 1]:
            j += 1
    elif t.words[j] in {"a", "p"} and not t.gaps[j] and 1 <= clock.hour <= 12 and _halves(t):
        clock.hour = clock.hour % 12 + (12 if t.words[j] == "p" else 0)
        clock.exact = certain = True
        j += 1
    return clock, j, certain


def time_range(s: Scan, i: int) -> When | None:
    t = s.t
    if t.kinds[i] == NUMBER and not stands_free(t, i):
        return None
    first = _side(t, i)
    if first is None:
        return None
    j = first[1]
    opened = 0
    for k in range(i - 1, max(i - 3, -1), -1):
        opened = opened or (2 if t.masks[k] & r.BETWEEN else 1 if t.masks[k] & r.FROM else 0)
    if not (t.masks[j] & r.TO or (t.masks[j] & r.AND and opened == 2)):
        return None
    j += 1
    if t.masks[j] & r.AT:
        j += 1
    last = _side(t, j)
    if last is None or not ends_free(t, last[1]) or (t.words[last[1]] in {"/", "-"} and not t.gaps[last[1]]):
        return None
    if t.masks[last[1]] & (r.UNIT | r.MEASURE | r.MONTH) and not t.masks[last[1]] & (r.PART | r.OF):
        return None
    certain = first[2] or last[2]
    when = When(i, last[1])
    when.clock = first[0]
    when.end = When(j, last[1])
    when.end.clock = last[0]
    when.weak = not certain
    if not certain and t.masks[i - 1] & r.MONTH:
        return None
    return when
