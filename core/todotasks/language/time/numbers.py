"""Numbers, ordinals and durations, in digits and in words.

Each function looks at token `i` and returns what it read with the position behind it, or None.
"""

from todotasks.language.lexer.tokens import (
    NUMBER,
    ORDINAL,
    WORD,
    Tokens,
)
from todotasks.language.time.expression import Duration
from todotasks.language.words import roles as r
from todotasks.language.words.calendar_schema import Unit

MOST_WORDS = 12  # of a number
MOST_PARTS = 8  # "1 year 2 months 3 days …": more is not a duration
SMALLEST_SHARE = 4  # of a unit: 1/4 hour
_SHORT_UNIT = 1  # letters: "h" counts only where it touches its number


def cardinal(t: Tokens, i: int) -> tuple[float, int] | None:
    """three · twenty-four · one hundred and thirty · two thousand and seventeen · 12"""
    if t.kinds[i] == NUMBER:
        return (t.numbers[i], i + 1) if t.numbers[i] >= 0 else None
    if not t.masks[i] & r.NUM:
        return None
    total = current = 0.0
    previous = 0.0
    j = i
    while t.masks[j] & r.NUM and j - i < MOST_WORDS:
        number = t.entries[j].number
        if number < 1 and (j > i or number > 0):
            if j == i:
                return number, i + 1
            break
        if number == 100:
            current = max(current, 1) * 100
        elif number == 1000:
            total += max(current, 1) * 1000
            current = 0.0
        elif j == i or previous >= 100 or (20 <= previous < 100 and number < 10):
            current += number
        else:
            break
        previous = number
        j += 1
        joint = t.words[j]
        if joint == "-" and not t.gaps[j] and 20 <= previous < 100 and t.masks[j + 1] & r.NUM:
            if t.entries[j + 1].number < 10:
                j += 1
            else:
                break
        elif t.masks[j] & r.AND and previous >= 100 and t.masks[j + 1] & r.NUM:
            j += 1
    return total + current, j


def spoken_year(t: Tokens, i: int) -> tuple[int, int] | None:
    """nineteen eighty six · two thousand and five · twenty seventeen · nineteen hundred ninety three"""
    first = cardinal(t, i)
    if first is None or t.kinds[i] == NUMBER:
        return None
    value, j = first
    if 1000 <= value <= 2999:
        return int(value), j
    if 16 <= value <= 21:
        second = cardinal(t, j) if t.masks[j] & r.NUM else None
        if second and 10 <= second[0] <= 99:
            return int(value) * 100 + int(second[0]), second[1]
    return None


def ordinal(t: Tokens, i: int) -> tuple[int, int] | None:
    """1st · third · twenty-fourth · thirty first · 3. (German)"""
    kind = t.kinds[i]
    if kind == ORDINAL:
        return t.numbers[i], i + 1
    mask = t.masks[i]
    if mask & r.ORD:
        return t.entries[i].ordinal, i + 1
    if mask & r.NUM and kind == WORD and 20 <= t.entries[i].number < 100:
        j = i + 1
        if t.words[j] == "-" and not t.gaps[j]:
            j += 1
        if t.masks[j] & r.ORD and t.entries[j].ordinal < 10:
            return int(t.entries[i].number) + t.entries[j].ordinal, j + 1
    if kind == NUMBER and t.lexicon.tables.ordinal_dot and t.words[i + 1] == "." and not t.gaps[i + 1]:
        after = t.kinds[i + 2]
        if t.numbers[i] >= 1 and not (after == NUMBER and not t.gaps[i + 2]):
            return t.numbers[i], i + 2
    return None


