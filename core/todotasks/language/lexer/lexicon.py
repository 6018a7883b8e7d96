"""A language's tables, compiled: one dictionary from word to `Entry`, phrases of several words, near misses.

    tables ──compile──▶ Lexicon ──`tokens.read`──▶ each token knows its roles

A word may have many roles ("second" is an ordinal, a unit and "every other"); the entry carries them all
and the grammar asks for the one that it needs. A near miss is a word of six letters or more that is one
slip (a letter left out, put in, swapped, replaced) away from exactly one calendar or command word and
begins with the same letter.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from todotasks.language.words import roles as r
from todotasks.language.words.calendar_schema import Tables, Unit

NEAR_MISS_LENGTH = 6  # letters; shorter words are too close to one another


class Entry:
    """What is known of a word."""

    __slots__ = (
        "days", "mask", "month", "name", "number", "ordinal", "part", "phrases", "spelled", "step", "unit",
        "weekday",
    )  # fmt: skip

    def __init__(self) -> None:
        self.mask = 0
        self.number = 0.0
        self.ordinal = 0
        self.month = 0
        self.weekday = 0
        self.days = 0
        self.step = 0
        self.unit: Unit = ("", 0)
        self.part = ""
        self.name = ""
        self.spelled = ""  # of a word of commands: its right spelling
        # The phrases that begin with this word: (further words, their entry), longest first.
        self.phrases: tuple[tuple[tuple[str, ...], Entry], ...] = ()


NOTHING = Entry()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The compiled words of one language."""

    tables: Tables
    words: dict[str, Entry]
    near: dict[str, str]  # a word with one letter left out → the word
    far: frozenset[str]  # words that are never a near miss
    short_days: frozenset[str]  # words that name weekdays only in a list of them
    respelt: Mapping[str, str] = field(default_factory=dict)  # written without accents: fur → für

    def find(self, word: str) -> Entry:
        """The entry of a word as written, of its misspelling, or of the owner in "tomorrow's"."""
        entry = self.words.get(word)
        if entry is not None:
            return entry
        if len(word) > 3 and word[-2] == "'":
            owner = self.words.get(word[:-2])
            return owner if owner is not None and owner.mask else NOTHING
        if len(word) >= NEAR_MISS_LENGTH - 1 and "'" not in word and (meant := self.nearest(word)):
            entry = self.words.get(meant, NOTHING)
            # A verb is guessed more cautiously than a weekday: "remote" is not "remove".
            return entry if entry.mask or letters_slipped(word, meant) else NOTHING
        return NOTHING

    def nearest(self, word: str) -> str | None:
        """The one known word that is one slip away, else None."""
        near = self.near
        if word in self.far:
            return None
        meant = near.get(word)
        if meant is None:
            for position in range(1, len(word)):
                shorter = word[:position] + word[position + 1 :]
                meant = near.get(shorter)
                if meant is not None:
                    if meant == shorter and len(word) <= NEAR_MISS_LENGTH:
                        meant = None
                        continue
                    break
        if not meant or meant[0] != word[0] or abs(len(meant) - len(word)) > 1:
            return None
        return meant if one_slip(word, meant) else None


def one_slip(a: str, b: str) -> bool:
    """One letter more or less, two neighbours swapped, or one replaced that is not the last.

    The last letter is what tells a plural or another word ("sundae"); it is not a slip.
    """
    if a == b:
        return True
    first = 0
    while first < min(len(a), len(b)) and a[first] == b[first]:
        first += 1
    if len(a) == len(b):
        swapped = a[first + 2 :] == b[first + 2 :] and a[first : first + 2] == b[first : first + 2][::-1]
        return swapped or (first < len(a) - 1 and a[first + 1 :] == b[first + 1 :])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    if first == len(shorter):
        return shorter is a  # the last letter left out; one put in there is an ending
    return longer[first + 1 :] == shorter[first:]


def letters_slipped(word: str, meant: str) -> bool:
    """Were letters only swapped or left out, or one put in that is not an ending?"""
    if len(word) == len(meant):
        return sorted(word) == sorted(meant)
    return len(word) < len(meant) or word[-1] == meant[-1]


