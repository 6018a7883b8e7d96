"""What the operator knows of all tasks, slim: at most 1 kB a task, so 100,000 tasks fit in 100 MB.

Fed from several streams at once (the recorder's watch, kopf's watch, the first list, the answers to our own
writes), in any order and more than once: the newest resourceVersion wins, and a uid that was deleted never
comes back. `put` and `remove` answer the one question a level-triggered operator has: whose decision may be
another one now? `observe` gathers the whole input of a decision; what is not there is None, not an exception.

Everything here is synchronous: between two awaits the cache is consistent.
"""

from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from typing import NamedTuple

import msgspec

from todo_operator.index.graph import Graphs
from todo_operator.index.objects import KnownObjects, NamespaceZones
from todo_operator.index.protocol import NOBODY
from todo_operator.reconcile.rule.facts import Occurrence, occurrence_of
from todo_operator.reconcile.task.checks import Dependency, ObservedTask
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import Condition, ObjectKey, SubtaskTotals, TaskReminder, TodoTaskStatus
from todotasks.api.conditions import ConditionStatus

GRAPH_BUDGET = (
    4_000  # edges walked over for one question: 2 ms; larger cycles are found out in the background
)
NAMED_TO_ALL = 64  # members of a cycle that are all told when one of its edges changes


class _PackedCondition(msgspec.Struct, array_like=True):
    type: str
    status: ConditionStatus
    reason: str
    message: str
    observed_generation: int
    last_transition_time: datetime | None


class _Packed(msgspec.Struct, array_like=True):
    """TaskFacts without what the entry has: arrays instead of named fields, a third of the size."""

    generation: int
    deleting: bool
    title: str
    due: str | None
    time_zone: str | None
    completed: bool
    parent: str | None
    depends_on: tuple[str, ...]
    reminders: tuple[tuple[str | None, str | None, tuple[str, ...] | None, str | None, int | None], ...]
    ttl_seconds_after_completed: int | None
    unreadable: str | None
    status: tuple[int, datetime | None, datetime | None, datetime | None, tuple[int, int] | None]
    conditions: tuple[_PackedCondition, ...] | None
    asked: str | None


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Packed).decode


class _Entry(NamedTuple):
    key: ObjectKey
    uid: str
    resource_version: int
    completed: bool
    packed: bytes


