"""What takes back the message before: "no, a day earlier", "not tomorrow, on Saturday", "I meant Hannah".

Only words: what they change is told by what was done last, which the conversation knows.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cache

from todotasks.language.followups import TABLES
from todotasks.language.reader import parse
from todotasks.language.reading.model import Context, Reading
from todotasks.language.replies import answer
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
_PAUSE = re.compile(r"[,.;:!–-]")
LEAST_ORDER = 4  # words of a message in which something is told, and something else ordered
_MOST_UNITS = 99  # days, hours by which something is moved
_POINTS = re.compile(r"(?:the|that|der|die|das|den)\b", re.IGNORECASE)
_NOT_BEHIND = {
    "en": re.compile(
        r"^(?:(?:it )?is\s+|it's\s+)?(?P<now>\S.*?),?\s+(?:and\s+)?not\s+(?P<was>.+)$", re.IGNORECASE
    ),
    "de": re.compile(r"^(?:es ist\s+)?(?P<now>\S.*?),?\s+(?:und\s+)?nicht\s+(?P<was>.+)$", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """`moved` has the due or the shift that is meant instead; `meant` the words that are; `was` the words
    that were wrong, where they were said. `weak`: only "no, …" was said, which may begin a message of its
    own; `only`: of several things, this one; `about`: words that name what is moved; `person`: who is to do
    it, `asserted` where that is said without taking anything back; `amount`: a number alone, of the unit that
    was said before; `besides`: words that name what it is not so of, where it was said of several; `back`:
    as it was before."""

    moved: Reading | None = None
    meant: str | None = None
    was: str | None = None
    weak: bool = False
    only: bool = False
    about: str | None = None
    person: str | None = None
    asserted: bool = False
    amount: int | None = None
    besides: str | None = None
    back: bool = False


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
    while found := _leading(language).match(rest) or _sighed(rest, language):
        rest = rest[found.end() :]
    meaning = _meaning(language).match(rest)
    if meaning is None and (cleft := _cleft(rest, language)) is not None:
        rest, meaning = cleft, re.match("", cleft)  # it was the council one I meant
    said = set(re.findall(r"[^\W_]+", text[: len(text) - len(rest)].lower()))
    if (person := doer(rest, language)) is not None:
        named = _can_do(language).fullmatch(_closed(rest.strip(" ,.!"), language)) is not None
        return Correction(person=person, asserted=not (named or said & _TABLES[language].TAKES_BACK))
    was = None
    takes_back = bool(said & (_TABLES[language].TAKES_BACK | set(TABLES[language].THOUGHT.split("|"))))
    plain = _front("IT_WAS", language).sub("", rest, count=1)
    denied = _NOT[language].match(plain) or (_NOT_BEHIND[language].match(rest) if takes_back else None)
    if denied:
        was, rest = denied["was"].strip(), denied["now"].strip()
    elif (otherwise := _besides(rest.strip(" ,.!"), now, zone, context, language)) is not None:
        return otherwise
    elif meaning is None and not takes_back:
        if only := _front("JUST", language).match(rest):
            return _only_this(rest[only.end() :].strip(" ,.!"), now, zone, context, language)
        return _unopened(rest.strip(" ,.!"), now, zone, context, language)
    if meaning is not None:
        rest = rest[meaning.end() :]
    rest = rest.strip(" ,.!")
    if not rest or rest.endswith("?"):
        return None
    rest = _back("RIGHT", language).sub("", _closed(rest, language))
    if was is None and (only := _front("JUST", language).match(rest)):
        less = _only_this(rest[only.end() :], now, zone, context, language)
        if less.moved is not None or less.amount is not None:
            return less
    moved = _only_time(rest, now, zone, context, language)
    if moved is None and (pointed := _front("DOING_IT", language).match(rest)):
        moved = _only_time(rest[pointed.end() :], now, zone, context, language)
    if moved is not None:
        return Correction(moved=moved, meant=rest, was=was)
    if (about := _about(rest, now, zone, context, language)) is not None:
        return replace(about, meant=rest, was=was)
    if was is None and len(rest.split()) >= LEAST_ORDER and _orders(rest, now, zone, context):
        return None
    if only := _front("JUST", language).match(rest):
        return Correction(meant=rest[only.end() :], was=was, only=True)
    weak = meaning is None and was is None
    if weak and not (_PAUSE.search(text[: len(text) - len(rest)]) or _POINTS.match(rest)):
        return None  # "no milk today" names something
    return Correction(meant=rest, was=was, weak=weak)


def _orders(rest: str, now: datetime, zone: tzinfo, context: Context) -> bool:
    """it's going to rain, *move everything of thursday to friday*: what is behind is a message of its own"""
    parts = [part.strip() for part in _PAUSE.split(rest) if part.strip()]
    if len(parts) < 2:
        return False
    read = parse(parts[-1], now, zone, context)
    return read.framed and read.intent in {"update", "complete", "delete", "reopen", "create"}


