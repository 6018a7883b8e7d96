"""The small parts that hold the process together."""

import asyncio
import itertools
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from todo_operator.index.registry import make_kinds
from todo_operator.kopf_adapter.lone_kopf import kopf
from todo_operator.kopf_adapter.settings import OPEN_TASKS, EndlessBackoffs, configure
from todo_operator.loop.executor import status_patch
from todo_operator.process.background import BackgroundTasks
from todo_operator.process.lifecycle import check_components
from todotasks.api import Condition, SubtaskTotals, TodoTaskStatus


class TestKopf:
    def test_does_not_bring_the_clients_that_are_installed_beside_it(self):
        code = (
            "import sys, todo_operator.kopf_adapter.watches;"
            "print([name for name in ('kubernetes', 'pykube') if name in sys.modules])"
        )
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ended.stdout.strip() == "[]"

    def test_leaves_them_importable_for_others(self):
        code = "import todo_operator.kopf_adapter.lone_kopf, pykube; print(pykube.__name__)"
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert ended.stdout.strip() == "pykube"

    def test_watches_only_open_tasks(self):
        settings = kopf.OperatorSettings()
        configure(settings)
        assert list(settings.watching.field_selectors.values()) == [OPEN_TASKS]

    def test_stores_nothing_on_objects_and_looks_for_nothing_else(self):
        settings = kopf.OperatorSettings()
        configure(settings)
        assert not settings.posting.enabled
        assert settings.scanning.disabled
        assert settings.peering.standalone
        assert settings.persistence.diffbase_storage.fetch(body={}) is None
        assert settings.persistence.progress_storage.fetch(key="x", body={}) is None

    def test_never_gives_up_and_never_waits_longer_than_two_seconds(self):
        first = list(itertools.islice(EndlessBackoffs(), 1_000))
        again = list(itertools.islice(EndlessBackoffs(), 1_000))
        assert len(first) == 1_000
        assert max(first) == 2.0
        assert first == again  # each request begins anew


class TestStatusPatch:
    def test_says_only_what_differs_and_null_for_what_is_gone(self):
        then = datetime(2026, 11, 21, tzinfo=UTC)
        before = TodoTaskStatus(
            observed_generation=1, completion_time=then, due_time=then, subtasks=SubtaskTotals(1, 0)
        )
        after = TodoTaskStatus(observed_generation=2, due_time=then, subtasks=SubtaskTotals(1, 1))
        assert status_patch(before, after) == {
            "observedGeneration": 2,
            "subtasks": {"total": 1, "completed": 1},
            "completionTime": None,
        }

    def test_writes_conditions_as_a_whole_for_a_merge_patch_knows_no_list_keys(self):
        ready = Condition("Ready", "True", "Accepted", observed_generation=1)
        after = TodoTaskStatus(observed_generation=1, conditions=(ready,))
        assert [c["type"] for c in status_patch(TodoTaskStatus(), after)["conditions"]] == ["Ready"]


class TestCrew:
    async def test_tells_of_a_task_that_fails(self):
        async def fail() -> None:
            raise ValueError("no more")

        background = BackgroundTasks()
        background.start("failing", fail())
        await asyncio.wait_for(background.failed.wait(), 1)
        assert str(background.failure) == "no more"
        await background.stop()

    async def test_tells_of_a_task_that_ends_though_it_never_should(self):
        background = BackgroundTasks()
        background.start("short", asyncio.sleep(0))
        await asyncio.wait_for(background.failed.wait(), 1)
        assert "short has ended" in str(background.failure)

    async def test_tells_of_a_task_in_which_something_was_cancelled_though_nobody_stops_it(self):
        async def work() -> None:
            inner = asyncio.create_task(asyncio.Event().wait())
            inner.cancel()
            await inner

        background = BackgroundTasks()
        background.start("half dead", work())
        await asyncio.wait_for(background.failed.wait(), 1)
        assert "half dead was cancelled from within" in str(background.failure)
        await background.stop()

    async def test_stops_the_last_first_and_that_is_no_failure(self):
        ended: list[str] = []

        async def work(name: str) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0.01)  # something to bring to its end
                ended.append(name)

        background = BackgroundTasks()
        for name in ("first", "second"):
            background.start(name, work(name))
        await asyncio.sleep(0)
        await background.stop()
        assert ended == ["second", "first"]
        assert not background.failed.is_set()


@pytest.mark.parametrize(
    "chosen", ["reconcile,record,relay", "reconcile,record", "record,relay", "record", "relay"]
)
def test_components_that_work_together(chosen):
    assert check_components(frozenset(chosen.split(","))) is None


@pytest.mark.parametrize("chosen", ["reconcile", "reconcile,relay", "cook", "record,cook", ""])
def test_components_that_do_not(chosen):
    assert check_components(frozenset(part for part in chosen.split(",") if part)) is not None


def test_every_kind_in_the_registry_is_there_under_its_own_name():
    kinds = make_kinds()
    assert {name: kind.resource.kind for name, kind in kinds.items()} == {name: name for name in kinds}
