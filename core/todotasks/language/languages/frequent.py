"""What tells one language from another: frequent words, and the calendar's."""

# ruff: noqa: E501 - a list of words is read along its line

import re

from todotasks.language.words.calendar_schema import Tables
from todotasks.language.words.command_schema import Domain
from todotasks.language.words.de.calendar import DE
from todotasks.language.words.de.frames import CLASSES as CLASSES_DE
from todotasks.language.words.de.frames import FRAMES as FRAMES_DE
from todotasks.language.words.de.topics import DOMAIN as DOMAIN_DE
from todotasks.language.words.en.calendar import EN
from todotasks.language.words.en.edit_frames import FRAMES_EDIT
from todotasks.language.words.en.frames import CLASSES
from todotasks.language.words.en.frames import FRAMES as FRAMES_EN
from todotasks.language.words.en.topics import DOMAIN as DOMAIN_EN

_LETTERS = re.compile(r"[^\W\d_]+")
_SLOT = re.compile(r"[{<][^}>]*[}>]")  # slots and classes are no words


def _calendar(tables: Tables) -> set[str]:
    words: set[str] = set()
    for name in (
        "numbers",
        "months",
        "weekdays",
        "relative",
        "units",
        "parts",
        "plural_days",
        "frequencies",
        "next_words",
        "ordinals",
    ):
        for spellings in getattr(tables, name):
            words.update(word for spelling in spellings.split("|") for word in spelling.split())
    for spellings in tables.words.values():
        words.update(word for spelling in spellings.split("|") for word in spelling.split())
    return words


_ENGLISH = "am pm the a an to of and for on in at is are my me it this that with from by not do i you we please can what when all every by done add move task list show mark buy call"

_GERMAN = (
    "an am in so hat man steht stehen liegt der die das den dem des ein eine einen einem und ist sind war nicht mit von vom zum zur im für auf bei ich mich mir mein meine meinen wir uns du bitte daran dass "
    "wie was wer wann welche alle jeden jede noch schon wieder auch heute kaufen anrufen zahlen abgeben nehmen gießen rausbringen waschen schreiben bezahlen holen machen bringen putzen "
    "überweisen hilfe danke rückgängig erledigt fertig lösche lösch zeige verschiebe verschieb markiere hake benenne weise erinnere termin aufgabe neue uhr bis ab nach vor schlummern wetter hallo guten "
    "zahnarzt friseur milch brot auto arzt müll blumen treffen besprechung geburtstag einkaufen öffne zeig füge"
)


def _domain(domain: Domain) -> set[str]:
    lists = (
        domain.ours,
        domain.foreign,
        domain.foreign_verbs,
        domain.asking,
        domain.showing,
        domain.task_verbs,
        domain.past,
    )
    return {word for text in lists for word in text.split("|") if word.isalpha()}


def _commands(frames: list[tuple[str, str, str]]) -> set[str]:
    return {word for _, pattern, _ in frames for word in _LETTERS.findall(_SLOT.sub(" ", pattern))}


COMMON = {
    "en": frozenset(_commands([*FRAMES_EN, *FRAMES_EDIT]))
    | frozenset(_domain(DOMAIN_EN))
    | frozenset(_ENGLISH.split())
    | frozenset(_calendar(EN))
    | frozenset(word for words in CLASSES.values() for word in words.split("|")),
    "de": frozenset(_commands(FRAMES_DE))
    | frozenset(_domain(DOMAIN_DE))
    | frozenset(_GERMAN.split())
    | frozenset(_calendar(DE))
    | frozenset(word for words in CLASSES_DE.values() for word in words.split("|")),
}