def amount(t: Tokens, i: int) -> tuple[float, int, bool] | None:
    """The number before a unit: 3 · 1.5 · a · half an · a few · one and a half. The last is: is it vague?"""
    mask = t.masks[i]
    if t.kinds[i] == NUMBER:
        if t.numbers[i] < 0:
            return None
        value, j = float(t.numbers[i]), i + 1
        of = j + 2 + bool(t.masks[j + 2] & r.A)  # 1/2 an hour
        if t.words[j] == "/" and not t.gaps[j] and not t.gaps[j + 1] and t.masks[of] & r.UNIT:
            parts = t.numbers[j + 1]
            return (value / parts, of, False) if 0 < value < parts <= SMALLEST_SHARE else None  # 3/4 hour
        if (
            t.words[j] in ".,"
            and t.words[j]
            and not t.gaps[j]
            and t.kinds[j + 1] == NUMBER
            and not t.gaps[j + 1]
        ):
            digits = t.words[j + 1]
            if len(digits) > 6 or (t.words[j] == "," and len(digits) == 3):
                return None
            value, j = value + int(digits) / 10 ** len(digits), j + 2
        if t.masks[j] & r.NUM and 0 < t.entries[j].number < 1:
            value, j = value + t.entries[j].number, j + 1
        return _with_half(t, value, j)
    if mask & r.FEW:
        j = i + 1
        return t.entries[i].number, j, True
    if mask & r.HALF:
        j = i + 1
        if t.masks[j] & r.A:
            j += 1
        return 0.5, j, False
    if mask & r.NUM:
        read = cardinal(t, i)
        if read is None:
            return None
        value, j = read
        if t.masks[j] & r.AND and 20 <= value < 100 and value % 10 == 0:
            more = cardinal(t, j + 1)
            if more and 1 <= more[0] < 10 and t.masks[more[1]] & r.UNIT:
                return value + more[0], more[1], False
        return _with_half(t, value, j)
    if mask & r.A and t.masks[i + 1] & r.HALF and t.masks[i + 2] & r.UNIT:
        return 0.5, i + 2, False  # in einem halben Jahr
    if mask & r.A:
        return _with_half(t, 1.0, i + 1)
    return None


def _with_half(t: Tokens, value: float, j: int) -> tuple[float, int, bool]:
    """one *and a half* hours"""
    if t.masks[j] & r.AND:
        k = j + 1
        if t.masks[k] & r.A:
            k += 1
        if t.masks[k] & r.HALF:
            return value + 0.5, k + 1, False
        if t.masks[k] & r.QUARTER and t.masks[k + 1] & r.UNIT:
            return value + 0.25, k + 1, False
    elif t.masks[j] & r.A and t.masks[j + 1] & r.HALF:
        return value + 0.5, j + 2, False
    return value, j, False


def unit_at(t: Tokens, i: int, glued_only: bool = False) -> bool:
    """Is token `i` a unit that may follow its number? One letter must touch it."""
    if not t.masks[i] & r.UNIT:
        return False
    if len(t.words[i]) <= _SHORT_UNIT:
        return not t.gaps[i] and not glued_only
    return True


def duration(t: Tokens, i: int, *, bare_unit: bool = False) -> tuple[Duration, int] | None:
    """3 days · 2hr5min · one hour and a half · half an hour · a couple of weeks · 1 hour, 5 minutes, and 30
    seconds

    `bare_unit`: "the day", "day" count as one (for "the day before", "every day").
    """
    amounts: list[tuple[Unit, float]] = []
    vague = False
    j = i
    while len(amounts) < MOST_PARTS:
        k = j
        if amounts:
            if t.words[k] == ",":
                k += 1
            if t.masks[k] & r.AND:
                k += 1
        approx = k
        while t.masks[approx] & r.APPROX and not amounts:
            approx += 1
        read = amount(t, approx)
        if read is None:
            if amounts or not bare_unit:
                break
            k = approx + 1 if t.masks[approx] & r.ARTICLE else approx
            if not t.masks[k] & r.UNIT or len(t.words[k]) < 3:
                break
            amounts.append((t.entries[k].unit, 1.0))
            return Duration(amounts), k + 1
        value, k, guess = read
        if t.masks[k] & r.OF or (t.masks[k] & r.MORE and i and t.masks[i - 1] & r.IN):
            k += 1
        if t.words[k] == "-" and not t.gaps[k]:  # a 30-minute walk
            k += 1
        if t.masks[k] & (r.NEXT | r.COMING | r.LAST) and not amounts and t.masks[k + 1] & r.UNIT:
            break  # "2 next days" is a period
        if not unit_at(t, k):
            break
        unit = t.entries[k].unit
        if amounts and _size(unit) >= _size(amounts[-1][0]):
            break
        amounts.append((unit, value))
        vague = vague or guess
        j = k + 1
        # "one hour and half", "one year and a quarter"
        if t.masks[j] & r.AND:
            k = j + 1
            if t.masks[k] & r.A and not t.masks[k] & (r.HALF | r.QUARTER):
                k += 1
            if t.masks[k] & r.HALF and not t.masks[k + 1] & r.UNIT:
                amounts[-1] = (unit, value + 0.5)
                return Duration(amounts, vague), k + 1
            if t.masks[k] & r.QUARTER and not t.masks[k + 1] & (r.UNIT | r.OF):
                amounts[-1] = (unit, value + 0.25)
                return Duration(amounts, vague), k + 1
    return (Duration(amounts, vague), j) if amounts else None


def _size(unit: tuple[str, int]) -> int:
    kind, size = unit
    return {"seconds": 1, "days": 86_400, "workdays": 86_400, "months": 2_592_000}.get(kind, 1) * size
