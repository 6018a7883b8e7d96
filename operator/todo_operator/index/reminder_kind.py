"""Reminder for the loop.

A reminder's decision is made of its own spec, of its task and of the channels of its namespace, so it follows
both; each of them is compared with what it was, because ten thousand status writes concern nobody's times.
"""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from todo_operator.index.channel_kind import NO_CHANNELS, ChannelKind, Channels
from todo_operator.index.objects import AllDayTimes, KnownObjects, NamespaceZones
from todo_operator.index.protocol import NOBODY, Decision, TaskReminders
from todo_operator.index.tasks import TaskCache
from todo_operator.reconcile.plan import Create, Delete, Emission, Plan
from todo_operator.reconcile.reminder.checks import ObservedReminder
from todo_operator.reconcile.reminder.children import child_body, children, next_reminder_time
from todo_operator.reconcile.reminder.decide import emissions as emissions_of_reminder
from todo_operator.reconcile.reminder.decide import reconcile as reconcile_reminder
from todo_operator.reconcile.reminder.facts import ReminderFacts, read_reminder_facts, reminder_facts_of
from todo_operator.reconcile.task.facts import TaskFacts
from todotasks.api import ObjectKey, Reminder
from todotasks.kube.resources import NOTIFICATIONCHANNELS, REMINDERS, TODOTASKS


class ReminderKind:
    """Reminder."""

    resource = REMINDERS
    type = Reminder

    def __init__(self, tasks: TaskCache, channels: ChannelKind) -> None:
        self._tasks = tasks
        self._channels = channels
        self._known: KnownObjects[ReminderFacts] = KnownObjects()
        self._of_task = self._known.index(lambda reminder: reminder.task_key)
        self._of_namespace = self._known.index(lambda reminder: reminder.namespace)
        self._zones = NamespaceZones()
        self._all_day_times = AllDayTimes()
        self._gone: dict[ObjectKey, ObjectKey] = {}  # reminders that have just gone, and their tasks
        self._task_seen: dict[ObjectKey, tuple[object, ...] | None] = {}
        self._channels_seen: dict[str, Channels] = {}

    def __len__(self) -> int:
        return len(self._known)

    def facts(self, object: Reminder) -> ReminderFacts:
        return reminder_facts_of(object)

    def read(self, body: Mapping[str, Any]) -> ReminderFacts:
        return read_reminder_facts(body)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        return self._known.version(key)

    def decide(self, key: ObjectKey, now: datetime) -> Decision | None:
        reminder = self._known.get(key)
        if reminder is None:
            return None
        if key.namespace not in self._zones:
            # As for tasks: the zone of its namespace is on its way and brings the key back.
            return Decision(reminder.uid, reminder.generation, reminder.status, Plan())
        plan = reconcile_reminder(self.observe(reminder), now)
        return Decision(reminder.uid, reminder.generation, reminder.status, plan)

    def emissions(self, key: ObjectKey, now: datetime) -> Sequence[Emission]:
        reminder = self._known.get(key)
        if reminder is None or key.namespace not in self._zones:
            return ()
        return emissions_of_reminder(self.observe(reminder), now)

    def observe(self, reminder: ReminderFacts) -> ObservedReminder:
        channels = self._channels.of_namespace(reminder.namespace)
        return ObservedReminder(
            reminder,
            self._tasks.get(reminder.task_key),
            default_zone=self._zones[reminder.namespace],
            all_day_time=self._all_day_times[reminder.namespace],
            channels=channels.names,
            default_channels=channels.default,
        )

    # --- what tasks want to know ------------------------------------------------------------------------

    def for_task(self, task: TaskFacts, now: datetime) -> TaskReminders:
        """The Reminders that have to be made and deleted for it, and when the next one fires."""
        keys = self._of_task[task.key]
        if not keys and not task.reminders:
            return TaskReminders()
        known = (self._known.get(key) for key in sorted(keys))
        existing = tuple(reminder for reminder in known if reminder is not None)
        found = children(task, existing)
        zone = self._zones[task.namespace]
        all_day_time = self._all_day_times[task.namespace]
        return TaskReminders(
            next_time=next_reminder_time(task, existing, now, zone, all_day_time),
            creates=tuple(
                Create(
                    ObjectKey(task.namespace, name),
                    owner=task.uid,
                    body=child_body(task, name, found.wanted[name]),
                    resource=REMINDERS,
                )
                for name in found.missing
            ),
            prunes=tuple(
                Delete(reminder.key, reminder.uid, str(reminder.resource_version), REMINDERS)
                for reminder in found.surplus
            ),
        )

    def tasks_of(self, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Also of those that have just gone: each is asked about once."""
        found = set()
        for key in keys:
            reminder, gone = self._known.get(key), self._gone.pop(key, None)
            if reminder is not None:
                found.add(reminder.task_key)
            elif gone is not None:
                found.add(gone)
        return found

    # --- changes ----------------------------------------------------------------------------------------

    def put(self, facts: ReminderFacts) -> Set[ObjectKey]:
        if not self._known.put(facts):
            return NOBODY
        self._task_seen.setdefault(facts.task_key, self._view(facts.task_key))
        return {facts.key}

    def remove(self, key: ObjectKey, uid: str) -> Set[ObjectKey]:
        gone = self._known.remove(key, uid)
        if gone is None:
            return NOBODY
        self._gone[key] = gone.task_key
        if gone.task_key not in self._of_task:
            self._task_seen.pop(gone.task_key, None)
        return {key}

    def sweep(self, listed: Set[str], up_to: int) -> Set[ObjectKey]:
        gone = self._known.unlisted(listed, up_to)
        return {key for reminder in gone for key in self.remove(reminder.key, reminder.uid)}

    def set_zone(self, namespace: str, zone: str | None) -> Set[ObjectKey]:
        return set(self._of_namespace[namespace]) if self._zones.set(namespace, zone) else NOBODY

    def set_all_day_time(self, namespace: str, text: str | None) -> Set[ObjectKey]:
        """The annotation `todotasks.dev/all-day-reminder-time` of a namespace."""
        return set(self._of_namespace[namespace]) if self._all_day_times.set(namespace, text) else NOBODY

    def follow(self, kind: str, keys: Set[ObjectKey]) -> Set[ObjectKey]:
        """Tasks whose times have changed, and namespaces whose channels have."""
        affected: set[ObjectKey] = set()
        if kind == TODOTASKS.kind:
            for key in keys & self._of_task.values():
                view = self._view(key)
                if self._task_seen.get(key) != view:
                    self._task_seen[key] = view
                    affected |= self._of_task[key]
        elif kind == NOTIFICATIONCHANNELS.kind:
            for namespace in {key.namespace for key in keys}:
                channels = self._channels.of_namespace(namespace)
                if self._channels_seen.get(namespace, NO_CHANNELS) != channels:
                    self._channels_seen[namespace] = channels
                    affected |= self._of_namespace[namespace]
        return affected

    def _view(self, key: ObjectKey) -> tuple[object, ...] | None:
        """What a reminder's decision is made of, of its task."""
        task = self._tasks.get(key)
        return None if task is None else (task.uid, task.due, task.time_zone, task.completed)
