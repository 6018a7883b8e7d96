"""Plans become calls: the only place where the operator writes to the API server.

For one key, in this order, with what a crash at each gap does:

    events to the outbox      (crash: they are told; the status is not written, so the next look asks for
      │                        them again, under the same ids, and the database takes them only once)
    create, prune             (crash: the status knows nothing of it, so the next look asks for the same
      │                        again; the names are taken by our own objects then, which is success)
    status patch              (crash: it is written; the next look finds it and writes nothing)
      │
    delete                    (crash: the next look deletes; with both preconditions, so only what was meant)

Nothing here is remembered across a restart, because every plan is made anew from what is there.

A status is patched with the uid of the object it was decided for, so that another object of the same name is
not written. Writes share one limiter: ten thousand at once must not starve everybody else's requests. The
decision is made again after the wait for it, so what is written is never older than the cache.
"""

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import structlog

from todo_operator.index.protocol import Decision, Kind, TellsEmissions, TellsRefusals, WorkKey
from todo_operator.loop import metrics
from todo_operator.loop.alarms import Alarms
from todo_operator.loop.emitter import Emitter
from todo_operator.loop.informer import Informer
from todo_operator.loop.kube_events import KubeEvent, kube_events
from todo_operator.loop.queue import (
    HOPELESS_CAP,
    RETRY_CAP,
    Lane,
    ReconcileQueue,
)
from todo_operator.loop.turns import Turns
from todo_operator.reconcile.plan import Create, Delete, Emission, RuleEmission
from todotasks.api import GROUP_VERSION, ObjectKey
from todotasks.api.stamps import ANNOTATION_LAST_ACTOR, stamped
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import (
    AlreadyExists,
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    KubeError,
    NotFound,
    ServerError,
    TooManyRequests,
    Unreachable,
)
from todotasks.kube.resources import TODOTASKS, Resource
from todotasks.rate_limit import RateLimiter
from todotasks.store import StoreError

WORKERS = 64  # keys worked on at a time: how many requests may be on their way
OF_ONE_NAMESPACE = 48  # of them: a rule that makes a hundred tasks keeps its worker for all of them
FIELD_MANAGER = "todotasks-operator"
DECIDED_AT_ONCE = 100  # keys decided about before the loop may turn: 2 ms
ANNOUNCED_AT_MOST = 20_000  # keys whose writes wait until all that is due is told
MANY = 200  # keys due at once; beyond, their writes go behind the edits of people and behind all events
EVENTS_SENT_WITHIN = 2.0  # seconds after which the writes go on, whether Kafka has the events or not


class Unsettled(KubeError):
    """An object that was to be made or deleted is not what the decision took it for."""


class Refused(KubeError):
    """The API server does not want an object that was to be made: a policy, a quota, its schema."""


# What waiting heals; anything else is tried again much more seldom.
TRANSIENT = (Unreachable, ServerError, TooManyRequests, Conflict, StoreError, Unsettled)

log = structlog.get_logger(__name__)


