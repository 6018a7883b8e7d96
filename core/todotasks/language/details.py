"""A change whose new value was not said, and the value when it is: "move the dentist" · "to Saturday at 10".

    move the dentist    ▶ Unfinished("due", "the dentist")       asked: when?
    to Saturday at 10   ▶ the reading of "move it to Saturday at 10"

Pure. Whether there is such a thing in sight is not known here: "move the sofa" is a task where there is none.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cache

from todotasks.language.followups import TABLES
from todotasks.language.reader import parse
from todotasks.language.reading.model import Context, Reading

MOST_CHARACTERS = 120
MOST_WORDS = {"assignee": 3, "tag": 3, "priority": 4, "title": 14}  # of a value; a longer one is a message
_AROUND = " ,.!:;-–…"
_CHANGES = frozenset({"update", "reschedule", "snooze"})
_ORDERS = frozenset({"list", "search", "show", "summary", "undo", "help", "delete", "complete", "reopen"})


@dataclass(frozen=True, slots=True)
class Unfinished:
    """`slot` is what is to be changed and was not said: due, snooze, assignee, title, priority, tag."""

    slot: str
    words: str  # that name the thing


def read_unfinished(text: str) -> Unfinished | None:
    """None: no order to change something, or it says more."""
    bare = text.strip(_AROUND).replace("’", "'")
    if len(bare) > MOST_CHARACTERS or text.rstrip().endswith("?") or "\n" in bare:
        return None
    for language in TABLES:
        polite = _polite(language)
        said = polite.sub("", bare)
        for slot, pattern in _orders(language):
            if found := pattern.fullmatch(said):
                return Unfinished(slot, next(filter(None, found.groups())).strip(_AROUND))
    return None


def points(words: str) -> bool:
    """move *it*: what was touched last"""
    return any(words.casefold() in table.IT.split("|") for table in TABLES.values())


def leads_to_value(words: str) -> set[str]:
    """Those of the words that a value follows: the dentist *to* Anna."""
    said = {word for table in TABLES.values() for word in table.TO_VALUE.split("|")}
    return said & set(words.casefold().split())


@cache
def _polite(language: str) -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, sorted(TABLES[language].POLITELY.split("|"), key=len, reverse=True)))
    return re.compile(rf"^(?:(?:{phrases})[\s,]+)+|[\s,]+(?:{phrases})$", re.IGNORECASE)


@cache
def _orders(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Of each slot the orders that leave it open; the longer ones first, whatever the slot."""
    vaguely = "|".join(map(re.escape, TABLES[language].SOME_OTHER.split("|")))
    orders = [
        (slot, order) for slot, text in TABLES[language].UNFINISHED.items() for order in text.split("|")
    ]
    orders.sort(key=lambda each: -len(each[1]))
    return tuple(
        (
            slot,
            re.compile(re.escape(order).replace(r"\{\}", "(.+?)") + rf"(?:\s+(?:{vaguely}))?", re.IGNORECASE),
        )
        for slot, order in orders
    )


def read_detail(slot: str, text: str, now: datetime, zone: tzinfo, context: Context) -> Reading | None:
    """The change to "it" that the value makes; None where it is no such value, but a message of its own."""
    bare = text.strip(_AROUND)
    if not bare or len(bare) > MOST_CHARACTERS or text.rstrip().endswith("?"):
        return None
    own = parse(text, now, zone, context)
    if own.action in _ORDERS and (slot == "title" or (own.framed and slot not in {"due", "snooze"})):
        return None
    if slot == "title" and own.framed and own.intent == "create":
        return None
    value = _front("TITLE_LEADS" if slot == "title" else "VALUE_LEADS").sub("", bare)
    for language in TABLES:
        if len(value.split()) > MOST_WORDS.get(slot, 12):
            continue
        for template in TABLES[language].DETAILS[slot]:
            found = parse(template.format(value), now, zone, replace(context, language=language))
            if _fills(slot, found):
                return found
    return None


@cache
def _front(table: str) -> re.Pattern[str]:
    """What may stand in front of a value, of all languages."""
    said = {phrase for each in TABLES.values() for phrase in getattr(each, table).split("|")}
    phrases = "|".join(map(re.escape, sorted(said, key=len, reverse=True)))
    return re.compile(rf"^(?:(?:{phrases})[\s,]+)+", re.IGNORECASE)


def _fills(slot: str, found: Reading) -> bool:
    if found.action not in _CHANGES or found.reference != "it" or found.more or found.target:
        return False
    match slot:
        case "due":
            return found.action == "reschedule" and bool(found.due or found.shift) and found.title is None
        case "snooze":
            return bool(found.due or found.shift) and found.title is None
        case "assignee":
            return bool(found.assignee)
        case "title":
            return bool(found.title)
        case "priority":
            return found.priority is not None
        case _:
            return bool(found.tags)
