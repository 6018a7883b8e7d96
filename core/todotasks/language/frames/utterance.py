"""A command's words as frames see them: contractions written out, time expressions as one word, fillers gone.

    "can you push the dentist back two days please"  ─▶  push the dentist back §duration

Each word keeps the tokens it came from, so that a slot found in the words is a stretch of the text.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

from todotasks.language.frames.pattern import (
    DURATION,
    OFFSET,
    RULE,
    WHEN,
)
from todotasks.language.lexer.tokens import OPAQUE, Tokens
from todotasks.language.recurrence.rrule import RuleDraft
from todotasks.language.time.expression import When
from todotasks.language.words.roles import NOW
from todotasks.language.words.shared import AFTER_IS, DETERMINERS, INSISTED

Phrases = dict[str, tuple[tuple[str, ...], ...]]  # first word → the phrases that begin with it, longest first


def phrases(text: str, *, by_last: bool = False) -> Phrases:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in text.split("|"):
        words = tuple(phrase.split())
        table.setdefault(words[-1] if by_last else words[0], []).append(words)
    return {first: tuple(sorted(found, key=lambda words: -len(words))) for first, found in table.items()}


def contractions(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {short: tuple(full.split()) for shorts, full in table.items() for short in shorts.split("|")}


class Spoken:
    """The words of one command, each with the token it begins at."""

    __slots__ = ("begin", "ends", "starts", "stop", "whens", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.starts: list[int] = []  # first token of each word
        self.ends: list[int] = []  # the token behind its last one
        self.whens: dict[int, When] = {}  # position of a placeholder → its expression
        self.begin = 0
        self.stop = 0

    def add(self, word: str, i: int, j: int) -> None:
        self.words.append(word)
        self.starts.append(i)
        self.ends.append(j)

    def drop(self, k: int) -> None:
        """Leave out word `k`, which says nothing of what is meant."""
        for column in (self.words, self.starts, self.ends):
            del column[k]
        self.whens = {n - (n > k): when for n, when in self.whens.items()}
        self.stop -= 1

    def tokens_of(self, a: int, b: int) -> tuple[int, int]:
        """The tokens that words a to b came from."""
        return (self.starts[a], self.ends[b - 1]) if b > a else (0, 0)


# "laundry's done" is "laundry is done"; "laundry's day" is not


class Vocabulary(Protocol):
    """What a language contributes: contractions, and the words of frames that contain a hyphen."""

    @property
    def short(self) -> Mapping[str, tuple[str, ...]]: ...

    @property
    def hyphened(self) -> frozenset[str]: ...


def placeholder(when: When) -> str:
    if when.mode in {"for", "bare"} and when.duration is not None:
        return DURATION
    return OFFSET if when.duration is not None else WHEN


def speak(
    t: Tokens, whens: list[When], rule: RuleDraft | None, used: set[int], language: "Vocabulary"
) -> Spoken:
    """Fold the tokens of a command into words. `used` are the tokens of markers and reminders: they are not
    spoken.
    """
    short, hyphened = language.short, language.hyphened
    spoken = Spoken()
    spans: dict[int, tuple[str, int, When | None]] = {}
    for when in whens:
        if when.j - when.i == 1 and t.masks[when.i] & NOW:
            continue  # "done now": the frames know the word
        spans[when.i] = (placeholder(when), when.j, when)
    if rule is not None and rule.j > rule.i:
        spans[rule.i] = (RULE, rule.j, None)
    i, count = 0, t.count
    words, kinds = t.words, t.kinds
    while i < count:
        span = spans.get(i)
        if span is not None:
            name, j, when_here = span
            last = spoken.words[-1] if spoken.words else ""
            if last == RULE or (name == RULE and last in {WHEN, DURATION, OFFSET} and i == spoken.ends[-1]):
                if last == RULE and name != RULE and i > spoken.ends[-1] + 1:
                    spoken.whens[len(spoken.words)] = when_here  # type: ignore[assignment]
                    spoken.add(name, i, j)
                else:
                    spoken.words[-1], spoken.ends[-1] = RULE, j
                    spoken.whens.pop(len(spoken.words) - 1, None)
            else:
                if when_here is not None:
                    spoken.whens[len(spoken.words)] = when_here
                spoken.add(name, i, j)
            i = max(j, i + 1)
            continue
        if i in used:
            i += 1
            continue
        word = words[i]
        if t.entries[i].spelled and kinds[i] != OPAQUE and "'" not in word:
            word = t.entries[i].spelled
        full = short.get(word) if kinds[i] != OPAQUE else None
        joined = (
            0
            if t.gaps[i + 1] or kinds[i] == OPAQUE
            else 3
            if words[i + 1] == "-" and not t.gaps[i + 2]
            else 2
        )
        if joined == 2 and word == "p" and t.numbers[i + 1] >= 0:
            spoken.add(word + words[i + 1], i, i + 2)
            i += 1
        elif joined == 3 and word + "-" + words[i + 2] in hyphened:
            spoken.add(word + "-" + words[i + 2], i, i + 3)
            i += 2
        elif joined == 2 and word == "w" and words[i + 1] == "/" and t.gaps[i + 2]:
            spoken.add("with", i, i + 2)  # done w/ the report
            i += 1
        elif word[-2:] == "'s" and kinds[i] != OPAQUE and words[i + 1] in AFTER_IS:
            spoken.add(word[:-2], i, i + 1)
            spoken.add("is", i, i + 1)
        elif full:
            for part in full:
                spoken.add(part, i, i + 1)
        elif " " in word and kinds[i] != OPAQUE:
            for part in word.split():
                spoken.add(part, i, i + 1)
        else:
            spoken.add(word, i, i + 1)
        i += 1
    spoken.begin, spoken.stop = 0, len(spoken.words)
    return spoken


def plain_imperative(
    spoken: Spoken, pronoun: str, irregular: Mapping[str, str], verbs: Collection[str]
) -> None:
    """*verschieben Sie* die Visite, *verschieben die* Visite ─▶ verschiebe die Visite"""
    k = spoken.begin
    if not pronoun or spoken.stop - k < 3 or spoken.words[k + 1] not in DETERMINERS | {pronoun}:
        return
    verb = spoken.words[k]
    plain = irregular.get(verb, verb[:-1] if verb[-1:] == "n" else "")
    if plain in verbs:
        spoken.words[k] = plain
        if spoken.words[k + 1] == pronoun:
            spoken.drop(k + 1)


NO, NO_NEED = ("no",), frozenset({"need", "longer"})
_EDGE_SIGNS = frozenset({",", ".", "!", ";", "?", "-", "*", "(", ")", ":", "~", "|"})


def strip(spoken: Spoken, opening: Phrases, closing: Phrases) -> None:
    """Move `begin` and `stop` past fillers and signs; something always remains."""
    words = spoken.words
    begin, stop = 0, len(words)
    moved = True
    while moved and begin < stop:
        moved = False
        if words[begin] in _EDGE_SIGNS and stop - begin > 1:
            begin, moved = begin + 1, True
            continue
        for phrase in opening.get(words[begin], ()):
            size = len(phrase)
            if begin + size < stop and tuple(words[begin : begin + size]) == phrase:
                if phrase == NO and words[begin + size] in NO_NEED:
                    continue  # no need to wash the van
                begin, moved = begin + size, True
                break
    if stop - begin > 2 and words[begin] == "do" and words[begin + 1] in INSISTED:
        begin += 1
    moved = True
    while moved and stop - begin > 1:
        moved = False
        last = words[stop - 1]
        if last in _EDGE_SIGNS and not (last == ")" and "(" in words[begin:stop]):
            stop, moved = stop - 1, True
            continue
        for phrase in closing.get(last, ()):
            size = len(phrase)
            if begin < stop - size and tuple(words[stop - size : stop]) == phrase:
                stop, moved = stop - size, True
                break
    spoken.begin, spoken.stop = begin, stop
