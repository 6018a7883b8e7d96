"""One message being done: its commands one after the other, each planned in the world as it then is.

    command ─ needs ─ load_world ─ plan ─┬─ question, problem: stop here; what follows waits, or is left
                                         └─ edits ─ (write ahead) ─ apply ─ what came of it

An edit whose object has changed between look and write is planned again, if the change left alone what the
edit is about: nobody's change is overwritten unseen. With an idempotency key the edits are saved before they
are done, so that the same message after a crash does these and no others.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from todotasks.api import Reminder
from todotasks.edits.cluster.apply import Report, apply
from todotasks.edits.cluster.load import load_world
from todotasks.edits.cluster.undo import following, plan_undo, remember_message
from todotasks.edits.model.answer import (
    Done,
    Edit,
    Listing,
    Plan,
    Problem,
    Question,
)
from todotasks.edits.model.command import Command, Undo
from todotasks.edits.model.conversation import (
    MOST_SHOWN,
    MOST_UNDO,
    Conversation,
    Doing,
    Pending,
    Shown,
    Step,
    Undoable,
)
from todotasks.edits.model.kubectl import command_line
from todotasks.edits.model.message import Message
from todotasks.edits.model.names import idempotency_key
from todotasks.edits.model.world import Needs, Thing, World
from todotasks.edits.plan.dispatch import needs, plan
from todotasks.edits.targets.rows import rows_of, shown_of
from todotasks.edits.understand.interpreter import reason_to_ask
from todotasks.edits.wording.api_errors import problem_of
from todotasks.edits.wording.outcome import (
    first_problem,
    outcome,
    said,
    taken_back,
    title,
)
from todotasks.edits.wording.phrases import say
from todotasks.kube import KubeClient
from todotasks.kube.errors import KubeError

MOST_PLANS = 3  # of one command, when objects change under it
MOST_WRITTEN_AHEAD = 128 * 1024  # bytes; more is not kept: then only the names of new objects guard them

Save = Callable[[Conversation], Awaitable[Conversation | None]]  # what is stored now; None: it could not be


@dataclass(frozen=True, slots=True)
class Setting:
    """Who says it, where and when."""

    client: KubeClient
    owner: str
    me: str  # the name that "me" stands for
    message: Message
    now: datetime
    zone: str
    default_zone: str | None
    language: str = "en"
    fingerprint: str = ""  # of the message, if it has an idempotency key
    report: Report | None = None


@dataclass
class Turn:
    """What has become of the message so far."""

    setting: Setting
    conversation: Conversation
    save: Save
    asks_for: str | None = None  # the words of a message that something other than the grammar has read
    agreed_to: int = 0  # so many of `done` had a yes
    replies: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    listing: Listing | None = None
    question: Question | None = None
    problem: Problem | None = None
    undoable: bool = False
    _memorable: list[Done] = field(default_factory=list)  # what undo can take back
    _agreed: Plan | None = None  # what a yes to the question will do

    async def run(self, commands: Sequence[Command], *, confirmed: bool = False) -> None:
        """All commands, until one asks or cannot be done. `confirmed`: nothing is asked but which is meant,
        as in a dry run, which harms nobody."""
        confirmed = confirmed or self.setting.message.dry_run
        self.conversation = msgspec.structs.replace(self.conversation, pending=None)
        for index, command in enumerate(commands):
            try:
                await self._one(index, command, confirmed)
            except KubeError as error:
                self.fail(problem_of(error, namespace=self.setting.message.namespace))
            if self.question is not None:
                self._wait(commands[index:])
                return
            if self.problem is not None:
                if index + 1 < len(commands):
                    self.remarks.append(said("rest-left", self.setting.language))
                return

    def start_again(self) -> None:
        """Nothing was done, and something else will be tried for the same message."""
        self.replies, self.remarks, self.problem, self.listing = [], [], None, None

    def fail(self, problem: Problem) -> None:
        self.problem = problem
        self.replies.append(problem.message)

    # ── one command ──────────────────────────────────────────────────────────────────────────────────
    async def _one(self, index: int, command: Command, confirmed: bool) -> None:
        begun = self._begun(index)
        if begun is not None:
            await self.carry_out(begun.edits, begun.reply)
        elif isinstance(command, Undo):
            await self._undo(command)
        else:
            await self._plan_and_do(index, command, confirmed)

    async def _plan_and_do(self, index: int, command: Command, confirmed: bool) -> None:
        world, planned = await self._plan(index, command, confirmed)
        for attempt in range(MOST_PLANS):
            self._take(planned)
            if self.question is not None and self.question.kind == "confirm":
                # What a yes will do: the very edits that are asked about, of the same look at the world.
                self._agreed = _with_generations(plan(command, world, confirmed=True), world)
            if not planned.edits or self.question is not None or self.problem is not None:
                self.replies.append(planned.reply)
                return
            if not confirmed and self._must_ask(planned, world):
                return
            step = await self._write_ahead(index, planned)
            done = await self._apply(step.edits)
            if attempt == MOST_PLANS - 1 or not _all_met_a_change(done):
                self._finish(done, planned.reply)
                return
            later, again = await self._plan(index, command, confirmed)
            if _changed_under(planned, world, later) or _objects(again.edits) != _objects(planned.edits):
                self._finish(done, planned.reply)
                return
            world, planned = later, again

    async def _plan(self, index: int, command: Command, confirmed: bool) -> tuple[World, Plan]:
        known = (*self.conversation.touched, *self.conversation.shown)
        wanted = needs(command, tuple(dict.fromkeys(known)))
        world = await self._world(index, command, wanted)
        planned = plan(command, world, confirmed=confirmed)
        if planned.problem is not None and planned.problem.reason == "NotFound" and wanted.wider is not None:
            world = await self._world(index, command, wanted.wider)
            planned = plan(command, world, confirmed=confirmed)
        return world, _with_generations(planned, world)

    async def _world(self, index: int, command: Command, wanted: Needs) -> World:
        setting, conversation = self.setting, self.conversation
        return await load_world(
            setting.client,
            wanted,
            namespace=setting.message.namespace,
            now=setting.now,
            zone=setting.zone,
            default_zone=setting.default_zone,
            shown=conversation.shown,
            touched=conversation.touched,
            key=idempotency_key(setting.owner, setting.message.idempotency_key, index),
            me=setting.me,
            language=setting.language,
        )

    def _take(self, planned: Plan) -> None:
        self.remarks += [remark for remark in planned.remarks if remark not in self.remarks]
        self.listing, self.question, self.problem = planned.listing, planned.question, planned.problem
        if planned.listing is not None:
            shown = shown_of(planned.listing.rows)[:MOST_SHOWN]
            self.conversation = msgspec.structs.replace(self.conversation, shown=shown, touched=())

    def _must_ask(self, planned: Plan, world: World) -> bool:
        """What something other than the grammar has read from words is done at once only where it is safe."""
        if self.asks_for is None or self.setting.message.dry_run:
            return False
        reason = reason_to_ask(
            self.asks_for,
            [*(each.edit for each in self.done[self.agreed_to :]), *planned.edits],
            self.setting.language,
        )
        if reason is None:
            return False
        names = {edit.name for edit in planned.edits}
        things: list[Thing] = [*world.tasks, *world.rules]
        about = [thing for thing in things if thing.metadata.name in names]
        self._agreed = planned
        text = said("model-asks", self.setting.language, reason=reason, reply=planned.reply)
        self.question = Question("confirm", text, rows_of(about, world))
        self.replies.append(text)
        return True

    # ── edits ────────────────────────────────────────────────────────────────────────────────────────
    async def carry_out(self, edits: Sequence[Edit], reply: str) -> None:
        """Edits as they stand: those of a question that was answered, or of a message that was begun."""
        step = _aloud(Step(tuple(edits), reply))
        self._finish(await self._apply(step.edits), reply)

    async def _apply(self, edits: Sequence[Edit]) -> tuple[Done, ...]:
        setting = self.setting
        return await apply(setting.client, edits, dry_run=setting.message.dry_run, report=setting.report)

    def _finish(self, done: Sequence[Done], reply: str, *, memorable: bool = True) -> None:
        setting = self.setting
        self.done += done
        self._memorable += done if memorable else ()
        self.replies.append(outcome(reply, done, dry_run=setting.message.dry_run, language=setting.language))
        self.problem = first_problem(done)
        if not setting.message.dry_run:
            self.conversation = _having_touched(self.conversation, done)

    async def _undo(self, command: Undo) -> None:
        """The newest messages, each wholly or not at all."""
        for _ in range(command.count):
            history = self.conversation.undo
            if not history:
                if not self.done:
                    self.fail(Problem("NotFound", say(self.setting.language, "nothing-to-undo")))
                return
            undoing = await plan_undo(self.setting.client, history[0])
            if undoing.problems:
                self.problem = undoing.problems[0]
                self.replies.append(" ".join(dict.fromkeys(each.message for each in undoing.problems)))
                return
            done = await self._apply(undoing.edits)
            self._finish(done, taken_back(done, self.setting.language), memorable=False)
            if self.setting.message.dry_run:
                return  # the next one would have to see what this one would have done
            left = _not_taken_back(history[0], done)
            rest = following((left, *history[1:]) if left else history[1:], _made_again(history[0], done))
            self.conversation = msgspec.structs.replace(self.conversation, undo=rest)
            self.remarks += undoing.remarks
            if self.problem is not None:
                return

    def remember(self) -> None:
        """The message's edits become the newest that undo takes back."""
        if self.setting.message.dry_run:
            return
        history, self.undoable = remember_message(self.conversation.undo, self._memorable, MOST_UNDO)
        if not self.undoable and any(each.result == "done" for each in self._memorable):
            self.remarks.append(said("too-much-to-undo", self.setting.language))
        self.conversation = msgspec.structs.replace(self.conversation, undo=history)

    # ── what a crash must not lose ───────────────────────────────────────────────────────────────────
    def _begun(self, index: int) -> Step | None:
        doing, key = self.conversation.doing, self.setting.fingerprint
        if not key or doing is None or doing.key != key or index >= len(doing.steps):
            return None
        step = doing.steps[index]
        return step if step.edits else None

    async def _write_ahead(self, index: int, planned: Plan) -> Step:
        """A crash after this does these edits again, and finds those that were done. What is to be done:
        the same message on another replica may have been faster, and then its edits are ours."""
        step = Step(_silent(planned.edits), planned.reply)
        key = self.setting.fingerprint
        if not key or self.setting.message.dry_run:
            return Step(planned.edits, planned.reply)
        doing = self.conversation.doing
        steps = list(doing.steps) if doing is not None and doing.key == key else []
        steps += [Step((), "")] * (index + 1 - len(steps))
        steps[index] = step
        begun = Doing(key, tuple(steps))
        if len(msgspec.json.encode(begun)) <= MOST_WRITTEN_AHEAD:
            ahead = msgspec.structs.replace(self.conversation, doing=begun)
            self.conversation = await self.save(ahead) or self.conversation
        found = self._begun(index)
        return Step(planned.edits, planned.reply) if found is None or found == step else _aloud(found)

    def _wait(self, commands: Sequence[Command]) -> None:
        """The question waits in the conversation, with all that comes after it."""
        assert self.question is not None
        self.conversation = msgspec.structs.replace(
            self.conversation,
            pending=Pending(
                kind=self.question.kind,
                commands=tuple(commands),
                rows=shown_of(self.question.rows)[:MOST_SHOWN],
                edits=_silent(self._agreed.edits) if self._agreed is not None else (),
                text=self.question.text,
                reply=self._agreed.reply if self._agreed is not None else "",
                language=self.setting.language,
                asks_for=self.asks_for,
                asked_at=self.setting.now,
            ),
        )


