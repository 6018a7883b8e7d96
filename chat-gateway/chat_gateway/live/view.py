"""One kind in memory: what is there, and the last changes. Pure: batches of a reflector in, changes out.

    Listed  ──▶ compared with what is there ─▶ changes, the deletes that nobody saw among them
    Watched ──▶ as they are                 ─▶ changes

The history is for those who come back. It has every change behind `floor`; a position before that is too old.
Changes that a list brought to light all carry the list's position: who has seen but a part of them goes on
before it, and sees them again.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chat_gateway.live.objects import KINDS, Known, LiveObject, known, known_skipped, version_of
from todotasks.kube.watch.observed import Listed, Skipped, Watched


@dataclass(frozen=True, slots=True)
class Happened:
    """One change. Without `before` it is new, without `after` it is gone."""

    position: int
    before: Known | None
    after: Known | None

    @property
    def known(self) -> Known:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def fired(self) -> bool:
        """Whether this is how a reminder tells that it has fired."""
        before, after = self.before, self.after
        if after is None or after.fired_at is None:
            return False
        if before is None:  # made, and fired before anybody looked: its first firing is still news
            return after.fired_count == 1
        return (before.fired_at, before.fired_count) != (after.fired_at, after.fired_count)


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one batch: changes in their order, and the position behind all of them.

    `restored`: the cluster is behind where it was, so positions of before mean nothing any more.
    """

    changes: tuple[Happened, ...]
    position: int
    restored: bool = False


class View:
    """The objects of one kind, by namespace and uid."""

    def __init__(self, kind: int, history: int) -> None:
        self.kind = kind
        self.position = 0
        self.floor = 0
        self.complete = False
        self._by_namespace: dict[str, dict[str, Known]] = {}
        self._history: deque[Happened] = deque()
        self._longest = history
        self._listing: dict[str, Known] = {}

    def __len__(self) -> int:
        return sum(len(objects) for objects in self._by_namespace.values())

    @property
    def remembered(self) -> int:
        return len(self._history)

    def objects(self, namespaces: Sequence[str] = ()) -> Iterator[Known]:
        """Of these namespaces, or of all."""
        for namespace in namespaces or self._by_namespace:
            yield from self._by_namespace.get(namespace, {}).values()

    def places(self, namespaces: Sequence[str] = ()) -> list[tuple[int, str, list[str]]]:
        """Which objects there are, by kind, namespace and uid."""
        return [
            (self.kind, namespace, list(objects))
            for namespace in namespaces or list(self._by_namespace)
            if (objects := self._by_namespace.get(namespace))
        ]

    def get(self, namespace: str, uid: str) -> Known | None:
        return self._by_namespace.get(namespace, {}).get(uid)

    def named(self, namespace: str, name: str) -> Known | None:
        """The object of that name; looked for one by one: reminders fire seldom."""
        objects = self._by_namespace.get(namespace, {}).values()
        return next((each for each in objects if each.name == name), None)

    def since(self, position: int) -> Iterator[Happened] | None:
        """All changes behind a position; None: that is too long ago."""
        if position < self.floor:
            return None
        return (each for each in self._history if each.position > position)

    # ── batches ──────────────────────────────────────────────────────────────────────────────────
    def watched(self, batch: Watched[LiveObject]) -> Step:
        changes: list[Happened] = []
        # Of one batch the skipped ones have lost their place among the others; versions give it back.
        entries: list[tuple[int, str, Known]] = [
            (version_of(each.object.metadata), each.type, known(self.kind, each.object, each.raw))
            for each in batch.changes
        ]
        if batch.skipped:
            entries += self._skipped(batch.skipped)
            entries.sort(key=lambda entry: entry[0])
        for position, type, now in entries:
            change = self._place(position, None if type == "DELETED" else now, now)
            if change is not None:
                changes.append(change)
        return Step(tuple(changes), self._moved_to(int(batch.resource_version or 0), changes))

    def listed(self, batch: Listed[LiveObject]) -> Step | None:
        """A page of a list: what came of the whole, with its last page."""
        if batch.first:
            self._listing = {}
        for each in batch.objects:
            now = known(self.kind, each.object, each.raw)
            self._listing[now.uid] = now
        self._listing.update({now.uid: now for _, _, now in self._skipped(batch.skipped)})
        if not batch.complete:
            return None
        there, self._listing = self._listing, {}
        position = int(batch.resource_version or 0)
        if not self.complete or position < self.position:
            return self._begin(there, position)
        changes = [
            change
            for gone in [each for each in self.objects() if each.uid not in there]
            if (change := self._place(position, None, gone)) is not None
        ]
        for now in sorted(there.values(), key=lambda each: each.version):
            change = self._place(position, now, now)
            if change is not None:
                changes.append(change)
        return Step(tuple(changes), self._moved_to(position, changes))

    def _begin(self, there: dict[str, Known], position: int) -> Step:
        restored = self.complete
        self._by_namespace = {}
        for now in there.values():
            self._by_namespace.setdefault(now.namespace, {})[now.uid] = now
        self._history.clear()
        self.position = self.floor = position
        self.complete = True
        return Step((), position, restored)

    def _place(self, position: int, after: Known | None, now: Known) -> Happened | None:
        """Put one object where it belongs; None: we knew that."""
        objects = self._by_namespace.setdefault(now.namespace, {})
        before = objects.get(now.uid)
        if after is None:
            objects.pop(now.uid, None)
            if not objects:
                del self._by_namespace[now.namespace]
            return Happened(position, before, None) if before is not None else None
        if before is not None and before.version >= after.version:
            return None
        objects[now.uid] = after
        return Happened(position, before, after)

    def _moved_to(self, position: int, changes: Iterable[Happened]) -> int:
        self._history.extend(changes)
        while len(self._history) > self._longest:
            self.floor = self._history.popleft().position
        self.position = max(self.position, position)
        return self.position

    def _skipped(self, skipped: Iterable[Skipped]) -> list[tuple[int, str, Known]]:
        found = [(each, known_skipped(self.kind, each)) for each in skipped]
        return [(now.version, each.type, now) for each, now in found if now is not None]

    @property
    def label(self) -> str:
        return KINDS[self.kind].label
