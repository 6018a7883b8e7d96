"""Markers in the text: #tag · @person or @place · +project, /project · p1–p4 · !!! · key:value.

Found before anything else, and used up: what stands in a marker is never a date or part of a title. `@home`
is a place and so a
tag, `@anna` is a person; the language's lists decide, then capitals, then the word before it.
"""

from dataclasses import dataclass, replace

from todotasks.language.lexer.tokens import (
    NUMBER,
    OPAQUE,
    ORDINAL,
    SIGN,
    WORD,
    Tokens,
)
from todotasks.language.words import roles as r
from todotasks.language.words.command_schema import Speech
from todotasks.language.words.shared import (
    BEFORE_PROJECTS,
    DETERMINERS,
    NO_VALUE,
    PROJECT_WORDS,
    SLASH_COMMANDS,
)

UNKEPT = "unkept"  # what other tools know and a task here does not
BANGS = {1: "High", 2: "High", 3: "Urgent"}
LEVELS = {1: "Urgent", 2: "High", 3: "Medium", 4: "Low"}
_BEFORE_PERSON = frozenset(
    {"to", "by", "for", "with", "an", "assign", "assigned", "owner", "from", "let", "cc"}
)


@dataclass(frozen=True, slots=True)
class Marker:
    """Tokens i to j say `slot` = `value`."""

    slot: str
    value: str
    i: int
    j: int


class MarkerWords:
    """The lists of `Speech` as sets, made once."""

    def __init__(self, speech: Speech) -> None:
        self.contexts = frozenset(speech.contexts.split("|"))
        self.names = frozenset(speech.first_names.split("|"))
        self.keys = {key: slot for keys, slot in speech.keys.items() for key in keys.split("|")}
        self.levels = {key: level for keys, level in speech.levels.items() for key in keys.split("|")}


def _glued_name(t: Tokens, i: int) -> tuple[str, int] | None:
    """The name that touches the sign before token i: letters, digits, hyphens and underscores."""
    j = i
    letters = False
    while j < t.count and not t.gaps[j]:
        if t.kinds[j] in {WORD, NUMBER, ORDINAL}:
            letters = letters or t.kinds[j] == WORD
        elif not (
            t.words[j] in {"-", "_"}
            and j > i
            and not t.gaps[j + 1]
            and t.kinds[j + 1] in {WORD, NUMBER, ORDINAL}
        ):
            break
        j += 1
    return (t.slice_text(i, j), j) if letters else None


def find(t: Tokens, lists: MarkerWords) -> list[Marker]:
    """All markers of the message; their tokens lose their roles."""
    found: list[Marker] = []
    words, kinds = t.words, t.kinds
    typed = _is_typed(t, lists)
    i = 2 if words[0] == "/" and words[1] in SLASH_COMMANDS and not t.gaps[1] else 0  # /remind, as in Slack
    while i < t.count:
        marker: Marker | None = None
        if kinds[i] == SIGN:
            marker = _sign(t, i, lists)
            if marker is not None and words[i] == "+" and typed:
                marker = replace(marker, slot="tag", value=marker.value.lower())
        elif kinds[i] == WORD:
            word = words[i]
            if word == "p" and kinds[i + 1] == NUMBER and not t.gaps[i + 1] and len(words[i + 1]) == 1:
                several = t.words[i + 2] == "s" and not t.gaps[i + 2] and _ends(t, i + 3)  # show p1s
                if 1 <= t.numbers[i + 1] <= 4 and (several or not _touched(t, i, i + 2)):
                    marker = Marker("priority", LEVELS[t.numbers[i + 1]], i, i + 2 + several)
            elif words[i + 1] == ":" and word in lists.keys:
                marker = _key(t, i, lists)
            elif word in _SAYS_MARKER:
                marker = _said(t, i, lists)
        if marker is None:
            i += 1
            continue
        found.append(marker)
        if marker.slot == "tag" and words[i] in {"tagged", "labeled", "labelled"}:
            found += _more_tags(t, marker.j)
        if marker.slot != "priority" or words[i] != "p" or marker.j - marker.i > 2:
            t.blank(marker.i, marker.j)
        else:
            t.kinds[marker.j - 1] = OPAQUE  # "p1 next week" is not "1 next week"
        i = marker.j
    return found


def _is_typed(t: Tokens, lists: MarkerWords) -> bool:
    """Is it written as Taskwarrior has it ("task add …", "project:home")? There + marks a tag."""
    said = t.words[0] == "task" and t.words[1] in SLASH_COMMANDS
    return said or any(
        t.words[k] == ":"
        and not t.gaps[k]
        and not t.gaps[k + 1]
        and t.words[k - 1] in lists.keys
        and lists.keys[t.words[k - 1]] in {"project", "priority", "due"}
        for k in range(1, t.count - 1)
    )


