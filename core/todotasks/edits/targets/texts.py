"""Which objects a text finds, as `todotasks.text` reads it: a search over the mirror answers the same."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from todotasks.api import TodoTask
from todotasks.text.analysis import document, vocabulary
from todotasks.text.search import Search, most_alike
from todotasks.text.search import read_search as _read_search

ReadAs = dict[str, tuple[str, ...]]

# Asked for each of thousands of tasks.
read_search = lru_cache(maxsize=64)(_read_search)


def has_text(task: TodoTask, text: str) -> bool:
    """All words of the text stand in the title, the notes or the tags. Raises `BadSearch`."""
    return _found(task, read_search(text))


def with_text(tasks: Sequence[TodoTask], text: str) -> tuple[list[TodoTask], ReadAs]:
    """Those that the text finds; where it finds none as it is written, those that it finds with slips, and
    which words of theirs the misspelt ones were read as. Raises `BadSearch`."""
    search = read_search(text)
    found = [task for task in tasks if _found(task, search)]
    if found or not search.may_be_misspelt:
        return found, {}
    words = set().union(*map(_words, tasks))
    alike = {term.word: more for term in search.terms if term.word and (more := most_alike(term.word, words))}
    if not alike:
        return [], {}
    wider = search.with_slips(alike)
    found = [task for task in tasks if _found(task, wider)]
    return found, _read_as(alike, found)


def _read_as(alike: ReadAs, found: Iterable[TodoTask]) -> ReadAs:
    seen = set().union(*map(_words, found))
    read = {word: tuple(one for one in more if one in seen) for word, more in alike.items()}
    return {word: more for word, more in read.items() if more}


def _found(task: TodoTask, search: Search) -> bool:
    spec = task.spec
    return search.matches(document(spec.title, spec.notes, spec.tags or ()))


def _words(task: TodoTask) -> set[str]:
    spec = task.spec
    return vocabulary(spec.title, spec.notes, spec.tags or ())
