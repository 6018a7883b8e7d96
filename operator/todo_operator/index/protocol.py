"""What the loop (informer, executor) needs to know of a kind: the words that kinds and machinery share.

A reconcile function is pure and knows nothing of what else is there; the machinery is the same for all kinds
and knows nothing of tasks. They meet in `Kind`: a new kind is one class, and one entry in
`registry.make_kinds`.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

import msgspec

from todo_operator.reconcile.facts import ObjectFacts
from todo_operator.reconcile.plan import Create, Delete, Emission, Plan
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import ObjectKey
from todotasks.kube.resources import Resource

NOBODY: frozenset[ObjectKey] = frozenset()


class WorkKey(NamedTuple):
    """One object of one kind: what stands in the queue and among the alarms."""

    kind: str
    object: ObjectKey

    def __str__(self) -> str:
        return f"{self.kind} {self.object}"


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
    def facts(self, object: Any) -> ObjectFacts: ...
    def read(self, body: Mapping[str, Any]) -> ObjectFacts: ...
    def version(self, key: ObjectKey) -> tuple[str, int] | None: ...
    def decide(self, key: ObjectKey, now: datetime) -> Decision | None: ...
    def put(self, facts: Any) -> Set[ObjectKey]: ...
    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]: ...
    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]: ...
    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]: ...

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Objects of another kind have come, changed or gone: whose decision here may be another one now?"""
        ...


class TaskReminders(NamedTuple):
    """What a task's decision says about its Reminders."""

    next_time: datetime | None = None
    creates: tuple[Create, ...] = ()
    prunes: tuple[Delete, ...] = ()


class ReminderPlanner(Protocol):
    """The reminders, as the tasks see them."""

    def for_task(self, task: TaskFacts, now: datetime) -> TaskReminders: ...
    def tasks_of(self, keys: Set[ObjectKey]) -> Set[ObjectKey]: ...


@runtime_checkable
class TellsEmissions(Protocol):
    """A kind that can say what an object's decision would emit for less than the whole decision costs."""

    def emissions(self, key: ObjectKey, now: datetime) -> Sequence[Emission]: ...


@runtime_checkable
class PutsOff(Protocol):
    """A kind that has to work something out which takes longer than one change may: it is done in steps."""

    @property
    def is_settled(self) -> bool: ...
    def settle(self) -> Iterator[Set[ObjectKey]]: ...


@runtime_checkable
class TellsRefusals(Protocol):
    """A kind whose decisions say it when the API server refused an object that was to be made."""

    def refused(self, key: ObjectKey, message: str, now: datetime) -> None: ...
