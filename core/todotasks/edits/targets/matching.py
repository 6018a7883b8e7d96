"""Which titles a few words mean: the name, the exact title, all words of it, then what is alike.

WRatio and partial ratios of whole titles rank nonsense first ("review the code" against "trip rent water
code buy"), so likeness is asked word by word: each word that was said must have one of the title.

The library that compares is imported where it first is needed: most titles are said as they are, and
`kubectl todo` would wait for it at each call.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from todotasks.language.grounding.verb_forms import plain_forms

How = Literal["name", "title", "words", "alike"]

WORD_CUTOFF = 80.0  # likeness of two words, 0 to 100: one letter of five may be wrong
TITLE_CUTOFF = 82.0  # likeness of two titles, their words sorted
NEAR_CUTOFF = 40.0  # from which a title is named as near
AS_GOOD = 3.0  # as good as the best
PREFIX = 4  # letters from which one word may begin the other: water, watering
BEGINS = 90.0  # likeness of two words of which one begins the other
MOST_LETTERS = 160  # of what was said, for the nearest titles

_WORD = re.compile(r"[^\W_]+")

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
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_WORD.findall(plain.replace("'", "").replace("’", "")))


def words_of(text: str) -> tuple[str, ...]:
    """The words that say which."""
    return tuple(word for word in folded(text).split() if word not in _FILLERS)


def find(said: str, names: Sequence[str], titles: Sequence[str]) -> Matches:
    """What `said` means among objects with these names and titles."""
    by_name = tuple(Match(k, "name", 100.0) for k, name in enumerate(names) if name == said.strip())
    if by_name:
        return Matches(by_name)
    wanted, plain = folded(said), [folded(title) for title in titles]
    exact = tuple(Match(k, "title", 100.0) for k, title in enumerate(plain) if title == wanted and wanted)
    words = words_of(said)
    if exact or not words:
        return Matches(exact)
    split = [title.split() for title in plain]
    asked = set(words)
    within = [k for k, title_words in enumerate(split) if asked <= set(title_words)]
    whole = [k for k in within if tuple(w for w in split[k] if w not in _FILLERS) == words]
    if within:
        how: How = "title" if whole else "words"
        return Matches(tuple(Match(k, how, 99.0) for k in whole or within))
    done = _reported(words, split)
    if done:
        return Matches(tuple(Match(k, "alike", 95.0) for k in done))
    scores = _alike(words, plain, split)
    if not scores:
        return Matches(near=_near(" ".join(words), plain))
    top = max(scores.values())
    return Matches(tuple(Match(k, "alike", score) for k, score in scores.items() if score >= top - AS_GOOD))


def _reported(words: tuple[str, ...], split: Sequence[Sequence[str]]) -> list[int]:
    """paid the rent → pay rent: titles that have each word, or the verb of which it is a form."""
    forms = [plain_forms(word) | {word} for word in words]
    if all(len(each) == 1 for each in forms):
        return []
    return [
        k for k, title_words in enumerate(split) if all(not each.isdisjoint(title_words) for each in forms)
    ]


def without_schedule(said: str) -> str:
    """ "the weekly report" → "report": what repeats is seldom called so."""
    return " ".join(word for word in words_of(said) if word not in _SCHEDULE_WORDS)


def _alike(words: tuple[str, ...], titles: Sequence[str], split: Sequence[Sequence[str]]) -> dict[int, float]:
    """Titles that are like it as a whole, and those that have a word like each word that was said.

    Comparing is left to the library, a word with all words that are there, and what has no like ends it at
    once: ten thousand titles and five hundred letters that were said hold up nobody else.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - see above

    wholes = process.extract(
        " ".join(words), titles, scorer=fuzz.token_sort_ratio, score_cutoff=TITLE_CUTOFF, limit=None
    )
    scores: dict[int, float] = {k: score for _, score, k in wholes}
    places: dict[str, set[int]] = {}
    for k, title_words in enumerate(split):
        for word in title_words:
            places.setdefault(word, set()).add(k)
    known = sorted(places)
    best: dict[int, float] | None = (
        None  # the titles that have a like of each word so far, by their worst one
    )
    for word in dict.fromkeys(words):
        found: dict[int, float] = {}
        for other, score in _like(word, known).items():
            for k in places[other]:
                found[k] = max(found.get(k, 0.0), score)
        best = found if best is None else {k: min(s, found[k]) for k, s in best.items() if k in found}
        if not best:
            return scores
    for k, score in (best or {}).items():
        scores[k] = max(scores.get(k, 0.0), score)
    return scores


def _like(word: str, known: Sequence[str]) -> dict[str, float]:
    """The known words (sorted) that are like it, with how much. A short word with another letter is another
    word; one that begins the other is like it."""
    if len(word) < PREFIX:
        place = bisect_left(known, word)
        return {word: 100.0} if place < len(known) and known[place] == word else {}
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - see above

    alike = process.extract(word, known, scorer=fuzz.ratio, score_cutoff=WORD_CUTOFF, limit=None)
    found = {other: score for other, score, _ in alike if len(other) >= PREFIX}
    for place in range(bisect_left(known, word), len(known)):
        if not known[place].startswith(word):
            break
        found[known[place]] = BEGINS
    for length in range(PREFIX, len(word)):
        place = bisect_left(known, word[:length])
        if place < len(known) and known[place] == word[:length]:
            found[word[:length]] = BEGINS
    return found


def _near(bare: str, titles: Sequence[str]) -> tuple[int, ...]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - see above

    found = process.extract(
        bare[:MOST_LETTERS], titles, scorer=fuzz.token_set_ratio, score_cutoff=NEAR_CUTOFF, limit=3
    )
    return tuple(k for _, _, k in found)
