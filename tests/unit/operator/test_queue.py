"""Each key once, the last event always seen, edits before old work, failures with growing pauses."""

import asyncio
import itertools

import pytest

from todo_operator.loop.queue import (
    RETRY_CAP,
    Lane,
    ReconcileQueue,
    retry_delay,
)


def a_queue(*keys: str, lane: Lane = Lane.FRESH) -> ReconcileQueue[str]:
    queue: ReconcileQueue[str] = ReconcileQueue(delay=lambda failures, cap: 0.01 * failures)
    for key in keys:
        queue.add(key, lane)
    return queue


async def drain(queue: ReconcileQueue[str]) -> list[str]:
    """Everything that waits now, in the order in which workers get it."""
    got = []
    while len(queue):
        got.append(await queue.get())
        queue.done(got[-1])
    return got


async def test_many_events_for_a_key_are_one_piece_of_work():
    assert await drain(a_queue("a", "b", "a", "a")) == ["a", "b"]


async def test_a_key_is_not_given_to_a_second_worker_while_one_works_on_it():
    queue = a_queue("a")
    assert await queue.get() == "a"
    queue.add("a")
    assert len(queue) == 0
    assert queue.asked_again("a")


async def test_an_event_during_the_work_is_seen_afterwards():
    queue = a_queue("a")
    await queue.get()
    queue.add("a")
    queue.done("a")
    assert await drain(queue) == ["a"]
    assert queue.idle


async def test_fresh_keys_go_before_the_backlog():
    queue = a_queue("old1", "old2", lane=Lane.BACKLOG)
    queue.add("new")
    assert await drain(queue) == ["new", "old1", "old2"]


async def test_the_backlog_has_every_eighth_turn_under_a_constant_stream():
    queue = a_queue("old", lane=Lane.BACKLOG)
    for n in range(20):
        queue.add(f"new{n}")
    assert (await drain(queue)).index("old") == 7


async def test_an_edit_takes_a_key_out_of_the_backlog():
    queue = a_queue("a", "b", lane=Lane.BACKLOG)
    queue.add("b")
    assert await drain(queue) == ["b", "a"]


async def test_being_asked_for_again_by_the_backlog_does_not_make_a_fresh_key_old():
    queue = a_queue("a", "b", lane=Lane.BACKLOG)
    await queue.get()
    queue.add("a", Lane.FRESH)
    queue.add("a", Lane.BACKLOG)
    queue.done("a")
    assert await drain(queue) == ["a", "b"]


async def test_a_failed_key_comes_again_after_a_pause():
    queue = a_queue("a")
    queue.retry(await queue.get())
    assert (len(queue), queue.delayed) == (0, 1)
    assert await asyncio.wait_for(queue.get(), 1) == "a"


async def test_pauses_grow_until_it_works():
    queue = a_queue("a")
    pauses = [queue.retry(await queue.get()) for _ in range(3)]
    queue.done(await queue.get())
    queue.add("a")
    pauses.append(queue.retry(await queue.get()))
    assert pauses == [0.01, 0.02, 0.03, 0.01]
    queue.close()


async def test_an_edit_does_not_wait_for_the_pause_to_end_and_there_is_only_one_attempt():
    queue = ReconcileQueue[str](delay=lambda failures, cap: 60.0)
    queue.add("a")
    queue.retry(await queue.get())
    queue.add("a")
    assert queue.delayed == 0
    assert await drain(queue) == ["a"]


async def test_a_key_that_failed_while_it_was_edited_is_tried_at_once():
    queue = ReconcileQueue[str](delay=lambda failures, cap: 60.0)
    queue.add("a")
    await queue.get()
    queue.add("a")
    queue.retry("a")
    assert await drain(queue) == ["a"]


async def test_waiting_workers_get_one_key_each():
    queue = a_queue()
    workers = [asyncio.create_task(queue.get()) for _ in range(3)]
    await asyncio.sleep(0)
    for key in ("a", "b", "c"):
        queue.add(key)
    assert sorted(await asyncio.gather(*workers)) == ["a", "b", "c"]


async def test_a_worker_that_is_cancelled_while_waiting_takes_nothing_with_it():
    queue = a_queue()
    worker = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    worker.cancel()
    queue.add("a")
    assert await asyncio.wait_for(queue.get(), 1) == "a"


@pytest.mark.parametrize(("chance", "part"), [(0.0, 1.0), (1.0, 0.5)])
def test_pauses_double_up_to_a_cap_and_half_of_them_is_chance(chance, part):
    delays = [retry_delay(n, RETRY_CAP, lambda: chance) for n in range(1, 30)]
    assert delays[:4] == [0.2 * part, 0.4 * part, 0.8 * part, 1.6 * part]
    assert delays[-1] == RETRY_CAP * part
    assert all(a <= b for a, b in itertools.pairwise(delays))


