"""Questions: what was understood and what has to be asked first, which wait in the conversation, and how
long. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from todotasks import language
from todotasks.edits.model.command import Command, NotOurs
from todotasks.edits.model.conversation import MOST_SHOWN, Conversation, Pending, Shown
from todotasks.edits.model.plan import Question, Row
from todotasks.edits.model.reply import Source
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.write_ahead import without_kubectl
from todotasks.edits.targets.rows import offered_of
from todotasks.edits.understand.from_reading import commands_of, remarks_of
from todotasks.edits.wording.phrases import phrase
from todotasks.language import Reading
from todotasks.language.grounding.sight import NOTHING_SEEN, Sight

if TYPE_CHECKING:
    from todotasks.language import Step, Understanding

LONGEST_WAIT = timedelta(hours=1)  # until a question no longer waits: a yes of the next day answers nothing


def waiting(outcome: Outcome, commands: Sequence[Command], setting: Setting, words: str | None) -> Outcome:
    """The question waits in the conversation, with all that comes after it."""
    question, agreed = outcome.question, outcome.agreed
    assert question is not None, "asked for only where there is a question"
    pending = Pending(
        kind=question.kind,
        commands=tuple(commands),
        rows=offered_of(question.rows)[:MOST_SHOWN],
        edits=without_kubectl(agreed.edits) if agreed is not None else (),
        text=question.text,
        reply=agreed.reply if agreed is not None else "",
        language=setting.language,
        asks_for=words,
        asked_at=setting.now,
    )
    return replace(outcome, conversation=msgspec.structs.replace(outcome.conversation, pending=pending))


def asking(
    outcome: Outcome,
    setting: Setting,
    text: str,
    *,
    rows: Sequence[Row],
    commands: Sequence[Command],
    options: Sequence[tuple[Command, ...]] = (),
    about: Sequence[Row] = (),
    about_option: int = 0,
    about_one: bool = False,
) -> Outcome:
    """What do the words mean: which of `rows`? With `options` each row is one reading of them."""
    question = Question("choice", text, tuple(rows))
    pending = Pending(
        kind="choice",
        commands=tuple(commands),
        rows=offered_of(rows),
        options=tuple(options),
        about=offered_of(about),
        about_option=about_option,
        about_one=about_one,
        text=text,
        language=setting.language,
        asked_at=setting.now,
    )
    conversation = msgspec.structs.replace(outcome.conversation, pending=pending)
    return replace(outcome, conversation=conversation, question=question).saying(text)


def still_asked(conversation: Conversation, now: datetime) -> tuple[Pending | None, Outcome]:
    """The question that waits, and how the message begins: a question that is too old is dropped."""
    pending = conversation.pending
    if pending is None or pending.asked_at is None or now - pending.asked_at <= LONGEST_WAIT:
        return pending, Outcome(conversation)
    dropped = msgspec.structs.replace(conversation, pending=None)
    return None, Outcome(dropped).remarking([phrase(pending.language, "question-too-old")])


def dropping(outcome: Outcome, pending: Pending) -> Outcome:
    """Which of several things is meant may still be said after another message; a mere yes may not."""
    which = pending.kind == "choice" and bool(pending.rows) and not pending.detail
    conversation = msgspec.structs.replace(outcome.conversation, dropped=pending if which else None)
    return replace(outcome, conversation=conversation)


def late_to(conversation: Conversation, now: datetime) -> Pending | None:
    """The question that another message came before, as long as all since was about other things."""
    dropped = conversation.dropped
    if dropped is None or (dropped.asked_at is not None and now - dropped.asked_at > LONGEST_WAIT):
        return None
    offered = {row.name for row in (*dropped.rows, *dropped.about)}
    return None if offered & {one.name for one in conversation.touched} else dropped


def asked_again(outcome: Outcome, pending: Pending, why: str, namespace: str) -> Outcome:
    """The question still waits."""
    rows = tuple(
        Row(
            number, one.resource, namespace, one.name, one.title, one.uid, priority=one.priority, due=one.due,
            tags=one.tags, project=one.project, assignee=one.assignee,
        )
        for number, one in enumerate(pending.rows, 1)
    )  # fmt: skip
    return replace(
        outcome,
        question=Question(pending.kind, pending.text, rows),
        conversation=msgspec.structs.replace(outcome.conversation, pending=pending),
    ).saying(f"{why} {pending.text}".strip())


MOST_UNUSED = 8  # words that are named as not used


@dataclass(frozen=True, slots=True)
class Understood:
    """What a message asks for. `words` are its words where something other than the grammar has read them."""

    commands: tuple[Command, ...]
    remarks: tuple[str, ...] = ()
    asks: "Step | None" = None  # what is asked when the commands are done
    sight: Sight = NOTHING_SEEN
    source: Source = "grammar"
    words: str | None = None


def understood_of(
    found: "Understanding", sight: Sight, setting: Setting, *, behind_a_change: bool = False
) -> Understood:
    """The commands up to the first step that asks. What comes after a question is left, and said to be."""
    from todotasks.edits.understand.guessed import guessed, names_nothing  # noqa: PLC0415 - see `Chat`

    commands: list[Command] = []
    remarks: list[str] = []
    for number, step in enumerate(found.steps):
        doubtful = not step.asks and guessed(step, sight, behind_a_change=behind_a_change)
        if (step.asks or doubtful) and not _asked_by_plan(step):
            if number + 1 < len(found.steps):
                remarks.append(phrase(setting.language, "rest-left"))
            return Understood(tuple(commands), tuple(remarks), asks=step, sight=sight)
        if names_nothing(step.reading):
            commands.append(NotOurs())
            continue
        commands += _commands(step.reading, setting)
        remarks += remarks_of(step.reading)
        if step.unused and step.candidate.group is not None:
            words = ", ".join(step.unused[:MOST_UNUSED])
            remarks.append(phrase(setting.language, "words-unused", words=words))
    return Understood(tuple(commands), tuple(dict.fromkeys(remarks)), sight=sight)


def _commands(reading: Reading, setting: Setting) -> tuple[Command, ...]:
    return commands_of(reading, zone=setting.zone)


def _asked_by_plan(step: "Step") -> bool:
    """One deletion of one thing: whether it is meant is asked where it is planned, and once is enough."""
    group = step.candidate.group
    single = len(step.choices) < 2 and group is not None and group.kind != language.TIE
    return single and step.reading.action == "delete" and not step.reading.clear_reminders


def ask_which_reading(outcome: Outcome, setting: Setting, step: "Step", sight: Sight) -> Outcome:
    """Which of the things that fit as well, or which of the two or three readings."""
    namespace = setting.message.namespace
    group = step.candidate.group
    if group is not None and group.kind == language.TIE:
        rows = rows_in_sight(group.things, sight, namespace)
        text = phrase(setting.language, "ask-which-of")
        commands = _commands(step.reading, setting)
        return asking(outcome, setting, text, rows=rows, commands=commands)
    about = _about(step)
    options = [(reading, _commands(reading, setting)) for _, reading in step.choices or ()]
    if not options:
        options = [(step.reading, _commands(step.reading, setting))]
    rows = [
        Row(number, "todotasks", namespace, reading.names[0] if reading.names else "", _said(reading))
        for number, (reading, _) in enumerate(options, 1)
    ]
    if len(options) == 1:
        text = phrase(setting.language, "ask-one-reading", reading=_said(options[0][0]) + ".")
    else:
        text = phrase(setting.language, "ask-reading")
    return asking(
        outcome,
        setting,
        text,
        rows=rows,
        commands=options[0][1],
        options=[commands for _, commands in options],
        about=rows_in_sight(about[1], sight, namespace) if about is not None else (),
        about_option=about[0] if about is not None else 0,
        about_one=about is not None and about[2],
    )


MOST_ABOUT = 60  # things among which an answer may name some


def _about(step: "Step") -> tuple[int, tuple[int, ...], bool] | None:
    """The first reading that is about several things: its number, the things, and whether only one of them
    is meant."""
    candidates = [candidate for candidate, _ in step.choices] or [step.candidate]
    for number, candidate in enumerate(candidates):
        group = candidate.group
        if group is not None and 1 < len(group.things) <= MOST_ABOUT:
            return number, group.things, group.kind == language.TIE
    return None


def rows_in_sight(places: Sequence[int], sight: Sight, namespace: str) -> list[Row]:
    seen = [sight.things[k] for k in places]
    return [
        Row(
            number, "todotasks", namespace, one.key, one.title, due=one.due, completed=one.completed,
            priority=one.priority or "Medium", tags=one.tags, project=one.project, assignee=one.assignee,
        )
        for number, one in enumerate(seen, 1)
    ]  # fmt: skip


def _said(reading: Reading) -> str:
    return language.describe(reading).rstrip(".")


def option_chosen(pending: Pending, rows: Sequence[Shown]) -> tuple[Command, ...]:
    """The commands of the readings that were chosen."""
    chosen = [options for row, options in zip(pending.rows, pending.options, strict=True) if row in rows]
    return tuple(command for options in chosen[:1] for command in options) or (NotOurs(),)
