"""The conversation: a message in, a reply out, everything done as the caller.

    say(message)    words ─ the answer to a question that waits?  else grammar (or model) ─ commands ─┐
    run(commands)   typed commands: POST /v1/edits, MCP ──────────────────────────────────────────────┴─ Turn

What is remembered (what was shown, what waits for a yes, what undo takes back) lies in a `ConversationStore`
and is saved at the end. A crash between doing and saving is met by the idempotency key: said again with it,
the message does nothing twice.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from todotasks import language
from todotasks.api.due import DEFAULT_ZONE
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.cluster.load import zone_of_namespace
from todotasks.edits.model.command import Command, NotOurs
from todotasks.edits.model.conversation import Conversation, ConversationStore
from todotasks.edits.model.edit import Document, Problem
from todotasks.edits.model.message import Message, problems_of
from todotasks.edits.model.mirror import Mirror
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.look import (
    AT_ONCE,
    MOST_LISTED,
    SHORT,
    Seeing,
    known_titles,
    look,
    open_titles,
)
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.questions import (
    Understood,
    ask_which_reading,
    asked_again,
    dropping,
    still_asked,
    understood_of,
)
from todotasks.edits.session.saving import Saver, reply_with
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.turn import Turn
from todotasks.edits.session.write_ahead import begun_commands
from todotasks.edits.understand.interpreter import Briefing, Interpreter
from todotasks.edits.wording.api_errors import problem_of
from todotasks.edits.wording.phrases import phrase
from todotasks.kube import KubeClient
from todotasks.kube.errors import KubeError
from todotasks.language import Context, DayParts, Reading
from todotasks.language.grounding.sight import Sight
from todotasks.language.reading.serialize import as_object
from todotasks.sealed import PLAIN, Sealer

if TYPE_CHECKING:
    from todotasks.language import Understanding

T = TypeVar("T")
Progress = Callable[[str, Document], Awaitable[None]]  # "reading" with the readings, "progress" with counts


UNSEEN = frozenset({"undo", "help"})  # actions that no task in sight could make another one of


class Chat:
    """Stateless between messages: any replica can answer the next one."""

    def __init__(
        self,
        *,
        interpreter: Interpreter | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sealer: Sealer = PLAIN,
    ) -> None:
        """`sealer` encrypts the cursors of lists; whoever shows them to others than oneself needs one."""
        self._interpreter = interpreter
        self._now = now
        self._sealer = sealer

    async def say(
        self,
        message: Message,
        *,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        me: str = "",
        progress: Progress | None = None,
        mirror: Mirror | None = None,
    ) -> Reply:
        """Reply to a message. What the API server refuses stands in the reply, in plain words.

        `owner` is whose conversation it is, `me` the name that "assign it to me" means (default: the same).
        `mirror` finds what words may name where there are too many tasks to be listed.
        """
        opened = await self._open(message, client=client, owner=owner, store=store, me=me, progress=progress)
        if isinstance(opened, Reply):
            return opened
        # Only now, as for `language`: whoever has typed commands (`run`) reads no words.
        from todotasks.edits.session import talk  # noqa: PLC0415

        setting, conversation = opened
        setting = replace(setting, mirror=mirror, language=talk.language_of(message, conversation))
        pending, begun = still_asked(conversation, setting.now)
        if pending is not None and (said := await talk.answer_to(setting, begun, pending)) is not None:
            return said
        if commands := begun_commands(begun.conversation, setting):
            return await talk.do(setting, begun, commands, "said-again")
        seeing = await self._seeing(setting, conversation)
        sight = seeing.sight
        setting = replace(setting, seen=seeing.tasks, mirrored=seeing.mirrored)
        message = talk.plainly(setting, begun.conversation, sight)
        setting = replace(setting, message=message)
        if (said := await talk.of_the_talk(setting, begun, pending, sight)) is not None:
            return said
        found = await self._read(setting, conversation, seeing)
        if seeing.too_many:
            begun = begun.remarking([phrase(found.readings[0].language, "not-compared", most=MOST_LISTED)])
        readings = found.readings
        if any(reading.action != "none" for reading in readings):
            setting = replace(setting, language=readings[0].language)
        about = Reply(
            reply="",
            reading=" ".join(language.describe(each) for each in readings),
            readings=tuple(as_object(replace(each, more=())) for each in readings),
        )
        if progress is not None:
            await progress("reading", {"reading": about.reading, "readings": list(about.readings)})
        understood = await self._understand(setting, conversation, found, sight)
        about = msgspec.structs.replace(about, source=understood.source)
        unclear = understood.asks is None and pending is not None
        if (
            pending is not None
            and unclear
            and all(isinstance(command, NotOurs) for command in understood.commands)
        ):
            why = phrase(pending.language, "answer-unclear")
            outcome = asked_again(begun, pending, why, message.namespace).remarking(understood.remarks)
            return await reply_with(setting, outcome, about)
        if pending is not None:
            begun = dropping(begun, pending).remarking([phrase(setting.language, "question-dropped")])
        setting = replace(setting, commands=understood.commands)
        outcome = await Turn(setting, words=understood.words).run(understood.commands, begun.conversation)
        if understood.asks is not None and outcome.question is None and outcome.problem is None:
            outcome = ask_which_reading(outcome, setting, understood.asks, understood.sight)
        outcome = await talk.rather_new(setting, begun, understood.commands, outcome)
        other = await self._second_reading(setting, readings, understood, outcome)
        if other is not None:
            about = msgspec.structs.replace(about, source=other.source)
            understood = other
            outcome = await Turn(setting, words=other.words).run(other.commands, outcome.conversation)
        else:
            outcome = talk.perhaps_new(setting, understood.commands, outcome)
        outcome = begun.remarking(understood.remarks).then(outcome)
        return await reply_with(setting, outcome, about)

    async def preview(
        self,
        message: Message,
        *,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        mirror: Mirror | None = None,
    ) -> tuple["Understanding", Sight] | Problem:
        """How the message would be understood, and among what; nothing is done, and no answer to a question
        or correction is looked for. A problem where it cannot be taken at all."""
        opened = await self._open(message, client=client, owner=owner, store=store, me="", progress=None)
        if isinstance(opened, Reply):
            assert opened.problem is not None, "a message is refused for a reason"
            return opened.problem
        setting, conversation = opened
        setting = replace(setting, mirror=mirror)
        seeing = await self._seeing(setting, conversation)
        return await self._read(setting, conversation, seeing), seeing.sight

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
    ) -> Reply:
        """Do typed commands; the message says where, its text nothing. `confirmed`: whoever sends them has
        asked already, so nothing is asked but which of several objects is meant."""
        opened = await self._open(
            message,
            client=client,
            owner=owner,
            store=store,
            me=me,
            progress=progress,
            commands=commands,
        )
        if isinstance(opened, Reply):
            return opened
        setting, conversation = opened
        outcome = await Turn(setting, confirmed=confirmed).run(commands, conversation)
        return await reply_with(setting, outcome, Reply(reply="", source="tools"))

    # ── before ───────────────────────────────────────────────────────────────────────────────────────
    async def _open(
        self,
        message: Message,
        *,
        client: KubeClient,
        owner: str,
        store: ConversationStore,
        me: str,
        progress: Progress | None,
        commands: Sequence[Command] = (),
    ) -> tuple[Setting, Conversation] | Reply:
        """The setting and the conversation; a reply where the message cannot be taken at all."""
        if problems := problems_of(message):
            text = "; ".join(each.message for each in problems)
            return Reply(reply=text, problem=msgspec.structs.replace(problems[0], message=text))
        name = message.conversation or _conversation_id(owner, message.idempotency_key)
        try:
            default_zone, stored = await asyncio.gather(
                zone_of_namespace(client, message.namespace), store.load(owner, name)
            )
        except KubeError as error:
            problem: Problem = problem_of(error, namespace=message.namespace)
            return Reply(reply=problem.message, problem=problem, conversation=name)
        conversation = stored or Conversation(name, message.namespace)
        if conversation.namespace != message.namespace:
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
            zone=message.time_zone or _usable(default_zone.name),
            default_zone=default_zone,
            save=Saver(store, owner, conversation.undo),
            language="de" if message.language == "de" else "en",
            fingerprint=_fingerprint(message, commands),
            report=_reporter(progress),
            sealer=self._sealer,
        )
        return setting, conversation

    # ── what is asked for ────────────────────────────────────────────────────────────────────────────
    async def _seeing(self, setting: Setting, conversation: Conversation) -> Seeing:
        """What the caller sees, where the message may be about something of it."""
        text, zone = setting.message.text, load_zone(setting.zone)
        context = _context(setting, conversation)
        readings = (
            await _apart(len(text) > SHORT, language.parse, text, setting.now, zone, context)
        ).commands
        if all(reading.action in UNSEEN for reading in readings):
            return Seeing()
        shown = tuple(one.name for one in conversation.shown)
        seeing = await look(setting, _recent(conversation), shown)
        from todotasks.edits.understand.known import Known  # noqa: PLC0415 - see `say`

        known = Known(conversation, seeing.sight)
        if others := known.others:
            places = tuple(known.places[name] for name in others)
            return replace(seeing, sight=seeing.sight.with_others(places))
        return seeing

    async def _read(self, setting: Setting, conversation: Conversation, seeing: Seeing) -> "Understanding":
        """What the message means to somebody who sees that."""
        text, now, zone = setting.message.text, setting.now, load_zone(setting.zone)
        context, sight = _context(setting, conversation), seeing.sight
        apart = len(text) > SHORT or len(sight.things) >= AT_ONCE
        readings = (await _apart(apart, language.parse, text, now, zone, context)).commands
        if any(reading.hangs_on_titles for reading in readings):
            context = replace(context, titles=await known_titles(setting, seeing))
        return await _apart(apart, language.understand, text, now, zone, context, sight)

    async def _understand(
        self, setting: Setting, conversation: Conversation, found: "Understanding", sight: Sight
    ) -> Understood:
        readings = found.readings
        if self._interpreter is not None and self._interpreter.wanted(readings):
            interpreted = await self._interpreted(self._interpreter, setting, conversation, readings)
            if interpreted is not None:
                return interpreted
        return understood_of(found, sight, setting, behind_a_change=bool(conversation.touched))

    async def _second_reading(
        self, setting: Setting, readings: tuple[Reading, ...], first: Understood, outcome: Outcome
    ) -> Understood | None:
        """The grammar was sure, and nothing came of it: an interpreter may know what was meant."""
        interpreter = self._interpreter
        if interpreter is None or first.source != "grammar" or outcome.problem is None or outcome.results:
            return None
        if interpreter.wanted(readings) or not interpreter.wanted(readings, outcome.problem):
            return None
        return await self._interpreted(interpreter, setting, outcome.conversation, readings)

    async def _interpreted(
        self,
        interpreter: Interpreter,
        setting: Setting,
        conversation: Conversation,
        readings: tuple[Reading, ...],
    ) -> Understood | None:
        text = setting.message.text
        briefing = Briefing(
            now=setting.now.astimezone(load_zone(setting.zone)),
            zone=setting.zone,
            namespace=setting.message.namespace,
            titles=await open_titles(setting),
            shown=tuple(one.title for one in conversation.shown),
        )
        commands = await interpreter.commands(text, readings, briefing)
        return None if commands is None else Understood(commands, source="model", words=text)


async def _apart(apart: bool, work: Callable[..., T], *given: Any) -> T:
    """The work's result; in a thread where it may take so long that others would wait for this loop."""
    return await asyncio.to_thread(work, *given) if apart else work(*given)


def _recent(conversation: Conversation) -> tuple[str, ...]:
    """Names of what was touched, and before that by the messages that undo knows, newest first; none of them
    where something was listed since: "both" are two of the list."""
    if conversation.listed is not None and conversation.shown and not conversation.touched:
        return ()
    older = (one.name for message in conversation.undo[:3] for one in message if one.resource == "todotasks")
    return tuple(dict.fromkeys([*(one.name for one in conversation.touched), *older]))


def _context(setting: Setting, conversation: Conversation) -> Context:
    known = conversation.touched or conversation.shown
    return Context(
        language=setting.message.language,
        day_order=setting.message.day_order,
        day_parts=DayParts(all_day=setting.default_zone.all_day_time),
        recent=tuple(one.title for one in known),
    )


def _fingerprint(message: Message, commands: Sequence[Command]) -> str:
    """Tells whether a message with an idempotency key is the same one again; empty without a key."""
    if not message.idempotency_key:
        return ""
    what = [message.idempotency_key, message.namespace, message.text, list(commands)]
    return hashlib.sha256(msgspec.json.encode(what)).hexdigest()[:32]


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
