"""What the machinery (feed, executor) needs to know of a kind: one class for each.

A reconcile function is pure and knows nothing of caches; the machinery is the same for all kinds and knows
nothing of tasks. Here the two meet. A new kind is one class, and one entry in
`all_kinds.make_kinds`.
"""

import dataclasses
from collections import OrderedDict
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any, NamedTuple, Protocol, runtime_checkable

import msgspec
import structlog

from todo_operator.index.refusals import Refusals
from todo_operator.index.tasks import TOMBSTONES, TaskCache
from todo_operator.reconcile.plan import AnyEmission, Create, Delete, Plan
from todo_operator.reconcile.rule.checks import Observed as RuleObserved
from todo_operator.reconcile.rule.decide import reconcile as reconcile_rule
from todo_operator.reconcile.rule.facts import (
    Occurrence,
    RuleFacts,
    read_rule_facts,
    rule_facts_of,
)
from todo_operator.reconcile.task.decide import births as births_of_task
from todo_operator.reconcile.task.decide import reconcile as reconcile_task
from todo_operator.reconcile.task.facts import TaskFacts, facts_of, read_facts
from todotasks.api import ObjectKey, RecurrenceRule, TodoTask
from todotasks.api.due import DEFAULT_ZONE
from todotasks.kube.resources import RECURRENCERULES, REMINDERS, TODOTASKS, Resource
from todotasks.recurrence import FieldError, Rule, rule_from_spec

log = structlog.get_logger(__name__)

Schedule = Rule | tuple[FieldError, ...]


class ScheduleKey(NamedTuple):
    """Of what a rule's schedule was read."""

    uid: str
    generation: int
    zone: str


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
class TellsBirths(Protocol):
    """A kind that can say what an object's decision would emit for less than the whole decision costs."""

    def births(self, key: ObjectKey, now: datetime) -> Sequence[AnyEmission]: ...


@runtime_checkable
class TellsRefusals(Protocol):
    """A kind whose decisions say it when the API server refused an object that was to be made."""

    def refused(self, key: ObjectKey, message: str, now: datetime) -> None: ...


