"""The graph against a naive one, and the shapes that hurt naive ones."""

import itertools
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_operator.index.graph import Graph


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
