"""What the rules are given, and what they answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import NamedTuple

from todotasks.api.all_day import ALL_DAY_TIME
from todotasks.recurrence import FieldError

MAX_MESSAGE = 4_000  # characters of a refusal; the rest is counted


class TaskNode(NamedTuple):
    """What the rules know of another task of the namespace."""

    parent: str | None = None
    depends_on: tuple[str, ...] = ()
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that an installation may set; see `settings.py` for what each is for."""

    reachable: int = 500  # tasks that one may wait for, directly or not
    depth: int = 32  # parents above a task
    tasks_an_hour: int = 60  # that a rule makes
    tasks_ahead: int = 200  # that a rule's lead time makes at once
    allow_private: bool = False  # whether channels may name addresses inside


@dataclass(frozen=True, slots=True)
class Context:
    """The surroundings of an object. `None` means that it is not known at the moment: then nothing is "
    "said about it."""

    namespace: str
    name: str
    now: datetime
    creating: bool = True
    default_zone: str | None = None
    all_day_time: time = ALL_DAY_TIME
    channels: dict[str, bool] | None = None  # name → whether it is a default one
    task: Callable[[str], TaskNode | None] | None = None
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`errors` refuse it; `warnings` are shown by kubectl as `Warning: …`."""

    errors: tuple[FieldError, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """All errors as one text: `spec.timeZone: …; spec.dependsOn: …`."""
        parts: list[str] = []
        length = 0
        for error in self.errors:
            text = str(error)
            if parts and length + len(text) > MAX_MESSAGE:
                parts.append(f"and {len(self.errors) - len(parts)} more")
                break
            parts.append(text)
            length += len(text)
        return "; ".join(parts)
