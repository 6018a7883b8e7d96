"""What is read by the talk, before a message is read by itself: what was said, shown and asked before tells
what it means.

Schulz · both · not that one     ▶ an answer to the question that waits
no, on Saturday · that one too   ▶ what was done last, otherwise or once more
push everything due friday to …  ▶ of all these
move the dentist                 ▶ when? is asked, and the answer moves it

Whoever sends typed commands reads no words: `chat` imports this module, and with it the reader and its
tables, when the first words are said.
"""

from dataclasses import replace

import msgspec

from todotasks import language
from todotasks.api.zones import load_zone
from todotasks.edits.model.command import (
    Changes,
    Command,
    Complete,
    CreateTask,
    Delete,
    Snooze,
    Target,
    Update,
)
from todotasks.edits.model.conversation import Conversation, Pending, Shown
from todotasks.edits.model.message import Message
from todotasks.edits.model.plan import Row
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.answering import answered, detail_said, left_open
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.questions import asking, late_to, rows_in_sight
from todotasks.edits.session.saving import reply_with
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.turn import Turn
from todotasks.edits.understand.answers import read_answer
from todotasks.edits.understand.continued import Continued, continued
from todotasks.edits.understand.corrected import corrected
from todotasks.edits.understand.from_reading import commands_of
from todotasks.edits.understand.known import Known
from todotasks.edits.understand.otherwise import asked_of, given_to, otherwise_to, pointed_with_value
from todotasks.edits.understand.put_plainly import Asked, all_that, put_plainly
from todotasks.edits.wording.formatting import quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.language import Context
from todotasks.language.followups import TABLES
from todotasks.language.grounding.sight import Sight
from todotasks.language.languages.detect import guess_language
from todotasks.language.words.en.cues import PLAINLY

NEW = PLAINLY["new"]

MOST_TOLD_BY = 2  # words that hardly tell a language: that of the talk is taken


def language_of(message: Message, conversation: Conversation) -> str:
    """How a message is answered that is no command by itself: one that corrects, goes on or is left open.
    (A command's own reading says it better.)"""
    said = guess_language(message.text) if message.language == "auto" else message.language
    if message.language == "auto" and said == "en" and len(message.text.split()) <= MOST_TOLD_BY:
        said = conversation.language or said  # English is also what nothing tells
    return "de" if said == "de" else "en"


async def answer_to(setting: Setting, begun: Outcome, pending: Pending) -> Reply | None:
    """None: the message does not answer the question that waits."""
    local = setting.now.astimezone(load_zone(setting.zone)).replace(tzinfo=None)
    said = read_answer(setting.message.text, pending, local)
    setting = replace(setting, language=pending.language)
    if pending.detail and not (said is not None and said.no):
        command = detail_said(setting, pending)
        return (
            None
            if command is None
            else await do(setting, begun, (command,), "answers", question=pending.text)
        )
    if said is None:
        return None
    outcome = begun.then(await answered(setting, begun.conversation, pending, said))
    reading = phrase(pending.language, "answers", question=pending.text)
    return await reply_with(setting, outcome, Reply(reply="", reading=reading))


async def _answered_late(setting: Setting, begun: Outcome) -> Reply | None:
    """it was the kitchen one: which one was asked, and something else was said first."""
    dropped = late_to(begun.conversation, setting.now)
    if dropped is None:
        return None
    local = setting.now.astimezone(load_zone(setting.zone)).replace(tzinfo=None)
    said = read_answer(setting.message.text, dropped, local)
    if said is None or not (said.rows or said.things) or not said.opened:
        return None
    conversation = msgspec.structs.replace(begun.conversation, dropped=None)
    setting = replace(setting, language=dropped.language)
    outcome = begun.then(await answered(setting, conversation, dropped, said))
    reading = phrase(dropped.language, "answers", question=dropped.text)
    return await reply_with(setting, outcome, Reply(reply="", reading=reading))


async def do(
    setting: Setting,
    begun: Outcome,
    commands: tuple[Command, ...],
    why: str,
    *,
    offered: tuple[Shown, ...] = (),
    did: Command | None = None,
    **said: str,
) -> Reply:
    """What needs no understanding: the same message once more, which asks for what it asked for whatever has
    become of the tasks, and what goes on from the one before, which leaves `offered` as it was."""
    setting = replace(setting, commands=commands)
    outcome = begun.then(await Turn(setting).run(commands, begun.conversation))
    conversation = msgspec.structs.replace(outcome.conversation, offered=offered)
    if why == "goes-on" and conversation.did:
        last = conversation.did[-1:] if did is None else (did,)
        conversation = msgspec.structs.replace(conversation, did=last)
    outcome = replace(outcome, conversation=conversation)
    return await reply_with(setting, outcome, Reply(reply="", reading=phrase(setting.language, why, **said)))


