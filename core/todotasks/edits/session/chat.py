"""The conversation: a message in, an answer out, everything done as the caller.

    say(message)    words ─ the answer to a question that waits?  else grammar (or model) ─ commands ─┐
    run(commands)   typed commands: POST /v1/edits, MCP ──────────────────────────────────────────────┴─ Turn

What is remembered (what was shown, what waits for a yes, what undo takes back) lies in a `ConversationStore`
and is saved at the end. A crash between doing and saving is met by the idempotency key: said again with it,
the message does nothing twice.
"""

import asyncio
import dataclasses
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from todotasks.api.due import DEFAULT_ZONE
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.cluster.load import zone_of_namespace
from todotasks.edits.model.answer import (
    Answer,
    Document,
    Problem,
    Question,
    Row,
    Source,
)
from todotasks.edits.model.command import Command, NotOurs
from todotasks.edits.model.conversation import (
    MOST_UNDO,
    Conversation,
    ConversationStore,
    Doing,
    Pending,
)
from todotasks.edits.model.message import Message, problems_of
from todotasks.edits.session.titles import known_titles, open_titles
from todotasks.edits.session.turn import Setting, Turn
from todotasks.edits.targets.resolve import target_of
from todotasks.edits.understand.from_reading import commands_of, remarks_of
from todotasks.edits.understand.interpreter import Facts, Interpreter
from todotasks.edits.understand.replies import Reply, read_answer
from todotasks.edits.wording.api_errors import problem_of
from todotasks.edits.wording.outcome import said
from todotasks.kube import KubeClient
from todotasks.kube.errors import KubeError
from todotasks.language import Context, Reading, describe, parse
from todotasks.language.reading.serialize import as_object

Progress = Callable[[str, Document], Awaitable[None]]  # "reading" with the readings, "progress" with counts

LONGEST_WAIT = timedelta(hours=1)  # until a question no longer waits for its answer
MOST_SAVES = 4  # tries to save a conversation that another message is changing too


