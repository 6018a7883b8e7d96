"""What takes back the message before: "no, a day earlier", "not tomorrow, on Saturday", "I meant Hannah".

Only words: what they change is told by what was done last, which the conversation knows.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cache

from todotasks.language.reader import parse
from todotasks.language.reading.model import Context, Reading
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en

MOST_CHARACTERS = 120
_TABLES = {"en": en, "de": de}
_NOT = {
    "en": re.compile(r"^(?:not|n't)\s+(?P<was>[^,]+?)\s*(?:,|\bbut\b)\s*(?P<now>.+)$", re.IGNORECASE),
    "de": re.compile(
        r"^nicht\s+(?P<was>[^,]+?)\s*(?:,\s*sondern\b|,|\bsondern\b)\s*(?P<now>.+)$", re.IGNORECASE
    ),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """`moved` has the due or the shift that is meant instead; `meant` the words that are; `was` the words
    that were wrong, where they were said."""

    moved: Reading | None = None
    meant: str | None = None
    was: str | None = None


@cache
def _leading(language: str) -> re.Pattern[str]:
    return _begins(_TABLES[language].CORRECTING)


@cache
def _meaning(language: str) -> re.Pattern[str]:
    return _begins(_TABLES[language].MEANT)


def _begins(phrases: str) -> re.Pattern[str]:
    longest_first = sorted(phrases.split("|"), key=len, reverse=True)
    return re.compile(rf"^(?:{'|'.join(map(re.escape, longest_first))})\b[\s,.!:]*", re.IGNORECASE)


def read_correction(text: str, now: datetime, zone: tzinfo, context: Context) -> Correction | None:
    """None: the message takes nothing back."""
    if len(text) > MOST_CHARACTERS:
        return None
    for language in ("en", "de"):
        found = _read(
            text.strip().replace("’", "'"), now, zone, replace(context, language=language), language
        )
        if found is not None:
            return found
    return None


def _read(text: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Correction | None:
    rest = text
    while found := _leading(language).match(rest):
        rest = rest[found.end() :]
    meaning = _meaning(language).match(rest)
    said = set(re.findall(r"[^\W_]+", text[: len(text) - len(rest)].lower()))
    was = None
    if denied := _NOT[language].match(rest):
        was, rest = denied["was"].strip(), denied["now"].strip()
        said.add("not")
    elif meaning is None and not said & _TABLES[language].TAKES_BACK:
        return None
    if meaning is not None:
        rest = rest[meaning.end() :]
    rest = rest.strip(" ,.!")
    if not rest:
        return None
    moved = _only_time(rest, now, zone, context, language)
    if moved is not None:
        return Correction(moved=moved, was=was)
    if meaning is not None or was is not None:
        return Correction(meant=rest, was=was)
    return None


def _only_time(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Reading | None:
    """a day earlier (than that) · on Saturday · at 4 instead: a time and nothing besides."""
    plainly = _TABLES[language].PLAINLY
    bare = re.sub(
        r"\s+(?:than that|instead|rather|please|bitte|stattdessen|als das)$", "", rest, flags=re.IGNORECASE
    )
    bare = re.sub(r"^(?:on|at|to|for|um|am|auf|it's|is)\s+", "", bare, flags=re.IGNORECASE)
    for table in ("move to", "move"):
        found = parse(plainly[table].format(bare), now, zone, context)
        if found.action == "reschedule" and found.reference == "it" and (found.due or found.shift):
            return found
    return None