def _continued(setting: Setting, conversation: Conversation, sight: Sight) -> Continued | None:
    """What takes back or mends what was done last, or goes on from it or from what was shown."""
    message, now, zone = setting.message, setting.now, load_zone(setting.zone)
    context = Context(language=message.language, day_order=message.day_order)
    known = Known(conversation, sight)
    asked = _asked(setting, conversation, sight)
    if (of_somebody := asked_of(asked)) is not None:
        return of_somebody
    correction = language.read_correction(message.text, now, zone, context)
    if correction is not None:
        found = corrected(correction, known, zone=setting.zone)
        if found is not None:
            return found
    follow = language.read_followup(message.text, now, zone, context)
    asks = message.text.rstrip().endswith("?")
    found = continued(follow, known, zone=setting.zone, asks=asks) if follow is not None else None
    if found is None and (follow is None or follow.same is not None):
        return otherwise_to(asked) or given_to(asked) or pointed_with_value(asked)
    return found


def _asked(setting: Setting, conversation: Conversation, sight: Sight) -> Asked:
    message = setting.message
    context = Context(language=message.language, day_order=message.day_order)
    known = Known(conversation, sight)
    return Asked(message.text, known, setting.now, load_zone(setting.zone), context)


def plainly(setting: Setting, conversation: Conversation, sight: Sight) -> Message:
    """The message in words that need no conversation."""
    text = put_plainly(_asked(setting, conversation, sight))
    return (
        setting.message
        if text == setting.message.text
        else msgspec.structs.replace(setting.message, text=text)
    )


async def rather_new(
    setting: Setting, begun: Outcome, commands: tuple[Command, ...], outcome: Outcome
) -> Outcome:
    """send the invoice to Acme: where there is no such task to be given to anybody, it is one to be done."""
    only = commands[0] if len(commands) == 1 else None
    if not isinstance(only, Update) or only.changes != Changes(assignee=only.changes.assignee):
        return outcome
    if not _is_missing(outcome, only.target) or not _begins_with(setting, "ERRANDS"):
        return outcome
    made = _as_new(setting)
    return await Turn(replace(setting, commands=made)).run(made, begun.conversation)


def perhaps_new(setting: Setting, commands: tuple[Command, ...], outcome: Outcome) -> Outcome:
    """cancel the old lease: where there is no such task, whether it is one is asked."""
    only = commands[0] if len(commands) == 1 else None
    if not isinstance(only, Delete | Complete | Update | Snooze) or not _is_missing(outcome, only.target):
        return outcome
    made = _as_new(setting) if _begins_with(setting, "ERRANDS_OR_ORDERS") else ()
    if len(made) != 1 or not isinstance(made[0], CreateTask):
        return outcome
    row = Row(1, "todotasks", setting.message.namespace, "", made[0].task.title)
    text = phrase(setting.language, "ask-new", title=quoted(made[0].task.title))
    return asking(replace(outcome, problem=None), setting, text, rows=[row], commands=made, options=[made])


def _is_missing(outcome: Outcome, target: Target) -> bool:
    missing = outcome.problem is not None and outcome.problem.reason == "NotFound" and not outcome.results
    return missing and target.title is not None


def _begins_with(setting: Setting, table: str) -> bool:
    words = setting.message.text.split()
    said = {word for each in TABLES.values() for word in getattr(each, table).split("|")}
    return bool(words) and words[0].casefold() in said


def _as_new(setting: Setting) -> tuple[Command, ...]:
    message = setting.message
    context = Context(language=message.language, day_order=message.day_order)
    said = NEW.format(message.text)
    return commands_of(language.parse(said, setting.now, load_zone(setting.zone), context), zone=setting.zone)


async def of_the_talk(
    setting: Setting, begun: Outcome, pending: Pending | None, sight: Sight
) -> Reply | None:
    """What is read by what was said and shown before; None: by itself."""
    if pending is None and (late := await _answered_late(setting, begun)) is not None:
        return late
    if pending is None and (goes_on := _continued(setting, begun.conversation, sight)) is not None:
        return await _go_on(setting, begun, goes_on, sight)
    if (every := all_that(_asked(setting, begun.conversation, sight))) is not None:
        return await do(setting, begun, (every[0],), "all-that", words=every[1])
    asks = left_open(setting, begun.conversation, sight)
    if asks is None:
        return None
    about = Reply(reply="", reading=phrase(setting.language, "asks-detail"))
    return await reply_with(setting, begun.then(asks), about)


async def _go_on(setting: Setting, begun: Outcome, found: Continued, sight: Sight) -> Reply:
    if not found.rows:
        return await do(
            setting, begun, found.commands, "goes-on", offered=begun.conversation.offered, did=found.did
        )
    *before, last = found.commands
    setting = replace(setting, commands=tuple(before))
    outcome = await Turn(setting).run(before, begun.conversation)
    if outcome.problem is None:
        rows = rows_in_sight(found.rows, sight, setting.message.namespace)
        text = phrase(setting.language, "ask-which-of")
        outcome = asking(outcome, setting, text, rows=rows, commands=(last,))
    about = Reply(reply="", reading=phrase(setting.language, "goes-on"))
    return await reply_with(setting, begun.then(outcome), about)
