"""References between tasks (dependsOn, parent) as a graph that knows its cycles.

Names may point to what does not exist (yet): the edge is kept, and counts when the task appears.

A cycle is looked for only where there can be one (something points here and this points somewhere), never
by recursion, and what was found out is remembered: Tarjan's algorithm clears a whole region in one walk.
The memory is dropped only when a change could have made a cycle, so applying a chain of 10,000 tasks costs
10,000 steps, not 50 million.

Anybody may write tasks that all depend on each other, and change one of them all day. With a `budget`, one
question walks over so many edges at most. What is larger is put off: until `settle` has found it out, in
small steps between which others have their turn, the answer is what was known before. While anything is put
off every further question is too: a thousand changes in one turn of the loop cost one budget, not a thousand.
And what is forgotten,
put off or never comes to rest is so for one namespace alone (`Graphs`): no edge leaves it.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Set
from typing import Generic, TypeVar

NodeT = TypeVar("NodeT")
OwnerT = TypeVar("OwnerT")

WAY = 8  # of the budget one of so many parts for the way round: every decision about a member asks for it
SLICE = 2_000  # edges walked over before `settle` lets others have their turn: about a millisecond

_NOTHING: frozenset[object] = frozenset()


class _OverBudget(Exception):
    """Carries the nodes seen so far."""

    def __init__(self, seen: Iterable[object]) -> None:
        super().__init__()
        self.seen = seen


class Graph(Generic[NodeT]):
    """Directed edges, in both directions. `budget`: edges that one question may walk over; None: all.

    `on_put_off` is told when something has to be put off.
    """

    def __init__(self, budget: int | None = None, on_put_off: Callable[[], object] = lambda: None) -> None:
        self._budget = budget
        self._on_put_off = on_put_off
        self._targets: dict[NodeT, tuple[NodeT, ...]] = {}
        self._sources: dict[NodeT, set[NodeT]] = {}
        # For a node that was looked at: the members of its cycle region, or None when it is on none.
        self._regions: dict[NodeT, frozenset[NodeT] | None] = {}
        self._told: dict[NodeT, frozenset[NodeT]] = {}  # the regions last told, of those who were put off
        self._put_off: set[NodeT] = set()
        self._changed: set[NodeT] = set()  # since the last `settle` began

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
        if self._put_off:
            self._changed.add(node)
        if not targets:
            self._put_off.discard(node)
            self._told.pop(node, None)
        self._forget_regions(node, may_close=bool(added), may_open=bool(removed))

    def _forget_regions(self, node: NodeT, *, may_close: bool, may_open: bool) -> None:
        if may_close and self._sources.get(node):
            # Somebody points here: a new edge may close a way round anywhere.
            self._told.update((member, region) for member, region in self._regions.items() if region)
            self._regions.clear()
            return
        region = self._regions.get(node)
        if may_open and region is not None:
            for member in region:
                self._regions.pop(member, None)
                self._told[member] = region
        elif may_close:
            self._regions.pop(node, None)

    def region(self, node: NodeT) -> frozenset[NodeT]:
        """All nodes that are on some way round together with `node`; empty when it is on none."""
        if not self.targets(node) or not self.sources(node):
            return frozenset()
        if node not in self._regions:
            if self._put_off:
                self._put_off.add(node)
                return self._told.get(node, frozenset())
            try:
                found = list(self._components(node, self.targets, self._regions, self._budget))
            except _OverBudget as error:
                self._put_off.update(error.seen)  # type: ignore[arg-type] # they are nodes of ours
                self._on_put_off()
                return self._told.get(node, frozenset())
            for members in found:
                self._note(members)
        return self._regions[node] or frozenset()

    def _note(self, members: list[NodeT]) -> None:
        alone = len(members) == 1 and members[0] not in self.targets(members[0])
        region = None if alone else frozenset(members)
        for member in members:
            self._regions[member] = region
            self._told.pop(member, None)

    def __bool__(self) -> bool:
        """Whether there is any edge."""
        return bool(self._targets)

    @property
    def is_settled(self) -> bool:
        """Whether nothing was put off."""
        return not self._put_off

    def settle(self) -> Iterator[Set[NodeT]]:
        """Finds out what was put off, a small step with each `next`, and yields whose region has changed.

        Edges may change between the steps. Then what was found is the last known state of these nodes, and
        they are put off once more.
        """
        put_off, targets = set(self._put_off), dict(self._targets)
        self._changed.clear()
        known: dict[NodeT, frozenset[NodeT] | None] = {}
        for start in put_off:
            if start in known:
                continue
            for members in self._components(
                start, lambda node: targets.get(node, ()), known, None, pauses=True
            ):
                if not members:
                    yield frozenset()
                    continue
                alone = len(members) == 1 and members[0] not in targets.get(members[0], ())
                known.update(dict.fromkeys(members, None if alone else frozenset(members)))
        # What is reachable hangs on the edges that lead out of what was seen, and on no others.
        still_so = self._changed.isdisjoint(known)
        affected = set()
        for node, region in known.items():
            before = self._told.get(node, frozenset())
            if bool(before) != bool(region):
                affected.add(node)
            if still_so:
                self._regions[node] = region
                self._told.pop(node, None)
            elif region:
                self._told[node] = region
            else:
                self._told.pop(node, None)
        if still_so:
            self._put_off -= put_off
        yield affected

    def cycle(self, node: NodeT) -> tuple[NodeT, ...]:
        """A shortest way round, from `node` to `node`; empty when there is none. Always the same one.

        Where finding it takes more than a part of the budget: only its first step, `node` and the next one.
        """
        region = self.region(node)
        if not region:
            return ()
        came_from: dict[NodeT, NodeT] = {}
        queue, steps = deque([node]), 0
        while queue:
            here = queue.popleft()
            steps += len(self.targets(here))
            if self._budget is not None and steps > self._budget // WAY:
                first = [target for target in self.targets(node) if target in region]
                return (node, first[0]) if first else ()
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
        return ()  # what was told of it is no longer so, and what is so was put off

    def _components(
        self,
        start: NodeT,
        targets_of: Callable[[NodeT], tuple[NodeT, ...]],
        known: dict[NodeT, frozenset[NodeT] | None],
        budget: int | None,
        pauses: bool = False,
    ) -> Iterable[list[NodeT]]:
        """Tarjan's strongly connected components of what `start` reaches, but for known ones.

        With `pauses`, an empty list each SLICE edges. Raises `_OverBudget`.
        """
        order: dict[NodeT, int] = {start: 0}
        low: dict[NodeT, int] = {start: 0}
        stack, on_stack = [start], {start}
        walk: list[tuple[NodeT, Iterator[NodeT]]] = [(start, iter(targets_of(start)))]
        steps = 0
        while walk:
            node, targets = walk[-1]
            for target in targets:
                steps += 1
                if budget is not None and steps > budget:
                    raise _OverBudget(order)
                if pauses and steps % SLICE == 0:
                    yield []
                if target in known and target not in on_stack:
                    continue  # its whole region is known, and this node is not in it
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    walk.append((target, iter(targets_of(target))))
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


class Graphs(Generic[OwnerT, NodeT]):
    """A graph for each owner that has any edge; an edge is between two nodes of the same one."""

    def __init__(self, owner: Callable[[NodeT], OwnerT], budget: int | None = None) -> None:
        self._owner = owner
        self._budget = budget
        self._graphs: dict[OwnerT, Graph[NodeT]] = {}
        self._empty: Graph[NodeT] = Graph(budget)
        self._put_off: dict[OwnerT, None] = {}  # whose may not be settled, in the order of their turns

    def of(self, node: NodeT) -> Graph[NodeT]:
        """The one to ask. Edges are set by `set_targets` of ours."""
        return self._graphs.get(self._owner(node), self._empty)

    def set_targets(self, node: NodeT, targets: tuple[NodeT, ...]) -> None:
        owner = self._owner(node)
        graph = self._graphs.get(owner)
        if graph is None:
            if not targets:
                return
            graph = Graph(self._budget, lambda: self._put_off.setdefault(owner))
            self._graphs[owner] = graph
        graph.set_targets(node, targets)
        if not graph:
            del self._graphs[owner]
            self._put_off.pop(owner, None)

    @property
    def is_settled(self) -> bool:
        """Whether nothing was put off."""
        return not self._put_off

    def settle(self) -> Iterator[Set[NodeT]]:
        """Finds out what was put off, of one owner after the other."""
        for owner in list(self._put_off):
            graph = self._graphs.get(owner)
            if graph is not None:
                yield from graph.settle()
            if graph is None or graph.is_settled:  # else it has changed meanwhile
                self._put_off.pop(owner, None)
