"""What reads a message besides the grammar, and how far it is trusted.

An `Interpreter` (a language model, in practice) turns words into the same commands as the grammar. It may
have read titles that somebody else wrote, so whatever it proposes is treated as if the author of the worst
title had proposed it: `reason_to_ask` says, from the edits alone, when a person must say yes first. Only what
adds, or changes the one task that the message itself names, is done at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from todotasks.edits.model.command import Command
from todotasks.edits.model.edit import Edit, Problem
from todotasks.language import Reading

MOST_CREATES = 5  # of one message; more are asked for
SHORTEST = 3  # letters of a word that names a task

# Words that stand in so many titles and messages that they name nothing, English and German.
_SAY_NOTHING = """
about all also and any are but can did does done for from had has have her him his how into its just let
make more must not now off one open our out over please put shall should some task tasks than that the
their them then there these they thing things this those todo todos was were what when where which who
will with would you your aber alle alles auch auf aus bei bin bis bitte das dass dem den der des die doch
ein eine einen einer eines für hat ich ihr ist kann mal mein meine mich mir mit nach nicht noch nur oder
sein sich sie sind über und uns von vom war was wenn wer wie wir wird zum zur aufgabe aufgaben
"""
_EMPTY = frozenset(_SAY_NOTHING.split())
_REASONS = {
    "en": {
        "deletes": "it deletes",
        "rule": "it changes a task that comes back",
        "many": "it changes {} things",
        "flood": "it makes {} things",
        "unnamed": "your words do not name the task that it changes",
    },
    "de": {
        "deletes": "es wird gelöscht",
        "rule": "eine wiederkehrende Aufgabe wird geändert",
        "many": "{} Dinge werden geändert",
        "flood": "{} Dinge werden angelegt",
        "unnamed": "die Aufgabe, die geändert wird, kommt in der Nachricht nicht vor",
    },
}
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Briefing:
    """What an interpreter is told besides the words. Titles are data that anyone may have written."""

    now: datetime  # aware, in the person's zone
    zone: str
    namespace: str = ""
    titles: tuple[str, ...] = ()  # of open tasks
    shown: tuple[str, ...] = ()  # of what the last answer listed, in its order


class Interpreter(Protocol):
    """None from `commands` means: take the grammar's reading. It never raises and keeps its time limit."""

    def wanted(self, readings: Sequence[Reading], problem: Problem | None = None) -> bool: ...

    async def commands(
        self, text: str, readings: Sequence[Reading], briefing: Briefing
    ) -> tuple[Command, ...] | None: ...


def reason_to_ask(text: str, edits: Sequence[Edit], language: str = "en") -> str | None:
    """Why a person must agree to these edits that an interpreter made of `text`; None: they may be done."""
    reasons = _REASONS["de" if language == "de" else "en"]
    if any(edit.verb == "delete" for edit in edits):
        return reasons["deletes"]
    if any(edit.verb == "patch" and edit.resource == "recurrencerules" for edit in edits):
        return reasons["rule"]
    changed = {(edit.resource, edit.namespace, edit.name): edit for edit in edits if edit.verb != "create"}
    if len(changed) > 1:
        return reasons["many"].format(len(changed))
    if len(edits) - len(changed) > MOST_CREATES:
        return reasons["flood"].format(len(edits) - len(changed))
    if any(not names(text, edit.title) for edit in changed.values()):
        return reasons["unnamed"]
    return None


def names(text: str, title: str) -> bool:
    """Has the message a telling word of the title? "the", "all" and their like tell nothing."""
    return bool(_telling(text) & _telling(title))


def _telling(text: str) -> set[str]:
    words = {word for word in _WORD.findall(text.casefold()) if len(word) >= SHORTEST}
    return words - _EMPTY
