"""What goes on from the message before: "and the other one too", "not yet", "and the ones of next week?".

    and the other one too       ▶ the same, to what "the other one" is
    same for Oslo               ▶ the same, to what the words name
    oh, not done yet            ▶ it was not so
    what about tomorrow?        ▶ the list that was shown, of another day
    only the urgent ones        ▶ the list that was shown, narrowed

Only words: which thing "the other one" is, and what "the same" was, the conversation knows. Whatever says
more than this is a message of its own.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import cache
from types import ModuleType

from todotasks.language.reader import parse
from todotasks.language.reading.model import Context, Filter
from todotasks.language.replies import answer
from todotasks.language.words.de import conversing as de
from todotasks.language.words.en import conversing as en

MOST_CHARACTERS = 120
MOST_NAMING = 6  # words of what is named without a verb
MOST_VALUE = 2  # words of a tag, a project, a name
TABLES: dict[str, ModuleType] = {"en": en, "de": de}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_AROUND = " ,.!:;-–…"
_SIGHS = frozenset({"oops", "whoops", "ups"})  # they only go with what is said


@dataclass(frozen=True, slots=True)
class Which:
    """Which things: one of the fields. `other` is what was not chosen or done, `others` all of that, and
    `offered` only what a question has offered of it; `pointed` what was touched last; `said` are the words of
    `ordinals`."""

    words: str = ""
    ordinals: tuple[int, ...] = ()
    other: bool = False
    others: bool = False
    offered: bool = False
    pointed: bool = False
    said: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`same`: what was done last, to these. `not_so`: what was done last is not so, or what `these` are;
    `by_mistake` whatever it was, and so `changed_mind`, where it is still what the talk is about. `titled`:
    it is called this. `before`: once more, as "undo" goes further back. `filter`: the list that was shown,
    with this in place of what it has of the kind; `narrows` where that was said. `value` is a word that may
    be a tag, a project, a person."""

    same: Which | None = None
    these: Which | None = None
    before: bool = False
    not_so: bool = False
    by_mistake: bool = False
    changed_mind: bool = False
    titled: str = ""
    filter: Filter | None = None
    value: str = ""
    narrows: bool = False


def read_followup(text: str, now: datetime, zone: tzinfo, context: Context) -> FollowUp | None:
    """None: it is a message of its own."""
    if len(text) > MOST_CHARACTERS or "\n" in text:
        return None
    bare = text.strip().replace("’", "'")
    valued: FollowUp | None = None
    for language in _likely(context):
        found = (
            _changed_mind(bare, language)
            or _titled(bare, language)
            or _not_so(bare, language)
            or _these_not(bare, language)
            or _before(bare, language)
            or _same(bare, language)
            or _filtered(bare, now, zone, replace(context, language=language), language)
        )
        if found is not None and not found.value:
            return found
        valued = valued or found
    return valued


_MANY = 400  # rows of a list that nobody has seen, by which "the last" is told from a number


