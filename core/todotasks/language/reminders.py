"""Reminders beside a task: "remind me the day before" · "with a reminder 30 min before" · "2 days in advance" · "remind me at 8".

Found before dates, because "30 minutes before" would otherwise be a moment half an hour ago.
"""

from dataclasses import dataclass

from todotasks.language import roles as r
from todotasks.language.quantities import duration
from todotasks.language.tokens import Tokens
from todotasks.language.when import Duration

_TELL = frozenset(
    "remind reminder reminders alert alerts notify notification ping nudge alarm remimd warn warning tell "
    "erinnere erinner erinnerung erinnerungen benachrichtige".split()
)
_BEFOREHAND = frozenset({"before", "beforehand", "earlier", "ahead", "prior", "advance", "vorher", "zuvor", "vor", "früher", "davor"})
_DUE = frozenset({"due", "deadline", "fällig", "it", "then", "that", "start", "starts", "fälligkeit", "hand"})
MOST = 8  # as many as one message may ask for


@dataclass(frozen=True, slots=True)
class Offset:
    """A reminder so long before the task is due."""

    span: Duration
    i: int
    j: int
    told: int  # where "remind me" begins, or i


def _behind(t: Tokens, j: int) -> int | None:
    """The position behind "before", "in advance", "ahead (of time)", "before it's due"; None where a day follows."""
    word = t.words[j]
    if word in {"in"} and t.words[j + 1] == "advance":
        return j + 2
    if word not in _BEFOREHAND and not (t.masks[j] & r.BEFORE and word == "prior to"):
        return None
    end = j + 1
    if word == "ahead" and t.words[end] == "of" and t.words[end + 1] in {"time", "it"}:
        return end + 2
    k = end
    while t.words[k] in {"it", "it's", "its", "is", "the", "that", "due", "deadline", "date", "then", "they", "are", "starts", "begins", "es", "fällig", "ist", "der", "termin", "task", "this"}:
        k += 1
    if k > end and (t.words[k - 1] not in {"the", "that", "der", "this"}):
        return k
    return end


def find(t: Tokens) -> list[Offset]:
    """The offsets of the message, their tokens used up. Without "remind" an offset needs a comma before it."""
    told = [k for k in range(t.count) if t.words[k] in _TELL]
    if not told and not any(t.words[k] in _BEFOREHAND for k in range(t.count)):
        return []
    found: list[Offset] = []
    i = 0
    while i < t.count and len(found) < MOST:
        read = duration(t, i, bare_unit=True) if t.masks[i] & _STARTS or t.numbers[i] > 0 else None
        if read is None:
            i += 1
            continue
        span, j = read
        end = _behind(t, j)
        anchored = end == j + 1 and bool(t.masks[end] & (r.TEMPORAL | r.THIS | r.NEXT) or (t.numbers[end] >= 0 and not told))
        comma = i > 0 and t.words[i - 1] in {",", "("}
        if end is None or anchored or not (told or (comma and end >= t.count - 1)):
            i = j
            continue
        begin = i
        while begin > 0 and (t.words[begin - 1] in _LINKS):
            begin -= 1
        at_start = told and told[0] <= 3
        if told and begin > 0 and not at_start:
            while begin > 0 and (t.words[begin - 1] in _TELL or t.words[begin - 1] in _TELL_LINKS):
                begin -= 1
        found.append(Offset(span, begin, end, told[0] if told else begin))
        t.blank(begin, end)
        i = end
    return found


_STARTS = r.NUM | r.A | r.FEW | r.HALF | r.ARTICLE | r.UNIT | r.QUARTER
_LINKS = frozenset({",", "and", "&", "und", "(", "at", "also"})
_TELL_LINKS = frozenset({"me", "us", "a", "an", "with", "and", ",", "add", "set", "please", "plus", "also", "mich", "mit", "einer", "eine", "bitte", "und", "about", "it", "of", "put", "daran"})
