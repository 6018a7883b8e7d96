"""What must hold besides the words for a frame to fit: the flags of the frames, each a small question about
the command.
"""

import re
from collections.abc import Callable

from todotasks.language.frames.pattern import (
    DURATION,
    GAP,
    OFFSET,
    RULE,
    WHEN,
    Match,
)
from todotasks.language.frames.topics import names_list
from todotasks.language.slots.draft import Command
from todotasks.language.slots.existing import known_title, stoppable
from todotasks.language.slots.reports import got_done, is_over, is_reported
from todotasks.language.words.shared import (
    EVERYTHING,
    LIST_WORDS,
    MANY,
    NO_PROJECTS,
    NOT_A_REPORT,
)

Condition = Callable[[Command, Match], bool]

_PARTICIPLE = re.compile(
    r"(?:^|\w{2,4})ge\w{2,}(?:t|en)$|^(?:be|ver|er|ent|zer)\w{3,}(?:t|en)$"
)  # abgegeben, bezahlt
SHORT = 9  # words

_NOUNS_TOO = frozenset({"trash", "bin", "dump", "scrap", "drop"})
_SOFT_DELETE = frozenset(
    {"cancel", "drop", "clear", "clean", "empty", "wipe", "kill", "dump", "destroy", "remove", "scratch"}
)
_STRICT_DELETE = frozenset({"clean", "empty", "clear", "wipe"})
_TELLING = frozenset({"tell", "ask", "bug", "prompt", "bother"})
_ADDING = frozenset({"add", "new", "ad", "insert", "jot"})
_ADDING_SOFTLY = frozenset({":", "-", ",", "that", "down"})


_ONE = frozenset({"task", "event", "appointment", "alarm", "todo"})


def _nowhen(c: Command, m: Match) -> bool:
    del m
    return not ({WHEN, OFFSET, RULE} & set(c.words))


def level_of(c: Command, span: tuple[int, int]) -> str | None:
    """The last word that names a priority: high · very urgent · p1 · top priority"""
    levels = c.language.lists.levels
    return next((levels[word] for word in reversed(c.words_of(span)) if word in levels), None)


def _offset(c: Command, m: Match) -> bool:
    """remind me about the dentist the day before: "remind me to …" is a new task instead."""
    span = m.slots.get("target")
    return bool(c.offsets) and not (span and c.words[span[0]] in {"to", "that"})


def _did(c: Command, m: Match) -> bool:
    """did my stretches; "did my mom call" asks."""
    del m
    return len(c.words) <= 5 and c.words[1] not in {
        "i",
        "you",
        "we",
        "he",
        "she",
        "they",
        "it",
        "anyone",
        "anybody",
        "someone",
    }


def _notforeign(c: Command, m: Match) -> bool:
    """i need to fix the lamp is ours, i need a taxi is not."""
    span = m.slots.get("title") or m.slots.get("target")
    words = c.words_of(span) if span else c.words
    words = words[1:] if words[0] == "to" else words
    topics = c.language.topics
    if (
        words
        and words[0] in topics.foreign_verbs - topics.task_verbs
        and not c.has("when")
        and not c.has("rule")
    ):
        return False
    if not topics.foreign & set(words):
        return True
    if topics.served & set(words) and not c.has("when"):
        return False
    return bool(words) and words[0] in topics.task_verbs - topics.foreign_verbs and "me" not in words[:3]


def _setting(c: Command, m: Match) -> bool:
    """set X for friday makes something new; set X to friday moves it."""
    if c.words[0] in {"change", "switch"}:
        return bool({"to", "from", "for", "until", "instead"} & set(c.t.words))  # not: change it on friday
    if c.words[0] not in {"set", "make"}:
        return True
    target = c.words_of(m.slots["target"])
    return (
        (c.words[0] == "make" or "to" in c.words)
        and not ({"a", "an", "new", "up", "another"} & set(target[:2]))
        and not {"alarm", "alarms", "reminder", "timer"} & set(target)
    )


