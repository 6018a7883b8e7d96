"""The graph against a naive one, and the shapes that hurt naive ones."""

import itertools
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_operator.index.graph import Graph, Graphs


def a_graph(**edges: str) -> Graph[str]:
    """`a_graph(a="bc")`: a points to b and c."""
    graph: Graph[str] = Graph()
    for node, targets in edges.items():
        graph.set_targets(node, tuple(targets))
    return graph


def shortest_way_round(edges: dict[int, tuple[int, ...]], start: int) -> int | None:
    """The number of steps from `start` to itself, by breadth-first search."""
    queue, seen = deque([(start, 0)]), set()
    while queue:
        here, steps = queue.popleft()
        for target in edges.get(here, ()):
            if target == start:
                return steps + 1
            if target not in seen:
                seen.add(target)
                queue.append((target, steps + 1))
    return None


def test_a_chain_has_no_cycle():
    assert a_graph(a="b", b="c").cycle("a") == ()


def test_a_node_that_points_to_itself_is_a_cycle():
    assert a_graph(a="a").cycle("a") == ("a", "a")


def test_each_member_names_the_cycle_from_its_own_place():
    graph = a_graph(a="b", b="c", c="a")
    assert graph.cycle("a") == ("a", "b", "c", "a")
    assert graph.cycle("b") == ("b", "c", "a", "b")


def test_the_shortest_way_round_is_named():
    assert a_graph(a="bc", b="c", c="a").cycle("a") == ("a", "c", "a")


def test_who_only_leads_into_a_cycle_is_on_none():
    assert a_graph(x="a", a="b", b="a").cycle("x") == ()


def test_an_edge_that_closes_a_cycle_is_noticed_after_everything_was_found_clear():
    graph = a_graph(a="b", b="c", c="d")
    assert [graph.cycle(n) for n in "abcd"] == [()] * 4
    graph.set_targets("d", ("a",))
    assert graph.cycle("b") == ("b", "c", "d", "a", "b")


def test_an_edge_that_goes_opens_the_cycle_for_all_its_members():
    graph = a_graph(a="b", b="c", c="a")
    assert graph.region("a") == {"a", "b", "c"}
    graph.set_targets("c", ())
    assert [graph.cycle(n) for n in "abc"] == [()] * 3


@pytest.mark.timeout(60)  # a quadratic walk takes minutes
def test_a_chain_of_twenty_thousand_is_walked_once_and_without_recursion():
    graph: Graph[int] = Graph()
    for n in range(20_000):
        graph.set_targets(n, (n + 1,))
    assert not any(graph.cycle(n) for n in range(20_000))
    graph.set_targets(20_000, (0,))
    assert len(graph.region(5)) == 20_001


nodes = st.integers(0, 6)
edits = st.lists(st.tuples(nodes, st.lists(nodes, max_size=3, unique=True).map(tuple)), max_size=25)


@given(edits)
def test_agrees_with_a_naive_search_after_every_edit(steps):
    graph: Graph[int] = Graph()
    edges: dict[int, tuple[int, ...]] = {}
    for node, targets in steps:
        graph.set_targets(node, targets)
        edges[node] = targets
        for start in range(7):
            way, steps_round = graph.cycle(start), shortest_way_round(edges, start)
            assert (len(way) - 1 if way else None) == steps_round
            assert all(b in edges.get(a, ()) for a, b in itertools.pairwise(way))
            assert graph.sources(start) == {n for n, to in edges.items() if start in to}


@given(edits, st.integers(1, 6))
def test_with_a_budget_it_agrees_once_it_has_settled(steps, budget):
    graph: Graph[int] = Graph(budget)
    edges: dict[int, tuple[int, ...]] = {}
    for number, (node, targets) in enumerate(steps):
        graph.set_targets(node, targets)
        edges[node] = targets
        graph.region(node)
        if number % 3 == 0:
            next(graph.settle(), None)  # begun, and then the edges change
    for start in range(7):
        graph.region(start)
    while not graph.is_settled:
        for _ in graph.settle():
            pass
        for start in range(7):
            graph.region(start)
    for start in range(7):
        assert bool(graph.region(start)) == (shortest_way_round(edges, start) is not None)
        way = graph.cycle(start)
        assert bool(way) == bool(graph.region(start))
        assert all(b in edges[a] for a, b in itertools.pairwise(way))


