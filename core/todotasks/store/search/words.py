"""What the words of a search are read as: a query for the text index, with misspelt words put right. Pure.

A word that stands in no title is compared with those that do (the table `words`), and is searched together
with the ones that are one or two slips away. It stays in the query itself: notes are not in the vocabulary.
"""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from todotasks.store.text import trigrams, words

SHORTEST_MISSPELT = 4  # letters; a slip in a shorter word makes another one
TWO_SLIPS_FROM = 8  # letters
MOST_ALIKE = 5  # words that a misspelt one is searched as
SHORTEST_PREFIX = 2  # characters
MOST_GOING_ON = 20  # words that the beginning of one is searched as, each by name


def may_be_misspelt(word: str) -> bool:
    """Letters only: numbers and addresses are not in the vocabulary."""
    return len(word) >= SHORTEST_MISSPELT and words(word) == {word}


def thirds(word: str) -> list[list[str]]:
    """The trigrams in three parts; a word with one slip has all of one of them."""
    pieces = trigrams(word)
    size = -(-len(pieces) // 3)
    return [pieces[start : start + size] for start in range(0, 3 * size, size)]


def most_alike(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates that `word` may stand for, the nearest first; swapped letters are one slip."""
    most = 2 if len(word) >= TWO_SLIPS_FROM else 1
    found = [(OSA.distance(word, one, score_cutoff=most), one) for one in set(candidates) - {word}]
    return tuple(one for distance, one in sorted(found) if distance <= most)[:MOST_ALIKE]


def quoted(word: str) -> str:
    """The word as one operand of `to_tsquery` that may go on."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}':*"


def combine(pieces: Sequence[Sequence[str]]) -> str:
    """All of the words, each as any of its alternatives. The pieces are PostgreSQL's own text."""
    return " & ".join("(" + " | ".join(f"({one})" for one in alternatives) + ")" for alternatives in pieces)