def _making(c: Command, m: Match) -> bool:
    """make pay rent monthly changes a task; make dinner every friday is one."""
    target = c.words_of(m.slots["target"])
    said = c.words[-1] == "instead" or target[0] in {"the", "my", "it", "this", "that", "them"}
    rule = c.rule
    return (
        said
        or _refonly(c, m)
        or known_title(c, m.slots["target"])
        or (rule is not None and rule.j - rule.i == 1)
    )


def _handable(c: Command, m: Match) -> bool:
    """give the tax return to me: a task; "give some music to me" is none."""
    words = c.words_of(m.slots["target"])
    return words[0] not in {"a", "an", "some"} and not c.language.topics.foreign & set(words)


def _name(strict: bool) -> Condition:
    def check(c: Command, m: Match) -> bool:
        span = m.slots.get("assignee") or m.slots.get("oldassignee")
        if span is None or (
            c.words[0] in {"give", "get", "let", "send", "put"}
            and c.words_of(span) == ["me"]
            and not ("target" in m.slots and m.slots["target"] < span and _handable(c, m))
        ):
            return False
        target = m.slots.get("target")
        if target is not None and strict and c.words[target[0]] in {"a", "an", "some"}:
            return False  # "send a reply to mike" hands no task over
        return c.is_name(span, strict=strict)

    return check


def _completable(c: Command, m: Match) -> bool:
    """complete X is done with X unless it has a date of its own; finish X only where X is known to exist."""
    if not _nowhen(c, m) or c.markers:
        return False
    if c.words[0] not in {"finish", "finalize", "resolve"}:
        return True
    span = m.slots["target"]
    found = c.referent_of(span)
    return (
        bool(found.reference or found.ordinals)
        or known_title(c, span)
        or bool({"task", "todo", "item"} & set(c.words_of(span)))
    )


def _repeats(c: Command) -> bool:
    """Is a recurrence said, and not only named: "cancel my daily call" names one."""
    return c.has("rule") and not (c.rule is not None and c.rule.weak)


def _delverb(c: Command, m: Match) -> bool:
    """cancel X, drop X are also things to do: with a deadline, a priority or a tag they are a new task."""
    verb = c.words[0]
    if _repeats(c) and verb not in {"delete", "remove", "erase"}:
        return False
    if (
        verb in _NOUNS_TOO
        and c.has("when")
        and c.words[1:2] != ["the"]
        and not ("target" in m.slots and _refonly(c, m))
    ):
        return False  # "trash day tomorrow"
    if verb not in _SOFT_DELETE:
        return True
    if (
        verb in _STRICT_DELETE
        and not (set(c.words) & LIST_WORDS)
        and len(c.words) > 1
        and not c.language.topics.ours & set(c.words)
    ):
        return False
    if verb == "drop" and {"off", "by"} & set(c.words):
        return False
    deadline = any(when.mode in {"until", "before"} for when in c.whens)
    return not deadline and not c.has("priority") and not _repeats(c)


def _ours(c: Command, m: Match) -> bool:
    del m
    return bool(c.language.topics.ours & set(c.words))


def _notlist(c: Command, m: Match) -> bool:
    span = m.slots.get("project")
    return span is not None and not (
        {"list"} & {c.words[-1]}
        and set(c.words_of(span)) <= {"todo", "to-do", "shopping", "grocery", "to", "do", "my", "the", "task"}
    )


def _pingme(c: Command, m: Match) -> bool:
    del m
    words = c.words
    if words[0] in {"remind"}:
        return True
    if len(words) < 3 or words[1] not in {"me", "us"}:
        return False
    if words[0] in _TELLING:
        return words[2] in {"to"} or (words[2] == WHEN and "to" in words[3:4])
    return words[2] in {
        "to",
        "about",
        "when",
        "that",
        "of",
        "with",
        "for",
        WHEN,
        OFFSET,
        RULE,
        "on",
        "every",
        "if",
        "at",
    } and not c.language.topics.foreign & set(words)