class Chat:
    """Stateless between messages: any replica can answer the next one."""

    def __init__(
        self,
        *,
        interpreter: Interpreter | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._interpreter = interpreter
        self._now = now

    async def say(
        self,
        message: Message,
        *,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        me: str = "",
        progress: Progress | None = None,
    ) -> Answer:
        """Answer a message. What the API server refuses stands in the answer, in plain words.

        `owner` is whose conversation it is, `me` the name that "assign it to me" means (default: the same).
        """
        turn = await self._begin(
            message=message, client=client, owner=owner, store=store, me=me, progress=progress
        )
        if isinstance(turn, Answer):
            return turn
        pending = _still_asked(turn)
        answer = read_answer(message.text, pending) if pending is not None else None
        if pending is not None and answer is not None:
            await _answered(turn, pending, answer)
            reading = said("answers", pending.language, question=pending.text)
            return await _end(turn, Answer(reply="", reading=reading))
        readings = await self._read(turn)
        about = Answer(
            reply="",
            reading=" ".join(describe(each) for each in readings),
            readings=tuple(as_object(dataclasses.replace(each, more=())) for each in readings),
        )
        if progress is not None:
            await progress("reading", {"reading": about.reading, "readings": list(about.readings)})
        commands, source = await self._commands(turn, readings)
        about = msgspec.structs.replace(about, source=source)
        if pending is not None and all(isinstance(command, NotOurs) for command in commands):
            _ask_again(turn, pending, said("answer-unclear", pending.language))
            return await _end(turn, about)
        await turn.run(commands)
        if source == "grammar" and (others := await self._second_reading(turn, readings)) is not None:
            about = msgspec.structs.replace(about, source="model")
            turn.start_again()
            await turn.run(others)
        if pending is not None:
            turn.remarks.insert(0, said("question-dropped", turn.setting.language))
        return await _end(turn, about)

    async def run(
        self,
        commands: Sequence[Command],
        message: Message,
        *,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        me: str = "",
        confirmed: bool = False,
        progress: Progress | None = None,
    ) -> Answer:
        """Do typed commands; the message says where, its text nothing. `confirmed`: whoever sends them has
        asked already, so nothing is asked but which of several objects is meant."""
        turn = await self._begin(
            message=message,
            client=client,
            owner=owner,
            store=store,
            me=me,
            progress=progress,
            commands=commands,
        )
        if isinstance(turn, Answer):
            return turn
        await turn.run(commands, confirmed=confirmed)
        return await _end(turn, Answer(reply="", source="tools"))

    # ── before ───────────────────────────────────────────────────────────────────────────────────────
    async def _begin(
        self,
        *,
        message: Message,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        me: str,
        progress: Progress | None,
        commands: Sequence[Command] = (),
    ) -> Turn | Answer:
        if problems := problems_of(message):
            text = "; ".join(each.message for each in problems)
            return Answer(reply=text, problem=msgspec.structs.replace(problems[0], message=text))
        name = message.conversation or _conversation_id(owner, message.idempotency_key)
        try:
            default_zone, conversation = await asyncio.gather(
                zone_of_namespace(client, message.namespace), store.load(owner, name)
            )
        except KubeError as error:
            problem = problem_of(error, namespace=message.namespace)
            return Answer(reply=problem.message, problem=problem, conversation=name)
        if conversation is None:
            conversation = Conversation(name, message.namespace)
        elif conversation.namespace != message.namespace:
            # "it" and "yes" belong to what was shown in the other namespace; undo knows its own.
            conversation = msgspec.structs.replace(
                conversation, namespace=message.namespace, shown=(), touched=(), pending=None
            )
        setting = Setting(
            client=client,
            owner=owner,
            me=me or owner,
            message=message,
            now=self._now(),
            zone=message.time_zone or _usable(default_zone),
            default_zone=default_zone,
            language="de" if message.language == "de" else "en",
            fingerprint=_fingerprint(message, commands),
            report=_reporter(progress),
        )
        return Turn(setting, conversation, _Saver(store, owner))

    async def _read(self, turn: Turn) -> tuple[Reading, ...]:
        setting, message = turn.setting, turn.setting.message
        known = turn.conversation.touched or turn.conversation.shown
        context = Context(
            language=message.language,
            day_order=message.day_order,
            recent=tuple(one.title for one in known),
        )
        zone = load_zone(setting.zone)
        readings = parse(message.text, setting.now, zone, context).commands
        if any(reading.hangs_on_titles for reading in readings):
            titles = await known_titles(setting)
            context = dataclasses.replace(context, titles=titles)
            readings = parse(message.text, setting.now, zone, context).commands
        turn.setting = dataclasses.replace(setting, language=readings[0].language)
        return readings

    async def _commands(
        self, turn: Turn, readings: tuple[Reading, ...]
    ) -> tuple[tuple[Command, ...], Source]:
        setting, text = turn.setting, turn.setting.message.text
        if self._interpreter is not None and self._interpreter.wanted(readings):
            interpreted = await self._interpreted(self._interpreter, turn, readings)
            if interpreted is not None:
                return interpreted, "model"
        turn.remarks += remarks_of(readings[0])
        return commands_of(readings[0], zone=setting.zone, text=text), "grammar"

    async def _second_reading(self, turn: Turn, readings: tuple[Reading, ...]) -> tuple[Command, ...] | None:
        """The grammar was sure, and nothing came of it: an interpreter may know what was meant."""
        interpreter = self._interpreter
        if interpreter is None or turn.problem is None or turn.done or interpreter.wanted(readings):
            return None
        if not interpreter.wanted(readings, turn.problem):
            return None
        return await self._interpreted(interpreter, turn, readings)

    async def _interpreted(
        self, interpreter: Interpreter, turn: Turn, readings: tuple[Reading, ...]
    ) -> tuple[Command, ...] | None:
        setting, text = turn.setting, turn.setting.message.text
        facts = Facts(
            now=setting.now.astimezone(load_zone(setting.zone)),
            zone=setting.zone,
            namespace=setting.message.namespace,
            titles=await open_titles(setting),
            shown=tuple(one.title for one in turn.conversation.shown),
        )
        commands = await interpreter.commands(text, readings, facts)
        if commands is not None:
            turn.asks_for = text
        return commands


class _Saver:
    """Saves a conversation over whatever another message of it has saved meanwhile."""

    def __init__(self, store: ConversationStore, owner: str) -> None:
        self._store = store
        self._owner = owner

    async def __call__(self, conversation: Conversation) -> Conversation | None:
        """As it is stored now; None: it could not be."""
        for _ in range(MOST_SAVES):
            if await self._store.save(self._owner, conversation):
                return msgspec.structs.replace(conversation, version=conversation.version + 1)
            there = await self._store.load(self._owner, conversation.id)
            if there is None:
                conversation = msgspec.structs.replace(conversation, version=0)
                continue
            undo = (*conversation.undo, *(each for each in there.undo if each not in conversation.undo))
            conversation = msgspec.structs.replace(
                conversation,
                version=there.version,
                undo=undo[:MOST_UNDO],
                doing=_first_begun(there.doing, conversation.doing),
            )
        return None


def _fingerprint(message: Message, commands: Sequence[Command]) -> str:
    """Tells whether a message with an idempotency key is the same one again; empty without a key."""
    if not message.idempotency_key:
        return ""
    what = [message.idempotency_key, message.namespace, message.text, list(commands)]
    return hashlib.sha256(msgspec.json.encode(what)).hexdigest()[:32]


def _first_begun(theirs: Doing | None, ours: Doing | None) -> Doing | None:
    """Of one message that is done twice at once, what was written down first holds for both."""
    if theirs is None or ours is None or theirs.key != ours.key:
        return ours
    steps = list(ours.steps)
    for index, step in enumerate(theirs.steps[: len(steps)]):
        if step.edits:
            steps[index] = step
    return Doing(ours.key, tuple(steps))


def _conversation_id(owner: str, key: str) -> str:
    """A new conversation. With a key the same one for the same message: it finds what it had begun."""
    if not key:
        return secrets.token_hex(12)
    return hashlib.sha256(msgspec.json.encode([owner, key])).hexdigest()[:24]


def _usable(zone: str | None) -> str:
    """A broken annotation counts as absent, as the operator reads it."""
    try:
        return load_zone(zone or DEFAULT_ZONE).key
    except ZoneError:
        return DEFAULT_ZONE


def _reporter(progress: Progress | None) -> Callable[[int, int], Awaitable[None]] | None:
    if progress is None:
        return None

    async def report(done: int, total: int) -> None:
        await progress("progress", {"done": done, "total": total})

    return report


# ── answers to questions ─────────────────────────────────────────────────────────────────────────────
def _still_asked(turn: Turn) -> Pending | None:
    """The question that waits. A yes of the next day is no answer to what was asked yesterday."""
    pending = turn.conversation.pending
    if pending is None or pending.asked_at is None or turn.setting.now - pending.asked_at <= LONGEST_WAIT:
        return pending
    turn.conversation = msgspec.structs.replace(turn.conversation, pending=None)
    turn.remarks.append(said("question-too-old", pending.language))
    return None


async def _answered(turn: Turn, pending: Pending, answer: Reply) -> None:
    turn.setting = dataclasses.replace(turn.setting, language=pending.language)
    language, rest = pending.language, pending.commands[1:]
    if answer.beyond:
        text = said("no-such-number", language, number=answer.beyond[0], count=len(pending.rows))
        turn.problem = Problem("NotFound", text)
        _ask_again(turn, pending, text)
        return
    turn.conversation = msgspec.structs.replace(turn.conversation, pending=None)
    turn.asks_for = pending.asks_for
    if answer.no:
        turn.replies.append(said("nothing-done", language))
    elif pending.kind == "confirm":
        names = {(row.resource, row.name) for row in answer.rows}
        edits = tuple(edit for edit in pending.edits if answer.yes or (edit.resource, edit.name) in names)
        await turn.carry_out(edits, pending.reply if answer.yes else "")
        turn.agreed_to = len(turn.done)
        if turn.problem is None and rest:
            await turn.run(rest)
    else:
        rows = pending.rows if answer.yes else answer.rows
        target = target_of(rows)
        if pending.asks_for is not None:  # by now the person has named what they mean
            turn.asks_for = " ".join([pending.asks_for, *(row.title for row in rows)])
        command = msgspec.structs.replace(pending.commands[0], target=target)
        await turn.run((command, *rest))


def _ask_again(turn: Turn, pending: Pending, why: str) -> None:
    """The question still waits."""
    turn.replies.append(f"{why} {pending.text}")
    turn.conversation = msgspec.structs.replace(turn.conversation, pending=pending)
    namespace = turn.setting.message.namespace
    rows = tuple(
        Row(number, one.resource, namespace, one.name, one.title, one.uid)
        for number, one in enumerate(pending.rows, 1)
    )
    turn.question = Question(pending.kind, pending.text, rows)


# ── after ────────────────────────────────────────────────────────────────────────────────────────────
async def _end(turn: Turn, about: Answer) -> Answer:
    """Remember, save, answer. A crash before the save is met by the idempotency key."""
    turn.remember()
    saved = await turn.save(turn.conversation)
    if saved is None:
        turn.remarks.append(said("not-remembered", turn.setting.language))
    return msgspec.structs.replace(
        about,
        reply=" ".join(reply for reply in turn.replies if reply),
        edits=tuple(turn.done),
        listing=turn.listing,
        question=turn.question,
        problem=turn.problem,
        remarks=tuple(dict.fromkeys(turn.remarks)),
        needs_confirmation=turn.question is not None and turn.question.kind == "confirm",
        undo=turn.undoable and saved is not None,
        dry_run=turn.setting.message.dry_run,
        conversation=turn.conversation.id,
    )