_ACCENTS = ({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"}, {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def unaccented(words: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """How people write words who have no keys for their accents: fur, fuer → für. What is a word as it stands
    (`known`) is none of these: "schon" is not "schön".
    """
    out: dict[str, str] = {}
    for accents in _ACCENTS:
        table = str.maketrans(accents)
        for word in sorted(words):
            plain = word.translate(table)
            if plain != word and plain not in known:
                out.setdefault(plain, word)
    return out


_WORD_OR_SIGN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[½¼¾]|\S")  # as `tokens` parts a text


def split_words(text: str) -> tuple[str, ...]:
    """A phrase as the tokens that the tokenizer would make of it."""
    return tuple(match[0] for match in _WORD_OR_SIGN.finditer(text))


class _Builder:
    def __init__(self) -> None:
        self.words: dict[str, Entry] = {}
        self.phrases: dict[str, dict[tuple[str, ...], Entry]] = {}

    def entries(self, spellings: str) -> Iterable[Entry]:
        for spelling in spellings.split("|"):
            first, *rest = split_words(spelling)
            if rest:
                yield self.phrases.setdefault(first, {}).setdefault(tuple(rest), Entry())
            else:
                yield self.words.setdefault(spelling, Entry())

    def finish(self) -> dict[str, Entry]:
        for first, phrases in self.phrases.items():
            ordered = sorted(phrases.items(), key=lambda item: -len(item[0]))
            entry = self.words.setdefault(first, Entry())
            owner = self.words.get(first[:-2]) if first[-2:] == "'s" and not entry.mask else None
            if owner is not None:  # the month's end begins with a month
                entry.mask, entry.unit, entry.days = owner.mask, owner.unit, owner.days
            entry.phrases = tuple(ordered)
        return self.words


def compile_tables(
    tables: Tables,
    command_words: Collection[str] = (),
    command_misspelt: Mapping[str, str] | None = None,
    known: Collection[str] = (),
    accented: Collection[str] = (),
) -> Lexicon:
    """Fold the tables into one dictionary; `command_words` may be misspelt too, and `known` words are right:
    "handed" is no slip of "handled". `accented` are further words that may be written without their accents.
    """
    build = _Builder()

    def put(role: int, spellings: str, **values: object) -> None:
        for entry in build.entries(spellings):
            entry.mask |= role
            for name, value in values.items():
                setattr(entry, name, value)

    for spellings, number in tables.numbers.items():
        put(r.NUM, spellings, number=float(number))
    for spellings, ordinal in tables.ordinals.items():
        put(r.ORD, spellings, ordinal=ordinal)
    for spellings, month in tables.months.items():
        put(r.MONTH, spellings, month=month)
    for spellings, weekday in tables.weekdays.items():
        put(r.WEEKDAY, spellings, weekday=weekday)
    for spellings, weekday in tables.plural_days.items():
        put(r.PLURAL_DAY, spellings, weekday=weekday)
    for spellings, (weekday, part) in tables.day_parts.items():
        put(r.WEEKDAY, spellings, weekday=weekday, part=part)
    for spellings, (weekday, part) in tables.plural_day_parts.items():
        put(r.PLURAL_DAY, spellings, weekday=weekday, part=part)
    for spellings, unit in tables.units.items():
        put(r.UNIT, spellings, unit=unit)
    for spellings, days in tables.relative.items():
        put(r.RELATIVE, spellings, days=days)
    for spellings, (days, part) in tables.relative_parts.items():
        put(r.RELATIVE, spellings, days=days, part=part)
    for spellings, part in tables.parts.items():
        put(r.PART, spellings, part=part)
    for spellings, part in tables.plural_parts.items():
        put(r.PLURAL_PART, spellings, part=part)
    for spellings, hour in tables.clock_words.items():
        put(r.CLOCK_WORD, spellings, number=float(hour))
    for spellings, shift in tables.meridiem.items():
        put(r.MERIDIEM, spellings, days=shift)
    for spellings, number in tables.few.items():
        put(r.FEW, spellings, number=float(number))
    for spellings, step in tables.next_words.items():
        put(r.NEXT, spellings, step=step)
    for spellings, (number, unit) in tables.frequencies.items():
        put(r.FREQ, spellings, number=float(number), unit=unit)
    for spellings, step in tables.once.items():
        put(r.ONCE, spellings, step=step)
    for role, table in (
        (r.HOLIDAY, tables.holidays),
        (r.ZONE, tables.zones),
        (r.END_OF_DAY, tables.ends),
    ):
        for spellings, name in table.items():
            put(role, spellings, name=name)
    for spellings, step in tables.quarters.items():
        put(r.QUARTER_NAME, spellings, step=step)
    for spellings, step in tables.seasons.items():
        put(r.SEASON, spellings, step=step)
    for spellings, step in tables.week_parity.items():
        put(r.PARITY, spellings, step=step)
    for role, spellings in tables.words.items():
        put(role, spellings)
    words = build.finish()
    for wrong, right in tables.misspelt.items():
        if right in words:
            words.setdefault(wrong, words[right])
    for word in command_words:
        words.setdefault(word, Entry()).spelled = word
    for wrong, right in (command_misspelt or {}).items():
        words.setdefault(wrong, Entry()).spelled = right
    return Lexicon(
        tables,
        words,
        _near_misses(words, command_words),
        frozenset(tables.not_misspelt.split("|")) | frozenset(known),
        frozenset(tables.day_letters) | frozenset(tables.day_sets),
        unaccented({*words, *accented}, {*words, *accented, *tables.not_misspelt.split("|")}),
    )


_SPELLED = r.MONTH | r.WEEKDAY | r.PLURAL_DAY | r.RELATIVE | r.PART | r.FREQ | r.STARTING


def _near_misses(words: dict[str, Entry], command_words: Iterable[str]) -> dict[str, str]:
    near: dict[str, str] = {}
    known = {word for word, entry in words.items() if entry.mask & _SPELLED}
    for word in sorted(known | set(command_words)):
        if len(word) < NEAR_MISS_LENGTH or "'" in word:
            continue
        for position in range(1, len(word)):
            near.setdefault(word[:position] + word[position + 1 :], word)
    for word in sorted(known | set(command_words)):
        if len(word) >= NEAR_MISS_LENGTH:
            near[word] = word
    return near
