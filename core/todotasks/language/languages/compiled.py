"""A language, compiled: its lexicon, frames and lists, made once and shared by all parses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from todotasks.language.frames.markers import MarkerWords
from todotasks.language.frames.pattern import Frames
from todotasks.language.frames.topics import Topics
from todotasks.language.frames.utterance import Phrases, contractions, phrases
from todotasks.language.lexer.lexicon import Lexicon, compile_tables
from todotasks.language.words.languages import LANGUAGES, LanguageTables

# What closes a message politely in any language: "assign it to Lena bitte".
_COURTEOUS_ELSEWHERE = "please|pls|thanks|thank you|bitte|danke|danke schön"
# … and opens one: "please verschieb den Call".
_POLITE_ELSEWHERE = "please|pls|can you|could you|can you please|bitte|kannst du|könntest du|kannst du bitte"


@dataclass(frozen=True, slots=True)
class Language:
    """Everything the reader asks of a language."""

    name: str
    lexicon: Lexicon
    frames: Frames
    lists: MarkerWords
    topics: Topics
    short: dict[str, tuple[str, ...]]
    opening: Phrases
    closing: Phrases
    priorities: dict[tuple[str, ...], str]
    priority_starts: dict[str, tuple[tuple[str, ...], ...]]
    evening: frozenset[str]
    morning: frozenset[str]
    infinitive: tuple[str, tuple[str, ...]]
    participle: tuple[str, frozenset[str]]  # how one begins, and what only looks like one
    hyphened: frozenset[str]  # words of frames with a hyphen inside
    polite: tuple[str, Mapping[str, str]]  # whom one speaks to in the plural, and irregular imperatives
    hesitations: frozenset[str]
    courtesy: frozenset[str]
    spoken_signs: dict[tuple[str, ...], str]  # comma, question mark
    reminding: frozenset[str]  # remind, reminder …
    tells: frozenset[str]  # what a clause begins with that only tells: i, the, if, because
    separators: frozenset[str]  # and, then: words that may stand between two commands


_WORD = re.compile(r"[^\W\d_]+")


def words_of(language: LanguageTables) -> set[str]:
    """Every word of the lists of a language, as far as it is written with letters."""
    texts = [
        text
        for part in (language.commands, language.topics, language.small)
        for value in vars(part).values()
        for text in ([value] if isinstance(value, str) else [*value] if isinstance(value, Mapping) else [])
    ]
    return {word for text in texts for word in _WORD.findall(text)}


def _build(language: LanguageTables) -> Language:
    tables, speech, domain = language.calendar, language.commands, language.topics
    frames = Frames(language.frames, language.classes)
    levels = {
        tuple(phrase.split()): level
        for spellings, level in speech.priorities.items()
        for phrase in spellings.split("|")
    }
    starts: dict[str, list[tuple[str, ...]]] = {}
    for phrase in levels:
        starts.setdefault(phrase[0], []).append(phrase)
    verbs = {word for word in frames.by_first if word.isalpha()}
    lists = (domain.past, domain.participles, domain.task_verbs, domain.foreign, speech.first_names)
    known = {word for text in lists for word in text.split("|")} | frames.vocabulary
    return Language(
        name=tables.name,
        lexicon=compile_tables(
            tables,
            verbs | set(speech.command_typos.split("|")),
            speech.misspelt,
            known,
            known | words_of(language),
        ),
        frames=frames,
        lists=MarkerWords(speech),
        topics=Topics(domain),
        short=contractions(speech.contractions),
        opening=phrases(f"{speech.opening}|{_POLITE_ELSEWHERE}"),
        closing=phrases(f"{speech.closing}|{_COURTEOUS_ELSEWHERE}", by_last=True),
        priorities=levels,
        priority_starts={
            first: tuple(sorted(found, key=lambda words: -len(words))) for first, found in starts.items()
        },
        evening=frozenset(speech.evening.split("|")),
        morning=frozenset(speech.morning.split("|")),
        infinitive=(
            speech.infinitive,
            tuple(speech.infinitive_prefixes.split("|")) if speech.infinitive else (),
        ),
        participle=(speech.participle, frozenset(speech.no_participles.split("|"))),
        hyphened=frozenset(word for word in frames.vocabulary if "-" in word[1:-1]),
        polite=(speech.polite, speech.imperatives),
        hesitations=frozenset(speech.hesitations.split("|")),
        courtesy=frozenset(speech.courtesy.split("|")),
        spoken_signs={
            tuple(phrase.split()): sign
            for phrases_of, sign in speech.spoken_signs.items()
            for phrase in phrases_of.split("|")
        },
        reminding=frozenset(speech.reminding.split("|")),
        tells=frozenset(speech.tells.split("|")),
        separators=frozenset(speech.separators.split("|")),
    )


@cache
def get(name: str) -> Language:
    """The compiled language of that name."""
    tables = LANGUAGES.get(name)
    if tables is None:
        known = ", ".join(f'"{each}"' for each in LANGUAGES)
        raise ValueError(f'language "{name}" is not known; known are {known} and "auto"')
    return _build(tables)