class TaskKind:
    """TodoTask. It follows the reminders: `status.nextReminderTime` is theirs."""

    resource = TODOTASKS
    type = TodoTask

    def __init__(self) -> None:
        self.cache = TaskCache()
        self.reminders: ReminderPlanner | None = None
        self._refusals = Refusals()

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
        if self._waits_for_zone(task):
            return Decision(task.uid, task.generation, task.status, Plan())
        if self.reminders is None:
            return Decision(task.uid, task.generation, task.status, reconcile_task(observed, now))
        reminders = self.reminders.for_task(task, now)
        creates = reminders.creates
        if not creates:
            self._refusals.forget(key)
        refusal = self._refusals.current(task, now)
        observed = dataclasses.replace(
            observed,
            next_reminder_time=reminders.next_time,
            reminder_refused=refusal.message if refusal else None,
        )
        plan = reconcile_task(observed, now)
        if task.deleting or plan.deletes:
            return Decision(task.uid, task.generation, task.status, plan)
        again_at = plan.requeue_at
        if refusal is not None:
            # Its own status must not wait for a quota that has no room for its reminders.
            creates, again_at = (), min(again_at or refusal.until, refusal.until)
        plan = dataclasses.replace(plan, creates=creates, prunes=reminders.prunes, requeue_at=again_at)
        return Decision(task.uid, task.generation, task.status, plan)

    def births(self, key: ObjectKey, now: datetime) -> Sequence[AnyEmission]:
        observed = self.cache.observe(key)
        if observed is None or self._waits_for_zone(observed.task):
            return ()
        return births_of_task(observed, now)

    def _waits_for_zone(self, task: TaskFacts) -> bool:
        """Applied together with its namespace, and here first. Read in UTC it might be overdue by mistake,
        which cannot be taken back; the zone is on its way and brings the key back."""
        return (
            task.due is not None and task.time_zone is None and not self.cache.knows_zone(task.key.namespace)
        )

    def refused(self, key: ObjectKey, message: str, now: datetime) -> None:
        """A reminder was. The task goes on without it for a while."""
        task = self.cache.get(key)
        if task is not None:
            again_at = self._refusals.note(task, message, now).until
            log.warning("reminder_refused", task=str(key), error=message, again_at=again_at.isoformat())

    def put(self, facts: TaskFacts) -> Set[ObjectKey]:
        return self.cache.put(facts)

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        self._refusals.forget(key)
        return self.cache.remove(key, uid)

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        return self.cache.sweep(listed, up_to)

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        return self.cache.set_zone(namespace, zone)

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Reminders: the tasks of which they remind. On which other tasks a task depends, the cache knows."""
        if kind != REMINDERS.kind or self.reminders is None:
            return frozenset()
        return {key for key in self.reminders.tasks_of(keys) if self.cache.version(key) is not None}


class RuleKind:
    """RecurrenceRule. It follows the tasks: `cache` knows which of them are occurrences."""

    resource = RECURRENCERULES
    type = RecurrenceRule

    def __init__(self, cache: TaskCache) -> None:
        self._cache = cache
        self._rules: dict[ObjectKey, RuleFacts] = {}
        self._keys: dict[str, ObjectKey] = {}  # by uid
        self._buried: OrderedDict[str, None] = OrderedDict()
        self._occurrences: dict[str, dict[ObjectKey, Occurrence]] = {}  # by the rule's uid
        self._rule_of: dict[ObjectKey, str] = {}
        self._blocked: dict[ObjectKey, ObjectKey] = {}  # a name that is taken: the rule that needs it
        self._zones: dict[str, str | None] = {}
        self._schedules: dict[ObjectKey, tuple[ScheduleKey, Schedule]] = {}
        self._refusals = Refusals()

    def __len__(self) -> int:
        return len(self._rules)

    def facts(self, object: RecurrenceRule) -> RuleFacts:
        return rule_facts_of(object)

    def read(self, body: Mapping[str, Any]) -> RuleFacts:
        return read_rule_facts(body)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        rule = self._rules.get(key)
        return None if rule is None else (rule.uid, rule.resource_version)

    def decide(self, key: ObjectKey, now: datetime) -> Decision | None:
        rule = self._rules.get(key)
        if rule is None:
            return None
        if rule.spec.time_zone is None and key.namespace not in self._zones:
            # As for tasks: the zone of its namespace is on its way and brings the key back.
            return Decision(rule.uid, rule.generation, rule.status, Plan())
        occurrences = tuple(self._occurrences.get(rule.uid, {}).values())
        refusal = self._refusals.current(rule, now)
        observed = RuleObserved(
            rule, self._schedule(rule), occurrences, refused=refusal.message if refusal else None
        )
        plan = reconcile_rule(observed, now)
        if refusal is not None:
            plan = dataclasses.replace(plan, requeue_at=refusal.until)
        elif not plan.creates:
            self._refusals.forget(key)
        taken = self._taken(rule, plan)
        if taken:
            self._blocked.update({ObjectKey(key.namespace, name): key for name in taken})
            plan = reconcile_rule(dataclasses.replace(observed, taken=taken), now)
        return Decision(rule.uid, rule.generation, rule.status, plan)

    def _schedule(self, rule: RuleFacts) -> Schedule:
        """Parsed once for each generation and zone: it costs more than the decision."""
        zone = self._zones.get(rule.namespace) or DEFAULT_ZONE
        wanted = ScheduleKey(rule.uid, rule.generation, zone)
        known = self._schedules.get(rule.key)
        if known is None or known[0] != wanted:
            read = rule_from_spec(rule.spec, zone, rule.created)
            known = wanted, tuple(read) if isinstance(read, list) else read
            self._schedules[rule.key] = known
        return known[1]

    def _taken(self, rule: RuleFacts, plan: Plan[Any]) -> frozenset[str]:
        """Names that the plan needs, and under which somebody else's task is."""
        found = set()
        for create in plan.creates:
            if self._cache.version(create.key) is not None:
                occurrence = self._cache.occurrence(create.key)
                if occurrence is None or occurrence.rule != rule.uid:
                    found.add(create.key.name)
            for part in create.parts:
                task = self._cache.get(create.key._replace(name=part["metadata"]["name"]))
                if task is not None and task.parent != create.key.name:
                    found.add(task.name)
        return frozenset(found)

    def put(self, facts: RuleFacts) -> Set[ObjectKey]:
        before = self._rules.get(facts.key)
        if facts.uid in self._buried:
            return frozenset()
        if before is not None and before.resource_version >= facts.resource_version:
            return frozenset()
        if before is not None and before.uid != facts.uid:
            self._keys.pop(before.uid, None)
        self._rules[facts.key] = facts
        self._keys[facts.uid] = facts.key
        return {facts.key}

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        self._buried[uid] = None
        if len(self._buried) > TOMBSTONES:
            self._buried.popitem(last=False)
        rule = self._rules.get(key)
        if rule is None or rule.uid != uid:
            return frozenset()
        del self._rules[key], self._keys[uid]
        self._schedules.pop(key, None)
        self._refusals.forget(key)
        return {key}

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        gone = [r for r in self._rules.values() if r.uid not in listed and r.resource_version <= up_to]
        return {key for rule in gone for key in self.remove(rule.key, rule.uid)}

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        if namespace in self._zones and self._zones[namespace] == zone:
            return frozenset()
        self._zones[namespace] = zone
        return {
            key
            for key, rule in self._rules.items()
            if key.namespace == namespace and rule.spec.time_zone is None
        }

    def refused(self, key: ObjectKey, message: str, now: datetime) -> None:
        """A task was."""
        rule = self._rules.get(key)
        if rule is not None:
            again_at = self._refusals.note(rule, message, now).until
            log.warning("occurrence_refused", rule=str(key), error=message, again_at=again_at.isoformat())

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Tasks: those that are occurrences, and those that took the name of one."""
        if kind != TODOTASKS.kind:
            return frozenset()
        affected: set[ObjectKey] = set()
        for key in keys:
            uid, now = self._rule_of.get(key), self._cache.occurrence(key)
            if uid is not None or now is not None:
                affected |= self._note(key, uid, now)
            if key in self._blocked and self._cache.version(key) is None:
                affected.add(self._blocked.pop(key))
        return {key for key in affected if key in self._rules}

    def _note(self, key: ObjectKey, uid: str | None, now: Occurrence | None) -> set[ObjectKey]:
        """What the task is now; returns the rules to which it makes a difference."""
        before = self._occurrences[uid].pop(key) if uid is not None else None
        if uid is not None and not self._occurrences[uid]:
            del self._occurrences[uid]
        if now is None:
            self._rule_of.pop(key, None)
        else:
            self._rule_of[key] = now.rule
            self._occurrences.setdefault(now.rule, {})[key] = now
            if now.same_to_its_rule(before):
                return set()
        uids = {uid, None if now is None else now.rule}
        return {self._keys[each] for each in uids if each is not None and each in self._keys}
