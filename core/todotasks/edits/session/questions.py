"""Questions that wait in the conversation for their answer, and how long. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from todotasks.edits.model.command import Command
from todotasks.edits.model.conversation import MOST_SHOWN, Conversation, Pending
from todotasks.edits.model.plan import Question, Row
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.write_ahead import without_kubectl
from todotasks.edits.targets.rows import shown_of
from todotasks.edits.wording.phrases import phrase

LONGEST_WAIT = timedelta(hours=1)  # until a question no longer waits: a yes of the next day answers nothing


def waiting(outcome: Outcome, commands: Sequence[Command], setting: Setting, words: str | None) -> Outcome:
    """The question waits in the conversation, with all that comes after it."""
    question, agreed = outcome.question, outcome.agreed
    assert question is not None, "asked for only where there is a question"
    pending = Pending(
        kind=question.kind,
        commands=tuple(commands),
        rows=shown_of(question.rows)[:MOST_SHOWN],
        edits=without_kubectl(agreed.edits) if agreed is not None else (),
        text=question.text,
        reply=agreed.reply if agreed is not None else "",
        language=setting.language,
        asks_for=words,
        asked_at=setting.now,
    )
    return replace(outcome, conversation=msgspec.structs.replace(outcome.conversation, pending=pending))


def still_asked(conversation: Conversation, now: datetime) -> tuple[Pending | None, Outcome]:
    """The question that waits, and how the message begins: a question that is too old is dropped."""
    pending = conversation.pending
    if pending is None or pending.asked_at is None or now - pending.asked_at <= LONGEST_WAIT:
        return pending, Outcome(conversation)
    dropped = msgspec.structs.replace(conversation, pending=None)
    return None, Outcome(dropped).remarking([phrase(pending.language, "question-too-old")])


def asked_again(outcome: Outcome, pending: Pending, why: str, namespace: str) -> Outcome:
    """The question still waits."""
    rows = tuple(
        Row(number, one.resource, namespace, one.name, one.title, one.uid)
        for number, one in enumerate(pending.rows, 1)
    )
    return replace(
        outcome,
        question=Question(pending.kind, pending.text, rows),
        conversation=msgspec.structs.replace(outcome.conversation, pending=pending),
    ).saying(f"{why} {pending.text}")
