"""How the relay reads the outbox table: few queries, also with little room."""

from typing import Any, cast

import pytest

from todo_operator.relay.relay import CAPACITY, PAGE, Relay
from todotasks.store import OutboxRow

NOBODY = cast(Any, None)


class Table:
    """Rows 1 to `count`, and how often they were asked for."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.queries = 0

    def rows(self, after: int, limit: int) -> list[OutboxRow]:
        last = min(self.count, after + limit)
        return [
            OutboxRow(seq, f"id-{seq}", "task-events", f"task-{seq}", b"x", {})
            for seq in range(after + 1, last + 1)
        ]

    async def outbox_batch(self, limit: int, after: int) -> list[OutboxRow]:
        self.queries += 1
        return self.rows(after, limit)


@pytest.mark.parametrize("room", [1, 7, PAGE - 1, PAGE, PAGE + 1])
async def test_a_look_at_the_table_costs_pages_and_not_rows_however_little_room_there_is(room: int):
    table = Table(CAPACITY - room)
    relay = Relay(cast(Any, table), NOBODY, "todotasks-relay", 1)
    await relay._load(0)
    table.queries = 0
    await relay._load(0)
    assert table.queries <= CAPACITY // PAGE + 1


@pytest.mark.parametrize("more", [1, 500, 2 * PAGE])
async def test_what_there_is_no_room_for_is_read_when_there_is(more: int):
    table = Table(CAPACITY + more)
    relay = Relay(cast(Any, table), NOBODY, "todotasks-relay", 1)
    await relay._load(0)
    assert len(relay._lanes) == CAPACITY
    before = table.queries
    await relay._load(relay._cursor)
    assert table.queries == before, "there is no room, so nobody asks"
    for _ in range(more):
        row = relay._lanes.next()
        assert row is not None
        relay._lanes.done(row)
        relay._acknowledged[row.seq] = None
    await relay._load(relay._cursor)
    assert len(relay._lanes) == CAPACITY
    assert table.count in relay._lanes
