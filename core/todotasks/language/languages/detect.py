"""Which language a message is in: the one that knows more of its words; English where both know as many."""

import re
from functools import cache

from todotasks.language.lexer.lexicon import unaccented
from todotasks.language.words.calendar_schema import Tables
from todotasks.language.words.command_schema import Domain
from todotasks.language.words.languages import LANGUAGES, LanguageTables
from todotasks.language.words.roles import NAME_LIKE

_WORD = re.compile(r"[^\W\d_]+")
_SLOT = re.compile(r"[{<][^}>]*[}>]")  # slots and classes of a pattern are no words
_ON_DAY = re.compile(r"\bam \d{1,2}\.")  # am 15.
_UMLAUTS = frozenset("äöüßÄÖÜ")
SHORTEST_PLAIN = 5  # letters: "fur" and "uber" are words of others
_LOOK = 400  # characters are enough to tell


def guess_language(text: str) -> str:
    english, german = _telling_words()
    words = set(_WORD.findall(text[:_LOOK].lower()))
    known = len(words & german) + (not _UMLAUTS.isdisjoint(text))
    if len(words & english) == known:
        english, german = _telling_dates()  # the dates are read in the language that they are said in
        known += len(words & german)
    if "am" in words and _ON_DAY.search(text, 0, _LOOK):
        known += 1
    return "de" if known and known > len(words & english) else "en"


@cache
def _telling_dates() -> tuple[frozenset[str], frozenset[str]]:
    """The words of a calendar that only English has, and those that only German has."""
    english, german = (frozenset(_of_calendar(LANGUAGES[name].calendar)) for name in ("en", "de"))
    return english - _known(LANGUAGES["de"]), german - _known(LANGUAGES["en"])


@cache
def _telling_words() -> tuple[frozenset[str], frozenset[str]]:
    """The words that only English has, and those that only German has."""
    english, german = _known(LANGUAGES["en"]), _known(LANGUAGES["de"])
    return english - german, german - english


def _known(tables: LanguageTables) -> frozenset[str]:
    """Every word in the tables of a language that says something about it, without its accents too."""
    words = spoken_words(tables.calendar.name) | _of_calendar(tables.calendar)
    return words | {plain for plain in unaccented(words, words) if len(plain) >= SHORTEST_PLAIN}


@cache
def spoken_words(name: str) -> frozenset[str]:
    """The words of a language's tables, without those of its calendar."""
    tables = LANGUAGES[name]
    patterns = {word for _, pattern, _ in tables.frames for word in _WORD.findall(_SLOT.sub(" ", pattern))}
    classes = {word for words in tables.classes.values() for word in words.split("|")}
    frequent = set(tables.commands.frequent.split())
    return frozenset(patterns | classes | frequent | _of_topics(tables.topics))


def _of_calendar(tables: Tables) -> set[str]:
    keyed = (
        tables.numbers, tables.months, tables.weekdays, tables.relative, tables.units, tables.parts,
        tables.plural_days, tables.frequencies, tables.next_words, tables.ordinals, tables.holidays,
        tables.day_parts, tables.plural_day_parts,
    )  # fmt: skip
    # which words may also be names says nothing of the language: they stand in the lists of their roles too
    roles = [spellings for role, spellings in tables.words.items() if role != NAME_LIKE]
    lists = [spellings for table in keyed for spellings in table] + roles
    return {word for text in lists for spelling in text.split("|") for word in spelling.split()}


def _of_topics(topics: Domain) -> set[str]:
    lists = (
        topics.ours, topics.foreign, topics.foreign_verbs, topics.asking, topics.showing, topics.task_verbs,
        topics.past,
    )  # fmt: skip
    return {word for text in lists for word in text.split("|") if word.isalpha()}
