"""References between tasks (dependsOn, parent) as a graph that knows its cycles.

Names may point to what does not exist (yet): the edge is kept, and counts when the task appears.

A cycle is looked for only where there can be one (something points here and this points somewhere), never
by recursion, and what was found out is remembered: Tarjan's algorithm clears a whole region in one walk.
The memory is dropped only when a change could have made a cycle, so applying a chain of 10,000 tasks costs
10,000 steps, not 50 million.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

NodeT = TypeVar("NodeT")

_NOTHING: frozenset[object] = frozenset()


class Graph(Generic[NodeT]):
    """Directed edges, in both directions."""

    def __init__(self) -> None:
        self._targets: dict[NodeT, tuple[NodeT, ...]] = {}
        self._sources: dict[NodeT, set[NodeT]] = {}
        # For a node that was looked at: the members of its cycle region, or None when it is on none.
        self._regions: dict[NodeT, frozenset[NodeT] | None] = {}

    def targets(self, node: NodeT) -> tuple[NodeT, ...]:
        return self._targets.get(node, ())

    def sources(self, node: NodeT) -> set[NodeT]:
        """Who points to `node`. Not a copy: do not change it, do not await while going through it."""
        return self._sources.get(node, _NOTHING)  # type: ignore[arg-type]

    def set_targets(self, node: NodeT, targets: tuple[NodeT, ...]) -> None:
        """All edges of `node` from now on."""
        before = self._targets.get(node, ())
        if targets == before:
            return
        added, removed = set(targets) - set(before), set(before) - set(targets)
        for target in added:
            self._sources.setdefault(target, set()).add(node)
        for target in removed:
            sources = self._sources[target]
            sources.discard(node)
            if not sources:
                del self._sources[target]
        if targets:
            self._targets[node] = targets
        else:
            del self._targets[node]
        self._forget_regions(node, may_close=bool(added), may_open=bool(removed))

    def _forget_regions(self, node: NodeT, *, may_close: bool, may_open: bool) -> None:
        if may_close and self._sources.get(node):
            self._regions.clear()  # somebody points here: a new edge may close a way round anywhere
            return
        region = self._regions.get(node)
        if may_open and region is not None:
            for member in region:
                self._regions.pop(member, None)
        elif may_close:
            self._regions.pop(node, None)

    def region(self, node: NodeT) -> frozenset[NodeT]:
        """All nodes that are on some way round together with `node`; empty when it is on none."""
        if not self.targets(node) or not self.sources(node):
            return frozenset()
        if node not in self._regions:
            for members in self._components(node):
                alone = len(members) == 1 and members[0] not in self.targets(members[0])
                region = None if alone else frozenset(members)
                for member in members:
                    self._regions[member] = region
        return self._regions[node] or frozenset()

    def cycle(self, node: NodeT) -> tuple[NodeT, ...]:
        """A shortest way round, from `node` to `node`; empty when there is none. Always the same one."""
        region = self.region(node)
        if not region:
            return ()
        came_from: dict[NodeT, NodeT] = {}
        queue = deque([node])
        while queue:
            here = queue.popleft()
            for target in self.targets(here):
                if target == node:
                    way = [node]
                    while here != node:
                        way.append(here)
                        here = came_from[here]
                    return (node, *reversed(way[1:]), node)
                if target in region and target not in came_from:
                    came_from[target] = here
                    queue.append(target)
        raise AssertionError("a region is strongly connected: there is a way round")  # pragma: no cover

    def _components(self, start: NodeT) -> Iterable[list[NodeT]]:
        """Tarjan's strongly connected components of what `start` reaches, but for known ones."""
        order: dict[NodeT, int] = {start: 0}
        low: dict[NodeT, int] = {start: 0}
        stack, on_stack = [start], {start}
        walk: list[tuple[NodeT, Iterator[NodeT]]] = [(start, iter(self.targets(start)))]
        while walk:
            node, targets = walk[-1]
            for target in targets:
                if target in self._regions and target not in on_stack:
                    continue  # its whole region is known, and this node is not in it
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    walk.append((target, iter(self.targets(target))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == order[node]:
                    members = [stack.pop()]
                    while members[-1] != node:
                        members.append(stack.pop())
                    on_stack.difference_update(members)
                    yield members