def _touched(t: Tokens, i: int, j: int) -> bool:
    """Is there a letter or digit right before i or right behind j?"""
    before = i > 0 and not t.gaps[i] and (t.kinds[i - 1] != SIGN or t.words[i - 1] in {"-", "/", ".", "_"})
    return before or (not t.gaps[j] and (t.kinds[j] in {WORD, NUMBER} or t.words[j] in {"-", "/", "_"}))


def _ends(t: Tokens, j: int) -> bool:
    return j >= t.count or t.gaps[j] or t.words[j] in {",", ".", ")", ";"}


def _sign(t: Tokens, i: int, lists: MarkerWords) -> Marker | None:
    sign = t.words[i]
    if sign == "!":
        return _bangs(t, i, lists)
    if sign not in {"#", "@", "+", "/"} or not (
        i == 0 or t.gaps[i] or t.words[i - 1] in {"(", ",", "[", "!"}
    ):
        return None
    name = _glued_name(t, i + 1)
    if name is None:
        return None
    value, j = name
    if sign == "#":
        return Marker("tag", value.lower(), i, j)
    if sign == "@" and t.masks[i + 1] & r.FREQ:
        return None  # rotate logs @weekly
    if sign == "@":
        return Marker(*_at(t, i, value, lists), i, j)
    if t.kinds[i + 1] != WORD or (sign == "/" and t.words[j] == "/" and not t.gaps[j]):
        return None
    return Marker("project", value, i, j)


def _at(t: Tokens, i: int, value: str, lists: MarkerWords) -> tuple[str, str]:
    low = value.lower()
    if low in lists.contexts:
        return "tag", low
    person = (
        low in lists.names
        or low == "me"
        or value[0].isupper()
        or (i > 0 and t.words[i - 1] in _BEFORE_PERSON)
    )
    return ("assignee", value) if person else ("tag", low)


def _bangs(t: Tokens, i: int, lists: MarkerWords) -> Marker | None:
    """!!! standing alone, or !p1, !high; never the end of a sentence."""
    j = i
    while t.words[j] == "!" and (j == i or not t.gaps[j]):
        j += 1
    count = j - i
    if not (i == 0 or t.gaps[i]):
        return None
    if t.words[j] == "p" and not t.gaps[j] and 1 <= t.numbers[j + 1] <= 4 and not t.gaps[j + 1]:
        return Marker("priority", LEVELS[t.numbers[j + 1]], i, j + 2)
    if (
        count == 1
        and t.kinds[j] == NUMBER
        and not t.gaps[j]
        and 1 <= t.numbers[j] <= 4
        and len(t.words[j]) == 1
    ):
        return Marker("priority", LEVELS[t.numbers[j]], i, j + 1)
    if count == 1 and not t.gaps[j] and t.words[j] in lists.levels and _ends(t, j + 1):
        return Marker("priority", lists.levels[t.words[j]], i, j + 1)
    if j < t.count and not t.gaps[j] and t.kinds[j] != OPAQUE:
        return None
    return Marker("priority", BANGS.get(count, "Urgent"), i, j)


_SAYS_MARKER = frozenset(
    {"tagged", "labeled", "labelled", "tag", "label", "assigned", "assign", "project", *BEFORE_PROJECTS}
)


# "to assign to Bob": a verb of the sentence, and no attribute behind it
_VERB_BEHIND = frozenset({"to", "and", "please", "pls", "can", "could", "you", "then", "i", "we", "not"})