def which(words: str) -> Which | None:
    """the other one · the first · 2 and 3 · the last (-1) · the rest · the words themselves."""
    bare = words.strip(_AROUND)
    if not bare:
        return None
    for language in TABLES:
        if _whole("OTHER", language).fullmatch(bare):
            return Which(other=True)
        if _whole("OTHERS", language).fullmatch(bare):
            return Which(others=True)
        if _whole("BOTH", language).fullmatch(bare):
            return Which(others=True, offered=True)
        if _whole("POINTED", language).fullmatch(bare):
            return Which(pointed=True)
    said = answer(bare, _MANY)
    if said is not None and said.ordinals:
        return Which(
            ordinals=tuple(n if n <= _MANY // 2 else n - _MANY - 1 for n in said.ordinals), said=bare
        )
    return Which(words=bare)


def _likely(context: Context) -> tuple[str, ...]:
    return ("de", "en") if context.language == "de" else ("en", "de")


@cache
def _whole(table: str, language: str) -> re.Pattern[str]:
    return re.compile(_alternatives(getattr(TABLES[language], table)), re.IGNORECASE)


@cache
def _front(table: str, language: str) -> re.Pattern[str]:
    phrases = _alternatives(getattr(TABLES[language], table))
    return re.compile(rf"(?:{phrases})(?=[\s,.!:;]|$)[\s,.!:;]*", re.IGNORECASE)


@cache
def _back(table: str, language: str) -> re.Pattern[str]:
    phrases = _alternatives(getattr(TABLES[language], table))
    return re.compile(rf"[\s,]+(?:{phrases})[\s.!]*$", re.IGNORECASE)


def _alternatives(phrases: str) -> str:
    return "|".join(map(re.escape, sorted(phrases.split("|"), key=len, reverse=True)))


@cache
def _words(table: str, language: str) -> frozenset[str]:
    return frozenset(getattr(TABLES[language], table).split("|"))


# ── the same to another ──────────────────────────────────────────────────────────────────────────────────
def _same(text: str, language: str) -> FollowUp | None:
    said, rest = _opened(text, language)
    marked = bool(said & _words("SAMENESS", language))
    if found := _front("SAME", language).match(rest):
        marked, rest = True, rest[found.end() :]
    while found := _back("TRAILS", language).search(rest):
        behind = found[0].strip(_AROUND).lower()
        marked = marked or bool({behind, *behind.split()} & _words("SAMENESS", language))
        rest = rest[: found.start()]
    meant = which(rest)
    if meant is None or rest.rstrip().endswith("?"):
        return None
    if meant.words and not marked:
        return None
    if meant.words and len(meant.words.split()) > MOST_NAMING:
        return None
    if not marked and not (meant.other or meant.others):
        return None
    return FollowUp(same=meant)


def without_leads(text: str, language: str) -> str:
    """ "and also the fridge" without what is said in front of it."""
    return _opened(text, language)[1]


def _opened(text: str, language: str) -> tuple[set[str], str]:
    """The words in front that say nothing of it, and the rest."""
    rest = text.strip(_AROUND)
    said: set[str] = set()
    while found := _front("LEADS", language).match(rest):
        if found.end() >= len(rest):
            break
        said.add(found[0].strip(_AROUND).lower())
        rest = rest[found.end() :]
    return said, rest


# ── it is to be otherwise ────────────────────────────────────────────────────────────────────────────────
def _changed_mind(text: str, language: str) -> FollowUp | None:
    """doch nicht · no, scratch that: nothing is said but that it is not wanted."""
    rest = text.strip(_AROUND)
    while not _whole("CHANGED_MIND", language).fullmatch(rest):
        found = _front("TAKING_BACK", language).match(rest) or _front("LEADS", language).match(rest)
        if found is None or found.end() >= len(rest):
            behind = _back("TRAILS", language).search(rest)
            if behind is None:
                return None
            rest = rest[: behind.start()]
            continue
        rest = rest[found.end() :]
    return FollowUp(changed_mind=True)


def _titled(text: str, language: str) -> FollowUp | None:
    """rename to Landlord visit (bring keys)"""
    found = _front("RENAMING", language).match(_opened(text, language)[1])
    title = found.string[found.end() :].strip(" ,.:;\"“”„'") if found is not None else ""
    return FollowUp(titled=title) if title else None


# ── it is not so ─────────────────────────────────────────────────────────────────────────────────────────
def _not_so(text: str, language: str) -> FollowUp | None:
    """Nothing but words that deny: "wait no I didn't", "doch noch nicht", "that was a mistake"."""
    words = [word.lower() for word in _WORD.findall(text)]
    if not words or text.rstrip().endswith("?"):
        return None
    negates, mistake = _words("NEGATES", language), _words("MISTAKE", language)
    known = negates | mistake | _words("EMPTY", language) | _words("SO_FAR", language)
    if not all(word in known for word in words):
        return None
    by_mistake = any(word in mistake and word not in _SIGHS for word in words)
    denied = any(word in negates for word in words)
    verb = any(word in _words("SO_FAR", language) or word.endswith(("n't", "nt")) for word in words)
    if by_mistake:
        return FollowUp(not_so=True, by_mistake=True)
    return FollowUp(not_so=True) if denied and verb else None


def _these_not(text: str, language: str) -> FollowUp | None:
    """the last one isn't: what is pointed at is not done."""
    _, rest = _opened(text, language)
    found = _back("NOT_BEHIND", language).search(rest)
    if found is None or rest.endswith("?"):
        return None
    these = which(_front("TAKING_BACK", language).sub("", rest[: found.start()], count=3))
    return FollowUp(not_so=True, these=these) if these is not None and not these.words else None


def _before(text: str, language: str) -> FollowUp | None:
    """and the one before · once more"""
    _, rest = _opened(text, language)
    return FollowUp(before=True) if _whole("BEFORE", language).fullmatch(rest.strip(_AROUND)) else None


# ── the list, otherwise ──────────────────────────────────────────────────────────────────────────────────
def _filtered(text: str, now: datetime, zone: tzinfo, context: Context, language: str) -> FollowUp | None:
    rest = text.strip(_AROUND)
    asks = rest.endswith("?")
    rest = rest.rstrip("? ")
    narrows = False
    led = asks
    while True:
        if found := _front("ONLY", language).match(rest):
            narrows = led = True
        elif found := _front("ASKING", language).match(rest):
            led = True
        else:
            break
        rest = rest[found.end() :]
    if not led or not rest or any(_front("OWN", each).match(_opened(rest, each)[1]) for each in TABLES):
        return None
    bare = re.sub(r"'s\b|(?<=s)'(?=\s|$)", "", rest)
    if found := _front("ONES", language).match(bare):
        bare = bare[found.end() :]
    bare = re.sub(r"^(?:of|from|for|in|with|on|von|für|aus|vom|der)\s+(?=\S)", "", bare, flags=re.IGNORECASE)
    bare = re.sub(r"\s+(?:ones|one|tasks|aufgaben)$", "", bare, flags=re.IGNORECASE)
    if not bare:
        return None
    for words in dict.fromkeys((rest, bare)):
        read = parse(TABLES[language].SHOWING.format(words), now, zone, context)
        plain = read.action == "list" and read.filter is not None and not read.more
        if plain and read.filter is not None and read.filter.text is None and read.filter != Filter():
            return FollowUp(filter=read.filter, narrows=narrows)
    if len(bare.split()) <= MOST_VALUE:
        return FollowUp(value=bare.lstrip("#@"), narrows=narrows)
    return None
