"""Frames: patterns of sentences, compiled and matched against the words of a command.

    "move {target} to <when>"  ──compile──▶ Frame ──fit──▶ {"target": words 1 to 3}

A frame is tried only if its anchor (its first word, else its rarest) occurs in the command; a gap ends at
the nearest place
where the rest fits. The work is bounded: whatever does not fit within `BUDGET` steps is no command.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WHEN, OFFSET, DURATION, RULE = "§when", "§offset", "§duration", "§rule"
PLACEHOLDERS = {
    "when": frozenset({WHEN, OFFSET}),
    "off": frozenset({OFFSET}),
    "dur": frozenset({DURATION}),
    "shift": frozenset({DURATION, OFFSET}),
    "rule": frozenset({RULE}),
}
BUDGET = 3000  # steps of matching a command may take altogether
GAP_REACH = 40  # words a gap may span before something else must follow
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "to",
        "of",
        "for",
        "on",
        "in",
        "at",
        "is",
        "are",
        "i",
        "we",
        "it",
        "be",
        "with",
        "and",
        "my",
        "as",
        "by",
        "from",
        "me",
        "do",
        "not",
        "can",
        "will",
        "have",
        ",",
        ":",
        "-",
        "i'm",
        "that",
        "this",
        "up",
        "out",
        "off",
        "no",
        "so",
        "you",
        WHEN,
        OFFSET,
        DURATION,
    ]
)

# What a frame does with its slots besides filling them; `fill`, `fill_times` and `build` act on these.
EFFECTS = {
    "+level": "the words behind the target name a priority",
    "+level-first": "the words before the target name a priority",
    "+priority-high": "important: High",
    "+priority-low": "can wait: Low",
    "+priority-none": "back to Medium",
    "+priority-up": "one step up",
    "+priority-down": "one step down",
    "+clear-due": "takes the due date away",
    "+earlier": "a length of time counts backward",
    "+later": "a length of time counts forward",
    "+clear-assignee": "takes the person away",
    "+to-me": "the person who speaks takes it",
    "+only-reminders": "not the task goes, but what reminds of it",
    "+resume": "repeats again instead of no longer",
    "+completed": "only what is completed",
    "+period": "the period that is running: my week",
    "+blockers": "shown is what has to be done first",
    "+undepend": "no longer depends on it",
    "+untag": "takes the tags away instead of adding them",
    "+untag-all": "takes all tags away",
    "+parts": "each thing of the title is a task of its own",
    "+last-is-title": "the last word of the target is the new title",
    "+last-is-assignee": "the last word of the target is the person",
    "+last-is-tag": "the last word of the target is the tag",
}

LITERAL, OPTIONAL, GAP = range(3)
Element = tuple[int, frozenset[str], str]  # kind, words, slot
Slots = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Frame:
    """One way to say one thing."""

    action: str
    elements: tuple[Element, ...]
    conditions: tuple[str, ...]  # what must hold besides the words, see `slots.conditions`
    effects: frozenset[str]  # what is done with the slots besides filling them
    number: int  # frames of a lower number are tried first
    needed: tuple[frozenset[str], ...]  # each must occur in the command


@dataclass(frozen=True, slots=True)
class Match:
    frame: Frame
    slots: Slots


class Frames:
    """All frames of a language, by the word that makes one worth trying."""

    def __init__(self, rows: Sequence[tuple[str, str, str]], classes: Mapping[str, str]) -> None:
        # first word → a further word that must occur ("" where there is none) → frames
        self.by_first: dict[str, dict[str, list[Frame]]] = {}
        self.by_anchor: dict[str, list[Frame]] = {}
        self.vocabulary: set[str] = set()
        compiled_classes = {name: frozenset(words.split("|")) for name, words in classes.items()}
        compiled_classes |= PLACEHOLDERS
        number = 0
        for action, pattern, names in rows:
            conditions = tuple(name for name in names.split() if name[0] != "+")
            effects = frozenset(name for name in names.split() if name[0] == "+")
            for elements in _expand(pattern, compiled_classes):
                if not elements:
                    continue
                needed = tuple(words for kind, words, _ in elements if kind == LITERAL)
                frame = Frame(action, elements, conditions, effects, number, needed)
                self._index(frame)
                number += 1

    def _index(self, frame: Frame) -> None:
        kind, words, _ = frame.elements[0]
        for needed in frame.needed:
            self.vocabulary.update(word for word in needed if word[:1] != "§")
        if kind == LITERAL:
            others = [needed for needed in frame.needed[1:] if not needed & words]
            further = min(others, key=_rarity) if others else frozenset({""})
            for word in words:
                for other in further:
                    self.by_first.setdefault(word, {}).setdefault(other, []).append(frame)
            return
        for word in min(frame.needed, key=_rarity):
            self.by_anchor.setdefault(word, []).append(frame)

    def candidates(self, words: Sequence[str]) -> list[Frame]:
        """The frames that may fit, in their order."""
        by_anchor, beginning = self.by_anchor, self.by_first.get(words[0], {})
        found = list(beginning.get("", ()))
        present = set(words)
        for word in present:
            if word in beginning:
                found += beginning[word]
            if word in by_anchor:
                found += by_anchor[word]
        if len(found) < 2:
            return found
        unique = {frame.number: frame for frame in found}
        return [unique[number] for number in sorted(unique)]


def _rarity(words: frozenset[str]) -> tuple[bool, int]:
    return bool(words & _COMMON), len(words)


def _alternatives(token: str, classes: Mapping[str, frozenset[str]]) -> frozenset[str]:
    words: set[str] = set()
    for word in token.split("|"):
        if word.startswith("<") and word.endswith(">"):
            words |= classes[word[1:-1]]
        else:
            words.add(word)
    return frozenset(words)


def _split(pattern: str) -> list[str]:
    """The pieces of a pattern; a (group) is one piece."""
    pieces, depth, current = [], 0, ""
    for char in pattern + " ":
        if char == " " and depth == 0:
            if current:
                pieces.append(current)
            current = ""
            continue
        depth += {"(": 1, ")": -1}.get(char, 0)
        current += char
    return pieces


# Behind a name the verb agrees with it: "the flyers are …" is said like "the report is …".
_PLURALS = {
    "is": "are", "was": "were", "has": "have", "does": "do", "needs": "need", "belongs": "belong",
    "goes": "go", "gets": "get", "takes": "take", "moves": "move", "requires": "require",
}  # fmt: skip


def _agreeing(words: Sequence[str]) -> list[str]:
    """The words of a phrase behind a gap, its verb in both numbers."""
    verb = words[0]
    return [f"{verb}|{_PLURALS[verb]}", *words[1:]] if verb in _PLURALS and len(words) > 1 else list(words)


def _expand(pattern: str, classes: Mapping[str, frozenset[str]]) -> list[tuple[Element, ...]]:
    """Every way to say a pattern without groups, optional slots and optional beginnings."""
    choices: list[list[list[Element]]] = []
    for position, piece in enumerate(_split(pattern)):
        optional = piece.startswith("[")
        body = piece[1:-1] if optional else piece
        options: list[list[Element]]
        if body.startswith("("):
            behind_gap = bool(choices) and choices[-1][0][:1] and choices[-1][0][0][0] == GAP
            options = [
                [
                    _element(word, classes)
                    for word in (_agreeing(phrase.split()) if behind_gap else phrase.split())
                ]
                for phrase in body[1:-1].split("|")
            ]
        else:
            options = [[_element(body, classes)]]
        if optional:
            if position == 0 or options[0][0][0] == GAP or len(options) > 1:
                options.append([])
            else:
                options = [[(OPTIONAL, options[0][0][1], "")]]
        choices.append(options)
    expanded = []
    for choice in itertools.product(*choices):
        elements = tuple(element for option in choice for element in option)
        # what is optional at the beginning may be missing: then the frame begins with what follows
        lead = 0
        while lead < len(elements) and elements[lead][0] == OPTIONAL:
            lead += 1
        for skipped in itertools.product((True, False), repeat=lead):
            head = tuple(
                (LITERAL, words, slot)
                for keep, (_, words, slot) in zip(skipped, elements[:lead], strict=True)
                if keep
            )
            expanded.append(head + elements[lead:])
    return expanded


def _element(piece: str, classes: Mapping[str, frozenset[str]]) -> Element:
    if piece.startswith("{"):
        return GAP, frozenset(), piece[1:-1]
    return LITERAL, _alternatives(piece, classes), ""


class Matcher:
    """One command's words, tried against frames with a common budget."""

    __slots__ = ("count", "steps", "words")

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.count = len(words)
        self.steps = 0

    def fit(self, frame: Frame) -> Slots | None:
        slots: Slots = {}
        return slots if self._from(frame.elements, 0, 0, slots) else None

    def _from(self, elements: tuple[Element, ...], k: int, position: int, slots: Slots) -> bool:
        words, count = self.words, self.count
        while k < len(elements):
            self.steps += 1
            if self.steps > BUDGET:
                return False
            kind, allowed, slot = elements[k]
            if kind == LITERAL:
                if position >= count or words[position] not in allowed:
                    return False
                position += 1
            elif kind == OPTIONAL:
                there = position < count and words[position] in allowed
                if there and self._from(elements, k + 1, position + 1, slots):
                    return True
            else:
                return self._gap(elements, k, position, slots, slot)
            k += 1
        return position == count

    def _gap(self, elements: tuple[Element, ...], k: int, position: int, slots: Slots, slot: str) -> bool:
        count = self.count
        if position >= count:
            return False
        if k + 1 == len(elements):
            slots[slot] = (position, count)
            return True
        following = elements[k + 1]
        for end in range(position + 1, min(count, position + GAP_REACH) + 1):
            if following[0] == LITERAL and (end >= count or self.words[end] not in following[1]):
                continue
            if self._from(elements, k + 1, end, slots):
                slots[slot] = (position, end)
                return True
            if self.steps > BUDGET:
                return False
        return False