def _wantverb(c: Command, m: Match) -> bool:
    del m
    if {"contact", "contacts"} & set(c.words):
        return False
    if c.words[0] == "new" and c.words[-1] in c.language.topics.foreign and len(c.words) == 2:
        return False  # new tweet
    if c.words[0] == "create" and c.words[1:2] and c.words[1] in c.language.topics.task_verbs:
        return True  # create buy milk
    return c.words[0] in _ADDING or (
        len(c.words) > 1
        and c.words[1] in _ADDING_SOFTLY
        and (c.words[1] != "that" or c.words[0] in {"note", "record", "log"})
    )


def _textchange(c: Command, m: Match) -> bool:
    """change X to Y: a new wording, where Y is no time and the sentence is about a task."""
    new = c.words_of(m.slots["newtitle"])
    if set(new) <= {WHEN, OFFSET, DURATION, RULE} or c.language.topics.foreign & set(c.words):
        return False
    return bool(c.words_of(m.slots["target"]))


def _refonly(c: Command, m: Match) -> bool:
    found = c.referent_of(m.slots["target"])
    return bool(found.reference or found.ordinals)


def _clockonly(c: Command, m: Match) -> bool:
    """make the call 4:30pm moves it; make the call at 4 and make the cake friday are to be done."""
    when = c.when_at(m.slots["target"][1])
    return when is not None and when.clock is not None and when.day is None and not when.said


def _definite(c: Command, m: Match) -> bool:
    return c.words[m.slots["target"][0]] in {"the", "my", "our", "this", "that"} or _refonly(c, m)


def _pointed(c: Command, m: Match) -> bool:
    """make that friday: the pronoun was read as part of the day."""
    del m
    when = c.when_at(len(c.words) - 1) or c.when_at(1)
    return when is not None and c.t.words[when.i] in {"that", "this", "it"}


_RELATIVE = frozenset({"earlier", "later", "sooner", "before", "früher", "später"})
_NARROWING = frozenset({"tag", "priority", "project", "assignee"})


def _levelto(c: Command, m: Match) -> bool:
    """mark it urgent; but "return the books today, high priority" is to be done."""
    return (
        not (c.has("when") or c.has("rule"))
        or _refonly(c, m)
        or c.words[m.slots["target"][0]] in EVERYTHING
        or bool({"to", "as", "with", "at"} & set(c.words))
    )


