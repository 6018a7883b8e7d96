"""Times said in another language than the rest: "move the Steuer to Freitag", "Meeting mit Bob next Friday".

A message that has a word of a calendar which only another language knows is read with the calendars of both.
Where both know a word it means what it means in the message's own language.
"""

import re
from copy import copy
from dataclasses import replace
from functools import cache

from todotasks.language.languages.compiled import Language, get
from todotasks.language.languages.detect import spoken_words
from todotasks.language.lexer.lexicon import Entry, Lexicon
from todotasks.language.words import roles as r
from todotasks.language.words.languages import LANGUAGES

_WORD = re.compile(r"[^\W\d_]+")
_TELLING = (
    r.WEEKDAY | r.PLURAL_DAY | r.RELATIVE | r.EVERY | r.MONTH | r.NEXT | r.COMING | r.FREQ | r.PART
    | r.BEFORE | r.AFTER | r.UNTIL | r.PLURAL_PART | r.CLOCK_WORD | r.OCLOCK | r.MERIDIEM | r.HOLIDAY
    | r.WEEKEND | r.WORKDAY | r.UNIT
)  # fmt: skip
_OWN_GRAMMAR = r.HALF  # half eight and halb acht are an hour apart: only the own one is read
SHORTEST = 4  # letters of a word that tells, unless it stands beside a number
_BESIDE_NUMBER = r.OCLOCK | r.MERIDIEM


def language_of(name: str, text: str) -> Language:
    """The language, with the other calendars beside its own where the text has words of theirs."""
    words = set(_WORD.findall(text.lower()))
    others = tuple(
        other
        for other in LANGUAGES
        if other != name and (words & _telling(name, other) or _on_day(other, text) is not None)
    )
    if not others:
        return get(name)
    return _with(name, others, dotted=any(_on_day(other, text) for other in others))


def _on_day(name: str, text: str) -> re.Match[str] | None:
    """every month *am 3.*: a day as only a language has it that writes ordinals with a dot."""
    pattern = _days_in(name)
    return pattern.search(text) if pattern is not None else None


@cache
def _days_in(name: str) -> re.Pattern[str] | None:
    tables = LANGUAGES[name].calendar
    if not tables.ordinal_dot or not tables.with_article:
        return None
    return re.compile(rf"\b(?:{tables.with_article}) \d{{1,2}}\.(?!\d)", re.IGNORECASE)


@cache
def _telling(name: str, other: str) -> frozenset[str]:
    """Words of the other calendar that only it knows, and that are no names."""
    own, lexicon = _own_words(name), get(other).lexicon
    return frozenset(
        word
        for word, entry in lexicon.words.items()
        if entry.mask & _TELLING
        and not entry.mask & r.NAME_LIKE
        and (len(word) >= SHORTEST or entry.mask & _BESIDE_NUMBER)
        and word not in own
        and word not in lexicon.tables.misspelt
        and word.isalpha()
    )


@cache
def _own_words(name: str) -> frozenset[str]:
    """Words that mean something in the language by themselves."""
    calendar = {word for word, entry in get(name).lexicon.words.items() if entry.mask}
    return frozenset(calendar) | spoken_words(name)


@cache
def _with(name: str, others: tuple[str, ...], *, dotted: bool) -> Language:
    own = get(name)
    lexicon = own.lexicon
    for other in others:
        lexicon = _merged(lexicon, get(other).lexicon, _own_words(name))
    if dotted:
        lexicon = replace(lexicon, tables=replace(lexicon.tables, ordinal_dot=True))
    return replace(own, lexicon=lexicon)


def _merged(own: Lexicon, other: Lexicon, known: frozenset[str]) -> Lexicon:
    words = dict(own.words)
    for word, entry in other.words.items():
        there = words.get(word)
        if there is not None:
            words[word] = _with_phrases(there, entry)
            if there.mask & r.MERIDIEM and entry.mask & r.ON:
                words[word] = _also(words[word], r.ON)  # "am" behind an hour, and before a day
        elif word in known or entry.mask & _OWN_GRAMMAR:
            words[word] = _with_phrases(Entry(), entry)
        elif entry.mask or entry.phrases:
            words[word] = entry
    return replace(own, words=words)


def _also(own: Entry, role: int) -> Entry:
    made = copy(own)
    made.mask |= role
    return made


def _with_phrases(own: Entry, other: Entry) -> Entry:
    """The own meaning of a word, with what it begins in the other language too."""
    begun = {rest for rest, _ in own.phrases}
    more = tuple(each for each in other.phrases if each[0] not in begun and not each[1].mask & _OWN_GRAMMAR)
    if not more:
        return own
    made = copy(own)
    made.phrases = tuple(sorted((*own.phrases, *more), key=lambda each: -len(each[0])))
    return made
