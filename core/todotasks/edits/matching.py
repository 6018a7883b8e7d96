"""Which titles a few words mean: the name, the exact title, all words of it, then what is alike.

WRatio and partial ratios of whole titles rank nonsense first ("review the code" against "trip rent water
code buy"), so likeness is asked word by word: each word that was said must have one of the title.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

How = Literal["name", "title", "words", "alike"]

WORD_CUTOFF = 80.0  # likeness of two words, 0 to 100: one letter of five may be wrong
TITLE_CUTOFF = 82.0  # likeness of two titles, their words sorted
NEAR_CUTOFF = 40.0  # from which a title is named as near
AS_GOOD = 3.0  # as good as the best
PREFIX = 4  # letters from which one word may begin the other: water, watering

# Words that name no task: "the report" is "report".
_FILLERS = frozenset({
    "the", "a", "an", "my", "our", "your", "this", "that", "task", "todo", "item", "to", "next",
    "der", "die", "das", "den", "dem", "ein", "eine", "einen", "mein", "meine", "meinen", "aufgabe",
    "nächste", "nächsten",
})  # fmt: skip
_SCHEDULE_WORDS = frozenset({
    "daily", "weekly", "monthly", "yearly", "annual", "hourly", "recurring", "repeating", "regular",
    "täglich", "tägliche", "täglichen", "wöchentlich", "wöchentliche", "wöchentlichen",
    "monatlich", "monatliche", "monatlichen", "jährlich", "jährliche", "jährlichen",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """One candidate, by its place in the list."""

    index: int
    how: How
    score: float


@dataclass(frozen=True, slots=True)
class Matches:
    """The best ones, equally good; `near` are the next in likeness, for "did you mean"."""

    best: tuple[Match, ...] = ()
    near: tuple[int, ...] = ()


def folded(text: str) -> str:
    """Lower case, one space between words, no signs."""
    lower = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", lower.replace("'", "").replace("’", "")))


def words_of(text: str) -> tuple[str, ...]:
    """The words that say which; all of them where nothing else is left."""
    every = tuple(folded(text).split())
    return tuple(word for word in every if word not in _FILLERS) or every


def find(said: str, names: Sequence[str], titles: Sequence[str]) -> Matches:
    """What `said` means among objects with these names and titles."""
    by_name = tuple(Match(k, "name", 100.0) for k, name in enumerate(names) if name == said.strip())
    if by_name:
        return Matches(by_name)
    wanted = folded(said)
    plain = [folded(title) for title in titles]
    exact = tuple(Match(k, "title", 100.0) for k, title in enumerate(plain) if title == wanted and wanted)
    if exact:
        return Matches(exact)
    words = words_of(said)
    if not words:
        return Matches()
    bare = " ".join(words)
    scored = [_score(k, words, bare, title) for k, title in enumerate(plain)]
    found = [match for match in scored if match is not None]
    for how in ("title", "words", "alike"):
        best = [match for match in found if match.how == how]
        if best:
            top = max(match.score for match in best)
            return Matches(tuple(match for match in best if match.score >= top - AS_GOOD))
    return Matches(near=_near(bare, plain))


def without_schedule(said: str) -> str:
    """ "the weekly report" → "report": what repeats is seldom called so."""
    return " ".join(word for word in words_of(said) if word not in _SCHEDULE_WORDS)


def _score(index: int, words: tuple[str, ...], bare: str, title: str) -> Match | None:
    title_words = title.split()
    if not title_words:
        return None
    if tuple(word for word in title_words if word not in _FILLERS) == words:
        return Match(index, "title", 99.0)
    if set(words) <= set(title_words):
        return Match(index, "words", 98.0)
    whole = fuzz.token_sort_ratio(bare, title, score_cutoff=TITLE_CUTOFF)
    each = 100.0
    for word in words:
        each = min(each, max(_word_score(word, other) for other in title_words))
        if each < WORD_CUTOFF:
            each = 0.0
            break
    score = max(whole, each)
    return Match(index, "alike", score) if score else None


def _word_score(word: str, other: str) -> float:
    short, long = sorted((word, other), key=len)
    if len(short) >= PREFIX and long.startswith(short):
        return 90.0
    if min(len(word), len(other)) < PREFIX:
        return 100.0 if word == other else 0.0  # a short word with another letter is another word
    return fuzz.ratio(word, other)


def _near(bare: str, titles: Sequence[str]) -> tuple[int, ...]:
    scores = [(fuzz.token_set_ratio(bare, title), k) for k, title in enumerate(titles)]
    close = sorted((-score, k) for score, k in scores if score >= NEAR_CUTOFF)
    return tuple(k for _, k in close[:3])
