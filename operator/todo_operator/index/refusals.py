"""What the API server did not want: objects that were to be made, and when to ask for them again.

A quota may have room again, a policy may be taken back, and no watch of ours tells of it. So they are asked
for again after 5 s, 10 s, 20 s, … up to every five minutes; at once when the object that wants them is
edited, or when somebody asks for a look (`todotasks.dev/reconcile-at`). Until then the object's condition
says what the server said. Nothing of it is stored: after a restart the first answer says it again.
"""

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from todotasks.api import ObjectKey

FIRST_AFTER = timedelta(seconds=5)
AT_LEAST_EVERY = timedelta(minutes=5)


class Wanting(Protocol):
    """The object for which something was to be made."""

    @property
    def key(self) -> ObjectKey: ...
    @property
    def uid(self) -> str: ...
    @property
    def generation(self) -> int: ...
    @property
    def asked(self) -> str | None: ...


class Refusal(NamedTuple):
    """`until` then nothing is asked for again."""

    wanting: tuple[str, int, str | None]  # uid, generation, annotation: what was wanted, and how often asked
    attempts: int
    message: str
    since: datetime
    until: datetime


class Refusals:
    """Of one kind of objects that want others, by the key of who wants."""

    def __init__(self) -> None:
        self._known: dict[ObjectKey, Refusal] = {}

    def note(self, object: Wanting, message: str, now: datetime) -> Refusal:
        wanting = _wanting(object)
        before = self._known.get(object.key)
        attempts = before.attempts if before is not None and before.wanting == wanting else 0
        pause = min(FIRST_AFTER * 2 ** min(attempts, 16), AT_LEAST_EVERY)
        found = self._known[object.key] = Refusal(wanting, attempts + 1, message, now, now + pause)
        return found

    def current(self, object: Wanting, now: datetime) -> Refusal | None:
        """The one to wait for; None where it is time to ask again, also when the clock was set back."""
        found = self._known.get(object.key)
        if found is None:
            return None
        if found.wanting != _wanting(object):
            del self._known[object.key]
            return None
        return found if found.since <= now < found.until else None

    def forget(self, key: ObjectKey) -> None:
        """It was made, or is not wanted any more."""
        self._known.pop(key, None)


def _wanting(object: Wanting) -> tuple[str, int, str | None]:
    return object.uid, object.generation, object.asked