CONDITIONS: dict[str, Condition] = {
    "clockonly": _clockonly,
    "definite": _definite,
    "pointed": _pointed,
    "saiddue": lambda c, m: any(
        c.t.words[k].startswith("due") for when in c.whens for k in range(max(when.i - 1, 0), when.j)
    ),
    "relative": lambda c, m: (
        c.words[-1] in _RELATIVE or any(c.t.words[when.j - 1] in _RELATIVE for when in c.whens)
    ),
    "reported": is_reported,
    "levelto": _levelto,
    "gotdone": got_done,
    "over": is_over,
    "notdonelist": lambda c, m: not (len(c.words) > 1 and c.words[1] in c.language.topics.listable),
    "projectlist": lambda c, m: (
        not set(c.words_of(m.slots["project"]))
        & (c.language.topics.ours | c.language.topics.describing | NO_PROJECTS)
        and len(c.words_of(m.slots["project"])) <= 2
    ),
    "marked": lambda c, m: any(c.has(name) for name in _NARROWING),
    "narrowed": lambda c, m: (
        any(c.has(name) for name in (*_NARROWING, "when"))
        or bool({"overdue", "open", "left", "unfinished"} & set(c.words))
        or "tag" in c.words
    ),
    "notprep": lambda c, m: c.words_of(m.slots["newtitle"])[0] not in {"to", "as", "into", "for", ":"},
    "alarm": lambda c, m: bool(
        {"alarm", "alarms", "reminder", "reminders", "timer", "notification", "notifications"}
        & set(c.words_of(m.slots["target"]))
    ),
    "completable": _completable,
    "delverb": _delverb,
    "stoppable": stoppable,
    "existing": lambda c, m: _refonly(c, m) or known_title(c, m.slots["target"]),
    "name": _name(strict=False),
    "namefirst": _name(strict=True),
    "possname": _name(strict=True),
    "notget": lambda c, m: c.words[0] not in NOT_A_REPORT,
    "notlist": _notlist,
    "notours": lambda c, m: not _ours(c, m),
    "notq": lambda c, m: c.words[0] not in c.language.topics.asking,
    "notwhenonly": lambda c, m: not set(c.words_of(m.slots["newtitle"])) <= {WHEN, OFFSET, RULE},
    "nowhen": _nowhen,
    "offset": _offset,
    "did": _did,
    "notforeign": _notforeign,
    "setting": _setting,
    "ours": _ours,
    "person": lambda c, m: c.has("assignee"),
    "pingme": _pingme,
    "project": lambda c, m: c.has("project"),
    "quotedtarget": lambda c, m: c.text_of(m.slots["target"])[:1] in {'"', "“", "„"},
    "quoted": lambda c, m: c.text_of(m.slots["newtitle"])[:1] in "\"'“‘„",
    "refonly": _refonly,
    "rule": lambda c, m: c.has("rule"),
    "nodeadline": lambda c, m: all(when.mode not in {"until", "before"} for when in c.whens),
    "making": _making,
    "assignfirst": lambda c, m: (
        c.is_name(m.slots["assignee"], strict=True) and m.slots["assignee"][1] - m.slots["assignee"][0] == 1
    ),
    "notdate": lambda c, m: not set(c.words_of(m.slots["newtitle"])) & {WHEN, OFFSET, DURATION, RULE},
    "single": lambda c, m: (
        not (set(c.words_of(m.slots["target"])) & (c.language.topics.listable - _ONE | MANY))
        and c.words_of(m.slots["target"]) != ["me"]
    ),
    "many": lambda c, m: c.words[m.slots["target"][0]] in EVERYTHING,
    "quotednote": lambda c, m: c.text_of(m.slots["notes"])[:1] in {'"', "'", "“", "‘", "„"},
    "notlisting": lambda c, m: not names_list(c.language.topics, c.words),
    "participle": lambda c, m: bool(_PARTICIPLE.search(c.words[-1])),
    "lastname": lambda c, m: True,
    "lastquoted": lambda c, m: c.text_of((len(c.words) - 1, len(c.words)))[:1] in {'"', "'", "“", "‘", "„"},
    "short": lambda c, m: len(c.words) <= SHORT,
    "tag": lambda c, m: c.has("tag"),
    "tagword": lambda c, m: m.slots["tags"][1] - m.slots["tags"][0] >= 1 and len(c.words) <= SHORT,
    "textchange": _textchange,
    "wantverb": _wantverb,
    "when": lambda c, m: c.has("when"),
}

# Flags that say what to do with the slots; `slots` acts on them.
EFFECTS = frozenset(
    {
        "clear",
        "clearassignee",
        "earlier",
        "later",
        "leveled",
        "levelfirst",
        "myself",
        "priodown",
        "priohigh",
        "priolow",
        "prionone",
        "prioup",
        "reminding",
        "resume",
        "tagsep",
        "untag",
        "untagall",
    }
)


def fits(command: Command, match: Match) -> bool:
    """Do all of a frame's conditions hold? What begins with a gap is no question."""
    if (
        match.frame.elements[0][0] == GAP
        and command.words[0] in command.language.topics.asking
        and match.frame.action != "undo"
    ):
        return False
    return all(CONDITIONS[flag](command, match) for flag in match.frame.flags if flag not in EFFECTS)