def _said(t: Tokens, i: int, lists: MarkerWords) -> Marker | None:
    """tagged work · , tag writing · in project apollo · assigned to Bob: attributes in words."""
    word, k = t.words[i], i + 1
    slot = ""
    if word in {"tagged", "labeled", "labelled"} or (
        word in {"tag", "label"} and i > 0 and (t.words[i - 1] in {",", "(", "with"} or _having(t, i))
    ):
        slot = "tag"
        k += t.words[k] in {"as", "with", ":"}
    elif (
        word in {"assigned", "assign"}
        and t.words[k] == "to"
        and (i == 0 or t.words[i - 1] not in {"be", "is", "are", "was", "not", "were"})
        and (word == "assigned" or (i > 0 and t.words[i - 1] not in _VERB_BEHIND))
    ):
        slot, k = "assignee", k + 1
    elif word == "project" and i > 1 and t.words[i - 1] in {",", "-", "–", "|"} and _ends(t, i + 2):
        slot = "project"
    elif word in BEFORE_PROJECTS:
        k += t.words[k] in DETERMINERS
        if t.words[k] not in PROJECT_WORDS:
            return None
        named = t.text[t.starts[k]].isupper() and not t.text[t.starts[i]].isupper()
        if named and word in {"for", "of", "from"}:
            return None  # the Q1 roadmap for Project Osprey: a part of its name
        slot, k = "project", k + 1
    if (
        not slot
        or t.kinds[k] != WORD
        or t.words[k] in NO_VALUE
        or (slot == "assignee" and t.words[k + 1] == ":")
    ):
        return None
    name = _glued_name(t, k) if not t.gaps[k] else None
    j = name[1] if name else k + 1
    while t.words[j] in {"-", "_"} and not t.gaps[j] and not t.gaps[j + 1]:
        j += 2
    value = t.slice_text(k, j)
    if slot == "assignee" and not (t.words[k] in lists.names or value[0].isupper() or value == "me"):
        return None
    return Marker(slot, value.lower() if slot == "tag" else value, i, j)


def _having(t: Tokens, i: int) -> bool:
    """which tasks *have the* label kitchen"""
    return t.words[i - 1] in {"the", "a"} and t.words[i - 2] in {"have", "has", "with", "got"} and i > 1


_LETTERS = {"h": "High", "m": "Medium", "l": "Low"}  # priority:H, as Taskwarrior has it


def _more_tags(t: Tokens, j: int) -> list[Marker]:
    """tagged home *or money* · tagged home, *garden* and *shop*"""
    found: list[Marker] = []
    while (
        t.words[j] in {"or", "and", ",", "oder", "und"}
        and t.kinds[j + 1] == WORD
        and t.words[j + 1] not in NO_VALUE
    ):
        k = j + 2 if t.words[j] == "," and t.words[j + 1] in {"or", "and"} else j + 1
        ends = t.words[k + 1] in {"or", "and"} or t.masks[k + 1] & (r.TEMPORAL | r.THIS | r.BY)
        if t.masks[k] & r.TEMPORAL or (t.kinds[k + 1] == WORD and not ends):
            break
        found.append(Marker("tag", t.words[k], k, k + 1))
        t.blank(k, k + 1)
        j = k + 1
    return found


def _key(t: Tokens, i: int, lists: MarkerWords) -> Marker | None:
    """due: · project:apollo · tags: a, b · notes: …"""
    slot = lists.keys[t.words[i]]
    glued = not t.gaps[i + 2] and bool(t.words[i + 2])
    if t.gaps[i + 1] or (
        not glued
        and (
            i == 0
            or slot in {"remind", "parent"}
            or t.words[i] in {"list", "on", "who", "context", "category"}
        )
    ):
        return None
    if slot in {"unkept", "depends"}:
        if not glued:
            return None
        end = i + 2
        while end < t.count and (end == i + 2 or not t.gaps[end]):
            end += 1
        value = t.slice_text(i + 2, end)
        return Marker("depends_on", value, i, end) if slot == "depends" else Marker(UNKEPT, value, i, end)
    if slot == "due":
        return Marker("", "", i, i + 2)
    if slot == "notes":
        if i == 0 or i + 2 >= t.count:
            return None
        return Marker("notes", t.slice_text(i + 2, t.count).strip(), i, t.count)
    if slot == "priority":
        said = t.words[i + 2] + (t.words[i + 3] if t.words[i + 2] == "p" else "")
        level = lists.levels.get(said, _LETTERS.get(said))
        return Marker("priority", level, i, i + 4 if t.words[i + 2] == "p" else i + 3) if level else None
    k = i + 2
    if t.words[k] == '"' or t.kinds[k] == OPAQUE:
        return Marker(slot, t.words[k].strip("\"'"), i, k + 1)
    if t.words[k] in {"#", "@"}:
        k += 1
    j = k
    joints = {"-", "_", ".", "/"} if slot == "project" else {"-", "_"}  # project:home.garden
    while (
        j < t.count
        and (j == k or not t.gaps[j])
        and (t.kinds[j] in {WORD, NUMBER, ORDINAL} or t.words[j] in joints)
    ):
        j += 1
    while j > k and t.words[j - 1] == ".":
        j -= 1
    if j == k:
        return None
    value = t.slice_text(k, j)
    return Marker(slot, value.lower() if slot == "tag" else value, i, j)