class TestTheLaneAfterEvents:
    async def test_goes_behind_edits_and_before_the_backlog(self):
        queue = ReconcileQueue[str]()
        queue.add("old", Lane.BACKLOG)
        queue.add("due", Lane.AFTER_EVENTS)
        queue.add("edited")
        assert [await queue.get() for _ in range(3)] == ["edited", "due", "old"]

    async def test_waits_while_it_is_held_and_edits_do_not(self):
        queue = ReconcileQueue[str]()
        queue.hold(Lane.AFTER_EVENTS)
        queue.add("due", Lane.AFTER_EVENTS)
        queue.add("edited")
        assert await queue.get() == "edited"
        waiting = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        assert not waiting.done()
        queue.let_go(Lane.AFTER_EVENTS)
        assert await waiting == "due"

    async def test_a_key_of_it_that_is_edited_does_not_wait_for_the_events(self):
        queue = ReconcileQueue[str]()
        queue.hold(Lane.AFTER_EVENTS)
        queue.add("due", Lane.AFTER_EVENTS)
        queue.add("due")
        assert await queue.get() == "due"

    async def test_one_that_is_let_go_finds_as_many_workers_as_it_has_keys(self):
        queue = ReconcileQueue[str]()
        queue.hold(Lane.AFTER_EVENTS)
        workers = [asyncio.create_task(queue.get()) for _ in range(3)]
        await asyncio.sleep(0)
        for key in "abc":
            queue.add(key, Lane.AFTER_EVENTS)
        queue.let_go(Lane.AFTER_EVENTS)
        assert sorted(await asyncio.gather(*workers)) == ["a", "b", "c"]


async def test_how_long_the_oldest_key_has_waited_is_that_of_the_lane_that_stands_longest():
    queue = a_queue("old", lane=Lane.BACKLOG)
    await asyncio.sleep(0.02)
    queue.add("new")
    assert queue.oldest_seconds >= 0.02
    await drain(queue)
    assert queue.oldest_seconds == 0.0


class TestOwners:
    """What one namespace asks for costs another's nothing."""

    def a_shared_queue(self, most_of_one: int | None = None) -> ReconcileQueue[str]:
        return ReconcileQueue(owner=lambda key: key[0], most_of_one=most_of_one)

    async def test_a_key_waits_for_one_of_each_other_owner_however_many_they_have(self):
        queue = self.a_shared_queue()
        for n in range(1_000):
            queue.add(f"a{n}")
        queue.add("b0")
        queue.add("c0")
        assert [await queue.get() for _ in range(4)] == ["a0", "b0", "c0", "a1"]

    async def test_who_has_had_a_turn_comes_behind_who_comes_anew(self):
        queue = self.a_shared_queue()
        for key in ("a0", "a1", "b0"):
            queue.add(key)
        assert await queue.get() == "a0"
        queue.add("c0")
        assert [await queue.get() for _ in range(3)] == ["b0", "a1", "c0"]

    async def test_one_owners_keys_keep_their_order(self):
        queue = self.a_shared_queue()
        for key in ("a0", "b0", "a1", "b1", "a2"):
            queue.add(key)
        assert [key for key in await drain(queue) if key[0] == "a"] == ["a0", "a1", "a2"]

    async def test_the_backlog_is_shared_out_too(self):
        queue = self.a_shared_queue()
        for n in range(100):
            queue.add(f"a{n}", Lane.BACKLOG)
        queue.add("b0", Lane.BACKLOG)
        assert await queue.get() == "a0"
        assert await queue.get() == "b0"

    async def test_an_edit_takes_a_key_out_of_its_owners_backlog_and_of_no_others(self):
        queue = self.a_shared_queue()
        for key in ("a0", "b0"):
            queue.add(key, Lane.BACKLOG)
        queue.add("b0")
        assert await drain(queue) == ["b0", "a0"]

    async def test_one_owner_never_has_all_the_workers(self):
        queue = self.a_shared_queue(most_of_one=2)
        for n in range(5):
            queue.add(f"a{n}")
        assert [await queue.get(), await queue.get()] == ["a0", "a1"]
        third = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        assert not third.done(), "the workers that are left are for others"
        queue.add("b0")
        assert await asyncio.wait_for(third, 1) == "b0"

    @pytest.mark.parametrize("leave", ["done", "retry"])
    async def test_an_owner_who_has_his_share_goes_on_when_one_of_his_keys_is_done(self, leave: str):
        queue = ReconcileQueue[str](delay=lambda failures, cap: 60.0, owner=lambda key: key[0], most_of_one=1)
        queue.add("a0")
        queue.add("a1")
        first = await queue.get()
        next_one = asyncio.create_task(queue.get())
        await asyncio.sleep(0)
        assert not next_one.done()
        getattr(queue, leave)(first)
        assert await asyncio.wait_for(next_one, 1) == "a1"
        queue.close()

    async def test_a_key_of_the_backlog_is_handed_out_where_the_edits_are_of_one_who_has_his_share(self):
        queue = self.a_shared_queue(most_of_one=1)
        queue.add("a0")
        queue.add("a1")
        queue.add("b0", Lane.BACKLOG)
        assert [await queue.get(), await queue.get()] == ["a0", "b0"]

    async def test_how_long_the_oldest_has_waited_is_that_of_whoever_has_waited_longest(self):
        queue = self.a_shared_queue()
        queue.add("a0")
        queue.add("b0")
        await asyncio.sleep(0.02)
        assert await queue.get() == "a0"
        queue.add("a1")
        assert queue.oldest_seconds >= 0.02
