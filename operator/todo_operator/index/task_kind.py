"""TodoTask for the loop. It follows the reminders: `status.nextReminderTime` is theirs."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

import structlog

from todo_operator.index.protocol import NOBODY, Decision, ReminderPlanner
from todo_operator.index.refusals import Refusals
from todo_operator.index.tasks import TaskCache
from todo_operator.reconcile.plan import Emission, Plan
from todo_operator.reconcile.task.decide import emissions as emissions_of_task
from todo_operator.reconcile.task.decide import reconcile as reconcile_task
from todo_operator.reconcile.task.facts import TaskFacts, facts_of, read_facts
from todotasks.api import ObjectKey, TodoTask
from todotasks.kube.resources import REMINDERS, TODOTASKS

log = structlog.get_logger(__name__)


class TaskKind:
    """TodoTask."""

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

    def emissions(self, key: ObjectKey, now: datetime) -> Sequence[Emission]:
        observed = self.cache.observe(key)
        if observed is None or self._waits_for_zone(observed.task):
            return ()
        return emissions_of_task(observed, now)

    @property
    def is_settled(self) -> bool:
        return self.cache.is_settled

    def settle(self) -> Iterator[Set[ObjectKey]]:
        return self.cache.settle()

    def _waits_for_zone(self, task: TaskFacts) -> bool:
        """Applied together with its namespace, and here first. Read in UTC it might be overdue by mistake,
        which cannot be taken back; the zone is on its way and brings the key back."""
        return task.due is not None and task.time_zone is None and task.namespace not in self.cache.zones

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
            return NOBODY
        return {key for key in self.reminders.tasks_of(keys) if self.cache.version(key) is not None}