class TaskCache:
    """All tasks, with who is whose subtask and who waits for whom."""

    def __init__(self) -> None:
        self._known: KnownObjects[_Entry] = KnownObjects()
        self._of_namespace = self._known.index(lambda entry: entry.key.namespace)
        self._namespaces: dict[str, str] = {}  # one string object for each namespace, not one for each task
        # Of open tasks only: a completed one waits for nobody.
        self._dependencies: Graphs[str, ObjectKey] = Graphs(_namespace, GRAPH_BUDGET)
        self._parents: Graphs[str, ObjectKey] = Graphs(_namespace, GRAPH_BUDGET)
        self._completed_children: dict[ObjectKey, int] = {}
        self.zones = NamespaceZones()
        self._occurrences: dict[ObjectKey, Occurrence] = {}  # only of tasks that a rule has made

    def __len__(self) -> int:
        return len(self._known)

    def __iter__(self) -> Iterator[ObjectKey]:
        return (entry.key for entry in self._known)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        """uid and resourceVersion of what is known, without the cost of decoding it."""
        return self._known.version(key)

    def get(self, key: ObjectKey) -> TaskFacts | None:
        entry = self._known.get(key)
        return None if entry is None else _unpack(key, entry)

    def occurrence(self, key: ObjectKey) -> Occurrence | None:
        """The task as its rule sees it; None when it is no rule's."""
        return self._occurrences.get(key)

    def is_buried(self, uid: str) -> bool:
        return self._known.is_buried(uid)

    # --- changes: each returns the keys whose decision may be another one now, gone ones included ------

    def put(self, facts: TaskFacts) -> Set[ObjectKey]:
        """Nobody when it is no news."""
        key = ObjectKey(self._namespaces.setdefault(facts.namespace, facts.namespace), facts.name)
        if not self._known.is_news(key, facts.uid, facts.resource_version):
            return NOBODY
        before = self._known.get(key)
        entry = _Entry(key, facts.uid, facts.resource_version, facts.completed, _encode(_pack(facts)))
        if facts.rule is not None:
            self._occurrences[key] = occurrence_of(facts, facts.rule)
        else:
            self._occurrences.pop(key, None)
        waits_for = () if facts.completed else _keys(key, facts.depends_on)
        parent = _keys(key, (facts.parent,)) if facts.parent is not None else ()
        self._known.put(entry)
        return {key} | self._change(key, before, entry, waits_for, parent)

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        """The object of this uid is gone; another one of the same name stays."""
        before = self._known.remove(key, uid)
        if before is None:
            return NOBODY
        self._occurrences.pop(key, None)
        return {key} | self._change(key, before, None, (), ())

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        """After a complete list at resourceVersion `up_to`: who is known but was not `listed` is gone."""
        affected: set[ObjectKey] = set()
        for entry in self._known.unlisted(listed, up_to):
            affected |= self.remove(entry.key, entry.uid)
        return affected

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        """The default zone of a namespace, None when it has none (which is to know something, too)."""
        return set(self._of_namespace[namespace]) if self.zones.set(namespace, zone) else NOBODY

    def _change(
        self,
        key: ObjectKey,
        before: _Entry | None,
        after: _Entry | None,
        waits_for: tuple[ObjectKey, ...],
        parent: tuple[ObjectKey, ...],
    ) -> set[ObjectKey]:
        affected: set[ObjectKey] = set()
        old_waits_for, old_parent = (
            self._dependencies.of(key).targets(key),
            self._parents.of(key).targets(key),
        )
        was_completed = before.completed if before is not None else None
        is_completed = after.completed if after is not None else None

        if parent != old_parent or is_completed != was_completed:
            self._count_child(old_parent, -1 if was_completed else 0)
            self._count_child(parent, 1 if is_completed else 0)
            affected.update(old_parent, parent)  # their totals
        affected |= self._move(self._parents, key, parent)

        # Whoever is waited for may expire when nobody needs it any more, or must no longer.
        affected.update(set(old_waits_for) ^ set(waits_for))
        affected |= self._move(self._dependencies, key, waits_for)

        if is_completed != was_completed:
            affected |= self._dependencies.of(key).sources(key)  # they wait for this one
        if (after is None) != (before is None):
            affected |= self._parents.of(key).sources(key)  # they say so when their parent does not exist

        return {found for found in affected if found in self._known}

    @staticmethod
    def _move(
        graphs: Graphs[str, ObjectKey], key: ObjectKey, targets: tuple[ObjectKey, ...]
    ) -> set[ObjectKey]:
        """Sets the edges; returns those on a way round through `key`, before or after."""
        if graphs.of(key).targets(key) == targets:
            return set()
        before = graphs.of(key).region(key)
        graphs.set_targets(key, targets)
        after = graphs.of(key).region(key)
        # Of a few, also those whose way round is another one now: their message names it.
        return set(before | after if len(before | after) <= NAMED_TO_ALL else before ^ after)

    def _count_child(self, parents: Iterable[ObjectKey], difference: int) -> None:
        for parent in parents:
            number = self._completed_children.get(parent, 0) + difference
            if number:
                self._completed_children[parent] = number
            else:
                self._completed_children.pop(parent, None)

    @property
    def is_settled(self) -> bool:
        """Whether it is known of everybody whether he is on a cycle."""
        return self._dependencies.is_settled and self._parents.is_settled

    def settle(self) -> Iterator[Set[ObjectKey]]:
        """Finds out about large cycles, a small step with each `next`; yields whom it concerns."""
        for graph in (self._dependencies, self._parents):
            if not graph.is_settled:
                for affected in graph.settle():
                    yield {key for key in affected if key in self._known}

    # --- the input of a decision ------------------------------------------------------------------------

    def observe(self, key: ObjectKey) -> ObservedTask | None:
        """Everything `reconcile` needs to know; None when there is no such task."""
        facts = self.get(key)
        if facts is None:
            return None
        return ObservedTask(
            task=facts,
            subtasks=SubtaskTotals(
                total=len(self._parents.of(key).sources(key)), completed=self._completed_children.get(key, 0)
            ),
            dependencies=tuple(
                Dependency(name, self._is_completed(ObjectKey(key.namespace, name)))
                for name in (() if facts.completed else facts.depends_on)  # it waits for nobody any more
            ),
            dependency_cycle=_names(self._dependencies.of(key).cycle(key)),
            parent_exists=facts.parent is None or ObjectKey(key.namespace, facts.parent) in self._known,
            parent_cycle=_names(self._parents.of(key).cycle(key)),
            is_needed=bool(self._dependencies.of(key).sources(key)),
            default_zone=self.zones[key.namespace],
        )

    def _is_completed(self, key: ObjectKey) -> bool | None:
        entry = self._known.get(key)
        return None if entry is None else entry.completed