# ── small parts ──────────────────────────────────────────────────────────────────────────────────────────
def _silent(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Without what can be made again: a conversation has a limit."""
    return tuple(msgspec.structs.replace(edit, kubectl="") for edit in edits)


def _aloud(step: Step) -> Step:
    """With the commands again."""
    edits = tuple(msgspec.structs.replace(edit, kubectl=command_line(edit)) for edit in step.edits)
    return Step(edits, step.reply)


def _with_generations(planned: Plan, world: World) -> Plan:
    """With what tells a new status from a changed spec."""
    things: list[Thing | Reminder] = [*world.tasks, *world.rules, *world.reminders]
    generations = {thing.metadata.uid: thing.metadata.generation for thing in things}
    edits = tuple(
        msgspec.structs.replace(edit, generation=edit.generation or generations.get(edit.uid or "", 0))
        for edit in planned.edits
    )
    return msgspec.structs.replace(planned, edits=edits)


def _objects(edits: Sequence[Edit]) -> set[tuple[str, str, str, str | None]]:
    return {(edit.verb, edit.resource, edit.name if edit.uid else "", edit.uid) for edit in edits}


def _all_met_a_change(done: Sequence[Done]) -> bool:
    """Nothing was done, because each object was changed between the look and the request."""
    return bool(done) and all(each.problem is not None and each.problem.reason == "Conflict" for each in done)


def _changed_under(planned: Plan, before: World, after: World) -> bool:
    """Whether somebody has changed the very fields that an edit is about."""
    old, new = _specs(before), _specs(after)
    for edit in planned.edits:
        was, is_now = old.get(edit.uid or ""), new.get(edit.uid or "")
        if was is None or is_now is None:
            return True
        fields = (edit.patch or {}).get("spec") or {*was, *is_now}
        if any(was.get(name) != is_now.get(name) for name in fields):
            return True
    return False


def _specs(world: World) -> dict[str, dict[str, Any]]:
    things: list[Thing | Reminder] = [*world.tasks, *world.rules, *world.reminders]
    return {thing.metadata.uid: msgspec.to_builtins(thing.spec) for thing in things}


def _having_touched(conversation: Conversation, done: Sequence[Done]) -> Conversation:
    """What "it" is now. The last list keeps its numbers: "done 2" means what was seen as 2."""
    seen = [
        Shown(each.edit.resource, each.edit.name, title(each.edit), _uid(each))
        for each in done
        if each.result in {"done", "unchanged"} and each.edit.resource != "reminders"
    ]
    if not seen:
        return conversation
    deleted = {
        each.edit.name for each in done if each.edit.verb == "delete" and each.result in {"done", "unchanged"}
    }
    touched = tuple(one for one in seen if one.name not in deleted)[:MOST_SHOWN]
    listed = conversation.shown not in {(), conversation.touched}
    return msgspec.structs.replace(
        conversation, shown=conversation.shown if listed else touched, touched=touched
    )


def _uid(done: Done) -> str:
    document = done.after or done.before or {}
    return str((document.get("metadata") or {}).get("uid", ""))


def _not_taken_back(message: Sequence[Undoable], done: Sequence[Done]) -> tuple[Undoable, ...]:
    refused = {(each.edit.resource, each.edit.name) for each in done if each.result in {"refused", "planned"}}
    return tuple(one for one in message if (one.resource, one.name) in refused)


def _made_again(message: Sequence[Undoable], done: Sequence[Done]) -> dict[str, str]:
    """The new uid of each object that was deleted and is there again."""
    new = {
        (each.edit.resource, each.edit.name): _uid(each)
        for each in done
        if each.edit.verb == "create" and each.result == "done"
    }
    return {one.uid: new[one.resource, one.name] for one in message if (one.resource, one.name) in new}
