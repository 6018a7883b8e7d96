"""What the person can see: `Seen` things, and `Sight`, the list of them with an index by word.

The index is made once for a list and is as long as its words; titles are taken apart once and kept by their
text, so that the same list looked at again costs little.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from todotasks.language.grounding.stems import folded, stem
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
MOST_TITLE_WORDS = 40
LONGEST_TITLE = 512


@dataclass(frozen=True, slots=True)
class Seen:
    """One task (or recurring task) as the person sees it. `key` is its name, by which it is edited."""

    title: str
    key: str = ""
    due: str | None = None  # as the task has it: a date or a date-time
    priority: str | None = None
    tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None
    completed: bool = False
    recurring: bool = False


class Title(NamedTuple):
    """A title taken apart. `weights` are what each word tells, before how rare it is."""

    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: tuple[float, ...]
    verb: int  # the place of its verb; -1: none
    doing: frozenset[str]  # plain forms that may report the verb
    lemma: str  # the verb itself
    acronyms: frozenset[str]


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
    telling = [word for word in words if word not in small]
    acronyms = frozenset(
        "".join(word[0] for word in telling[i : i + size])
        for size in (2, 3, 4)
        for i in range(len(telling) - size + 1)
    )
    return Title(words, tuple(stem(word) for word in words), weights, verb, same, lemma, acronyms)


class Posting(NamedTuple):
    thing: int
    place: int  # of the word in the title; -1: a tag, a project, an assignee


@dataclass(frozen=True)
class Sight:
    """All that is in sight, in the order in which it is shown. `recent`: places of what the conversation
    has just
    been about, newest first. `whole`: nothing that the person can see is missing."""

    things: tuple[Seen, ...] = ()
    recent: tuple[int, ...] = ()
    whole: bool = True
    # Places of the list that was shown last, in its order: what a number counts. -1: it is not in sight.
    shown: tuple[int, ...] = ()
    others: tuple[int, ...] = ()  # what "the other one" and "the rest" mean
    titles: tuple[Title, ...] = field(init=False, repr=False)
    postings: dict[str, list[Posting]] = field(init=False, repr=False)
    acronyms: dict[str, list[int]] = field(init=False, repr=False)
    vocabulary: list[str] = field(init=False, repr=False)
    backwards: list[str] = field(init=False, repr=False)  # the words spelt from their end, sorted

    def __post_init__(self) -> None:
        titles = tuple(title_of(seen.title) for seen in self.things)
        postings: dict[str, list[Posting]] = {}
        acronyms: dict[str, list[int]] = {}
        for k, (seen, title) in enumerate(zip(self.things, titles, strict=True)):
            for place, word in enumerate(title.stems):
                postings.setdefault(word, []).append(Posting(k, place))
            for text in (*seen.tags, seen.project, seen.assignee):
                for match in WORD.finditer(text or ""):
                    postings.setdefault(stem(folded(match[0])), []).append(Posting(k, -1))
            for acronym in title.acronyms:
                acronyms.setdefault(acronym, []).append(k)
        object.__setattr__(self, "titles", titles)
        object.__setattr__(self, "postings", postings)
        object.__setattr__(self, "acronyms", acronyms)
        object.__setattr__(self, "vocabulary", sorted(postings))
        object.__setattr__(self, "backwards", sorted(word[::-1] for word in postings if len(word) > 4))

    def with_others(self, others: tuple[int, ...]) -> "Sight":
        """The same things, knowing what "the other one" means; the index is not made again."""
        made = copy(self)
        object.__setattr__(made, "others", others)
        return made

    def rarity(self, word: str) -> float:
        """How much a word of the list tells: 1 where one title has it, less where many have."""
        count = len(self.things) or 1
        having = len(self.postings.get(word, ())) or 1
        return math.log(1 + count / having) / math.log(1 + count)

    def beginning(self, prefix: str, most: int = 200) -> Sequence[str]:
        """The words of the list that begin so."""
        return _beginning(self.vocabulary, prefix, most)

    def ending(self, suffix: str, most: int = 50) -> Sequence[str]:
        """The longer words of the list that end so: *Rad* of Fahrrad."""
        return [
            word[::-1]
            for word in _beginning(self.backwards, suffix[::-1], most)
            if len(word) > len(suffix) + 1
        ]


def _beginning(words: list[str], prefix: str, most: int) -> list[str]:
    at = bisect_left(words, prefix)
    end = at
    while end < len(words) and end - at < most and words[end].startswith(prefix):
        end += 1
    return words[at:end]


NOTHING_SEEN = Sight()
