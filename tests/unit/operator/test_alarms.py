"""The alarm clock: right order, only the last setting counts, a clock that is ours."""

import asyncio
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.operator.build import NOW, minutes
from todo_operator.loop.alarms import BATCH, Alarms


class Wrist:
    """A clock that is set by hand, and a list of what rang."""

    def __init__(self) -> None:
        self.now = NOW
        self.rang: list[str] = []
        self.alarms: Alarms[str] = Alarms(self.rang.append, lambda: self.now)

    def ring(self, at: datetime) -> list[str]:
        self.now = at
        self.rang.clear()
        while self.alarms.fire_due():
            pass
        return list(self.rang)


def test_rings_at_the_instant_and_not_before():
    wrist = Wrist()
    wrist.alarms.set("a", NOW + minutes(1))
    assert wrist.ring(NOW + timedelta(seconds=59)) == []
    assert wrist.ring(NOW + minutes(1)) == ["a"]


def test_says_how_late_the_oldest_of_a_batch_rings():
    late: list[float] = []
    alarms: Alarms[str] = Alarms(lambda key: None, lambda: NOW + minutes(3), late=late.append)
    alarms.set("a", NOW + minutes(2))
    alarms.set("b", NOW + minutes(1))
    assert alarms.fire_due() == 2
    assert alarms.fire_due() == 0
    assert late == [120.0]


def test_rings_once():
    wrist = Wrist()
    wrist.alarms.set("a", NOW)
    assert wrist.ring(NOW) == ["a"]
    assert wrist.ring(NOW + minutes(1)) == []
    assert len(wrist.alarms) == 0


def test_rings_in_the_order_of_the_instants_and_then_of_the_setting():
    wrist = Wrist()
    for key, delay in {"c": 2, "a": 1, "b": 1}.items():
        wrist.alarms.set(key, NOW + minutes(delay))
    assert wrist.ring(NOW + minutes(3)) == ["a", "b", "c"]


def test_only_the_last_setting_counts():
    wrist = Wrist()
    wrist.alarms.set("later", NOW + minutes(1))
    wrist.alarms.set("later", NOW + minutes(5))
    wrist.alarms.set("sooner", NOW + minutes(5))
    wrist.alarms.set("sooner", NOW + minutes(1))
    wrist.alarms.set("never", NOW + minutes(1))
    wrist.alarms.set("never", None)
    assert wrist.ring(NOW + minutes(1)) == ["sooner"]
    assert wrist.ring(NOW + minutes(5)) == ["later"]


def test_setting_it_back_to_a_former_instant_rings_once():
    wrist = Wrist()
    for delay in (1, 2, 1):
        wrist.alarms.set("a", NOW + minutes(delay))
    assert wrist.ring(NOW + minutes(3)) == ["a"]


def test_a_callback_that_fails_does_not_ring_for_ever():
    def fail(key: str) -> None:
        raise RuntimeError(key)

    alarms: Alarms[str] = Alarms(fail, lambda: NOW)
    alarms.set("a", NOW)
    try:
        alarms.fire_due()
    except RuntimeError:
        assert len(alarms) == 0


def test_dead_entries_do_not_pile_up():
    wrist = Wrist()
    for n in range(100_000):
        wrist.alarms.set("a", NOW + timedelta(seconds=n))
    assert len(wrist.alarms._heap) < 2_000


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.one_of(st.none(), st.integers(0, 9))), max_size=30),
    st.integers(0, 9),
)
def test_agrees_with_a_dictionary(settings, until):
    wrist, expected = Wrist(), {}
    for key, delay in settings:
        wrist.alarms.set(key, None if delay is None else NOW + minutes(delay))
        expected[key] = delay
    due = {key: delay for key, delay in expected.items() if delay is not None and delay <= until}
    rang = wrist.ring(NOW + minutes(until))
    assert sorted(rang) == sorted(due)
    assert [due[key] for key in rang] == sorted(due.values())


async def test_wakes_up_for_an_instant_that_is_sooner_than_what_it_slept_for():
    began = datetime.now(NOW.tzinfo)
    rang: asyncio.Queue[str] = asyncio.Queue()
    alarms: Alarms[str] = Alarms(rang.put_nowait, lambda: datetime.now(NOW.tzinfo))
    alarms.set("far", began + timedelta(hours=1))
    running = asyncio.create_task(alarms.run())
    await asyncio.sleep(0.01)
    alarms.set("near", began + timedelta(seconds=0.05))
    assert await asyncio.wait_for(rang.get(), 2) == "near"
    assert datetime.now(NOW.tzinfo) - began >= timedelta(seconds=0.05)
    running.cancel()


async def test_lets_others_run_between_batches():
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    done = asyncio.Event()
    seen: list[int] = []

    def fire(key: int) -> None:
        seen.append(turns)
        if key == 4 * BATCH - 1:
            done.set()

    alarms: Alarms[int] = Alarms(fire, lambda: NOW)
    for key in range(4 * BATCH):
        alarms.set(key, NOW)
    tasks = [asyncio.create_task(count()), asyncio.create_task(alarms.run())]
    await asyncio.wait_for(done.wait(), 5)
    assert len(set(seen)) >= 4
    for task in tasks:
        task.cancel()
