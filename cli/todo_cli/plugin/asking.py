"""What the arguments ask for: a sentence for the grammar, or a command where the words leave no doubt. Pure.

A verb is the first word. Its other words are natural ones too: `kubectl todo done rent`, `kubectl todo list
overdue #home`. Without a verb the whole is a sentence.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from msgspec import structs

from todotasks.edits.model.command import (
    Command,
    Complete,
    Delete,
    Filter,
    ListTasks,
    Reopen,
    ShowTask,
    SkipOccurrence,
    Sort,
    StopRule,
    Summary,
    Target,
    Undo,
)
from todotasks.edits.understand.from_reading import commands_of
from todotasks.language import Context, parse

# name → what follows it, and what it does. The order is that of the help.
VERBS: dict[str, tuple[str, str]] = {
    "add": ("WORDS", 'a new task: add "call mom tomorrow at 5pm #home p1"'),
    "list": ("[WORDS]", "the open ones, or those that the words say: list overdue #home"),
    "watch": ("[WORDS]", "the same list, which follows what happens; ends with Ctrl-C"),
    "next": ("", "what to do next: not blocked, the most pressing first"),
    "today": ("", "overdue, and due today"),
    "show": ("TASK", "all about one"),
    "done": ("TASK…", "complete: by number in the last list, name, or words of the title"),
    "reopen": ("TASK…", "take a completion back"),
    "move": ("WORDS", "another date: move rent to friday"),
    "snooze": ("WORDS", "remind later: snooze rent until 5pm"),
    "edit": ("TASK", "in your editor, as `kubectl edit` does"),
    "rm": ("TASK…", "delete; more than one is asked about first"),
    "rules": ("", "what comes back, and when"),
    "stop": ("RULE", "no more occurrences; `resume` takes that back"),
    "resume": ("RULE", ""),
    "skip": ("RULE", "leave the next occurrence out"),
    "undo": ("[COUNT]", "take back what was done last"),
    "parse": ("WORDS", "how the words are understood; nothing is done"),
    "completion": ("bash|zsh|fish", "completion for `kubectl-todo` itself; kubectl's own needs nothing"),
    "help": ("", ""),
}
ALIASES = {
    "new": "add", "create": "add", "ls": "list", "complete": "done", "finish": "done", "delete": "rm",
    "remove": "rm", "pause": "stop",
}  # fmt: skip

_NUMBERS = re.compile(r"\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*")
_MOST_NUMBERS = 500
# Words that stand for more than a title; the grammar knows what they mean.
_POINTING = frozenset({"all", "everything", "it", "them", "those", "these", "both", "that", "this", "last"})
_CREATES = frozenset({"create", "recurrence-create", "remind"})


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence, for the grammar."""

    text: str


@dataclass(frozen=True, slots=True)
class Do:
    """A command. `only_free`: of its list, the first few that nothing blocks."""

    command: Command
    only_free: bool = False


