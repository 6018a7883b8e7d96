"""A search as PostgreSQL's text index takes it. Pure."""

from collections.abc import Iterable

from todotasks.text.search import Search, Term

MOST_GOING_ON = 20  # words that the beginning of one is searched as, each by name


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