def _namespace(key: ObjectKey) -> str:
    return key.namespace


def _keys(key: ObjectKey, names: Iterable[str]) -> tuple[ObjectKey, ...]:
    return tuple(ObjectKey(key.namespace, name) for name in names)


def _names(keys: Iterable[ObjectKey]) -> tuple[str, ...]:
    return tuple(key.name for key in keys)


def _pack(facts: TaskFacts) -> _Packed:
    status = facts.status
    totals = status.subtasks
    return _Packed(
        generation=facts.generation,
        deleting=facts.deleting,
        title=facts.title,
        due=facts.due,
        time_zone=facts.time_zone,
        completed=facts.completed,
        parent=facts.parent,
        depends_on=facts.depends_on,
        reminders=tuple((r.before, r.at, r.channels, r.repeat_every, r.max_repeats) for r in facts.reminders),
        ttl_seconds_after_completed=facts.ttl_seconds_after_completed,
        unreadable=facts.unreadable,
        status=(
            status.observed_generation,
            status.due_time,
            status.completion_time,
            status.next_reminder_time,
            None if totals is None else (totals.total, totals.completed),
        ),
        conditions=None
        if status.conditions is None
        else tuple(
            _PackedCondition(
                c.type, c.status, c.reason, c.message, c.observed_generation, c.last_transition_time
            )
            for c in status.conditions
        ),
        asked=facts.asked,
    )


def _unpack(key: ObjectKey, entry: _Entry) -> TaskFacts:
    packed = _decode(entry.packed)
    observed_generation, due_time, completion_time, next_reminder_time, totals = packed.status
    return TaskFacts(
        namespace=key.namespace,
        name=key.name,
        uid=entry.uid,
        resource_version=entry.resource_version,
        generation=packed.generation,
        deleting=packed.deleting,
        title=packed.title,
        due=packed.due,
        time_zone=packed.time_zone,
        completed=packed.completed,
        parent=packed.parent,
        depends_on=packed.depends_on,
        reminders=tuple(TaskReminder(*reminder) for reminder in packed.reminders),
        ttl_seconds_after_completed=packed.ttl_seconds_after_completed,
        unreadable=packed.unreadable,
        status=TodoTaskStatus(
            observed_generation=observed_generation,
            due_time=due_time,
            completion_time=completion_time,
            next_reminder_time=next_reminder_time,
            subtasks=None if totals is None else SubtaskTotals(*totals),
            conditions=None
            if packed.conditions is None
            else tuple(
                Condition(
                    c.type, c.status, c.reason, c.message, c.observed_generation, c.last_transition_time
                )
                for c in packed.conditions
            ),
        ),
        asked=packed.asked,
    )
