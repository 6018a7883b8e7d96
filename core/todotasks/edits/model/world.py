"""What a command is decided from: `World`, a frozen look at one namespace, and `Needs`, which part of it.

Whoever has I/O asks `needs(command)`, lists that much as the caller, and hands it to `plan(command, world)`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cached_property
from typing import Literal

from todotasks.api import NotificationChannel, RecurrenceRule, Reminder, TodoTask
from todotasks.api.all_day import ALL_DAY_TIME
from todotasks.api.due import DEFAULT_ZONE
from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.edit import Plural

TaskScope = Literal["none", "open", "completed", "all"]
Thing = TodoTask | RecurrenceRule  # what a target can be


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be listed. `open` and `completed` are the field selectors spec.completed=false and true.

    `objects` are enough by themselves to find what was shown before: they are read by name, whatever the
    rest says, and one that is not there is left out.
    """

    tasks: TaskScope = "none"
    rules: bool = False
    reminders: bool = False
    channels: bool = False
    dependencies: bool = False  # of `objects`: what they depend on, by name
    objects: tuple[tuple[Plural, str], ...] = ()

    def __or__(self, other: "Needs") -> "Needs":
        scopes = {self.tasks, other.tasks} - {"none"}
        tasks: TaskScope = "all" if len(scopes) > 1 else next(iter(scopes), "none")
        return Needs(
            tasks,
            self.rules or other.rules,
            self.reminders or other.reminders,
            self.channels or other.channels,
            self.dependencies or other.dependencies,
            tuple(dict.fromkeys((*self.objects, *other.objects))),
        )

    @property
    def wider(self) -> "Needs | None":
        """Where to look once more when the plan's problem is NotFound; None: everything was looked at."""
        return None if self.tasks in {"none", "all"} else replace(self, tasks="all")


@dataclass(frozen=True)
class World:
    """One namespace as the caller may see it, at `now` (aware).

    `zone` is the person's, in which what they say is meant; `default_zone` the namespace's (its
    annotation `todotasks.dev/time-zone`): not `zone_known` where the caller may not look at the
    namespace. `zone_assumed`: nobody has said `zone`, it was taken for want of a better one. `all_day_time`:
    when of a day what comes on that day comes (the namespace's annotation, as for reminders). `shown` is
    the last list, in which numbers count; `touched` what was changed or made since, which is what "it"
    means. `whole`: all tasks were listed, so that what is only alike may be taken for want of a better
    one. `key` is the idempotency key of the command (`names.idempotency_key`), empty when the caller gave
    none. `taken` are names of which nothing else is known. `me` is what "me" stands for.
    """

    namespace: str
    now: datetime
    zone: str = DEFAULT_ZONE
    default_zone: str | None = None
    zone_known: bool = True
    zone_assumed: bool = False
    all_day_time: time = ALL_DAY_TIME
    tasks: tuple[TodoTask, ...] = ()
    rules: tuple[RecurrenceRule, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    channels: tuple[NotificationChannel, ...] | None = None  # None: nobody has looked, or may not
    shown: tuple[Shown, ...] = ()
    touched: tuple[Shown, ...] = ()
    whole: bool = True
    key: str = ""
    taken: frozenset[str] = frozenset()
    me: str = ""
    language: str = "en"

    @property
    def namespace_zone(self) -> str:
        """The zone of tasks that name none; a broken annotation counts as absent, as does one that may not be
        read (`zone_known`)."""
        if self.default_zone is not None:
            try:
                load_zone(self.default_zone)
            except ZoneError:
                return DEFAULT_ZONE
            return self.default_zone
        return DEFAULT_ZONE

    @cached_property
    def local_now(self) -> datetime:
        return self.now.astimezone(load_zone(self.zone))

    @cached_property
    def task_by_name(self) -> dict[str, TodoTask]:
        return {task.metadata.name: task for task in self.tasks}

    @cached_property
    def rule_by_name(self) -> dict[str, RecurrenceRule]:
        return {rule.metadata.name: rule for rule in self.rules}

    @cached_property
    def rule_by_uid(self) -> dict[str, RecurrenceRule]:
        return {rule.metadata.uid: rule for rule in self.rules}

    def rule_of(self, task: TodoTask) -> RecurrenceRule | None:
        """The rule that made the task."""
        owners = task.metadata.owner_references or ()
        return next(
            (self.rule_by_uid[o.uid] for o in owners if o.controller and o.uid in self.rule_by_uid), None
        )

    def occurrences_of(self, rule: RecurrenceRule) -> tuple[TodoTask, ...]:
        """The tasks that the rule made."""
        return tuple(task for task in self.tasks if task.metadata.is_controlled_by(rule.metadata.uid))


def is_occurrence(task: TodoTask) -> bool:
    return any(o.controller and o.kind == "RecurrenceRule" for o in task.metadata.owner_references or ())
