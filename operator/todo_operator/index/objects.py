"""The newest of each object, from streams that tell in any order and more than once; and who has what.

What is known comes from the recorder's watch, kopf's watch, lists, and the answers to our own writes. The
newest resourceVersion wins, and a uid that was deleted never comes back. Secondary indexes (all of a
namespace, the reminders of a task) follow each change, so nobody walks through everything.

Everything here is synchronous: between two awaits it is consistent.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Set
from datetime import time
from typing import Generic, Protocol, TypeVar

from todo_operator.index.protocol import NOBODY
from todotasks.api import ObjectKey
from todotasks.api.all_day import ALL_DAY_TIME, read_time_of_day

TOMBSTONES = 50_000  # deleted uids remembered; a list page on its way is the oldest news there can be


class Versioned(Protocol):
    """Facts of an object, or whatever is kept of them."""

    @property
    def key(self) -> ObjectKey: ...
    @property
    def uid(self) -> str: ...
    @property
    def resource_version(self) -> int: ...


ObjectT = TypeVar("ObjectT", bound=Versioned)
ValueT = TypeVar("ValueT", bound=Hashable)


class Index(Generic[ObjectT, ValueT]):
    """The keys of the objects that have a value; `KnownObjects` keeps it."""

    def __init__(self, value_of: Callable[[ObjectT], ValueT]) -> None:
        self._value_of = value_of
        self._keys: dict[ValueT, set[ObjectKey]] = {}

    def __getitem__(self, value: ValueT) -> Set[ObjectKey]:
        """Not a copy: do not change it, do not await while going through it."""
        return self._keys.get(value, NOBODY)

    def __contains__(self, value: object) -> bool:
        return value in self._keys

    def values(self) -> Set[ValueT]:
        return self._keys.keys()

    def move(self, key: ObjectKey, before: ObjectT | None, after: ObjectT | None) -> None:
        old = None if before is None else self._value_of(before)
        new = None if after is None else self._value_of(after)
        if old == new and (before is None) == (after is None):
            return
        if before is not None:
            keys = self._keys[old]  # type: ignore[index] # it is the value of `before`
            keys.discard(key)
            if not keys:
                del self._keys[old]  # type: ignore[arg-type]
        if after is not None:
            self._keys.setdefault(new, set()).add(key)  # type: ignore[arg-type]


class KnownObjects(Generic[ObjectT]):
    """By key."""

    def __init__(self) -> None:
        self._objects: dict[ObjectKey, ObjectT] = {}
        self._tombstones: OrderedDict[str, None] = OrderedDict()
        self._indexes: list[Index[ObjectT, object]] = []

    def index(self, value_of: Callable[[ObjectT], ValueT]) -> Index[ObjectT, ValueT]:
        """A new index, before there is any object."""
        assert not self._objects, "an index is made before the first object"
        index = Index(value_of)
        self._indexes.append(index)  # type: ignore[arg-type] # of different values
        return index

    def __len__(self) -> int:
        return len(self._objects)

    def __iter__(self) -> Iterator[ObjectT]:
        return iter(self._objects.values())

    def __contains__(self, key: object) -> bool:
        return key in self._objects

    def get(self, key: ObjectKey) -> ObjectT | None:
        return self._objects.get(key)

    def version(self, key: ObjectKey) -> tuple[str, int] | None:
        known = self._objects.get(key)
        return None if known is None else (known.uid, known.resource_version)

    def is_news(self, key: ObjectKey, uid: str, resource_version: int) -> bool:
        """Whether `put` would take an object of this version."""
        before = self._objects.get(key)
        return uid not in self._tombstones and (before is None or before.resource_version < resource_version)

    def put(self, found: ObjectT) -> bool:
        """Whether it is news."""
        key = found.key
        if not self.is_news(key, found.uid, found.resource_version):
            return False
        self._change(key, self._objects.get(key), found)
        return True

    def remove(self, key: ObjectKey, uid: str) -> ObjectT | None:
        """The object of this uid is gone; another one of the same name stays. Returns what it was."""
        self._bury(uid)
        known = self._objects.get(key)
        if known is None or known.uid != uid:
            return None
        self._change(key, known, None)
        return known

    def unlisted(self, listed: Set[str], up_to: int) -> list[ObjectT]:
        """After a complete list at resourceVersion `up_to`: who is known but was not `listed`."""
        return [known for known in self if known.uid not in listed and known.resource_version <= up_to]

    def is_buried(self, uid: str) -> bool:
        return uid in self._tombstones

    def _change(self, key: ObjectKey, before: ObjectT | None, after: ObjectT | None) -> None:
        for index in self._indexes:
            index.move(key, before, after)
        if after is None:
            del self._objects[key]
        else:
            self._objects[key] = after

    def _bury(self, uid: str) -> None:
        self._tombstones[uid] = None
        self._tombstones.move_to_end(uid)
        if len(self._tombstones) > TOMBSTONES:
            self._tombstones.popitem(last=False)


class AllDayTimes:
    """When of a day reminders of all-day tasks come, by namespace."""

    def __init__(self) -> None:
        self._times: dict[str, time] = {}

    def __getitem__(self, namespace: str) -> time:
        return self._times.get(namespace, ALL_DAY_TIME)

    def set(self, namespace: str, text: str | None) -> bool:
        """What the annotation says, which may be nothing, or nonsense. Whether that is news."""
        read = (read_time_of_day(text) if text else None) or ALL_DAY_TIME
        if self[namespace] == read:
            return False
        self._times[namespace] = read
        return True


class NamespaceZones:
    """The default time zone of each namespace, None where it has none (which is to know something, too)."""

    def __init__(self) -> None:
        self._zones: dict[str, str | None] = {}

    def __getitem__(self, namespace: str) -> str | None:
        return self._zones.get(namespace)

    def __contains__(self, namespace: str) -> bool:
        """Whether it is known, with or without a zone."""
        return namespace in self._zones

    def set(self, namespace: str, zone: str | None) -> bool:
        """Whether that is news."""
        if namespace in self._zones and self._zones[namespace] == zone:
            return False
        self._zones[namespace] = zone
        return True
