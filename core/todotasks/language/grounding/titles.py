"""A title taken apart: its words, what each tells, and the verb that may be reported of it.

Kept by the text of the title, so that the same list looked at again costs little.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from todotasks.language.grounding.stems import folded, stem
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
MOST_TITLE_WORDS = 40
LONGEST_TITLE = 512


class Title(NamedTuple):
    """A title taken apart. `weights` are what each word tells, before how rare it is."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: tuple[float, ...]
    verb: int  # the place of its verb; -1: none
    doing: frozenset[str]  # plain forms that may report the verb
    lemma: str  # the verb itself


@cache
def small_words() -> frozenset[str]:
    """Words that name nothing, of all languages."""
    return frozenset(en.SMALL.split()) | frozenset(de.SMALL.split())


@cache
def _doing() -> dict[str, frozenset[str]]:
    """Plain verb → verbs that may report it, itself among them."""
    rows: dict[str, set[str]] = {}
    for text in (en.DOING, de.DOING):
        for line in text.strip().splitlines():
            head, *others = line.split()
            rows.setdefault(head, {head}).update(others)
            for other in others:
                rows.setdefault(other, {other}).add(head)
    return {head: frozenset(words) for head, words in rows.items()}


@cache
def _reported() -> dict[str, frozenset[str]]:
    rows: dict[str, set[str]] = {}
    for head, words in _doing().items():
        for word in words:
            rows.setdefault(word, set()).add(head)
    return {word: frozenset(heads) for word, heads in rows.items()}


def reported_by(verb: str) -> frozenset[str]:
    """The verbs that a report with this one may be about: "got" of buy, fetch, pick_up."""
    return _reported().get(verb, frozenset())


VERB_WEIGHT, SMALL_WEIGHT, NUMBER_WEIGHT = 0.45, 0.08, 0.6


@lru_cache(maxsize=50_000)
def title_of(text: str) -> Title:
    words = tuple(folded(match[0]) for match in WORD.finditer(text[:LONGEST_TITLE]))[:MOST_TITLE_WORDS]
    small, doing = small_words(), _doing()
    verb, same, lemma = -1, frozenset[str](), ""
    if len(words) > 1:
        for place, size in ((0, 1), (0, 2)):
            head = "_".join(words[place : place + size])
            if head in doing:
                verb, same, lemma = place, same | doing[head], head
        if verb < 0 and words[-1] in doing:
            verb, same, lemma = len(words) - 1, doing[words[-1]], words[-1]
        elif verb < 0 and words[0] not in small and words[0].isalpha():
            same = frozenset({words[0]})
        if verb < 0 and len(words[-1]) > 4 and words[-1].endswith("en") and words[-1] not in small:
            same |= {words[-1]}
    weights = tuple(
        SMALL_WEIGHT
        if word in small
        else VERB_WEIGHT
        if k == verb
        else NUMBER_WEIGHT
        if word.isdigit()
        else 1.0
        for k, word in enumerate(words)
    )
    return Title(words, tuple(stem(word) for word in words), weights, verb, same, lemma)
