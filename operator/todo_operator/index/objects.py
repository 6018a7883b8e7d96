"""The newest of each object, from streams that tell in any order and more than once."""

from collections import OrderedDict
from collections.abc import Iterator, Set
from typing import Generic, TypeVar

from todo_operator.index.kinds import Facts
from todo_operator.index.tasks import TOMBSTONES
from todotasks.api import ObjectKey

F = TypeVar("F", bound=Facts)


class KnownObjects(Generic[F]):
    """By key. The newest resourceVersion wins, and a uid that was deleted never comes back."""

    def __init__(self) -> None:
        self._objects: dict[ObjectKey, F] = {}
        self._buried: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._objects)

    def __iter__(self) -> Iterator[F]:
        return iter(self._objects.values())

    def get(self, key: ObjectKey) -> F | None:
        return self._objects.get(key)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        known = self._objects.get(key)
        return None if known is None else (known.uid, known.resource_version)

    def put(self, facts: F) -> bool:
        """Whether it is news."""
        before = self._objects.get(facts.key)
        if facts.uid in self._buried:
            return False
        if before is not None and before.resource_version >= facts.resource_version:
            return False
        self._objects[facts.key] = facts
        return True

    def remove(self, key: ObjectKey, uid: str) -> F | None:
        """The object of this uid is gone; another one of the same name stays."""
        self._buried[uid] = None
        if len(self._buried) > TOMBSTONES:
            self._buried.popitem(last=False)
        known = self._objects.get(key)
        if known is None or known.uid != uid:
            return None
        return self._objects.pop(key)

    def unlisted(self, listed: Set[str], up_to: int) -> list[F]:
        """After a complete list at resourceVersion `up_to`: who is known but was not `listed`."""
        return [o for o in self if o.uid not in listed and o.resource_version <= up_to]