class CountingTargets(tuple):
    """Targets that count how often they are walked over."""

    walked = 0

    def __iter__(self):
        for target in super().__iter__():
            CountingTargets.walked += 1
            yield target


@pytest.mark.parametrize("size", [300, 2_500])
def test_a_change_in_a_ring_of_thousands_costs_no_more_than_the_budget(size):
    """2,500 tasks that each depend on the next 32: every question would walk over 80,000 edges."""
    graph: Graph[int] = Graph(4_000)

    def ring(node: int, width: int = 32) -> CountingTargets:
        return CountingTargets((node + step) % size for step in range(1, width + 1))

    most = 0
    for node in range(size):
        CountingTargets.walked = 0
        graph.set_targets(node, ring(node))
        graph.region(node)
        graph.cycle(node)
        most = max(most, CountingTargets.walked)
    for node in range(0, size, 7):
        CountingTargets.walked = 0
        graph.set_targets(node, ring(node, 31 - node % 2))
        graph.region(node)
        graph.cycle(node)
        most = max(most, CountingTargets.walked)
    assert most <= 2 * 4_000 + 200

    longest = 0
    while not graph.is_settled:
        CountingTargets.walked = 0
        for _ in graph.settle():
            longest = max(longest, CountingTargets.walked)
            CountingTargets.walked = 0
    assert longest <= 2_100, "and it is found out in small steps"
    assert all(len(graph.region(node)) == size for node in range(size))


def ring_of(owner: str, size: int) -> dict[str, tuple[str, ...]]:
    return {
        f"{owner}/{node}": tuple(f"{owner}/{(node + step) % size}" for step in range(1, 33))
        for node in range(size)
    }


def owner_of(node: str) -> str:
    return node.partition("/")[0]


class TestGraphsOfSeveralOwners:
    def test_each_has_edges_of_its_own(self):
        graphs: Graphs[str, str] = Graphs(owner_of)
        graphs.set_targets("a/1", ("a/2",))
        graphs.set_targets("a/2", ("a/1",))
        graphs.set_targets("b/1", ("b/2",))
        assert graphs.of("a/1").cycle("a/1") == ("a/1", "a/2", "a/1")
        assert graphs.of("b/1").cycle("b/1") == ()
        assert graphs.of("c/1").targets("c/1") == ()

    def test_what_is_known_of_one_is_not_forgotten_by_a_change_of_another(self):
        graphs: Graphs[str, str] = Graphs(owner_of)
        for node, targets in {"a/1": "a/2", "a/2": "a/3", "b/1": "b/2", "b/2": "b/3"}.items():
            graphs.set_targets(node, CountingTargets((targets,)))
        graphs.of("a/2").region("a/2")
        graphs.of("b/2").region("b/2")
        graphs.set_targets("b/2", CountingTargets(("b/1",)))
        CountingTargets.walked = 0
        graphs.of("a/2").region("a/2")
        assert CountingTargets.walked == 0
        assert graphs.of("b/2").region("b/2") == {"b/1", "b/2"}

    def test_one_that_never_comes_to_rest_keeps_no_other_from_being_found_out(self):
        graphs: Graphs[str, str] = Graphs(owner_of, 4_000)
        rings = {"restless": ring_of("restless", 300), "calm": ring_of("calm", 300)}
        for ring in rings.values():
            for node, targets in ring.items():
                graphs.set_targets(node, targets)
                graphs.of(node).region(node)
        assert not graphs.is_settled
        for number, _ in enumerate(graphs.settle()):
            node = f"restless/{number % 300}"
            graphs.set_targets(node, rings["restless"][node][: 31 - number % 2])
        assert graphs.of("calm/7").is_settled
        assert len(graphs.of("calm/7").region("calm/7")) == 300
        assert not graphs.of("restless/7").is_settled
        for _ in range(3):
            for _ in graphs.settle():
                pass
        assert graphs.is_settled

    def test_nothing_is_kept_of_one_without_edges(self):
        graphs: Graphs[str, str] = Graphs(owner_of, 10)
        for node, targets in ring_of("a", 50).items():
            graphs.set_targets(node, targets)
        graphs.of("a/1").region("a/1")
        assert not graphs.is_settled
        for node in ring_of("a", 50):
            graphs.set_targets(node, ())
        assert graphs.is_settled
        assert not graphs.of("a/1")
