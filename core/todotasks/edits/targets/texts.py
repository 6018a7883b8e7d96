"""Which objects a text finds, as `todotasks.text` reads it: a search over the mirror answers the same."""

from collections.abc import Sequence
from functools import lru_cache

from todotasks.api import TodoTask
from todotasks.text.alike import ReadAs, most_alike, read_as
from todotasks.text.analysis import document, vocabulary, words
from todotasks.text.search import read_search as _read_search

# Asked for each of thousands of tasks.
read_search = lru_cache(maxsize=64)(_read_search)


def has_text(task: TodoTask, text: str) -> bool:
    """All words of the text stand in the title, the notes or the tags. Raises `BadSearch`."""
    return read_search(text).matches(_lexemes(task))


def with_text(tasks: Sequence[TodoTask], text: str) -> tuple[list[TodoTask], ReadAs]:
    """Those that the text finds; where it finds none as it is written, those that it finds with slips, and
    which words of theirs the misspelt ones were read as. Raises `BadSearch`."""
    search = read_search(text)
    lexemes = [_lexemes(task) for task in tasks]
    found = [task for task, its in zip(tasks, lexemes, strict=True) if search.matches(its)]
    if found or not search.may_be_misspelt:
        return found, {}
    known = vocabulary(set().union(*lexemes))
    alike = {term.word: more for term in search.terms if term.word and (more := most_alike(term.word, known))}
    wider = search.with_slips(alike)
    hits = [(task, its) for task, its in zip(tasks, lexemes, strict=True) if alike and wider.matches(its)]
    said = set().union(*(_words(task) for task, _ in hits))
    return [task for task, _ in hits], read_as(alike, said, set().union(*(its for _, its in hits)))


def _lexemes(task: TodoTask) -> set[str]:
    spec = task.spec
    return document(spec.title, spec.notes, spec.tags or ())


def _words(task: TodoTask) -> set[str]:
    spec = task.spec
    return words(spec.title, spec.notes, spec.tags or ())
