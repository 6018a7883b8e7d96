"""A search as PostgreSQL's text index takes it, and how the vocabulary is asked for misspelt words. Pure."""

from collections.abc import Iterable

from todotasks.store.text import trigrams
from todotasks.text.search import Search, Term

MOST_GOING_ON = 20  # words that the beginning of one is searched as, each by name


def thirds(word: str) -> list[list[str]]:
    """The trigrams in three parts; a word with one slip has all of one of them."""
    pieces = trigrams(word)
    size = -(-len(pieces) // 3)
    return [pieces[start : start + size] for start in range(0, 3 * size, size)]


def tsquery(search: Search) -> str | None:
    """The text of a `tsquery`: all terms, each as any of its alternatives; None where nothing is said."""
    return " & ".join([f"({_any(term)})" for term in search.terms]) or None


def _any(term: Term) -> str:
    return " | ".join(_alternatives(term))


def _alternatives(term: Term) -> Iterable[str]:
    yield from map(quoted, term.whole)
    yield from (f"{quoted(beginning)}:*" for beginning in term.begins)


def quoted(lexeme: str) -> str:
    """A lexeme as one operand; it cannot leave its quotes."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
