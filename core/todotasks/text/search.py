"""What somebody looks for, and which texts match it. Pure.

All words of a search must be found, in any order: each is a `Term`, found where one of its alternatives is
among the lexemes of a text, or begins one of them. The last word may be the beginning of one, unless a space
ends it. What every sentence has ("the", "und") need not be there, unless nothing else was said.

A search that finds nothing as it is written is read once more with slips: each word of four letters or more
then stands also for those of the texts that are one slip away (two, from eight letters on; two letters that
changed places are one). Numbers and compounds have no slips.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from todotasks.text.alike import SHORTEST_MISSPELT
from todotasks.text.analysis import FILLERS, JOINED, LONGEST_WORD, TAIL, WINDOW, Run, runs, stem, tail

MOST_WORDS: Final = 8  # of a search; each is a look into an index
LONGEST: Final = 256  # characters
SHORTEST_PREFIX: Final = 2  # characters that a word which goes on must have

NO_WORD: Final = "has nothing in it that could be found: letters, digits, or a sign such as an emoji"


class BadSearch(ValueError):
    """A text that cannot be searched for; says what can."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be there: any of `whole` as it is, or a lexeme that begins with any of `begins`.

    `word` is the word that was said, if it is one that may be misspelt; empty else.
    """

    whole: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    word: str = ""

    def found_in(self, lexemes: set[str]) -> bool:
        if any(one in lexemes for one in self.whole):
            return True
        return any(lexeme.startswith(self.begins) for lexeme in lexemes) if self.begins else False


@dataclass(frozen=True, slots=True)
class Search:
    """All terms together. Without terms it is no search: everything matches."""

    terms: tuple[Term, ...] = ()

    def matches(self, lexemes: set[str]) -> bool:
        return all(term.found_in(lexemes) for term in self.terms)

    @property
    def may_be_misspelt(self) -> bool:
        return any(term.word for term in self.terms)

    def with_slips(self, alike: dict[str, tuple[str, ...]]) -> "Search":
        """The same, with the words that its own may stand for."""
        return Search(
            tuple(
                replace(term, whole=tuple(dict.fromkeys((*term.whole, *more))))
                if (more := alike.get(term.word, ()))
                else term
                for term in self.terms
            )
        )


def read_search(text: str) -> Search:
    """What the text looks for. A blank text looks for nothing; `BadSearch` says what no search can be."""
    if not text.strip():
        return Search()
    if len(text) > LONGEST:
        raise BadSearch(f"{len(text)} characters are too many: at most {LONGEST}")
    found = list(runs(text))
    goes_on = not text[-1].isspace()
    terms: list[Term] = []
    fillers: list[Term] = []
    for place, run in enumerate(found):
        last = goes_on and place == len(found) - 1
        for term, is_filler in _terms(run, last=last):
            (fillers if is_filler else terms).append(term)
    terms = list(dict.fromkeys(terms or fillers))
    if not terms:
        raise BadSearch(f"{text.strip()!r} {NO_WORD}")
    if len(terms) > MOST_WORDS:
        raise BadSearch(f"{len(terms)} words are too many: at most {MOST_WORDS}")
    return Search(tuple(terms))


def _terms(run: Run, *, last: bool) -> Iterable[tuple[Term, bool]]:
    if len(run.pieces) == 1:
        yield _word(run, last=last)
    elif run.pieces:
        for term in _compound(run, last=last):
            yield term, False
    for stretch in run.unspaced:
        starts = [*range(0, max(len(stretch) - WINDOW, 0), WINDOW), max(len(stretch) - WINDOW, 0)]
        for start in dict.fromkeys(starts):
            yield Term(begins=(stretch[start : start + WINDOW],)), False
    for symbol in run.symbols:
        yield Term(whole=(symbol,)), False


def _word(run: Run, *, last: bool) -> tuple[Term, bool]:
    forms = tuple(dict.fromkeys((*run.pieces, *run.spelt)))
    word = forms[0]
    whole = tuple(dict.fromkeys(each for form in forms for each in (form, stem(form))))
    begins = forms if last and len(word) >= SHORTEST_PREFIX else ()
    may_slip = len(word) >= SHORTEST_MISSPELT and word.isalpha()
    return Term(whole, begins, word if may_slip else ""), word in FILLERS and not last


def _compound(run: Run, *, last: bool) -> Iterable[Term]:
    """Its words side by side: a beginning of a tail. A long one in steps of as many words as a tail has."""
    spellings = [run.pieces, *([run.spelt] if run.spelt and run.spelt != run.pieces else [])]
    count = len(run.pieces)
    joined: tuple[str, ...] = ()
    if run.hyphened and count <= JOINED:
        joined = tuple("".join(pieces)[:LONGEST_WORD] for pieces in spellings)
    starts = [*range(0, max(count - TAIL, 0), TAIL), max(count - TAIL, 0)]
    for start in dict.fromkeys(starts):
        ends = start + TAIL >= count
        begins = []
        for pieces in spellings:
            part = tail(pieces[start:])
            begins.append(part.removesuffix("/") if ends and last else part)
        yield Term(whole=joined, begins=(*begins, *(joined if last else ())))
