"""From one time of day to another: 3:30-4:30pm · 8 - 11pm · from 5 to 6pm · between 10 and 11:30 · 8am-3 ·
6-8.

Two bare numbers (6-8) are times only beside a day or a part of one; such a range is returned as weak.
"""

from todotasks.language.lexer.tokens import NUMBER, Tokens
from todotasks.language.time.clock import ends_free, stands_free
from todotasks.language.time.expression import Clock, Scan, When
from todotasks.language.time.numbers import cardinal
from todotasks.language.words import roles as r


def _side(t: Tokens, i: int) -> tuple[Clock, int, bool] | None:
    """One end: the clock, the position behind it, and whether it is certainly a time."""
    if t.masks[i] & r.CLOCK_WORD:
        return Clock(int(t.entries[i].number)), i + 1, True
    certain = False
    if t.kinds[i] == NUMBER:
        number, j, size = t.numbers[i], i + 1, len(t.words[i])
        if size > 2 or number > 24:
            return None
        clock = Clock(number % 24, 0, 0, number > 12 or (size == 2 and t.words[i][0] == "0"))
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
        clock, j = Clock(int(read[0]), exact=False), read[1]
    if t.masks[j] & r.OCLOCK:
        certain = True
        j += 1
    if t.masks[j] & r.MERIDIEM and clock.hour <= 12:
        clock.hour = clock.hour % 12 + t.entries[j].days
        clock.exact = certain = True
        j += 1
        if t.words[j] == "." and not t.gaps[j] and "." in t.words[j - 1]:
            j += 1
    elif t.words[j] in {"a", "p"} and not t.gaps[j] and 1 <= clock.hour <= 12:
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
