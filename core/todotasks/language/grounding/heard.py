"""The words of a message, each with what it may be: a word that names nothing, a cue, a part of a time.

`hear` is read once for a message; everything that compares it with what is seen works on `Heard`.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from todotasks.language.grounding.stems import folded, forms, looks_past, stems
from todotasks.language.grounding.titles import small_words
from todotasks.language.languages.compiled import get
from todotasks.language.lexer import tokens
from todotasks.language.reading.model import Context
from todotasks.language.time import find
from todotasks.language.time.expression import Scan, When
from todotasks.language.time.resolve import day_of
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en

MOST_WORDS = 60  # words that are compared; a longer message is a text, not a sentence about a task
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[✅✔✓☑☒→#@+?:=&]|!{2,}|[-=]>")
_SHORT = {"n't": "not", "'s": "is", "'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "had"}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """Words `i` to `j` of the message are a time."""

    i: int
    j: int
    start: int  # characters
    end: int
    day: date | None
    ahead: bool  # after today, or not known
    clock: bool
    duration: bool


@dataclass(frozen=True, slots=True)
class Heard:
    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    small: tuple[bool, ...]
    past: tuple[bool, ...]
    times: tuple[TimeSpan, ...]
    cues: tuple[tuple[str, int, int], ...]  # class, from word, to word
    language: str
    timed: frozenset[int] = field(default_factory=frozenset)  # words that are part of a time

    @property
    def colon(self) -> bool:
        """Does a colon part the message? Not that of 12:30, nor of due:friday."""
        return any(
            word == ":" and k not in self.timed and self.text[self.ends[k] : self.ends[k] + 1].isspace()
            for k, word in enumerate(self.words)
        )

    @property
    def count(self) -> int:
        return len(self.words)


@cache
def _phrases(language: str) -> dict[str, tuple[tuple[tuple[str, ...], str, bool], ...]]:
    """First word → phrases that begin so, with their class, and whether they must end what is said; the other
    languages' too, where they do not clash."""
    own, other = (de.CUES, en.CUES) if language == "de" else (en.CUES, de.CUES)
    known_elsewhere = set((en.SMALL if language == "en" else de.SMALL).split())
    out: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    for table, foreign in ((own, False), (other, True)):
        for name, text in table.items():
            for phrase in text.split("|"):
                words = tuple(_split(phrase))
                if foreign and len(words) == 1 and words[0] in known_elsewhere | _CLASH:
                    continue
                out.setdefault(words[0], []).append((words, name, phrase.endswith(".")))
    return {first: tuple(sorted(set(rows), key=lambda row: -len(row[0]))) for first, rows in out.items()}


_CLASH = frozenset(
    [
        "was",
        "die",
        "war",
        "hat",
        "also",
        "fast",
        "halb",
        "mach",
        "tag",
        "alle",
        "not",
        "in",
        "war",
        "bin",
        "gang",
        "rat",
        "see",
        "raus",
        "so",
        "noch",
        "auf",
        "vor",
        "weg",
    ]
)


def _split(text: str) -> list[str]:
    return [part for match in _TOKEN.finditer(text) for part in _parts(match[0].lower().replace("’", "'"))]


def _parts(word: str) -> tuple[str, ...]:
    """didn't → did, n't; the tap's → tap, 's"""
    if "'" in word:
        for ending in _SHORT:
            if word.endswith(ending) and len(word) > len(ending):
                return (word[: -len(ending)], ending)
    return (word,)


def hear(text: str, now: datetime, language: str, context: Context) -> Heard:
    """Take a message apart. `now` is naive, in the person's zone."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        if len(words) >= MOST_WORDS:
            break
        at = match.start()
        for part in _parts(match[0].lower().replace("’", "'")):
            words.append(part)
            starts.append(at)
            ends.append(at + len(part))
            at += len(part)
    small = small_words()
    said = text[: ends[-1]] if len(words) == MOST_WORDS else text  # a time behind them explains none of them
    times = _times(said, now, language, context, starts, ends)
    if not times:
        times = _times(said, now, "en" if language == "de" else "de", context, starts, ends)
    return Heard(
        text=text,
        words=tuple(words),
        starts=tuple(starts),
        ends=tuple(ends),
        small=tuple(w in small or w in _SHORT or not (w[0].isalnum()) for w in words),
        past=tuple(looks_past(w) for w in words),
        times=times,
        cues=_cues(words, language, text, ends),
        language=language,
        timed=frozenset(k for span in times for k in range(span.i, span.j)),
    )


def _times(
    text: str, now: datetime, language: str, context: Context, starts: list[int], ends: list[int]
) -> tuple[TimeSpan, ...]:
    compiled = get(language)
    t = tokens.read(text[:2000], compiled.lexicon)
    if not t.count:
        return ()
    order = context.day_order or compiled.lexicon.tables.day_order
    s = Scan(t, now, order == "DMY", context.day_parts)
    spans = []
    for when in find.find(s):
        begin, end = t.starts[when.i], t.ends[when.j - 1]
        inside = [k for k in range(len(starts)) if starts[k] >= begin and ends[k] <= end]
        if inside and not _unsaid(when):
            day = day_of(s, when)
            ahead = (day is None or day > now.date()) if when.has_day or when.period else True
            spans.append(
                TimeSpan(
                    inside[0], inside[-1] + 1, begin, end, day, ahead,
                    when.clock is not None or bool(when.part),
                    when.duration is not None and day is None and when.clock is None,
                )
            )  # fmt: skip
    return tuple(spans)


def _unsaid(when: When) -> bool:
    """A bare number is an hour only where something says so."""
    return when.mode == "bare" and not when.has_day and not when.period and when.duration is None


_SAYS_NO_MORE = re.compile(r"\s*(?:$|[,;.!?:)&+]|and\b|und\b|now\b|jetzt\b)", re.IGNORECASE)


def _cues(words: list[str], language: str, text: str, ends: list[int]) -> tuple[tuple[str, int, int], ...]:
    phrases = _phrases(language)
    out = []
    for k, word in enumerate(words):
        for phrase, name, last in phrases.get(word, ()):
            size = len(phrase)
            if last and (k + size > len(ends) or not _SAYS_NO_MORE.match(text, ends[k + size - 1])):
                continue
            if size == 1 or tuple(words[k : k + size]) == phrase:
                out.append((name, k, k + size))
    return tuple(dict.fromkeys(out))


__all__ = ["Heard", "TimeSpan", "folded", "forms", "hear", "stems"]
