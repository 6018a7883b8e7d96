"""What a reconcile function decides: values only; the executor turns them into calls.

One `Plan` and one place that applies it, so a decision can be compared, printed and tested without a
cluster. A plan says everything that has to happen now and the one instant at which time alone would
change the answer; between the two nothing needs to look at the object again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal, TypeVar

from todotasks.api import ObjectKey

StatusT = TypeVar("StatusT")


@dataclass(frozen=True, slots=True)
class Emission:
    """Something that time itself gave birth to: nobody changed an object, so no watch will report it.

    Its event id is made of `uid`, `instant` and `happening`: it happens once for ever, however often a
    plan asks for it. `instant` is when it happened, not when somebody noticed.
    """

    happening: Literal["task.overdue"]
    key: ObjectKey
    uid: str
    instant: datetime


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete exactly this state of this object: both preconditions go along.

    With only the uid, a task that is reopened while the request is on its way would be deleted.
    """

    key: ObjectKey
    uid: str
    resource_version: str


@dataclass(frozen=True, slots=True)
class Plan(Generic[StatusT]):
    """`status` None means: what is stored is right, write nothing.

    The executor goes in this order: `emits` to the outbox, then `status`, then `deletes`.
    """

    status: StatusT | None = None
    emits: tuple[Emission, ...] = ()
    deletes: tuple[Delete, ...] = ()
    requeue_at: datetime | None = None

    @property
    def writes(self) -> bool:
        """Whether applying it costs a call to the API server."""
        return self.status is not None or bool(self.deletes)
