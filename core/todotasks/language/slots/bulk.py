"""Many tasks at once: which ones "all urgent tasks due today" means.

    move everything due today to tomorrow
         └──── filter ──────┘ └ where to ┘

Whatever stands in the words that name the tasks (a time, a tag, a level, a kind, a word of their titles) goes
into the filter, or the words are taken for a title: a narrowing that is not understood never means
everything.
"""

from copy import copy
from dataclasses import replace

from todotasks.language.frames.pattern import Match
from todotasks.language.lexer.tokens import Tokens
from todotasks.language.reading.model import Filter
from todotasks.language.slots.draft import Draft
from todotasks.language.slots.references import how_many, states
from todotasks.language.time.combine import LEAD, mode_of
from todotasks.language.time.expression import When
from todotasks.language.time.resolve import range_of
from todotasks.language.words.roles import TO
from todotasks.language.words.shared import (
    ABOUT,
    EVERYTHING,
    GLUE,
    KINDS,
    LEVEL_NOUNS,
    PLURALS,
    SAYS_WHICH,
    SETS_DUE,
    STATES,
    THINGS,
)

MOST_TEXT = 4  # words that say which: "all my old shopping tasks"
_NO_LEVELS = frozenset({"one", "two", "three", "four", "top"})
_COMPOUNDS = ("aufgaben", "termine")  # Einkaufsaufgaben


def bulk(c: Draft, i: int, j: int, used: set[int], base: Filter) -> Filter | None:
    """What tokens i to j mean beside `base`; None where they name one task."""
    kept = [k for k in range(i, j) if k not in used]
    whose = next((k for k in kept[1:-1] if _owner(c, k)), None) if base.assignee is None else None
    if whose is not None:
        kept.remove(whose)
        base = replace(base, assignee=c.t.text[c.t.starts[whose] : c.t.ends[whose] - 2])
    words = [c.t.words[k] for k in kept]
    if not words:
        return None
    said_all = words[0] in EVERYTHING or (len(words) > 1 and words[0] in GLUE and words[1] in EVERYTHING)
    many = any(word in PLURALS for word in words)
    levels = c.language.lists.levels
    level = next((levels[w] for w in words if w in levels and w not in _NO_LEVELS and not w.isdigit()), None)
    known = GLUE | SAYS_WHICH | EVERYTHING | THINGS | STATES.keys()
    if level is not None:
        known = known | LEVEL_NOUNS | levels.keys()
    rest = [position for position, word in enumerate(words) if word not in known]
    found = states(words)
    narrowed = bool(found or level or base != Filter())
    text = next((KINDS[word] for word in words if word in KINDS), None)
    if rest:
        told = _text(words, rest) if said_all else None
        if told is None:
            return None
        text = f"{text} {told}" if text else told
    if not (said_all or (many and narrowed)):
        return None
    return replace(
        base,
        completed=found.get("completed"),
        overdue=found.get("overdue"),
        has_due=found.get("has_due"),
        recurring=found.get("recurring"),
        priority=level or base.priority,
        text=text,
        everything=not narrowed and text is None,
    )


def _owner(c: Draft, k: int) -> bool:
    """all of *Helen's* items"""
    word = c.t.words[k]
    if word[-2:] != "'s" or c.t.masks[k]:
        return False
    return word[:-2] in c.language.lists.names or c.t.text[c.t.starts[k]].isupper()


def _text(words: list[str], rest: list[int]) -> str | None:
    """all my *shopping* tasks · all tasks about *the garden* · alle Einkaufsaufgaben"""
    first, last = rest[0], rest[-1]
    if last - first >= MOST_TEXT:
        return None
    if words[first] in ABOUT and first < last:
        return " ".join(words[k] for k in rest[1:]) if last == len(words) - 1 else None
    if last - first + 1 != len(rest):
        return None
    behind = words[last + 1 :]
    singular = words[0] in {"every", "each", "jede"} and behind[:1] in (["task"], ["todo"], ["aufgabe"])
    if singular or (behind and behind[0] in PLURALS):
        return " ".join(words[first : last + 1])
    for noun in _COMPOUNDS:
        if first == last and words[first].endswith(noun) and len(words[first]) > len(noun) + 2:
            return words[first].removesuffix(noun).removesuffix("s")
    return None


def sources(c: Draft, span: tuple[int, int]) -> tuple[list[When], int]:
    """The times that say which tasks a change means, and the token before which its markers stand.

    "today to tomorrow" is one range for the grammar of dates; here its first half says which, the second
    where to.
    """
    t = c.t
    i, j = c.tokens_of(span)
    stop = c.tokens_of((span[1], span[1] + 1))[0] if span[1] < len(c.words) else j
    if t.words[j - 1] in SAYS_WHICH:
        stop = max(stop, next((marker.j for marker in c.markers if marker.i == j), stop))
    dated = [when for when in c.whens if when.mode not in {"bare", "for"}]
    inside = [when for when in dated if i <= when.i < j]
    behind = [when for when in dated if when.i >= j]
    if inside and behind and inside[0].i and t.masks[inside[0].i - 1] & TO:
        return behind[:1], stop  # move everything to tomorrow that is due today
    if inside or not behind or behind[0].end is not None:
        return inside or behind[:1], stop
    alone = len(behind) == 1 and c.words[0] not in SETS_DUE and behind[0].duration is None
    said = (t.words[j - 1] in SAYS_WHICH and behind[0].i == j) or t.words[behind[0].i] in SAYS_WHICH
    return (behind if alone and said else []), stop


def halves(c: Draft, when: When) -> tuple[When, When]:
    """today to tomorrow: which, and where to. What one side lacks it takes from the other first."""
    assert when.end is not None
    range_of(c.s, when)
    first = copy(when)
    first.end = None
    first.mode = _relation(c.t, first.i)
    return first, when.end


def _relation(t: Tokens, i: int) -> str:
    """everything due *before* friday to friday: what stands before the first half."""
    if i and t.words[i - 1] == "due by":
        return "until"
    while t.masks[i] & LEAD:
        if mode := mode_of(t, i):
            return mode
        i += 1
    return ""


def counted(c: Draft, m: Match) -> bool:
    """skip the next *two*; but "skip the next yoga" names something."""
    begin, end = m.slots["count"]
    return end - begin == 1 and how_many(c.t, *c.tokens_of((begin, end))) is not None