@dataclass(frozen=True, slots=True)
class Local:
    """Something of the plugin itself: edit, parse, completion, help."""

    verb: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A list that follows what happens."""

    command: ListTasks


class UsageError(ValueError):
    """What is missing, and what would be accepted."""


def asked(
    words: Sequence[str], *, now: datetime, zone: tzinfo, sort: Sort, limit: int
) -> Say | Do | Local | Watch:
    """Raises UsageError."""
    if not words:
        return Do(ListTasks(limit=200), only_free=True)
    # `kubectl todo "done 2"` is one argument; it means the same.
    verb, *rest = words if len(words) > 1 else words[0].split(maxsplit=1) or [""]
    verb = ALIASES.get(verb.lower(), verb.lower())
    if verb not in VERBS:
        return Say(" ".join(words))
    if verb in {"help", "parse", "completion", "edit"}:
        return Local(verb, tuple(rest))
    text = " ".join(rest).strip()
    wants = VERBS[verb][0]
    if not text and wants and not wants.startswith("["):
        raise UsageError(f"{verb}: expected {wants}, for example: kubectl todo {EXAMPLES[verb]}")
    if verb == "watch":
        return _watch(text, now=now, zone=zone, sort=sort, limit=limit)
    if verb in _LISTS and not text:
        return _LISTS[verb](sort, limit)
    if verb == "add":
        understood = parse(text, now, zone, Context())
        return Say(text if understood.action in _CREATES else f"add {text}")
    if verb == "undo":
        return Do(Undo(count=_count(text)))
    sentence = f"{SPOKEN.get(verb, verb)} {text}".strip()
    if verb not in _ON_TARGET:
        return Say(sentence)
    target = target_of(rest)
    if target is None:
        reading = parse(sentence, now, zone, Context())
        if reading.hangs_on_titles or reading.action != _ACTIONS.get(verb):
            # The verb says what is meant; a sentence that is read as something else, or only would be where
            # there is such a task, is a title.
            target = Target(title=text[:512])
    return Say(sentence) if target is None else Do(_ON_TARGET[verb](target))


def _watch(text: str, *, now: datetime, zone: tzinfo, sort: Sort, limit: int) -> Watch:
    """`list` with the same words, of tasks; a rule happens too seldom to be looked at."""
    if not text:
        return Watch(ListTasks(sort=sort, limit=limit))
    reading = parse(f"list {text}", now, zone, Context())
    match commands_of(reading, zone=str(zone)):
        case (ListTasks() as command,) if not command.filter.recurring:
            return Watch(structs.replace(command, limit=limit))
        case _:
            raise UsageError(f"watch {text}: expected words that say which tasks, such as: overdue #home")


_LISTS: dict[str, Callable[[Sort, int], Do]] = {
    "list": lambda sort, limit: Do(ListTasks(sort=sort, limit=limit)),
    "next": lambda sort, limit: Do(ListTasks(limit=200), only_free=True),
    "today": lambda sort, limit: Do(Summary()),
    "rules": lambda sort, limit: Do(ListTasks(filter=Filter(recurring=True), limit=limit)),
}
_ON_TARGET: dict[str, Callable[[Target], Command]] = {
    "done": Complete,
    "reopen": Reopen,
    "rm": Delete,
    "show": ShowTask,
    "stop": StopRule,
    "resume": lambda target: StopRule(target, resume=True),
    "skip": SkipOccurrence,
}
# What the grammar must read, so that "done rent and groceries" is a sentence about two tasks.
_ACTIONS = {
    "done": "complete", "reopen": "reopen", "rm": "delete", "show": "show", "stop": "recurrence-stop",
    "skip": "recurrence-skip",
}  # fmt: skip
SPOKEN = {"done": "complete", "rm": "delete", "next": "list", "today": "what is due today", "rules": "list"}
EXAMPLES = {
    "add": '"buy milk tomorrow #home"', "show": "2", "done": "rent", "reopen": "rent", "rm": "2",
    "move": "rent to friday", "snooze": "rent until 5pm", "stop": "watering", "resume": "watering",
    "skip": "watering",
}  # fmt: skip


def target_of(words: Sequence[str]) -> Target | None:
    """Numbers (`2`, `1-3`, `2,4`), or one word or quoted title; None: what it is, the grammar must say."""
    if all(_NUMBERS.fullmatch(word) for word in words):
        numbers = [number for word in words for part in word.split(",") for number in _range(part)]
        if not 0 < len(numbers) <= _MOST_NUMBERS:
            raise UsageError(f"{' '.join(words)}: expected at most {_MOST_NUMBERS} numbers, such as 2 or 1-3")
        return Target(ordinals=tuple(dict.fromkeys(numbers)))
    if len(words) == 1 and len(words[0].split()) == 1 and words[0].lower() not in _POINTING:
        return Target(title=words[0][:512])
    return None


def _range(text: str) -> list[int]:
    first, _, last = text.partition("-")
    if last and int(last) < int(first):
        raise UsageError(f"{text}: the second number is smaller than the first; write {last}-{first}")
    return list(range(int(first), int(last or first) + 1))


def _count(text: str) -> int:
    if not text:
        return 1
    if not text.isdecimal() or not 1 <= int(text) <= 20:
        raise UsageError(f"undo {text}: expected how many messages to take back, 1 to 20")
    return int(text)


def overview() -> str:
    """The verbs, for `help`."""
    width = max(len(f"{verb} {wants}") for verb, (wants, _) in VERBS.items())
    lines = [f"  {f'{verb} {wants}':{width}}  {text}" for verb, (wants, text) in VERBS.items() if text]
    return "\n".join(lines)