def takes_back(text: str) -> bool:
    """Whether it begins by taking something back: *no wait*, the hinges · *ach nein*, die Pflanzen."""
    for language, table in _TABLES.items():
        rest = text.strip()
        while found := _leading(language).match(rest) or _sighed(rest, language):
            rest = rest[found.end() :]
        said = text.strip()[: len(text.strip()) - len(rest)]
        words = set(re.findall(r"[^\W_]+", said.lower()))
        if words & table.TAKES_BACK and _PAUSE.search(said):
            return True
    return False


def _only_this(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Correction:
    """only the gloves · just one day · only one · only on weekdays"""
    moved = _only_time(rest, now, zone, context, language)
    if moved is not None and moved.shift is not None:
        return Correction(moved=moved, meant=rest, only=True)
    if (often := _repeated(_closed(rest, language), now, zone, context, language)) is not None:
        return Correction(moved=often, meant=rest, only=True)
    counted = answer(rest, _MOST_UNITS)
    ordinals = counted.ordinals if counted is not None and not _POINTS.match(rest) else ()
    return Correction(meant=rest, only=True, amount=ordinals[0] if len(ordinals) == 1 else None)


def _about(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Correction | None:
    """I meant Saturday *for the bath* · an hour later *for that one*: a time, and what it is of."""
    if (later := _shifted(rest, now, zone, context, language)) is not None:
        return later
    found = parse(rest, now, zone, context)
    said = [span.text for span in found.spans if span.slot == "due"]
    if found.action != "create" or not found.title or len(said) != 1 or not rest.startswith(said[0]):
        return None
    led = _front("OF_WHICH", language).match(found.title)
    moved = _only_time(said[0], now, zone, context, language) if led is not None else None
    return Correction(moved=moved, about=found.title[led.end() :]) if moved is not None and led else None


def _shifted(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Correction | None:
    for found in _within("OF_WHICH", language).finditer(rest):
        before, behind = rest[: found.start()], rest[found.end() :]
        if not behind or not (_compared(language).search(before) or _neighbour(before, language)):
            continue
        moved = _only_time(before, now, zone, context, language)
        if moved is not None and moved.shift is not None:
            return Correction(moved=moved, about=behind)
    return None


def _besides(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Correction | None:
    """the car *can stay on Thursday* · *except* the leaves · the bass *doesn't need to be* · Saturday *was
    right*: of what was said last something is not so, and what is so instead."""
    bare = _closed(rest, language)
    if bare.endswith("?"):
        return None
    if right := _back("RIGHT", language).search(bare):
        value = bare[: right.start()]
        if _whole("AS_BEFORE", language).fullmatch(value):
            return Correction(back=True)
        moved = _only_time(value, now, zone, context, language)
        return Correction(moved=moved, meant=value) if moved is not None else None
    if staying := _within("STAYING", language).search(f"{bare} "):
        words, how = bare[: staying.start()], bare[staying.end() :]
        if not how or _whole("STAYING_WITH", language).fullmatch(how):
            return Correction(besides=words)
        moved = _only_time(how, now, zone, context, language)
        return Correction(moved=moved, about=words) if moved is not None else None
    if need_not := _back("NEED_NOT", language).search(bare):
        return Correction(besides=bare[: need_not.start()])
    front = _front("NOT_THESE", language).match(bare) or _front("NOT_THIS", language).match(bare)
    return Correction(besides=bare[front.end() :]) if front is not None and front.end() < len(bare) else None


_NAMED = r"(?P<who>[^\W\d_][\w.-]*(?: [^\W\d_][\w.-]*){0,2}?)"


def _sighed(rest: str, language: str) -> re.Match[str] | None:
    """ach (nein, …): what takes nothing back by itself. *not* says of what is behind it that it was wrong."""
    found = _front("TAKING_BACK", language).match(rest)
    return found if found and found.end() < len(rest) and not found[0].lower().startswith("not") else None


def doer(rest: str, language: str) -> str | None:
    """jonas *does it* · *das macht* Herr Braun"""
    said = _closed(rest.strip(" ,.!"), language)
    found = _doing_it(language).fullmatch(said) or _can_do(language).fullmatch(said)
    if found is None or rest.rstrip().endswith("?"):
        return None
    who = next(name for name in found.groupdict().values() if name)
    return None if set(who.lower().split()) & set(TABLES[language].NO_NAMES.split("|")) else who


@cache
def _can_do(language: str) -> re.Pattern[str]:
    """Dad *can bake them* · Papa *kann sie backen*"""
    can, these = (_either(getattr(TABLES[language], table)) for table in ("CAN_DO", "POINTED"))
    name = r"(?P<who>[A-ZÄÖÜ][\w.-]*(?: [A-ZÄÖÜ][\w.-]*)?)"
    verb = r"[^\W\d_]+"
    behind = rf"{verb} (?:{these})" if language == "en" else rf"(?:{these}) {verb}"
    return re.compile(rf"{name}\s?(?:{can}) {behind}")


def _either(phrases: str) -> str:
    return "|".join(map(re.escape, sorted(phrases.split("|"), key=len, reverse=True)))


@cache
def _doing_it(language: str) -> re.Pattern[str]:
    phrases = sorted(TABLES[language].DOES_IT.split("|"), key=len, reverse=True)
    patterns = [
        re.escape(phrase).replace(r"\{\}", _NAMED.replace("who", f"who{k}"))
        for k, phrase in enumerate(phrases)
    ]
    return re.compile("|".join(patterns), re.IGNORECASE)


def _cleft(rest: str, language: str) -> str | None:
    """*it was* the council one *I meant*: what stands between."""
    behind = _back("MEANT_BEHIND", language).search(rest.rstrip(" ,.!"))
    if behind is None:
        return None
    return _front("IT_WAS", language).sub("", rest[: behind.start()])


def _unopened(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Correction | None:
    """ "do it tomorrow", "an hour later": nothing is taken back, and the time is of what was said last."""
    pointed = _front("DOING_IT", language).match(rest)
    if pointed is not None:
        bare = _back("HENCE", language).sub("", rest[pointed.end() :])
        moved = _only_time(bare, now, zone, context, language) or _repeated(
            bare, now, zone, context, language
        )
        return Correction(moved=moved) if moved is not None else None
    rest = _closed(rest, language)
    if (of_this := _shifted(rest, now, zone, context, language)) is not None:
        return of_this
    if not _compared(language).search(rest) and _neighbour(rest, language) is None:
        return None
    moved = _only_time(rest, now, zone, context, language)
    return Correction(moved=moved) if moved is not None and moved.shift is not None else None


@cache
def _front(table: str, language: str) -> re.Pattern[str]:
    return _begins(getattr(TABLES[language], table))


@cache
def _back(table: str, language: str) -> re.Pattern[str]:
    phrases = "|".join(
        map(re.escape, sorted(getattr(TABLES[language], table).split("|"), key=len, reverse=True))
    )
    return re.compile(rf"[\s,]+(?:{phrases})$", re.IGNORECASE)


@cache
def _within(table: str, language: str) -> re.Pattern[str]:
    phrases = sorted(getattr(TABLES[language], table).split("|"), key=len, reverse=True)
    return re.compile(rf"\s+(?:{'|'.join(map(re.escape, phrases))})\s+", re.IGNORECASE)


@cache
def _whole(table: str, language: str) -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, getattr(TABLES[language], table).split("|")))
    return re.compile(phrases, re.IGNORECASE)


def _closed(rest: str, language: str) -> str:
    """Without what is only said behind it: two days later *then*."""
    while found := _back("CLOSING", language).search(rest):
        rest = rest[: found.start()]
    return rest


@cache
def _compared(language: str) -> re.Pattern[str]:
    phrases = "|".join(map(re.escape, TABLES[language].COMPARED.split("|")))
    return re.compile(rf"\b(?:{phrases})$", re.IGNORECASE)


def _only_time(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Reading | None:
    """a day earlier (than that) · on Saturday · at 4 instead: a time and nothing besides."""
    plainly = _TABLES[language].PLAINLY
    bare = _closed(rest, language)
    if neighbour := _neighbour(bare, language):
        bare = neighbour
    lead = r"^(?:back to|back on|zurück auf|on|at|to|for|um|am|auf|it's|is)\s+"
    bare = re.sub(lead, "", bare, flags=re.IGNORECASE)
    for table in ("move to", "move"):
        found = parse(plainly[table].format(bare), now, zone, context)
        if found.action == "reschedule" and found.reference == "it" and (found.due or found.shift):
            return found
    return None


def _neighbour(words: str, language: str) -> str | None:
    """the day before · am Tag danach: counted from the day that it was"""
    for said, meant in TABLES[language].NEIGHBOURS.items():
        if words.lower() in said.split("|"):
            return str(meant)
    return None


def _repeated(rest: str, now: datetime, zone: tzinfo, context: Context, language: str) -> Reading | None:
    """make it wednesdays from then on: how it comes back, and nothing besides."""
    found = parse(TABLES[language].REPEATING.format(rest), now, zone, context)
    return found if found.action == "recurrence-change" and found.reference == "it" else None
