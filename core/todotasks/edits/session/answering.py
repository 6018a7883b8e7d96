"""A change that does not say into what: it is asked, and the answer makes the change.

move the dentist     ▶ When should “dentist” be due?
to Saturday at 10    ▶ it is moved
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace as with_fields

from todotasks.api.zones import load_zone
from todotasks.edits.model import command as c
from todotasks.edits.model.conversation import Conversation, Pending, Shown
from todotasks.edits.model.edit import Problem
from todotasks.edits.model.plan import Question
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.questions import asked_again, option_chosen, rows_in_sight
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.turn import Turn, having_done
from todotasks.edits.targets.resolve import target_of
from todotasks.edits.targets.rows import offered_of
from todotasks.edits.understand.from_reading import commands_of
from todotasks.edits.understand.known import Known
from todotasks.edits.wording.formatting import quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.language import Context
from todotasks.language.details import leads_to_value, points, read_detail, read_unfinished
from todotasks.language.followups import Which
from todotasks.language.grounding.sight import Sight

if TYPE_CHECKING:
    from todotasks.edits.understand.answers import Chosen

_WORD = re.compile(r"[^\W_]+")


def left_open(setting: Setting, conversation: Conversation, sight: Sight) -> Outcome | None:
    """The question for what a change leaves open; None where it leaves nothing open, or is about nothing
    that is there."""
    unfinished = read_unfinished(setting.message.text)
    if unfinished is None:
        return None
    known = Known(conversation, sight)
    if points(unfinished.words):
        names = known.touched[:1]
        names = tuple(name for name in names if name in known.places)
    else:
        names = known.resolve(Which(words=unfinished.words), completed=False)
        names = tuple(
            name for name in names if not _is_called_so(setting.message.text, unfinished.words, known, name)
        )
    if not names:
        return None
    rows = rows_in_sight([known.places[name] for name in names], sight, setting.message.namespace)
    waiting = offered_of(rows)
    if len(waiting) == 1:
        return ask_detail(Outcome(conversation), setting, waiting[0], unfinished.slot)
    text = phrase(setting.language, "ask-which-of")
    pending = Pending(
        kind="choice", commands=(), rows=waiting, text=text, language=setting.language,
        asked_at=setting.now, then_detail=unfinished.slot,
    )  # fmt: skip
    begun = Outcome(msgspec.structs.replace(conversation, pending=pending))
    return replace(begun, question=Question("choice", text, tuple(rows))).saying(text)


def _is_called_so(text: str, words: str, known: Known, name: str) -> bool:
    """ "move the sofa" where that is what the task is called: nothing is to be changed. A value may be said
    behind the name, too: "assign the dentist *to* Lena"."""
    title = {word.casefold() for word in _WORD.findall(known.sight.things[known.places[name]].title)}
    first = _WORD.search(text)
    valued = leads_to_value(words) - title
    return bool(valued) or (first is not None and first[0].casefold() in title)


def ask_detail(outcome: Outcome, setting: Setting, about: Shown, slot: str) -> Outcome:
    text = phrase(setting.language, f"ask-detail-{slot}", what=quoted(about.title))
    pending = Pending(
        kind="choice", commands=(), rows=(about,), text=text, language=setting.language,
        asked_at=setting.now, detail=slot,
    )  # fmt: skip
    conversation = msgspec.structs.replace(outcome.conversation, pending=pending)
    return replace(outcome, conversation=conversation, question=Question("choice", text)).saying(text)


def detail_said(setting: Setting, pending: Pending) -> c.Command | None:
    """The change with the value that the message says; None where it says none."""
    message = setting.message
    context = Context(language=message.language, day_order=message.day_order)
    found = read_detail(pending.detail, message.text, setting.now, load_zone(setting.zone), context)
    if found is None:
        return None
    command = commands_of(found, zone=setting.zone)[0]
    if not isinstance(command, c.Update | c.Snooze):
        return None
    return with_fields(command, target=target_of(pending.rows))


# ── the answer to a question ─────────────────────────────────────────────────────────────────────────────
async def answered(
    setting: Setting, conversation: Conversation, pending: Pending, answer: "Chosen"
) -> Outcome:
    language, rest = setting.language, pending.commands[1:]
    if answer.beyond:
        text = phrase(language, "no-such-number", number=answer.beyond[0], count=len(pending.rows))
        outcome = replace(Outcome(conversation), problem=Problem("NotFound", text))
        return asked_again(outcome, pending, text, setting.message.namespace)
    if answer.left:
        fewer = msgspec.structs.replace(pending, rows=answer.left)
        return asked_again(Outcome(conversation), fewer, "", setting.message.namespace)
    conversation = msgspec.structs.replace(conversation, pending=None)
    if answer.no:
        return Outcome(conversation).saying(phrase(language, "nothing-done"))
    if pending.kind == "confirm":
        names = {(row.resource, row.name) for row in answer.rows}
        edits = tuple(edit for edit in pending.edits if answer.yes or (edit.resource, edit.name) in names)
        turn = Turn(setting, words=pending.asks_for)
        outcome = await turn.carry_out(edits, pending.reply if answer.yes else "", conversation)
        outcome = having_done(outcome, pending.commands[:1])
        if outcome.problem is not None or not rest:
            return outcome
        return outcome.then(await turn.run(rest, outcome.conversation))
    if answer.things:
        command = _on(pending.options[pending.about_option][0], answer.things)
        outcome = await Turn(setting, confirmed=True).run((command,), conversation)
        offered = msgspec.structs.replace(outcome.conversation, offered=pending.about)
        return replace(outcome, conversation=offered)
    rows = pending.rows if answer.yes else answer.rows
    if pending.then_detail and len(rows) == 1:
        return ask_detail(Outcome(conversation), setting, rows[0], pending.then_detail)
    if pending.then_detail:
        text = phrase(language, "ask-which-of")
        return asked_again(Outcome(conversation), pending, "", setting.message.namespace).saying(text)
    if pending.options and len(rows) > 1:
        return asked_again(Outcome(conversation), pending, "", setting.message.namespace)
    if pending.about_one and rows == (pending.rows[pending.about_option],):
        command = pending.options[pending.about_option][0]
        which = msgspec.structs.replace(
            pending, rows=pending.about, options=(), commands=(command,), about=(), about_one=False,
            text=phrase(language, "ask-which-of"),
        )  # fmt: skip
        return asked_again(Outcome(conversation), which, "", setting.message.namespace)
    if pending.options:
        # Whoever chose "Delete …" out of several readings has agreed to it.
        return await Turn(setting, confirmed=True).run(option_chosen(pending, rows), conversation)
    command = _on(pending.commands[0], rows)
    words = pending.asks_for
    if words is not None:  # by now the person has named what they mean
        words = " ".join([words, *(row.title for row in rows)])
    # Whoever picks out of several what is to be deleted has agreed to it.
    picked = isinstance(command, c.Delete) and not answer.yes and len(rows) < len(pending.rows)
    outcome = await Turn(setting, confirmed=picked, words=words).run((command, *rest), conversation)
    offered = msgspec.structs.replace(outcome.conversation, offered=pending.rows)
    return replace(outcome, conversation=offered)


def _on(command: c.Command, things: Sequence[Shown]) -> c.Command:
    """The command, of these things."""
    return msgspec.structs.replace(command, target=target_of(things))
