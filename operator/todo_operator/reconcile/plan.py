"""What a reconcile function decides: values only; the executor turns them into calls.

One `Plan` and one place that applies it, so a decision can be compared, printed and tested without a
cluster. A plan says everything that has to happen now and the one instant at which time alone would
change the answer; between the two nothing needs to look at the object again.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from todotasks.api import ObjectKey
from todotasks.kube.resources import TODOTASKS, Resource

StatusT = TypeVar("StatusT")


@dataclass(frozen=True, slots=True)
class TaskEmission:
    """A task became overdue: time did it, nobody changed an object, so no watch will report it.

    Its event id is made of `uid`, `instant` and `happening`: it happens once for ever, however often a
    plan asks for it. `instant` is when it happened, not when somebody noticed.
    """

    happening: Literal["task.overdue"]
    key: ObjectKey
    uid: str
    instant: datetime


RuleHappening = Literal[
    "recurrence.scheduled", "recurrence.skipped", "recurrence.missed", "recurrence.exhausted"
]


@dataclass(frozen=True, slots=True)
class RuleEmission:
    """What time did to a RecurrenceRule; it carries all that its event says.

    Two are one when they would have the same event id: the rest is only how it was put.
    """

    happening: RuleHappening
    key: ObjectKey
    uid: str
    generation: int
    instant: datetime | None = None  # of the occurrence; None for recurrence.exhausted
    resource_version: str = field(default="", compare=False)
    task: str = field(default="", compare=False)  # recurrence.scheduled: the task that was made,
    task_uid: str = field(default="", compare=False)  # which is known only then
    first: datetime | None = field(default=None, compare=False)  # recurrence.missed: from here to `instant`
    count: int = field(default=0, compare=False)  # missed: how many; exhausted: how many were made
    reason: str = field(default="", compare=False)
    message: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class ReminderEmission:
    """A Reminder has come due. Its event carries the whole task, as it is when the event is written.

    Its event id is made of `uid`, `instant` and `repeat`: the rest is only how it was put.
    """

    happening: Literal["reminder.due"]
    key: ObjectKey
    uid: str
    instant: datetime  # the planned one
    repeat: int
    task: ObjectKey = field(compare=False)
    task_uid: str = field(compare=False)
    late: bool = field(default=False, compare=False)
    channels: tuple[str, ...] = field(default=(), compare=False)
    message: str | None = field(default=None, compare=False)
    time_zone: str | None = field(default=None, compare=False)  # in which the task's times are meant
    resource_version: str = field(default="", compare=False)


Emission = TaskEmission | RuleEmission | ReminderEmission


@dataclass(frozen=True, slots=True)
class Create:
    """Make sure that this object is there, under its deterministic name.

    Where the name is in use, that is "done before" if the object is controlled by `owner` (a uid). `parts`
    are made after it and belong to it. `emits` goes to the outbox once all of it is there.
    """

    key: ObjectKey
    owner: str
    body: dict[str, Any]
    parts: tuple[dict[str, Any], ...] = ()
    emits: tuple[Emission, ...] = ()
    resource: Resource = TODOTASKS


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete exactly this state of this object: both preconditions go along.

    With only the uid, a task that is reopened while the request is on its way would be deleted.
    """

    key: ObjectKey
    uid: str
    resource_version: str
    resource: Resource = TODOTASKS


@dataclass(frozen=True, slots=True)
class Plan(Generic[StatusT]):
    """`status` None means: what is stored is right, write nothing.

    The executor goes in this order: `emits` to the outbox, `creates` and `prunes` (other objects, that
    belong to this one), then `status`, then `deletes` (this object). So a status never claims what is not
    there yet, and a crash before it only means that the same is done again.
    """

    status: StatusT | None = None
    emits: tuple[Emission, ...] = ()
    creates: tuple[Create, ...] = ()
    prunes: tuple[Delete, ...] = ()
    deletes: tuple[Delete, ...] = ()
    requeue_at: datetime | None = None

    @property
    def writes(self) -> bool:
        """Whether applying it costs a call to the API server."""
        return self.status is not None or bool(self.deletes or self.creates or self.prunes)
