"""Priorities said in words inside a new task: "urgent: fix prod" · "fix prod asap" · "clean desk (low
priority)".
"""

from dataclasses import dataclass

from todotasks.language.lexer.tokens import WORD, Tokens
from todotasks.language.slots.draft import Draft

_SIGNS = frozenset({":", ",", "-", "!", "(", ")", ".", ";", "—"})
_WITH = frozenset({"with", "at", "as", "is", "it's", "a", "mit", "als", "of"})
_ALWAYS = frozenset({"asap", "urgently", "dringend"})
_NOT_ALONE = frozenset(
    {
        "critical",
        "emergency",
        "minor",
        "crucial",
        "blocker",
        "whenever",
        "important",
        "unimportant",
        "wichtig",
    }
)


@dataclass(frozen=True, slots=True)
class Level:
    value: str
    i: int
    j: int


def find_priority(c: Draft, i: int, j: int, used: set[int]) -> tuple[Level | None, set[int]]:
    """The priority that tokens i to j say in words, and the used tokens with it."""
    t, starts = c.t, c.language.priority_starts
    for k in range(i, j):
        if k in used or t.words[k] not in starts or t.kinds[k] != WORD:
            continue
        for phrase in starts[t.words[k]]:
            end = k + len(phrase)
            if end <= j and tuple(t.words[k:end]) == phrase and _counts(t, k, end, i, j, used, phrase):
                begin = k
                while begin > i and (t.words[begin - 1] in _WITH or t.words[begin - 1] == "("):
                    begin -= 1
                while end < j and t.words[end] in _SIGNS - {"("}:
                    end += 1
                return Level(c.language.priorities[phrase], k, end), used | set(range(begin, end))
    return _tail(c, i, j, used)


_TAILS = frozenset({"high", "low", "medium", "urgent", "critical", "hoch", "niedrig", "mittel", "dringend"})


def _tail(c: Draft, i: int, j: int, used: set[int]) -> tuple[Level | None, set[int]]:
    """submit the timesheet at 4pm, *high*: a level that stands alone behind a comma, a time or a tag."""
    t = c.t
    last = next((k for k in range(j - 1, i, -1) if k not in used and t.words[k] not in _SIGNS), i)
    said = t.kinds[last] == WORD and t.words[last] in _TAILS
    value = c.language.lists.levels.get(t.words[last]) if said else None
    apart = last - 1 in used or t.words[last - 1] in {",", "-", "("}
    if value is None or not apart or last - 1 <= i:
        return None, used
    begin = last - 1 if t.words[last - 1] in _SIGNS else last
    return Level(value, last, last + 1), used | set(range(begin, last + 1))


def _counts(t: Tokens, k: int, end: int, i: int, j: int, used: set[int], phrase: tuple[str, ...]) -> bool:
    """A phrase of two words counts anywhere; one word only where it stands apart from the title."""
    if len(phrase) > 1 or phrase[0] in _ALWAYS:
        return True
    at_start = all(m in used for m in range(i, k))
    at_end = all(m in used or t.words[m] in _SIGNS for m in range(end, j))
    if at_start and at_end:
        return False
    if t.words[end] in {":", ",", "!", "-"} and at_start:
        return True
    if k > i and t.words[k - 1] in {"(", ",", "-"} and (at_end or t.words[end] == ")"):
        return True
    if phrase[0] in _NOT_ALONE:
        return at_end and k > i and t.words[k - 1] in {"it's", "is", ","}
    return at_end or (at_start and t.words[end] not in {"care", "need", "needs"} and phrase[0] == "urgent")
