"""One message being done: its commands one after the other, each planned in the world as it then is.

    command ─ needs ─ load_world ─ plan ─┬─ question, problem: stop here; what follows waits, or is left
                                         └─ edits ─ write ahead ─ apply ─ what came of it

An edit whose object has changed between look and write is planned again, if the change left alone what the
edit is about: nobody's change is overwritten unseen.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from todotasks.api import Reminder, TodoTask
from todotasks.edits.cluster.apply import apply
from todotasks.edits.cluster.declared import declared
from todotasks.edits.cluster.load import load_world
from todotasks.edits.model.command import (
    AGAIN,
    ChangeRule,
    Command,
    Filter,
    ListTasks,
    ShowTask,
    SkipOccurrence,
    StopRule,
    Summary,
    Undo,
)
from todotasks.edits.model.conversation import MOST_SHOWN, Conversation, Step
from todotasks.edits.model.edit import Edit, EditResult, Plural, Problem
from todotasks.edits.model.names import idempotency_key
from todotasks.edits.model.plan import Plan, Question
from todotasks.edits.model.world import Needs, Thing, World
from todotasks.edits.plan.dispatch import needs, plan
from todotasks.edits.session.outcome import Outcome, having_made, having_touched
from todotasks.edits.session.questions import waiting
from todotasks.edits.session.setting import Setting, as_listed, opened, sealed
from todotasks.edits.session.taking_back import take_back
from todotasks.edits.session.write_ahead import begun_step, with_kubectl, write_ahead
from todotasks.edits.targets.rows import rows_of, shown_of
from todotasks.edits.understand.interpreter import reason_to_ask
from todotasks.edits.wording.api_errors import problem_of
from todotasks.edits.wording.formatting import clean, quoted
from todotasks.edits.wording.phrases import phrase
from todotasks.edits.wording.results import first_problem, report, title_of_edit
from todotasks.kube.errors import KubeError

MOST_PLANS = 3  # of one command, when objects change under it
FEW = 200  # objects that are looked through at once; more of them in a thread, while others are served


@dataclass(frozen=True, slots=True)
class Turn:
    """How commands are done: in which setting, and what is asked first.

    `confirmed`: nothing is asked but which is meant, as in a dry run, which harms nobody. `words` are those
    of a message that something other than the grammar has read: then only what is safe is done unasked.
    """

    setting: Setting
    confirmed: bool = False
    words: str | None = None
    seen: dict[Needs, World] = field(default_factory=dict)  # what was looked at and not changed by us since

    async def run(self, commands: Sequence[Command], conversation: Conversation) -> Outcome:
        """All commands, until one asks or cannot be done."""
        setting = self.setting
        commands = [as_listed(command, setting) for command in commands]
        outcome = Outcome(msgspec.structs.replace(conversation, pending=None, offered=()))
        for index, command in enumerate(commands):
            try:
                outcome = await self._command(index, command, outcome)
            except KubeError as error:
                outcome = outcome.failed(problem_of(error, namespace=setting.message.namespace))
            if outcome.question is not None:
                return waiting(outcome, commands[index:], setting, self.words)
            if outcome.problem is not None:
                rest = commands[index + 1 :]
                return outcome.remarking([phrase(setting.language, "rest-left")]) if rest else outcome
        return having_done(outcome, commands)

    async def carry_out(self, edits: Sequence[Edit], reply: str, conversation: Conversation) -> Outcome:
        """Edits as they stand: those of a question that was answered, or of a message that was begun."""
        results = await self._apply(with_kubectl(edits))
        return self._done(Outcome(conversation), results, reply)

    # ── one command ──────────────────────────────────────────────────────────────────────────────────
    async def _command(self, index: int, command: Command, before: Outcome) -> Outcome:
        begun = begun_step(before.conversation, index, self.setting)
        if begun is not None:
            return before.then(await self.carry_out(begun.edits, begun.reply, before.conversation))
        if isinstance(command, Undo):
            self.seen.clear()
            return before.then(await take_back(command.count, before.conversation, self.setting))
        return await self._plan_and_do(index, command, before)

    async def _plan_and_do(self, index: int, command: Command, before: Outcome) -> Outcome:
        world, planned = await self._look(index, command, before.conversation)
        for attempt in range(MOST_PLANS):
            outcome = _planned(before, planned, command)
            if planned.question is not None and planned.question.kind == "confirm":
                # What a yes does: the very edits that are asked about, of the same look at the world.
                agreed = _with_generations(await _plan(command, world, confirmed=True), world)
                return replace(outcome, agreed=agreed).saying(planned.reply)
            if not planned.edits or planned.question is not None or planned.problem is not None:
                return outcome.saying(planned.reply)
            if (question := self._caution(before.results, planned, world)) is not None:
                return replace(outcome, question=question, agreed=planned).saying(question.text)
            wanted = Step(planned.edits, planned.reply)
            step, conversation = await write_ahead(outcome.conversation, index, wanted, self.setting)
            outcome = replace(outcome, conversation=conversation)
            results = await self._apply(step.edits)
            if attempt == MOST_PLANS - 1 or not _all_met_a_change(results):
                return self._done(outcome, results, planned.reply)
            try:
                later, again = await self._look(index, command, conversation)
            except KubeError:
                return self._done(outcome, results, planned.reply)
            if _changed_under(planned, world, later) or _objects(again.edits) != _objects(planned.edits):
                return self._done(outcome, results, planned.reply)
            world, planned, before = later, again, replace(before, conversation=conversation)
        raise AssertionError("the last attempt returns")

    async def _look(self, index: int, command: Command, conversation: Conversation) -> tuple[World, Plan]:
        """What the command comes to now; where nothing is found, once more among more tasks."""
        command = opened(command, self.setting)
        known = (*conversation.touched, *conversation.shown)
        wanted = self._without_list(command, needs(command, tuple(dict.fromkeys(known))))
        world = await self._world(index, wanted, conversation)
        planned = await _plan(command, world, confirmed=self._unasked)
        if planned.problem is not None and planned.problem.reason == "NotFound" and wanted.wider is not None:
            world = await self._world(index, wanted.wider, conversation)
            planned = await _plan(command, world, confirmed=self._unasked)
        seen = self._untouched(conversation)
        if (changed := _unlike_seen(planned, world, seen) or _asked_unlike_seen(planned, seen)) is not None:
            text = phrase(self.setting.language, "changed-meanwhile", what=quoted(changed))
            return world, Plan(reply=text, problem=Problem("Conflict", text))
        return world, _with_generations(sealed(planned, self.setting), world)

    def _without_list(self, command: Command, wanted: Needs) -> Needs:
        """Where there are too many tasks to be listed, a title is looked for among those that its words may
        name, which are read by name. A filter means a list."""
        target = getattr(command, "target", None)
        all_of = isinstance(command, ListTasks | Summary | StopRule | ChangeRule | SkipOccurrence)
        series = getattr(command, "scope", None) is not None
        filters = target is not None and target.filter is not None
        if not self.setting.mirrored or wanted.tasks == "none" or all_of or series or filters:
            return wanted
        names: tuple[tuple[Plural, str], ...] = tuple(("todotasks", name) for name in self.setting.seen)
        return replace(wanted, tasks="none", objects=tuple(dict.fromkeys((*wanted.objects, *names))))

    def _untouched(self, conversation: Conversation) -> dict[str, TodoTask]:
        """What was seen, without what has been changed by ourselves since."""
        ours = {one.name for one in conversation.touched}
        return {name: task for name, task in self.setting.seen.items() if name not in ours}

    @property
    def _unasked(self) -> bool:
        return self.confirmed or self.setting.message.dry_run

    async def _world(self, index: int, wanted: Needs, conversation: Conversation) -> World:
        """What is wanted of the namespace: looked at once for all commands between which nothing was done."""
        setting = self.setting
        key = idempotency_key(setting.owner, setting.message.idempotency_key, index)
        if (seen := self.seen.get(wanted)) is not None:
            return replace(seen, shown=conversation.shown, touched=conversation.touched, key=key)
        self.seen.clear()  # of a message's lists one is held at a time
        self.seen[wanted] = await load_world(
            setting.client,
            wanted,
            namespace=setting.message.namespace,
            now=setting.now,
            zone=setting.zone,
            default_zone=setting.default_zone,
            zone_assumed=setting.message.time_zone is None and not setting.default_zone.known,
            shown=conversation.shown,
            touched=conversation.touched,
            key=key,
            me=setting.me,
            language=setting.language,
        )
        return self.seen[wanted]

    def _caution(self, earlier: Sequence[EditResult], planned: Plan, world: World) -> Question | None:
        """What something other than the grammar has read from words is done at once only where it is safe."""
        if self.words is None or self._unasked:
            return None
        language = self.setting.language
        reason = reason_to_ask(self.words, [*(each.edit for each in earlier), *planned.edits], language)
        if reason is None:
            return None
        names = {edit.name for edit in planned.edits}
        things: list[Thing] = [*world.tasks, *world.rules]
        about = [thing for thing in things if thing.metadata.name in names]
        text = phrase(language, "model-asks", reason=reason, reply=planned.reply)
        return Question("confirm", text, rows_of(about, world))

    async def _apply(self, edits: Sequence[Edit]) -> tuple[EditResult, ...]:
        setting = self.setting
        self.seen.clear()
        return await apply(setting.client, edits, dry_run=setting.message.dry_run, report=setting.report)

    def _done(self, outcome: Outcome, results: Sequence[EditResult], reply: str) -> Outcome:
        dry_run, conversation = self.setting.message.dry_run, outcome.conversation
        return (
            replace(
                outcome,
                results=(*outcome.results, *results),
                memorable=(*outcome.memorable, *results),
                problem=first_problem(results),
                conversation=conversation if dry_run else having_touched(conversation, results),
            )
            .saying(report(reply, results, dry_run=dry_run, language=self.setting.language))
            .remarking(declared_remarks(results, self.setting.language))
        )


def declared_remarks(results: Sequence[EditResult], language: str) -> list[str]:
    """What a file declares otherwise now, so that nobody wonders when it is put back."""
    remarks = []
    for result in results:
        found = declared(result)
        if found is None:
            continue
        key = "declared" if found.fields else "declared-deleted"
        what, fields = quoted(title_of_edit(result.edit)), ", ".join(found.fields)
        said = phrase(language, key, what=what, by=clean(found.by), fields=fields)
        if found.stays:
            said += " " + phrase(language, "declared-stays", fields=", ".join(found.stays))
        remarks.append(said)
    return remarks


# ── small parts ──────────────────────────────────────────────────────────────────────────────────────────
def _planned(before: Outcome, planned: Plan, command: Command) -> Outcome:
    outcome = replace(
        before, listing=planned.listing, question=planned.question, problem=planned.problem
    ).remarking(planned.remarks)
    if planned.listing is None:
        return outcome
    shown = shown_of(planned.listing.rows)[:MOST_SHOWN]
    listed = {one.uid for one in before.conversation.shown}
    if isinstance(command, ShowTask) and len(shown) == 1 and shown[0].uid in listed:
        # One of the last list was looked at: it is "it" now, and the numbers go on counting in the list.
        conversation = msgspec.structs.replace(outcome.conversation, touched=shown)
        return replace(outcome, conversation=conversation)
    conversation = msgspec.structs.replace(
        outcome.conversation,
        shown=shown,
        touched=(),
        listed=_listed(command),
    )
    return replace(outcome, conversation=conversation)


def _listed(command: Command) -> ListTasks | None:
    """The list that "and tomorrow?" asks for another one of."""
    if isinstance(command, Summary):
        return ListTasks(filter=Filter(due=command.due))
    return msgspec.structs.replace(command, cursor=None) if isinstance(command, ListTasks) else None


MOST_KEPT = 50  # names of what was done that are remembered, to do the same again


def having_done(outcome: Outcome, commands: Sequence[Command]) -> Outcome:
    """What "the same for …" will mean. What was only looked at changes nothing of it."""
    if not any(each.result in {"done", "unchanged"} for each in outcome.results):
        return outcome
    outcome = having_made(outcome)
    only_undo = all(isinstance(command, Undo) for command in commands)  # "and the one before"
    looks: tuple[type[Command], ...] = (ListTasks, ShowTask, Summary) if only_undo else (
        ListTasks, ShowTask, Summary, Undo
    )  # fmt: skip
    did = tuple(command for command in commands if not isinstance(command, looks))
    names = sum(len(getattr(getattr(command, "target", None), "names", ())) for command in did)
    before = outcome.conversation.again
    again = next((command for command in reversed(did) if isinstance(command, AGAIN)), before)
    conversation = msgspec.structs.replace(
        outcome.conversation,
        did=did if names <= MOST_KEPT else (),
        again=again if names <= MOST_KEPT else None,
    )
    return replace(outcome, conversation=conversation)


async def _plan(command: Command, world: World, *, confirmed: bool) -> Plan:
    """Planning is pure and takes its time: the words of thousands of titles may have to be compared."""
    if len(world.tasks) + len(world.rules) <= FEW:
        return plan(command, world, confirmed=confirmed)
    return await asyncio.to_thread(plan, command, world, confirmed=confirmed)


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


def _all_met_a_change(done: Sequence[EditResult]) -> bool:
    """Nothing was done, because each object was changed between the look and the request."""
    return bool(done) and all(each.problem is not None and each.problem.reason == "Conflict" for each in done)


def _unlike_seen(planned: Plan, world: World, seen: Mapping[str, TodoTask]) -> str | None:
    """The title of a task that is not any more what the message was compared with; None: all are."""
    there = {task.metadata.name: task for task in world.tasks}
    for edit in planned.edits:
        before, now = seen.get(edit.name), there.get(edit.name)
        if edit.resource != "todotasks" or edit.verb == "create" or before is None or now is None:
            continue
        fields = {"title", *((edit.patch or {}).get("spec") or {})}
        was, is_now = msgspec.to_builtins(before.spec), msgspec.to_builtins(now.spec)
        if before.metadata.uid != now.metadata.uid or any(was.get(f) != is_now.get(f) for f in fields):
            return before.spec.title
    return None


def _asked_unlike_seen(planned: Plan, seen: Mapping[str, TodoTask]) -> str | None:
    rows = planned.question.rows if planned.question is not None else ()
    for row in rows:
        before = seen.get(row.name)
        if before is not None and (before.metadata.uid, before.spec.title) != (row.uid, row.title):
            return before.spec.title
    return None


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
