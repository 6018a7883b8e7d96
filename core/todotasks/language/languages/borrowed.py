"""Commands whose words are of two languages: "assign die Präsentation an Lisa", "the Miete ist bezahlt".

The small words that hold a command together have a name that all languages share (`SmallWords.links`).
Those of another language are read as the message's own; and where no frame of its own fits, an order that
begins with a verb of another language is read with that language's frames.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from todotasks.language.languages.compiled import Language, get, words_of
from todotasks.language.words.languages import LANGUAGES
from todotasks.language.words.shared import DETERMINERS


@cache
def _links(source: str, goal: str) -> dict[str, str]:
    """The small words of one language → those of another."""
    there = LANGUAGES[goal].small.links
    return {
        word: there[link].split()[0]
        for link, words in LANGUAGES[source].small.links.items()
        if link in there
        for word in words.split()
    }


@cache
def _foreign(name: str) -> dict[str, str]:
    """The small words of all other languages that a language does not know → its own."""
    known = words_of(LANGUAGES[name]) | get(name).lexicon.words.keys()
    return {
        word: own
        for other in LANGUAGES
        if other != name
        for word, own in _links(other, name).items()
        if word not in known
    }


def in_own_words(name: str, words: Sequence[str]) -> list[str]:
    """the Miete *is* bezahlt ─▶ … *ist* …"""
    foreign = _foreign(name)
    return [foreign.get(word, word) for word in words]


def orders(
    language: Language, words: Sequence[str], *, written_small: bool
) -> Iterator[tuple[Language, list[str]]]:
    """The other languages that may read an order which begins with a verb of theirs, and its words as they
    have them. "Update Server" is a noun in German, unless a thing follows: "update den Server".
    """
    own = language.name
    if len(words) < LEAST_ORDER or _links_or_determines(own, words[0]):
        return
    pointed = _links_or_determines(own, words[1])
    known = words[0] in language.frames.vocabulary or words[0] in language.lexicon.words
    for other in LANGUAGES:
        if (
            other == own
            or words[0] not in get(other).frames.by_first
            or not (pointed or (written_small and not known))
        ):
            continue
        links = _links(own, other)
        yield _reading_as(language, get(other)), [words[0], *(links.get(word, word) for word in words[1:])]


LEAST_ORDER = 2  # words


def _links_or_determines(name: str, word: str) -> bool:
    return word in DETERMINERS or any(word in words.split() for words in LANGUAGES[name].small.links.values())


def _reading_as(own: Language, other: Language) -> Language:
    """The frames of another language over what is the message's own: its times and its verb forms."""
    lists = max(own.lists, other.lists, key=lambda each: len(each.levels))
    return replace(
        other,
        name=own.name,
        lexicon=own.lexicon,
        lists=lists,
        infinitive=own.infinitive if own.infinitive[0] else other.infinitive,
        participle=own.participle,
    )
