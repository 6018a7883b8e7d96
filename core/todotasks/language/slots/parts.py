"""Conditions about what a thing consists of and where it is carried: subtasks, places."""

from todotasks.language.frames.pattern import Match
from todotasks.language.slots.draft import Draft
from todotasks.language.words.shared import CARRYING, DETERMINERS, INTO

_QUOTES = frozenset("\"'“‘„")


def says_several(c: Draft, m: Match) -> bool:
    """split the move into packing, hiring and cleaning: two things at least."""
    words = c.words_of(m.slots["title"])
    return "," in words or not c.language.separators.isdisjoint(words)


def adds_below(c: Draft, m: Match) -> bool:
    """under "pack for Oslo" add …: "to" needs quotes, or the words are any place."""
    i, j = c.tokens_of(m.slots["parent"])
    quoted = c.t.text[c.t.starts[i]] in _QUOTES and c.t.text[c.t.ends[j - 1] - 1] in _QUOTES
    return quoted or c.words[0] in {"under", "below"}


def carries_away(c: Draft, m: Match) -> bool:
    """move boxes *to the attic* saturday: to a place, and the time has no "to" of its own."""
    begin, end = m.slots["target"]
    words = c.words_of((begin, end))
    if c.words[0] not in CARRYING or words[0] in DETERMINERS or c.words[end][:1] != "§":
        return False
    i = c.tokens_of((end, end + 1))[0]
    if c.t.words[i] in INTO:
        return False
    return any(word in INTO for word in words[1:-1])
