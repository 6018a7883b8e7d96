"""What the machinery (feed, executor) needs to know of a kind: one class for each, in the registry `KINDS`.

A reconcile function is pure and knows nothing of caches; the machinery is the same for all kinds and knows
nothing of tasks. Here the two meet. A new kind is one class and one entry.
"""

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from todo_operator.cache import TaskCache
from todo_operator.reconcile.facts import TaskFacts, facts_of, read_facts
from todo_operator.reconcile.plan import Plan
from todo_operator.reconcile.task import reconcile as reconcile_task
from todotasks.api import ObjectKey, TodoTask
from todotasks.kube.resources import TODOTASKS, Resource


class WorkKey(NamedTuple):
    """One object of one kind: what stands in the queue and in the schedule."""

    kind: str
    object: ObjectKey

    def __str__(self) -> str:
        return f"{self.kind} {self.object}"


class Facts(Protocol):
    """The part of an object that its kind's decisions are made of."""

    @property
    def key(self) -> ObjectKey: ...
    @property
    def uid(self) -> str: ...
    @property
    def resource_version(self) -> int: ...


class Decision(NamedTuple):
    """A plan, with the very object and status it was made for."""

    uid: str
    generation: int
    status: msgspec.Struct
    plan: Plan[Any]


class Kind(Protocol):
    """The known objects of one kind, and how they are decided about.

    `put`, `remove`, `sweep` and `set_zone` return the keys whose decision may be another one now.
    """

    resource: Resource
    type: type[Any]

    def __len__(self) -> int: ...
    def facts(self, object: Any) -> Facts: ...
    def read(self, body: Mapping[str, Any]) -> Facts: ...
    def version(self, key: ObjectKey) -> tuple[str, int] | None: ...
    def decide(self, key: ObjectKey, now: datetime) -> Decision | None: ...
    def put(self, facts: Any) -> Set[ObjectKey]: ...
    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]: ...
    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]: ...
    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]: ...

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Objects of another kind have come, changed or gone: whose decision here may be another one now?"""
        ...


class TaskKind:
    """TodoTask."""

    resource = TODOTASKS
    type = TodoTask

    def __init__(self) -> None:
        self.cache = TaskCache()

    def __len__(self) -> int:
        return len(self.cache)

    def facts(self, object: TodoTask) -> TaskFacts:
        return facts_of(object)

    def read(self, body: Mapping[str, Any]) -> TaskFacts:
        return read_facts(body)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        return self.cache.version(key)

    def decide(self, key: ObjectKey, now: datetime) -> Decision | None:
        """None when there is no such task."""
        observed = self.cache.observe(key)
        if observed is None:
            return None
        task = observed.task
        if task.due is not None and task.time_zone is None and not self.cache.knows_zone(key.namespace):
            # Applied together with its namespace, and here first. Read in UTC it might be overdue by
            # mistake, which cannot be taken back; the zone is on its way and brings the key back.
            return Decision(task.uid, task.generation, task.status, Plan())
        return Decision(task.uid, task.generation, task.status, reconcile_task(observed, now))

    def put(self, facts: TaskFacts) -> Set[ObjectKey]:
        return self.cache.put(facts)

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        return self.cache.remove(key, uid)

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        return self.cache.sweep(listed, up_to)

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        return self.cache.set_zone(namespace, zone)

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Nobody: a task depends on tasks only, and the cache knows whose."""
        return frozenset()


# By the name in the API. What is not in here is watched and recorded, but not reconciled.
KINDS: Mapping[str, type[Kind]] = {TODOTASKS.kind: TaskKind}
