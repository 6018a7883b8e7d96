"""Lists by a text, in pages: the answers are those of a search over the mirror, as both read texts alike."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from tests.unit.edits.worlds import the_world
from tests.unit.text.test_search import FOUND, NOT_FOUND
from tests.unit.work import calls_of
from todotasks.api import Metadata, TodoTask, TodoTaskSpec
from todotasks.edits.model.command import Delete, Filter, ListTasks, Target
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.dispatch import plan
from todotasks.edits.targets.matching import find


def world_of(*titles: str, **spec: Any) -> World:
    tasks = tuple(
        TodoTask(
            metadata=Metadata(name=f"task-{n}", namespace="home", uid=f"uid-{n}", resource_version="1"),
            spec=TodoTaskSpec(title=title, **spec),
        )
        for n, title in enumerate(titles)
    )
    return replace(the_world(), tasks=tasks)


def listed(answer: Plan) -> list[str]:
    assert answer.listing is not None, answer.reply
    return [row.title for row in answer.listing.rows]


def by_text(text: str, *titles: str, **spec: Any) -> Plan:
    return plan(ListTasks(Filter(text=text)), world_of(*titles, **spec))


@pytest.mark.parametrize(("text", "said"), FOUND)
def test_a_list_finds_what_a_search_finds(text: str, said: str) -> None:
    assert listed(by_text(said, text, "Another task")) == [text]
    assert len(listed(by_text(said, "Pay", notes=text))) == 1


@pytest.mark.parametrize(("text", "said"), NOT_FOUND)
def test_and_nothing_else(text: str, said: str) -> None:
    answer = by_text(said, text, "Another task")
    assert text not in listed(answer) or answer.remarks, "what is found has a slip, and says so"


def test_a_misspelt_word_is_read_as_the_nearest_only_where_nothing_is_found_as_it_is_written() -> None:
    answer = by_text("reveiw", "Review the budget", "Pay rent")
    assert listed(answer) == ["Review the budget"]
    assert answer.remarks == ("“reveiw” was read as “review”",)
    answer = by_text("rent", "Rend the veil", "Pay rent")
    assert (listed(answer), answer.remarks) == (["Pay rent"], ())


@pytest.mark.parametrize("command", [ListTasks(Filter(text="_")), Delete(Target(filter=Filter(text="...")))])
def test_a_text_with_nothing_to_find_is_refused_with_what_could_be_found(command: Any) -> None:
    answer = plan(command, world_of("Pay rent"))
    assert answer.problem is not None
    assert (answer.problem.reason, answer.problem.field) == ("Invalid", "filter.text")
    assert "letters, digits, or a sign such as an emoji" in answer.problem.message
    assert answer.edits == ()


def test_a_misspelt_word_deletes_nothing() -> None:
    answer = plan(Delete(Target(filter=Filter(text="reveiw"))), world_of("Review the budget"), confirmed=True)
    assert answer.edits == ()


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────
def pages(command: ListTasks, world: World) -> list[list[str]]:
    found = []
    while True:
        answer = plan(command, world)
        assert answer.listing is not None
        assert answer.listing.total == len(world.tasks)
        found.append(listed(answer))
        if answer.listing.next is None:
            return found
        command = msgspec.structs.replace(command, cursor=answer.listing.next)


@pytest.mark.parametrize("sort", ["due", "priority", "created", "title", "completed"])
def test_pages_together_are_the_list(sort: Any) -> None:
    world = world_of(*(f"task {n % 7}" for n in range(19)))
    found = pages(ListTasks(sort=sort, limit=3), world)
    assert [len(page) for page in found] == [3] * 6 + [1]
    whole = plan(ListTasks(sort=sort, limit=200), world)
    assert [title for page in found for title in page] == listed(whole)


def test_what_is_done_between_two_pages_moves_nothing_else() -> None:
    world = world_of(*(f"task {n:02}" for n in range(9)))
    first = plan(ListTasks(sort="title", limit=3), world)
    assert first.listing is not None
    fewer = replace(world, tasks=world.tasks[3:])  # the page before was completed meanwhile
    second = plan(ListTasks(sort="title", limit=3, cursor=first.listing.next), fewer)
    assert listed(second) == ["task 03", "task 04", "task 05"]


@pytest.mark.parametrize(
    "command",
    [
        ListTasks(Filter(text="task"), sort="title", limit=3),
        ListTasks(sort="due", limit=3),
        ListTasks(Filter(completed=True), sort="title", limit=3),
    ],
)
def test_a_cursor_of_another_list_is_refused(command: ListTasks) -> None:
    world = world_of(*(f"task {n:02}" for n in range(9)))
    first = plan(ListTasks(sort="title", limit=3), world)
    assert first.listing is not None
    answer = plan(msgspec.structs.replace(command, cursor=first.listing.next), world)
    assert answer.problem is not None
    assert answer.problem.message.startswith("cursor: is none of this list")


@pytest.mark.parametrize("cursor", ["", "x", "[]", '["a",["b",{}]]', '["a",[1]]', "null", '["a",[[]]]'])
def test_a_cursor_that_somebody_made_up_is_refused(cursor: str) -> None:
    answer = plan(ListTasks(cursor=cursor), world_of("Pay rent"))
    assert answer.problem is not None and answer.problem.field == "cursor"


def test_a_cursor_of_another_namespace_is_refused() -> None:
    world = world_of("a", "b", "c")
    first = plan(ListTasks(limit=1), world)
    assert first.listing is not None
    elsewhere = replace(world, namespace="work")
    assert plan(ListTasks(limit=1, cursor=first.listing.next), elsewhere).problem is not None


# ── work is bounded ──────────────────────────────────────────────────────────────────────────────────
def test_a_long_title_among_thousands_costs_no_more_than_a_few_calls_a_task() -> None:
    titles = [f"word{n} of the {n % 97}th report about thing{n % 1013}" for n in range(2000)]
    names = [f"name-{n}" for n in range(2000)]
    long = " ".join(f"nothing{n}" for n in range(60))[:512]
    ordinary = calls_of(lambda: find("the reprot about nothing", names, titles))
    assert ordinary < 60 * len(titles)
    assert calls_of(lambda: find(long, names, titles)) < 60 * len(titles)
