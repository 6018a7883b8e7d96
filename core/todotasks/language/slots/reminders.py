"""Reminders beside a task: "remind me the day before" · "with a reminder 30 min before" · "2 days in
advance" · "remind me at 8".

Found before dates, because "30 minutes before" would otherwise be a moment half an hour ago.
"""

from dataclasses import dataclass
from itertools import pairwise

from todotasks.language.lexer.tokens import NUMBER, WORD, Tokens
from todotasks.language.recurrence.rrule import RuleDraft
from todotasks.language.time.expression import WEEKDAY, Day, Duration, When
from todotasks.language.time.numbers import cardinal, duration
from todotasks.language.words import roles as r
from todotasks.language.words.shared import (
    AT_MOST,
    BEFOREHAND,
    DETERMINERS,
    JOINS_TIMES,
    NAG_AGAIN,
    NAG_LINKS,
    NAGS,
    TELL,
    TELL_LINKS,
)

_DUE = frozenset({"due", "deadline", "fällig", "it", "then", "that", "start", "starts", "fälligkeit", "hand"})
FIRST_WORDS = 3  # "remind me" within these begins the command; later it is said beside one
UNSAID = 15.0  # minutes between reminders until it is done, where no time is said
MOST = 8  # as many as one message may ask for


@dataclass(frozen=True, slots=True)
class Offset:
    """A reminder so long before the task is due."""

    span: Duration
    part: str  # "the evening before": that part of the day before it
    i: int
    j: int
    of: str = ""  # before another task: "15 minutes before *the meeting*"


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
    while t.words[end] in {"mich", "uns", "daran"} | TELL:
        end += 1  # eine Woche vorher *erinnern*
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


def again(t: Tokens, whens: list[When]) -> list[When]:
    """remind me at 2 *and again at 4*: the times that remind once more; the first is when it is due."""
    if not any(t.words[k] in TELL for k in range(t.count)):
        return []
    found = []
    for one, two in pairwise(whens):
        alone = two.clock is not None and not two.has_day and two.period is None and two.end is None
        near = two.i > one.j and two.i - one.j <= MOST_JOINS
        if alone and near and one.clock is not None and JOINS_TIMES.issuperset(t.words[one.j : two.i]):
            found.append(two)
    return found


MOST_JOINS = 3  # words between two times of a reminder
_LEAD_WORDS = frozenset({"leadtime", "vorlauf", "vorlaufzeit"})
_LEAD_LINKS = frozenset({",", "with", "a", "and", "mit", "einer", "und", "of"})


@dataclass(frozen=True, slots=True)
class Nag:
    """A reminder that comes again until the task is done: every `span`, at most `most` times."""

    span: Duration
    most: int | None
    tokens: tuple[tuple[int, int], ...]


def nag(t: Tokens) -> Nag | None:
    """every 15 minutes until it is done · remind me again every hour, up to 5 times · nag me every 10 minutes

    Its tokens are used up. A rhythm of the calendar ("every monday until I say so") is not read here.
    """
    asks = [k for k in range(t.count) if t.words[k] in TELL or t.words[k] in NAGS]
    done = next((k for k in range(t.count) if t.masks[k] & r.UNTIL_DONE), -1)
    if not asks and done < 0:
        return None
    for k in range(t.count - 1):
        if not t.masks[k] & r.EVERY:
            continue
        read = duration(t, k + 1, bare_unit=True)
        if read is None:
            continue
        span, end = read
        before = t.words[k - 1] if k else ""
        nags = any(t.words[n] in NAGS for n in asks) or (asks and before in NAG_AGAIN)
        if done < 0 and not (nags and span.has_time):
            return None
        used = [(_nag_begin(t, k), end)]
        used += [(done, done + 1)] if done >= 0 else []
        most = None
        for n in range(t.count):
            if (counted := _at_most(t, n)) is not None:
                most = counted[0]
                used.append((n - 1 if n and t.words[n - 1] == "," else n, counted[1]))
                break
        for begin, stop in used:
            t.blank(begin, stop)
        return Nag(span, most, tuple(used))
    if done >= 0 and asks and not any(mask & (r.EVERY | r.FREQ) for mask in t.masks):
        t.blank(done, done + 1)  # remind me at 9 until done: how often is not said
        return Nag(Duration([(("seconds", 60), UNSAID)]), None, ((done, done + 1),))
    return None


def _nag_begin(t: Tokens, k: int) -> int:
    """Where it begins: with ", remind me" behind a task; at the beginning that is the command itself."""
    begin = k
    while begin > 0 and t.words[begin - 1] in NAG_LINKS:
        begin -= 1
    verbs = TELL | NAGS | NAG_LINKS | {"me", "us", "mich", "uns"}
    first = begin
    while first > 0 and t.words[first - 1] in verbs:
        first -= 1
    return first if first >= FIRST_WORDS else begin


def nag_of(rule: RuleDraft | None, t: Tokens) -> tuple[Nag, When] | None:
    """every sunday evening until it's done: the reminder of a task, at these times; and the first of them."""
    done = next((k for k in range(t.count) if t.masks[k] & r.UNTIL_DONE), -1)
    if rule is None or done < 0 or rule.freq not in {"DAILY", "WEEKLY", "HOURLY"} or len(rule.days) > 1:
        return None
    unit = {"DAILY": ("days", 1), "WEEKLY": ("days", 7), "HOURLY": ("seconds", 3600)}[rule.freq]
    when = When(rule.i, rule.j)
    when.part, when.clock = rule.part, rule.times[0] if rule.times else None
    if rule.days:
        when.day = Day(WEEKDAY)
        when.day.weekday = rule.days[0]
    t.blank(done, done + 1)
    return Nag(Duration([(unit, float(rule.interval))]), rule.count or None, ((done, done + 1),)), when


def _at_most(t: Tokens, k: int) -> tuple[int, int] | None:
    """up to 5 times · at most three times · 5 times: how often, and the position behind it."""
    while t.words[k].replace(" ", "_") in AT_MOST or t.masks[k] & r.FOR:
        k += 1
    read = cardinal(t, k)
    if read is None or not t.masks[read[1]] & r.TIMES or read[0] < 1:
        return None
    return int(read[0]), read[1] + 1


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
        of, end = _other_task(t, end, told) if end == j + 1 else ("", end)
        several = any(t.words[k] in {"reminders", "alerts", "alarms", "erinnerungen"} for k in told)
        if several and any(t.masks[k] & r.AND for k in range(i, j)):
            parts = [Duration([each]) for each in span.amounts]  # 1 week and 1 day before
        else:
            parts = [span]
        found.extend(Offset(part, "", begin, end, of) for part in parts)
        t.blank(begin, end)
        i = end
    return found


def _other_task(t: Tokens, j: int, told: list[int]) -> tuple[str, int]:
    """remind me to call Bob 15 minutes before *the meeting*: another task than the one reminded of."""
    k = j
    while (
        k < t.count
        and k - j < MOST_OTHER
        and t.kinds[k] in {WORD, NUMBER}
        and t.words[k] not in {"to", "and"}
    ):
        k += 1
    first = told[0] if told else -1
    named = t.words[j] in DETERMINERS and k > j + 1
    own = first >= 0 and (t.words[first + 2] in {"to", "that"} or t.words[k] == "to")
    if not named or not own:
        return "", j
    return t.slice_text(j + 1, k), k


MOST_OTHER = 6  # words that name another task
_STARTS = r.NUM | r.A | r.FEW | r.HALF | r.ARTICLE | r.UNIT | r.QUARTER
_LINKS = frozenset({",", "and", "&", "und", "(", "at", "also"})
