"""Which words a misspelt one may stand for: the same ones from memory and from an index. Pure.

A word that is at most so many slips away, and that an index of trigrams finds: one that has all trigrams of
one third of the misspelt word, or that is it with two neighbours swapped (which breaks more trigrams than a
short word has to spare).
"""

from collections.abc import Iterable
from typing import Final

SHORTEST_MISSPELT: Final = 4  # letters; a slip in a shorter word makes another one
TWO_SLIPS_FROM: Final = 8  # letters
MOST_ALIKE: Final = 24  # words that a misspelt one is read as

ReadAs = dict[str, tuple[str, ...]]  # a misspelt word, and those it stands for


def slips_allowed(word: str) -> int:
    return 2 if len(word) >= TWO_SLIPS_FROM else 1


def most_alike(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates that `word` may stand for, the nearest first; swapped letters are one slip."""
    # Only now: `kubectl todo list` imports this module and has no misspelt word.
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    most = slips_allowed(word)
    parts, turned = [set(third) for third in thirds(word)], set(swapped(word))
    found = [
        (distance, one)
        for one in set(candidates) - {word}
        if abs(len(one) - len(word)) <= most
        and (distance := OSA.distance(word, one, score_cutoff=most)) <= most
        and (one in turned or any(part.issubset(trigrams(one)) for part in parts))
    ]
    return tuple(one for _, one in sorted(found)[:MOST_ALIKE])


def trigrams(word: str) -> list[str]:
    """The three-letter pieces of a folded word, padded as pg_trgm pads: "  c", " ca", "cat", "at "."""
    padded = f"  {word} "
    return list(dict.fromkeys(padded[start : start + 3] for start in range(len(padded) - 2)))


def thirds(word: str) -> list[list[str]]:
    """The trigrams in three parts; a word with one other letter has all of one of them."""
    pieces = trigrams(word)
    size = -(-len(pieces) // 3)
    return [pieces[start : start + size] for start in range(0, 3 * size, size)]


def swapped(word: str) -> list[str]:
    """The word with two neighbours swapped, in each way: mlik → lmik, milk, mlki."""
    return [word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)]


def read_as(alike: ReadAs, words: set[str], lexemes: set[str]) -> ReadAs:
    """Of the words that misspelt ones were taken for, those that stand in what was found; stems, where none
    stands there itself."""
    read = {
        word: tuple(filter(words.__contains__, more)) or tuple(filter(lexemes.__contains__, more))
        for word, more in alike.items()
    }
    return {word: more for word, more in read.items() if more}
