"""What a message says of what is known, put as the grammar reads it. Pure.

lock up on the same day               ▶ lock up on 2026-12-03, when what was said last is due
remind jonas of the fridge on friday  ▶ remind me of the fridge on friday, where there is a fridge
push everything due friday to monday  ▶ push *it* to monday, of all that is due on Friday
Petra is ill, give her tasks to Mark  ▶ give *it* to Mark, of all that is Petra's
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache

from msgspec.structs import replace

from todotasks.edits.model import command as c
from todotasks.edits.understand.from_reading import commands_of, filter_of
from todotasks.edits.understand.known import Known
from todotasks.language import Context, parse
from todotasks.language.corrections import doer, read_correction
from todotasks.language.followups import TABLES, Which
from todotasks.language.languages.detect import guess_language
from todotasks.language.reading.model import Filter, Reading

MOST_CHARACTERS = 200
MOST_WORDS = 9  # that say which tasks
_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r"[,;:.!–-]\s+|\s+(?:so|and|und|also)\s+", re.IGNORECASE)
_REASON = re.compile(
    r"\s*(?:[,;.!–-]\s+(?:(?:so|also|deshalb|daher)\s+)?|\s(?:so|deshalb)\s+)", re.IGNORECASE
)
LEAST_REASON = 2  # words
_CHANGING = frozenset({"update", "reschedule", "snooze", "complete", "delete"})


@dataclass(frozen=True, slots=True)
class Asked:
    """When it is asked, by whom it is spoken, and what of the conversation is known."""

    text: str
    known: Known
    now: datetime
    zone: tzinfo
    context: Context

    @property
    def language(self) -> str:
        given = self.context.language
        return given if given in TABLES else guess_language(self.text)

    def parse(self, text: str) -> Reading:
        return parse(text, self.now, self.zone, self.context)


@cache
def _phrase(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(phrases)})(?!\w)", re.IGNORECASE)


# ── other words for the same ─────────────────────────────────────────────────────────────────────────────
def put_plainly(asked: Asked) -> str:
    """The message in words that need no conversation; as it is where there are none such."""
    text = asked.text
    if len(text) > MOST_CHARACTERS or "\n" in text:
        return text
    table = TABLES[asked.language]
    for said, plain in table.THEM_BOTH.items():
        text = _phrase(said).sub(plain, text, count=1)
    if (day := _day_of_last(asked.known)) and (found := _phrase(table.SAME_DAY).search(text)):
        text = f"{text[: found.start()]}{table.ON_DAY.format(day)}{text[found.end() :]}"
    return _reminding(_without_reason(_of_it(text, asked), asked), asked)


def _of_it(text: str, asked: Asked) -> str:
    """add a note that the key is under the mat: of what the talk is about · lösch ihn *wieder*"""
    table = TABLES[asked.language]
    if not asked.known.conversation.touched:
        return text
    if noting := re.match(rf"(?:{either(table.NOTING)})[\s,:]+(?=\S)", text, re.IGNORECASE):
        return str(table.NOTE_TO_IT.format(text[noting.end() :]))
    behind = re.search(
        rf"\s(?:{either(table.POINTED)})(\s+(?:{either(table.BACK_BEHIND)}))[.!]*$", text, re.IGNORECASE
    )
    if behind is None:
        return text
    order = text[: behind.start(1)]
    read = asked.parse(order)
    return order if read.framed and read.intent == "delete" and read.reference == "it" else text


def _without_reason(text: str, asked: Asked) -> str:
    """her flight is late, *make it half an hour later*: why is only told, where it names nothing else."""
    if not asked.known.touched or text.rstrip().endswith("?"):
        return text
    cuts = list(_REASON.finditer(text))
    if not cuts:
        return text
    why, order = text[: cuts[-1].start()], text[cuts[-1].end() :].strip()
    if len(why.split()) < LEAST_REASON or asked.known.named_in(why) - set(asked.known.touched):
        return text
    if asked.parse(why).framed or read_correction(why, asked.now, asked.zone, asked.context) is not None:
        return text
    read = asked.parse(order)
    points = read.framed and read.reference == "it" and not read.target and not read.more
    corrects = read_correction(order, asked.now, asked.zone, asked.context)
    moves = corrects is not None and corrects.moved is not None and corrects.about is None
    return order if (points and read.action in _CHANGING | {"reopen"}) or moves else text


def either(phrases: str) -> str:
    return "|".join(map(re.escape, sorted(phrases.split("|"), key=len, reverse=True)))


def _day_of_last(known: Known) -> str | None:
    names = known.touched[:1]
    if not names and len(known.conversation.shown) == 1:
        names = (known.conversation.shown[0].name,)
    place = known.places.get(names[0]) if names else None
    due = known.sight.things[place].due if place is not None else None
    return due[:10] if due else None


def _reminding(text: str, asked: Asked) -> str:
    for said, plain in TABLES[asked.language].REMINDING.items():
        before, behind = said.split("{}")
        found = re.match(
            rf"{re.escape(before)}(?P<who>[^\W\d_][\w.-]*){re.escape(behind)}\b", text, re.IGNORECASE
        )
        if found is None or found["who"].lower() in TABLES[asked.language].NO_NAMES.split("|"):
            continue
        mine = f"{plain}{text[found.end() :]}"
        title = asked.parse(mine).title
        if title and asked.known.resolve(Which(words=title), completed=False):
            return mine
    return text


# ── all that … ───────────────────────────────────────────────────────────────────────────────────────────
def all_that(asked: Asked) -> tuple[c.Command, str] | None:
    """A change of all that some words say, and these words; None where the grammar reads them itself."""
    text, language = asked.text, asked.language
    if len(text) > MOST_CHARACTERS or "\n" in text or text.rstrip().endswith("?"):
        return None
    table = TABLES[language]
    theirs, every = _phrase(table.THEIRS).search(text), _phrase(table.QUANTIFIERS).search(text)
    if theirs is None and every is None:
        return None
    read = asked.parse(text)
    if read.filter is not None and read.filter != Filter() and not read.target and not read.more:
        return None
    if theirs is not None and (person := _named_before(text[: theirs.start()], asked.known)):
        begin = max((each.end() for each in _CLAUSE.finditer(text, 0, theirs.start())), default=0)
        return _done_to(
            c.Filter(assignee=person), text[begin : theirs.start()], text[theirs.end() :], theirs[0], asked
        )
    if every is None:
        return None
    for end in _ends(text, every.end()):
        words = text[every.start() : end]
        which = _which(words, text[every.end() : end], asked)
        if which is not None and (found := _done_to(which, text[: every.start()], text[end:], words, asked)):
            return found
    return None


def _ends(text: str, begin: int) -> Iterator[int]:
    """Where the words that say which may end, the longest first; something must be left to be done."""
    ends = [begin + found.end() for found in re.finditer(r"\S+", text[begin:])][:MOST_WORDS]
    yield from reversed(ends)


def _named_before(text: str, known: Known) -> str | None:
    found = [known.people[word] for word in _names(text) if word in known.people]
    return found[0] if len(set(found)) == 1 else None


def _names(text: str) -> list[str]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return [*words, *(word.removesuffix("s") for word in words if word.endswith("s"))]


def _which(words: str, rest: str, asked: Asked) -> c.Filter | None:
    """What is due on friday · jonas has: nothing besides may have been said."""
    said = [word.casefold() for word in _WORD.findall(rest)]
    people = asked.known.people
    left = [word for word in said if word not in TABLES[asked.language].OF_WHOM.split("|")]
    if len(left) == 1:
        name = people.get(left[0]) or people.get(left[0].removesuffix("s"))
        if name is not None:
            return c.Filter(assignee=name)
    read = asked.parse(("zeig {}" if asked.language == "de" else "show {}").format(words))
    plain = read.action == "list" and read.filter is not None and not read.more
    if not plain or read.filter is None or read.filter.text is not None or read.filter == Filter():
        return None
    return filter_of(read.filter, str(asked.zone))


def _done_to(
    which: c.Filter, before: str, behind: str, words: str, asked: Asked
) -> tuple[c.Command, str] | None:
    """The order around these words, of all of them."""
    zone = str(asked.zone)
    for pronoun in TABLES[asked.language].PRONOUNS.split("|"):
        order = f"{before}{pronoun}{behind}".strip(" ,.!")
        if not f"{before}{behind}".strip(" ,.!"):
            return None
        for said in (order, TABLES[asked.language].MOVING.format(order)):
            read = asked.parse(said)
            if (
                read.action not in _CHANGING
                or read.more
                or read.reference not in {"it", "them"}
                or read.target
            ):
                continue
            command = commands_of(read, zone=zone)[0]
            if isinstance(command, c.Update | c.Snooze | c.Complete | c.Delete):
                return replace(command, target=c.Target(filter=which)), words
        if (person := doer(order, asked.language)) is not None:
            return c.Update(c.Target(filter=which), c.Changes(assignee=person)), words
    return None
