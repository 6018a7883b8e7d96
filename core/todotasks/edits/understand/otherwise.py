"""The change that was made last, to another thing and with another value: what is not said again. Pure.

tag the tickets travel · and the ink one office   ▶ that is tagged "office"
give the oven to Marta · the fridge to Ben        ▶ that is given to Ben
the plants are Tom's job · Tom can do the plants  ▶ they are given to Tom, where there are such plants
what does Tom have now?                           ▶ what is given to him, where something is
"""

import re
from functools import cache

from todotasks.edits.model import command as c
from todotasks.edits.understand.continued import Continued, last_done
from todotasks.edits.understand.from_reading import commands_of
from todotasks.edits.understand.put_plainly import Asked, either
from todotasks.language.details import read_detail
from todotasks.language.followups import TABLES, which, without_leads

MOST_WORDS = 9
_SLOTS = (("assignee", "assignee"), ("priority", "priority"), ("tag", "add_tags"), ("due", "due"))


def pointed_with_value(asked: Asked) -> Continued | None:
    """third one by sunday · the last one urgent: of what was shown, without a verb."""
    words = without_leads(asked.text, asked.language).split()
    ones = {word for table in TABLES.values() for word in table.ONE.split("|")}
    if not 2 <= len(words) <= MOST_WORDS or asked.text.rstrip().endswith("?") or _says_state(words):
        return None
    same = {word for table in TABLES.values() for word in table.SAMENESS.split("|")}
    for cut in range(1, len(words)):
        meant = which(" ".join(words[:cut]))
        told = cut > 1 and words[cut - 1].casefold() in ones
        if meant is None or not (meant.pointed or (told and (meant.ordinals or meant.other))):
            continue
        behind = next((k for k in range(cut, len(words)) if words[k].casefold() not in same), len(words))
        names = asked.known.resolve(meant)
        for slot in ("due", "priority") if len(names) == 1 else ():
            read = read_detail(slot, " ".join(words[behind:]), asked.now, asked.zone, asked.context)
            change = commands_of(read, zone=str(asked.zone))[0] if read is not None else None
            if isinstance(change, c.Update) and _changed(change.changes) == slot:
                return Continued((c.Update(c.Target(names=names), change.changes),))
    return None


def asked_of(asked: Asked) -> Continued | None:
    """what does dev have now? ▶ what is open and given to Dev, where something is"""
    table = TABLES[asked.language]
    bare = asked.text.strip(" ?.!").replace("’", "'")
    while behind := re.search(rf"\s+(?:{either(table.SO_FAR_BEHIND)})$", bare, re.IGNORECASE):
        bare = bare[: behind.start()]
    for question in table.WHAT_HAS.split("|"):
        before, after = question.split("{}")
        found = re.fullmatch(rf"{re.escape(before)}(?P<who>.+){re.escape(after)}", bare, re.IGNORECASE)
        spelt = asked.known.people.get(found["who"].casefold()) if found is not None else None
        if spelt is not None:
            return Continued((c.ListTasks(filter=c.Filter(assignee=spelt)),))
    return None


def given_to(asked: Asked) -> Continued | None:
    """Somebody does what is there. None: it says nothing like that, or of nothing that is there."""
    text = without_leads(asked.text, asked.language).strip(" .!").replace("’", "'")
    if len(text.split()) > MOST_WORDS or asked.text.rstrip().endswith("?"):
        return None
    for pattern in _given(asked.language):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        who, meant = found["who"], which(found["what"])
        named = asked.known.people.get(who.casefold()) or (
            who if who[:1].isupper() and _is_name(who) else None
        )
        names = asked.known.resolve(meant, completed=False) if named and meant is not None else ()
        if named and len(names) == 1:
            return Continued((c.Update(c.Target(names=names), c.Changes(assignee=named)),))
    return None


def _is_name(who: str) -> bool:
    taken = {word for table in TABLES.values() for word in table.NO_NAMES.split("|")}
    return not taken & set(who.casefold().split())


@cache
def _given(language: str) -> tuple[re.Pattern[str], ...]:
    out = []
    for said in sorted(TABLES[language].GIVEN.split("|"), key=len, reverse=True):
        pattern = re.escape(said).replace("<what>", r"(?P<what>.+?)")
        out.append(
            re.compile(
                pattern.replace("<who>", r"(?P<who>[^\W\d_][\w.-]*(?: [^\W\d_][\w.-]*)?)"), re.IGNORECASE
            )
        )
    return tuple(out)


def otherwise_to(asked: Asked) -> Continued | None:
    """None: it says more than which thing and which value, or the last change had no such value."""
    command, _ = last_done(asked.known.conversation)
    rest = without_leads(asked.text, asked.language)
    words = rest.split()
    if not isinstance(command, c.Update) or not 2 <= len(words) <= MOST_WORDS or _says_state(words):
        return None
    slot = _changed(command.changes)
    goes_on = asked.text.strip() != rest or words[-1].casefold() in asked.known.people
    if slot is None or not goes_on or words[0].casefold() not in _pointing() or rest.endswith("?"):
        return None
    for cut in range(len(words) - 1, 1, -1):
        meant = which(" ".join(words[:cut]))
        names = asked.known.resolve(meant, completed=False) if meant is not None and not meant.pointed else ()
        if len(names) != 1:
            continue
        read = read_detail(slot, " ".join(words[cut:]), asked.now, asked.zone, asked.context)
        if read is None:
            return None
        change = commands_of(read, zone=str(asked.zone))[0]
        return (
            Continued((c.Update(c.Target(names=names), change.changes),))
            if isinstance(change, c.Update) and _changed(change.changes) == slot
            else None
        )
    return None


def _changed(changes: c.Changes) -> str | None:
    """The one thing that was changed."""
    found = [slot for slot, field in _SLOTS if getattr(changes, field)]
    return found[0] if len(found) == 1 else None


def _says_state(words: list[str]) -> bool:
    """the printer *is* fixed: nothing is left out"""
    states = frozenset(word for table in TABLES.values() for word in table.STATES.split("|"))
    return not states.isdisjoint(word.casefold() for word in words)


def _pointing() -> frozenset[str]:
    """Words in front of something that is known: a verb would make it a message of its own."""
    return frozenset(word for table in TABLES.values() for word in table.DETERMINERS.split("|"))
