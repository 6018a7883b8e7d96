"""Which message of the outbox goes next: in order within a lane, lanes independent of each other. Pure.

A lane is a topic and a key. At most one message of a lane is on its way; the next one waits for its
acknowledgement. So whatever happens to a message (too large, refused, answered after the producer was
rebuilt), nothing of its key can overtake it, and nothing of another key waits for it. A key is one task:
its messages follow each other as fast as Kafka answers, some hundreds a second, which no person does.
"""

import heapq
from collections.abc import Iterable

from todotasks.store import OutboxRow

LaneKey = tuple[str, str]


class Lanes:
    """The rows in hand, at most about `capacity` of them and `max_bytes`; memory is bounded by these."""

    def __init__(self, capacity: int, max_bytes: int) -> None:
        self._capacity = capacity
        self._max_bytes = max_bytes
        self._bytes = 0
        self._rows: dict[int, OutboxRow] = {}
        self._waiting: dict[
            LaneKey, list[tuple[int, OutboxRow]]
        ] = {}  # heaps by seq, of those not on their way
        self._on_its_way: dict[LaneKey, OutboxRow] = {}
        self._ready: list[tuple[int, LaneKey]] = []  # heap: the first of each lane that may go now

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, seq: int) -> bool:
        return seq in self._rows

    @property
    def on_their_way(self) -> int:
        return len(self._on_its_way)

    @property
    def room(self) -> int:
        """How many more rows may come in."""
        return 0 if self._bytes >= self._max_bytes else max(0, self._capacity - len(self._rows))

    def take(self, rows: Iterable[OutboxRow]) -> None:
        """Rows that are not in hand yet, in any order."""
        for row in rows:
            if row.seq in self._rows:
                continue
            self._rows[row.seq] = row
            self._bytes += _size(row)
            self._wait(row)

    def next(self) -> OutboxRow | None:
        """The oldest row that may go now; it is on its way until `done` or `retry`."""
        while self._ready:
            seq, lane = heapq.heappop(self._ready)
            waiting = self._waiting.get(lane)
            # An entry of `_ready` is void where an older row came into the lane, or one is on its way.
            if lane in self._on_its_way or not waiting or waiting[0][0] != seq:
                continue
            _, row = heapq.heappop(waiting)
            if not waiting:
                del self._waiting[lane]
            self._on_its_way[lane] = row
            return row
        return None

    def done(self, row: OutboxRow) -> None:
        """It arrived, or it never will: the lane goes on."""
        lane = _lane(row)
        del self._on_its_way[lane]
        del self._rows[row.seq]
        self._bytes -= _size(row)
        if waiting := self._waiting.get(lane):
            heapq.heappush(self._ready, (waiting[0][0], lane))

    def retry(self, row: OutboxRow) -> None:
        """It did not arrive: it is the first of its lane again."""
        del self._on_its_way[_lane(row)]
        self._wait(row)

    def _wait(self, row: OutboxRow) -> None:
        lane = _lane(row)
        waiting = self._waiting.setdefault(lane, [])
        heapq.heappush(waiting, (row.seq, row))
        if lane not in self._on_its_way and waiting[0][0] == row.seq:
            heapq.heappush(self._ready, (row.seq, lane))


def _lane(row: OutboxRow) -> LaneKey:
    return row.topic, row.key


def _size(row: OutboxRow) -> int:
    return len(row.value or b"") + 200  # the rest of a row, about
