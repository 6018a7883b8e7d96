"""Reminders beside a task: "remind me the day before" · "with a reminder 30 min before" · "2 days in
advance" · "remind me at 8".

Found before dates, because "30 minutes before" would otherwise be a moment half an hour ago.
"""

from dataclasses import dataclass

from todotasks.language.lexer.tokens import Tokens
from todotasks.language.time.expression import Duration
from todotasks.language.time.numbers import duration
from todotasks.language.words import roles as r
from todotasks.language.words.shared import BEFOREHAND, TELL, TELL_LINKS

_DUE = frozenset({"due", "deadline", "fällig", "it", "then", "that", "start", "starts", "fälligkeit", "hand"})
FIRST_WORDS = 3  # "remind me" within these begins the command; later it is said beside one
MOST = 8  # as many as one message may ask for


@dataclass(frozen=True, slots=True)
class Offset:
    """A reminder so long before the task is due."""

    span: Duration
    part: str  # "the evening before": that part of the day before it
    i: int
    j: int


def _behind(t: Tokens, j: int) -> int | None:
    """The position behind "before", "in advance", "ahead (of time)", "before it's due"; None where a day
    follows.
    """
    word = t.words[j]
    if word in {"in"} and t.words[j + 1] == "advance":
        return j + 2
    if word not in BEFOREHAND and not (t.masks[j] & r.BEFORE and word == "prior to"):
        return None
    end = j + 1
    if word == "ahead" and t.words[end] == "of" and t.words[end + 1] in {"time", "it"}:
        return end + 2
    k = end
    while t.words[k] in {
        "it",
        "it's",
        "its",
        "is",
        "the",
        "that",
        "due",
        "deadline",
        "date",
        "then",
        "they",
        "are",
        "starts",
        "begins",
        "es",
        "fällig",
        "ist",
        "der",
        "termin",
        "task",
        "this",
    }:
        k += 1
    if k > end and (t.words[k - 1] not in {"the", "that", "der", "this"}):
        return k
    return end


def _begin(t: Tokens, i: int, told: list[int]) -> int:
    """Where the phrase begins: with "remind me", unless that begins the whole command."""
    begin = i
    while begin > 0 and t.words[begin - 1] in _LINKS:
        begin -= 1
    if told and begin > 0 and told[0] > FIRST_WORDS:
        while begin > 0 and (
            t.words[begin - 1] in TELL or t.words[begin - 1] in TELL_LINKS or _counts(t, begin - 1)
        ):
            begin -= 1
    return begin


def _counts(t: Tokens, k: int) -> bool:
    """with *2* reminders"""
    return t.numbers[k] >= 0 and t.words[k + 1] in TELL and k > 0 and t.words[k - 1] in {"with", "mit", "and"}


def tail(t: Tokens) -> int:
    """Where ", remind me at 4am" begins behind a task of its own; the number of tokens where nothing is."""
    for k in range(FIRST_WORDS, t.count - 1):
        if t.words[k] in {"remind", "alert", "notify", "erinnere", "erinner"} and t.words[k + 1] in {
            "me",
            "us",
            "mich",
            "uns",
        }:
            while k > 0 and t.words[k - 1] in {",", "and", "und", "please", "also", "-", ";", "."}:
                k -= 1  # noqa: PLW2901 - the comma belongs to it
            return k
    return t.count


_LEAD_WORDS = frozenset({"leadtime", "vorlauf", "vorlaufzeit"})
_LEAD_LINKS = frozenset({",", "with", "a", "and", "mit", "einer", "und", "of"})


def lead_time(t: Tokens) -> Offset | None:
    """with a lead time of 3 days · 3 Tage Vorlauf: how long before it is due a task appears."""
    for k in range(t.count):
        two = t.words[k] == "lead" and t.words[k + 1] == "time"
        if not two and t.words[k] not in _LEAD_WORDS:
            continue
        end = k + 2 if two else k + 1
        read = duration(t, end + 1 if t.words[end] in {"of", ":", "von", "is"} else end)
        begin = k
        if read is None:
            for start in range(max(k - 4, 0), k):
                found = duration(t, start)
                if found and found[1] == k:
                    read, begin = (found[0], end), start
                    break
        if read is None:
            return None
        while begin > 0 and t.words[begin - 1] in _LEAD_LINKS:
            begin -= 1
        t.blank(begin, read[1])
        return Offset(read[0], "", begin, read[1])
    return None


def find(t: Tokens) -> list[Offset]:
    """The offsets of the message, their tokens used up. Without "remind" one needs a comma before it."""
    told = [k for k in range(t.count) if t.words[k] in TELL]
    if not told and not any(t.words[k] in BEFOREHAND for k in range(t.count)):
        return []
    found: list[Offset] = []
    i = 0
    while i < t.count and len(found) < MOST:
        read = duration(t, i, bare_unit=True) if t.masks[i] & _STARTS or t.numbers[i] > 0 else None
        if (
            read is None
            and told
            and t.masks[i] & r.ARTICLE
            and t.masks[i + 1] & r.PART
            and t.words[i + 2] in BEFOREHAND
        ):
            offset = Offset(Duration([(("days", 1), 1.0)]), t.entries[i + 1].part, _begin(t, i, told), i + 3)
            found.append(offset)
            t.blank(offset.i, offset.j)
            i = offset.j
            continue
        if read is None:
            i += 1
            continue
        span, j = read
        end = _behind(t, j)
        anchored = end == j + 1 and bool(
            t.masks[end] & (r.TEMPORAL | r.THIS | r.NEXT) or (t.numbers[end] >= 0 and not told)
        )
        comma = i > 0 and t.words[i - 1] in {",", "("}
        if end is None or anchored or not (told or (comma and end >= t.count - 1)):
            i = j
            continue
        begin = _begin(t, i, told)
        found.append(Offset(span, "", begin, end))
        t.blank(begin, end)
        i = end
    return found


_STARTS = r.NUM | r.A | r.FEW | r.HALF | r.ARTICLE | r.UNIT | r.QUARTER
_LINKS = frozenset({",", "and", "&", "und", "(", "at", "also"})