class Executor:
    """`run()` works on the queue; `fire` is what the schedule calls."""

    def __init__(
        self,
        *,
        kinds: Mapping[str, Kind],
        queue: ReconcileQueue[WorkKey],
        informer: Informer,
        emitter: Emitter,
        kube: KubeClient,
        limiter: RateLimiter,
        clock: Callable[[], datetime],
        events_sent: Callable[[], Awaitable[None]] | None = None,
        tell: Callable[[KubeEvent], None] = lambda event: None,
        workers: int = WORKERS,
    ) -> None:
        """`events_sent` returns once Kafka has what was put into the outbox; without it nobody is asked.

        `tell` is told what people see under `Events`.
        """
        self._kinds = kinds
        self._queue = queue
        self._informer = informer
        self._emitter = emitter
        self._kube = kube
        self._limiter = limiter
        self._clock = clock
        self._events_sent = events_sent
        self._workers = workers
        self._turns = Turns()
        self._tell_people = tell
        self._own_name: str | None = None  # as the API server has stamped us
        self._fired: list[WorkKey] = []
        self._some_fired = asyncio.Event()
        self._telling = {name: kind for name, kind in kinds.items() if isinstance(kind, TellsEmissions)}
        self.alarms: Alarms[WorkKey] = Alarms(self._fire, clock, late=metrics.ALARM_LATE.observe)
        metrics.QUEUE_DEPTH.set_function(lambda: len(queue))
        metrics.QUEUE_OLDEST.set_function(lambda: queue.oldest_seconds)
        metrics.QUEUE_DELAYED.set_function(lambda: queue.delayed)
        metrics.SCHEDULED.set_function(lambda: len(self.alarms))
        for name, kind in kinds.items():
            metrics.KNOWN.labels(name).set_function(kind.__len__)

    async def run(self) -> None:
        """Until cancelled. Begins when everything there is is known.

        Before, a dependency might look missing and a count too small only because nobody has told yet;
        writing that down would be two writes too many, and a lie in between.
        """
        await self._informer.listed.wait()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.alarms.run(), name="alarms")
            tasks.create_task(self._announce(), name="announcer")
            for number in range(self._workers):
                tasks.create_task(self._work(), name=f"reconcile worker {number}")

    # --- the fast path of time --------------------------------------------------------------------------

    def _fire(self, key: WorkKey) -> None:
        self._fired.append(key)
        self._some_fired.set()

    async def _announce(self) -> None:
        """Tells what has come due before anybody waits for a write; the workers write the status after."""
        announced: list[WorkKey] = []
        while True:
            await self._some_fired.wait()
            self._some_fired.clear()
            keys, self._fired = self._fired, []
            if len(keys) + len(announced) > MANY:
                self._queue.hold(Lane.AFTER_EVENTS)
            async with asyncio.TaskGroup() as telling:
                for at in range(0, len(keys), DECIDED_AT_ONCE):
                    emissions = self._emissions(keys[at : at + DECIDED_AT_ONCE])
                    # The database takes one portion while the next one is decided about.
                    telling.create_task(self._tell(emissions))
                    await asyncio.sleep(0)
            announced += keys
            if self._fired and len(announced) < ANNOUNCED_AT_MOST:
                continue  # the writes would take the time that the rest of the telling needs
            lane = Lane.FRESH if len(announced) <= MANY else Lane.AFTER_EVENTS
            for key in announced:
                self._queue.add(key, lane)
            announced.clear()
            if lane is Lane.AFTER_EVENTS:
                await self._all_sent()
            if not self._fired:
                self._queue.let_go(Lane.AFTER_EVENTS)

    async def _all_sent(self) -> None:
        """The writes would take the time that the relay needs: first Kafka has the events, if it answers."""
        if self._events_sent is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVENTS_SENT_WITHIN):
                    await self._events_sent()

    async def _tell(self, emissions: list[Emission]) -> None:
        try:
            await self._emitter.emit(emissions)
        except (StoreError, KubeError) as error:
            # Not lost: each key's worker asks for its own again, until it succeeds.
            log.warning("announcing_failed", events=len(emissions), error=str(error))

    def _emissions(self, keys: list[WorkKey]) -> list[Emission]:
        emissions: list[Emission] = []
        now = self._clock()
        for key in keys:
            try:
                emissions += self._emissions_of(key, now)
            except Exception:
                log.exception("decision_failed", object=str(key))  # its worker will try again, and count it
        return emissions

    def _emissions_of(self, key: WorkKey, now: datetime) -> Sequence[Emission]:
        """The alarm is not set here: the worker decides about all of it, a moment later."""
        telling = self._telling.get(key.kind)
        if telling is not None:
            return telling.emissions(key.object, now)
        decision = self._kinds[key.kind].decide(key.object, now)
        return () if decision is None else decision.plan.emits

    # --- workers ----------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            # Where nothing is to be written nothing is waited for either: without this one worker would go
            # through all that a start finds, in one go, and the Lease would be lost meanwhile.
            await asyncio.sleep(0)
            key = await self._queue.get()
            started = time.perf_counter()
            try:
                result = await self._reconcile(key)
            except (KubeError, StoreError) as error:
                transient = isinstance(error, TRANSIENT)
                delay = self._queue.retry(key, RETRY_CAP if transient else HOPELESS_CAP)
                result = "retried" if transient else "failed"
                log.warning(
                    f"reconcile_{result}", object=str(key), error=str(error), again_in=round(delay, 2)
                )
            except Exception:
                # A bug, or an object that nobody has thought of. Its neighbours must not notice.
                delay = self._queue.retry(key, HOPELESS_CAP)
                result = "failed"
                log.exception("reconcile_failed", object=str(key), again_in=delay)
            else:
                self._queue.done(key)
            metrics.RECONCILED.labels(key.kind, result).inc()
            metrics.RECONCILE_SECONDS.labels(key.kind).observe(time.perf_counter() - started)

    async def _reconcile(self, key: WorkKey) -> str:
        await self._turns.take()
        decision = self._decide(key)
        if decision is None:
            return "gone"
        if decision.plan.emits:
            await self._emitter.emit(decision.plan.emits)
        if not decision.plan.writes:
            return "unchanged"
        await self._limiter.take()
        decision = self._decide(key)
        if decision is None:
            return "gone"
        if not self._emitter.is_emitted(decision.plan.emits):
            self._queue.add(key)  # it came due, or was edited, during the wait: the event goes first
            return "unchanged"
        known = self._kinds[key.kind].version(key.object)
        try:
            return await self._write(key, decision)
        except Refused as error:
            kind = self._kinds[key.kind]
            if not isinstance(kind, TellsRefusals):
                raise
            kind.refused(key.object, str(error), self._clock())
            self._queue.add(key)  # its status says so
            return "failed"
        except (NotFound, Conflict):
            # It is gone, or another one of its name has come, or it has changed under us: what is in the
            # cache is not what is there. Whatever is found there asks for its own reconcile.
            await self._informer.look(key)
            if self._kinds[key.kind].version(key.object) == known:
                raise  # nothing new is found, so it was a passing trouble: try again
            return "gone"

    def _decide(self, key: WorkKey) -> Decision | None:
        """Decides, and sets the alarm for when time alone will change the answer."""
        with self._turns.working():
            decision = self._kinds[key.kind].decide(key.object, self._clock())
        self.alarms.set(key, None if decision is None else decision.plan.requeue_at)
        return decision

    async def _write(self, key: WorkKey, decision: Decision) -> str:
        plan = decision.plan
        version: str | None = None
        # The first write was waited for before the decision was made; each further one waits for its own.
        for create in plan.creates:
            await self._create(create)
            await self._limiter.take()
        for prune in plan.prunes:
            await self._prune(prune)
            await self._limiter.take()
        if plan.status is not None:
            version = await self._patch_status(key, decision, plan.status)
        for event in kube_events(key, decision):
            self._tell_people(event)
        for delete in plan.deletes:
            # After a status patch of our own, that state is the one that was meant.
            await self._delete(delete, version or delete.resource_version)
        return "deleted" if plan.deletes else "written"

    async def _patch_status(self, key: WorkKey, decision: Decision, status: msgspec.Struct) -> str:
        answer = await self._kube.patch(
            self._kinds[key.kind].resource,
            key.object.name,
            {"metadata": {"uid": decision.uid}, "status": status_patch(decision.status, status)},
            key.object.namespace,
            subresource="status",
            field_manager=FIELD_MANAGER,
        )
        # Known at once, not only when a watch tells: else the next event would have it written again.
        affected = self._informer.on_answer(key.kind, answer)
        metadata = answer["metadata"]
        for other in affected:
            if other != key or metadata.get("generation") != decision.generation:
                self._queue.add(other)
        return str(metadata["resourceVersion"])

    async def _delete(self, delete: Delete, resource_version: str) -> None:
        answer = await self._kube.delete(
            delete.resource,
            delete.key.name,
            delete.key.namespace,
            uid=delete.uid,
            resource_version=resource_version,
        )
        if answer.get("kind") == "Status":  # gone; else somebody's finalizer holds it, and this is its state
            affected = self._informer.on_deleted(delete.resource.kind, delete.key, delete.uid)
        else:
            affected = self._informer.on_answer(delete.resource.kind, answer)
        self._add_all(affected)

    async def _prune(self, delete: Delete) -> None:
        """Deletes another object; where that is not the one we know, what is there decides anew."""
        try:
            await self._delete(delete, delete.resource_version)
        except (NotFound, Conflict) as error:
            await self._informer.look(WorkKey(delete.resource.kind, delete.key))
            if isinstance(error, Conflict):
                raise Unsettled(f"{delete.key} has changed under the deletion") from error

    async def _create(self, create: Create) -> None:
        made = await self._ensure(create.resource, create.key, create.body, create.owner)
        uid = made["metadata"]["uid"]
        owner = owner_reference(create.resource, create.key.name, uid)
        for part in create.parts:
            await self._limiter.take()
            body = part | {"metadata": part["metadata"] | {"ownerReferences": [owner]}}
            await self._ensure(
                create.resource, ObjectKey(create.key.namespace, part["metadata"]["name"]), body, uid
            )
        # A crash before this: the status is not written either, so the next look comes here again.
        await self._emitter.emit([of_task(emission, uid) for emission in create.emits])

    async def _ensure(
        self, resource: Resource, key: ObjectKey, body: dict[str, Any], owner: str
    ) -> Mapping[str, Any]:
        """The object as it is there now. A name in use means "done before" only if it is ours."""
        if self._own_name is not None:
            # Stamped rightly beforehand, it has nothing to be stamped: half a millisecond of the API server.
            body = stamped(body, self._own_name, is_task=resource is TODOTASKS)
        try:
            found = await self._kube.create(resource, body, key.namespace, field_manager=FIELD_MANAGER)
        except (BadRequest, Forbidden, Invalid) as error:
            raise Refused(f'"{key.name}": {error}') from error
        except AlreadyExists:
            try:
                found = await self._kube.get(resource, key.name, key.namespace)
            except NotFound as error:
                raise Unsettled(f"{key} has gone while it was looked at") from error
        else:
            self._own_name = (found["metadata"].get("annotations") or {}).get(ANNOTATION_LAST_ACTOR)
        self._add_all(self._informer.on_answer(resource.kind, found))
        if not is_controlled_by(found, owner):
            # It is known from now on, so the next decision will say that the name is taken.
            raise Unsettled(f"{key} is there, and it is not ours")
        return found

    def _add_all(self, keys: Iterable[WorkKey]) -> None:
        for key in keys:
            self._queue.add(key)


def of_task(emission: Emission, uid: str) -> Emission:
    """With what is known only when the task is there."""
    if isinstance(emission, RuleEmission) and emission.task:
        return dataclasses.replace(emission, task_uid=uid)
    return emission


def owner_reference(resource: Resource, name: str, uid: str) -> dict[str, Any]:
    return {
        "apiVersion": GROUP_VERSION,
        "kind": resource.kind,
        "name": name,
        "uid": uid,
        "controller": True,
        "blockOwnerDeletion": True,
    }


def is_controlled_by(body: Mapping[str, Any], uid: str) -> bool:
    owners = body["metadata"].get("ownerReferences") or ()
    return any(owner.get("controller") and owner.get("uid") == uid for owner in owners)


def status_patch(before: msgspec.Struct, after: msgspec.Struct) -> dict[str, Any]:
    """A JSON merge patch: what differs, with null for what is no longer there."""
    old, new = msgspec.to_builtins(before), msgspec.to_builtins(after)
    patch = {name: value for name, value in new.items() if old.get(name) != value}
    patch.update({name: None for name in old if name not in new})
    return patch
