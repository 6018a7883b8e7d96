"""Where each word of what is seen stands: from a word to the things that have it.

Titles are not taken apart for it: a word is folded and stemmed once, however many titles have it, so that a
list of ten thousand is ready in some hundredths of a second. A title is taken apart (`titles.title_of`) when
it is looked at closely.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from todotasks.language.grounding.stems import folded, stem
from todotasks.language.grounding.titles import LONGEST_TITLE, MOST_TITLE_WORDS, WORD, small_words

LONGEST_ACRONYM = 4
MOST_OF_AN_ACRONYM = 50  # things that one may stand for

Posting = tuple[
    int, int
]  # a thing, and the place of the word in its title; -1: a tag, a project, an assignee
Postings = Sequence[Posting]


class _Word(NamedTuple):
    stem: str
    small: bool
    initial: str  # of an acronym: none of a small word


@lru_cache(maxsize=50_000)
def _word(written: str) -> _Word:
    plain = folded(written)
    small = plain in small_words()
    return _Word(stem(plain), small, "" if small else plain[:1])


class Index:
    """Never changed once it is made, and made of nothing but the texts: (title, what else names it) each."""

    def __init__(self, texts: Iterable[tuple[str, Iterable[str | None]]]) -> None:
        telling: dict[str, list[Posting]] = {}
        small: dict[str, list[Posting]] = {}
        known: dict[str, tuple[list[Posting], str]] = {}  # a word as written → where it stands, its initial
        initials: list[str] = []
        for thing, (title, names) in enumerate(texts):
            for name in names:
                for written in WORD.findall(name) if name else ():
                    telling.setdefault(_word(written).stem, []).append((thing, -1))
            line = ""
            for place, written in enumerate(WORD.findall(title[:LONGEST_TITLE])[:MOST_TITLE_WORDS]):
                if written not in known:
                    word = _word(written)
                    postings = (small if word.small else telling).setdefault(word.stem, [])
                    known[written] = postings, word.initial
                stands, initial = known[written]
                stands.append((thing, place))
                line += initial
            initials.append(line)
        self.count = len(initials)
        self._telling, self._small = telling, small
        self._initials = initials
        self._rarity: dict[str, float] = {}

    def telling(self, base: str) -> Postings:
        """Where a word that names something stands, by its stem; in the order of the things."""
        return self._telling.get(base, ())

    def small(self, base: str) -> Postings:
        """The same for a word that names nothing by itself."""
        return self._small.get(base, ())

    def rarity(self, base: str) -> float:
        """How much a word of the list tells: 1 where one title has it, less where many have."""
        if base not in self._rarity:
            having = len(self.telling(base)) + len(self.small(base)) or 1
            count = self.count or 1
            self._rarity[base] = math.log(1 + count / having) / math.log(1 + count)
        return self._rarity[base]

    @cached_property
    def _vocabulary(self) -> list[str]:
        return sorted(self._telling)

    @cached_property
    def _backwards(self) -> list[str]:
        """The longer words spelt from their end."""
        return sorted(word[::-1] for word in self._telling if len(word) > 4)

    @cached_property
    def _lines(self) -> tuple[str, list[int]]:
        """The initials of all titles as one text, and where each line of it begins."""
        starts, at = [], 0
        for line in self._initials:
            starts.append(at)
            at += len(line) + 1
        return "\n".join(self._initials), starts

    def beginning(self, prefix: str, most: int = 200) -> Sequence[str]:
        """The words of the list that begin so."""
        return _beginning(self._vocabulary, prefix, most)

    def ending(self, suffix: str, most: int = 50) -> Sequence[str]:
        """The longer words of the list that end so: *Rad* of Fahrrad."""
        return [
            word[::-1]
            for word in _beginning(self._backwards, suffix[::-1], most)
            if len(word) > len(suffix) + 1
        ]

    def acronym(self, letters: str) -> Postings:
        """The things whose telling words, one behind the other, begin with these letters."""
        if not 2 <= len(letters) <= LONGEST_ACRONYM:
            return ()
        text, starts = self._lines
        return [(thing, -1) for thing in _lines_with(text, starts, letters)]


def _lines_with(text: str, starts: list[int], letters: str) -> Iterator[int]:
    at, found = text.find(letters), 0
    while at >= 0 and found < MOST_OF_AN_ACRONYM:
        line = bisect_right(starts, at) - 1
        yield line
        found += 1
        if line + 1 == len(starts):
            return
        at = text.find(letters, starts[line + 1])


def _beginning(words: list[str], prefix: str, most: int) -> list[str]:
    at = bisect_left(words, prefix)
    end = min(bisect_left(words, prefix + "\U0010ffff", at), at + most)
    return words[at:end]
