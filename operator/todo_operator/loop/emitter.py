"""What time brought about, on its way into the record: emissions become events in the outbox, in batches.

Nobody changed an object when a task became overdue, so no watch will ever report it: if it is not written
down here, it never happened. So the event is safe in the outbox before the status says so; in between lies a
crash window in which the event is told but the status is not written, and then the next look asks for the
same emission again. The id is the same, and `once` makes the database take it only once, for ever.

Ten thousand tasks may be due in one second. Whatever comes in while one transaction commits goes into the
next one, so they take tens of transactions, and none of them waits for a write to the API server.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

import msgspec
import structlog
from prometheus_client import Counter

from todo_operator.loop import metrics
from todo_operator.loop.emitted_events import reminder_event, rule_event
from todo_operator.reconcile.plan import Emission, ReminderEmission, RuleEmission, TaskEmission
from todo_operator.record.fence import Fence
from todo_operator.record.traced import traced
from todotasks.api import TodoTask
from todotasks.events import HEADERS, CloudEvent, encode, encoded_state, task_overdue
from todotasks.events.types import TOPIC_REMINDERS, TOPIC_TASK_EVENTS
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError, NotFound, UndecodableAnswer
from todotasks.kube.resources import TODOTASKS
from todotasks.store import (
    TASK_KIND,
    DeadLetter,
    Fenced,
    MirrorRow,
    OutboxMessage,
    SchemaError,
    StoreError,
    StoreUnavailable,
    WriteTransaction,
)

BATCH = 1_000  # emissions in one transaction
GETS_AT_ONCE = 16
REMEMBERED = 20_000  # emissions told and, as far as we know, not yet seen in a status

OfTask = TaskEmission | ReminderEmission  # their events carry the whole task

log = structlog.get_logger(__name__)


class _Asked:
    """One who asked, and how many of the emissions he asked for are not told yet.

    One future for all of them: ten thousand futures cost more than ten thousand decisions.
    """

    __slots__ = ("done", "left")

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.left = 0

    def settle(self, error: Exception | None) -> None:
        self.left -= 1
        if self.done.done():
            return
        if error is not None:
            self.done.set_exception(error)
            self.done.exception()  # seen, also if the one who asked has given up
        elif self.left == 0:
            self.done.set_result(None)


class Emitter:
    """`await emit(...)` returns when the events are safe; `run` writes them."""

    def __init__(
        self,
        fence: Fence,
        kube: KubeClient,
        clock: Callable[[], datetime],
    ) -> None:
        self._fence = fence
        self._kube = kube
        self._clock = clock
        self._waiting: dict[Emission, _Asked] = {}
        self._some = asyncio.Event()
        self._told: OrderedDict[Emission, None] = OrderedDict()
        self._gets = asyncio.Semaphore(GETS_AT_ONCE)
        self._trouble: str | None = None
        metrics.EMISSIONS_WAITING.set_function(lambda: len(self._waiting))

    async def emit(self, emissions: Sequence[Emission]) -> None:
        """Raises `StoreError` or `KubeError` when it could not be told now: ask again later.

        Each emission is told once; whoever asks for it in the meantime waits for the same transaction, and
        for what else the first one asked for.
        """
        asked, before_us = _Asked(), set[_Asked]()
        for emission in emissions:
            if emission in self._told:
                continue
            waiting = self._waiting.get(emission)
            if waiting is None:
                self._waiting[emission] = asked
                asked.left += 1
            elif waiting is not asked:  # else it stands twice among these
                before_us.add(waiting)
        if asked.left:
            self._some.set()
            before_us.add(asked)
        for waiting in before_us:
            # Shielded: one who gives up must not take the future away from the others.
            await asyncio.shield(waiting.done)

    def is_emitted(self, emissions: Sequence[Emission]) -> bool:
        return all(emission in self._told for emission in emissions)

    async def run(self) -> None:
        """Until cancelled, or `Fenced`: then somebody else leads, and this process has to end."""
        while True:
            await self._some.wait()
            batch = list(self._waiting)[:BATCH]
            try:
                await self._write_in_parts(batch)
            except Fenced:
                self._settle(batch, StoreUnavailable("this process leads no more"))
                raise
            except StoreUnavailable as error:
                if self._trouble is None:
                    log.warning("outbox_unavailable", error=str(error), waiting=len(self._waiting))
                self._trouble = str(error)
                self._settle(batch, error)
            else:
                if self._trouble is not None:
                    log.info("outbox_available")
                self._trouble = None

    def _settle(self, emissions: Iterable[Emission], error: Exception | None = None) -> None:
        for emission in emissions:
            asked = self._waiting.pop(emission, None)
            if error is None:
                self._remember(emission)
            if asked is not None:
                asked.settle(error)
        if not self._waiting:
            self._some.clear()

    def _remember(self, emission: Emission) -> None:
        """Between the commit and the status patch a key may be looked at often; the database needn't be."""
        self._told[emission] = None
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)

    async def _write_in_parts(self, emissions: Sequence[Emission]) -> None:
        """What cannot be written for a reason of its own is found by halving, and set aside."""
        try:
            await self._write(emissions)
        except (Fenced, StoreUnavailable, SchemaError):
            raise
        except Exception as error:
            left = [emission for emission in emissions if emission in self._waiting]
            if len(left) > 1:
                middle = len(left) // 2
                await self._write_in_parts(left[:middle])
                await self._write_in_parts(left[middle:])
            elif left:
                await self._set_aside(left[0], error)

    async def _set_aside(self, emission: Emission, error: Exception) -> None:
        """Its status goes on as if it were told: else its object would be decided about for ever."""
        letter = self._dead_letter(emission, repr(error))
        try:
            async with self._fence.write() as tx:
                await tx.bury([letter])
        except (Fenced, StoreUnavailable):
            raise
        except StoreError as refused:
            log.warning("dead_letter_refused", object=str(emission.key), error=str(refused))
        self._settle([emission])

    @staticmethod
    def _dead_letter(emission: Emission, why: str) -> DeadLetter:
        metrics.SET_ASIDE.labels(emission.happening).inc()
        log.error("emission_set_aside", object=str(emission.key), happening=emission.happening, error=why)
        return DeadLetter(
            id=f"{emission.uid}:{emission.happening}:{emission.instant}",
            topic=TOPIC_REMINDERS if isinstance(emission, ReminderEmission) else TOPIC_TASK_EVENTS,
            key=str(emission.key),
            value=repr(emission).encode(),
            error=f"{emission.happening} of {emission.key}: {why}",
            headers={"object": str(emission.key), "cause": "unrecorded"},
        )

    async def _write(self, emissions: Sequence[Emission]) -> None:
        """The events of a task carry the whole of it: as the mirror has it, in the same transaction."""
        of_rules = [emission for emission in emissions if isinstance(emission, RuleEmission)]
        of_tasks = [emission for emission in emissions if not isinstance(emission, RuleEmission)]
        uids = list({task_uid(emission) for emission in of_tasks})
        async with self._fence.write(look=(TASK_KIND, uids)) as tx:
            tasks = {uid: _mirrored_task(uid, tx.looked.get(uid)) for uid in uids}
            found = {emission: tasks[task_uid(emission)] for emission in of_tasks}
            await self._enqueue(tx, found, of_rules)
        missing = [emission for emission, task in found.items() if task is None]
        self._settle([*of_rules, *(emission for emission, task in found.items() if task is not None)])
        if missing:
            # The mirror lags behind (it was wiped, or they are younger than a moment): mostly a few.
            await self._write_from_api(missing)

    async def _write_from_api(self, emissions: Sequence[OfTask]) -> None:
        answers = await asyncio.gather(*(self._live_task(emission) for emission in emissions))
        found = dict(zip(emissions, answers, strict=True))
        for emission, answer in found.items():
            if isinstance(answer, KubeError):
                self._settle([emission], answer)
        tasks = {e: answer for e, answer in found.items() if not isinstance(answer, KubeError)}
        async with self._fence.write() as tx:
            await self._enqueue(tx, tasks)
        self._settle(tasks)

    async def _live_task(self, emission: OfTask) -> TodoTask | KubeError | None:
        """None: there is no such task any more, so nothing happened to it."""
        key = emission.task if isinstance(emission, ReminderEmission) else emission.key
        try:
            async with self._gets:
                task = await self._kube.get(TODOTASKS, key.name, key.namespace, type=TodoTask)
        except NotFound:
            return None
        except UndecodableAnswer as error:
            # Written around the CRD's rules. Its status will say all the same that it is overdue.
            log.warning("emission_left_out", object=str(key), error=str(error))
            return None
        except KubeError as error:
            return error
        return task if task.metadata.uid == task_uid(emission) else None

    async def _enqueue(
        self,
        tx: WriteTransaction,
        tasks: Mapping[OfTask, TodoTask | None],
        of_rules: Sequence[RuleEmission] = (),
    ) -> None:
        # A crash before the commit: nothing has happened, the next look asks again.
        # A crash after it: the relay finds the rows in the outbox, and the next look asks in vain.
        now = self._clock()
        states: dict[str, msgspec.Raw] = {}  # a task has many reminders, and they may all be due now
        messages = [
            (emission, _message(_event(emission, task, now, states)))
            for emission, task in tasks.items()
            if task is not None
        ] + [(emission, _message(rule_event(emission, now))) for emission in of_rules]
        new = await tx.enqueue(traced(message for _, message in messages), once=True)
        refused = {each.id: each.error for each in tx.refused}
        if refused:
            # The store has found them among the others; the rest of the transaction goes on.
            letters = [
                self._dead_letter(emission, refused[message.id])
                for emission, message in messages
                if message.id in refused
            ]
            await tx.bury(letters)
        for emission, message in messages:
            if message.id in new:
                _emitted(emission.happening).inc()


def task_uid(emission: OfTask) -> str:
    return emission.task_uid if isinstance(emission, ReminderEmission) else emission.uid


def _event(emission: OfTask, task: TodoTask, now: datetime, states: dict[str, msgspec.Raw]) -> CloudEvent:
    if not isinstance(emission, ReminderEmission):
        return task_overdue(task, emission.instant, now=now)
    state = states.get(emission.task_uid)
    if state is None:
        state = states[emission.task_uid] = encoded_state(task)
    return reminder_event(emission, task.metadata, state, now)


def _mirrored_task(uid: str, row: MirrorRow | None) -> TodoTask | None:
    if row is None or row.doc is None:
        return None
    try:
        return msgspec.json.decode(row.doc, type=TodoTask)
    except msgspec.DecodeError as error:
        log.warning("mirror_row_unreadable", uid=uid, error=str(error))
        return None


@cache
def _emitted(happening: str) -> Counter:
    """The counter of these labels; looking labels up costs more than counting."""
    return metrics.EMITTED.labels(happening)


def _message(event: CloudEvent) -> OutboxMessage:
    return OutboxMessage(event.id, event.topic, event.partitionkey, encode(event), HEADERS)
