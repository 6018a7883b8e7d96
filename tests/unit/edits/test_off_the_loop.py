"""Planning is pure and takes its time: over many tasks it leaves the loop, which serves others meanwhile."""

import threading
from dataclasses import replace

import pytest

from tests.unit.edits.test_listing_texts import world_of
from todotasks.edits.model.command import ListTasks
from todotasks.edits.model.plan import Plan
from todotasks.edits.session import turn


@pytest.mark.parametrize(("tasks", "apart"), [(turn.FEW, False), (turn.FEW + 1, True)])
async def test_a_command_over_many_tasks_is_planned_in_a_thread(
    tasks: int, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned_in: list[int] = []

    def plan(*_: object, **__: object) -> Plan:
        planned_in.append(threading.get_ident())
        return Plan(reply="")

    monkeypatch.setattr(turn, "plan", plan)
    world = replace(world_of(*(f"task {n}" for n in range(tasks))), rules=())
    await turn._plan(ListTasks(), world, confirmed=False)
    assert (planned_in != [threading.get_ident()]) is apart
