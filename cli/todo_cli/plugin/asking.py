"""What the arguments ask for: a sentence for the grammar, or a command where the words leave no doubt. Pure.

A verb is the first word, where the rest fits it: `kubectl todo done rent`, `kubectl todo list overdue #home`.
Everything else is a sentence ("today buy flowers"). What looks like a verb of kubectl's, or like a slip of
one of ours, is asked about: it becomes no task, and nothing is deleted that nobody asked to delete.
"""

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from msgspec import structs

from todo_cli.plugin.slips import instead_of, misspelt
from todotasks import language
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
from todotasks.language import Context

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

ONLY_LISTS = "only `list`, `next`, `today` and `rules` look into all namespaces; say which one with -n"
_NUMBERS = re.compile(r"\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*")
_MOST_NUMBERS = 500
# Words that stand for more than a title; the grammar knows what they mean.
_POINTING = frozenset({"all", "everything", "it", "them", "those", "these", "both", "that", "this", "last"})
_CREATES = frozenset({"create", "recurrence-create", "remind"})
_LAST = frozenset({"the", "last", "my", "that", "it", "this", "one", "change", "message", "edit"})
# Verbs of the plugin's own that take no sentence, and how many words they take.
_ALONE = {"help": 0, "completion": 1}


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


def asked(  # noqa: PLR0912 - one case a kind of verb
    words: Sequence[str], *, now: datetime, zone: tzinfo, sort: Sort, limit: int
) -> Say | Do | Local | Watch:
    """Raises UsageError."""
    if not words:
        return Do(ListTasks(limit=200), only_free=True)
    # `kubectl todo "done 2"` is one argument; it means the same.
    verb, *rest = words if len(words) > 1 else words[0].split(maxsplit=1) or [""]
    verb = ALIASES.get(verb.lower(), verb.lower())
    sentence = " ".join(words).strip()
    text = " ".join(rest).strip()
    if verb not in VERBS:
        _ask_about(words[0].split()[0] if words[0].split() else "", text, now=now, zone=zone)
        return Say(sentence)
    if verb in _ALONE and not _fits_alone(verb, rest):
        return Say(sentence)
    if verb in {"help", "parse", "completion", "edit"}:
        return Local(verb, tuple(rest))
    wants = VERBS[verb][0]
    if not text and wants and not wants.startswith("["):
        raise UsageError(f"{verb}: expected {wants}, for example: kubectl todo {verb} {EXAMPLES[verb]}")
    if verb in _LISTS and not text and verb != "watch":
        return _LISTS[verb](sort, limit)
    if verb == "watch":
        return _watch(text, sentence, now=now, zone=zone, sort=sort, limit=limit)
    if verb == "add":
        return _add(text, now=now, zone=zone)
    if verb == "undo":
        return _undo(text, sentence, now=now, zone=zone)
    if verb in {"today", "next", "rules"}:
        whole = language.parse(sentence, now, zone, Context())
        if whole.action in _CREATES and whole.title:
            return Say(sentence)  # "today buy flowers"
    if verb == "next" and language.parse(f"list {sentence}", now, zone, Context()).due is not None:
        return Say(f"list {sentence}")  # "next week"
    sentence = f"{SPOKEN.get(verb, verb)} {text}".strip()
    if verb not in _ON_TARGET:
        return Say(sentence)
    target = target_of(rest)
    if target is None:
        reading = language.parse(sentence, now, zone, Context())
        if reading.hangs_on_titles or reading.action != _ACTIONS.get(verb):
            # The verb says what is meant; a sentence that is read as something else, or only would be where
            # there is such a task, is a title.
            target = Target(title=text[:512])
    return Say(sentence) if target is None else Do(_ON_TARGET[verb](target))


def _fits_alone(verb: str, rest: Sequence[str]) -> bool:
    """Whether what follows is what such a verb takes: one word at most, and of `help` none."""
    return len(" ".join(rest).split()) <= _ALONE[verb]


def _add(text: str, *, now: datetime, zone: tzinfo) -> Say:
    """A new task, whatever its title begins with; a part ("a subtask X to Y"), if that is what is said."""
    with_verb = language.parse(f"add {text}", now, zone, Context())
    if with_verb.action in _CREATES:
        # Among German words the verb is none, and would be a part of the title.
        taken = (with_verb.title or "").lower().startswith("add ") and not text.lower().startswith("add ")
        return Say(f"neue Aufgabe: {text}" if taken else f"add {text}")
    without = language.parse(text, now, zone, Context())
    return Say(text if without.action in _CREATES else f"add {text}")


def _undo(text: str, sentence: str, *, now: datetime, zone: tzinfo) -> Say | Do:
    """A number, or words that the grammar reads as one: `undo 2`, `undo the last two`."""
    if text and not text.isdecimal():
        reading = language.parse(sentence, now, zone, Context())
        match commands_of(reading, zone=str(zone)):
            case (Undo(count=count),) if count > 1 or _LAST.issuperset(text.lower().split()):
                return Do(Undo(count=count))
        if len(text.split()) > 1:
            return Say(sentence)
    return Do(Undo(count=_count(text)))


def _ask_about(first: str, rest: str, *, now: datetime, zone: tzinfo) -> None:
    """Raises UsageError for what looks like a verb and is none: kubectl's own, or one of ours misspelt."""
    word, words = first.lower(), rest.split()
    quoted = shlex.quote(f"{first} {rest}".strip())
    instead = instead_of(word, words)
    if instead is not None:
        raise UsageError(
            f"{first}: no verb of `kubectl todo`. {instead} A task of these words: kubectl todo add {quoted}"
        )
    meant = misspelt(word, (*VERBS, *ALIASES))
    if meant is None:
        return
    numbers = bool(words) and all(_NUMBERS.fullmatch(each) for each in words)
    if words and not numbers:
        # "shop for groceries" is a task; "delte milk" is read as a command, which nobody has said.
        action = language.parse(f"{first} {rest}", now, zone, Context()).action
        if action in _CREATES | {"none"} and not _is_list(meant, rest, now=now, zone=zone):
            return
    raise UsageError(
        f"{first}: did you mean `kubectl todo {f'{meant} {rest}'.strip()}`? Nothing was done. "
        f"A task of these words: kubectl todo add {quoted}"
    )


def _is_list(meant: str, rest: str, *, now: datetime, zone: tzinfo) -> bool:
    """Whether with the verb that may be meant it is a list, every word understood: `lst overdue`."""
    if ALIASES.get(meant, meant) not in {"list", "watch"}:
        return False
    match commands_of(language.parse(f"list {rest}", now, zone, Context()), zone=str(zone)):
        case (ListTasks(filter=Filter(text=None)),):
            return True
        case _:
            return False


def _watch(text: str, sentence: str, *, now: datetime, zone: tzinfo, sort: Sort, limit: int) -> Watch | Say:
    """`list` with the same words, of tasks; a rule happens too seldom to be looked at.

    "watch the movie tonight" is no list but a task.
    """
    if not text:
        return Watch(ListTasks(sort=sort, limit=limit))
    reading = language.parse(f"list {text}", now, zone, Context())
    match commands_of(reading, zone=str(zone)):
        case (ListTasks(filter=Filter(text=found)),) if found and len(found.split()) > 1:
            return Say(sentence)
        case (ListTasks() as command,) if not command.filter.recurring:
            return Watch(structs.replace(command, limit=limit))
        case _ if len(text.split()) > 1 and language.parse(sentence, now, zone, Context()).action in _CREATES:
            return Say(sentence)
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
