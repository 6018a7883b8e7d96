"""When a channel is left alone: a circuit breaker for each.

closed ── `FAILURES` in a row say the server is down ──▶ open ── rest ──▶ one probe ──▶ closed, or open again
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 3  # in a row, of the server and not of one mailbox
FIRST_REST, LONGEST_REST = 5.0, 300.0  # seconds, doubled each time the probe fails


@dataclass
class Breaker:
    """One per channel. Its state is lost with the process, which costs a restart three failures."""

    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _rest: float = 0.0
    _open_until: float = 0.0

    @property
    def is_open(self) -> bool:
        return self._rest > 0

    def rest_seconds(self) -> float:
        """How long to leave the channel alone; 0: go on, with one at a time while `is_open`."""
        return max(0.0, self._open_until - self.clock()) if self.is_open else 0.0

    def succeeded(self) -> None:
        self._failures, self._rest = 0, 0.0

    def failed(self, *, server_down: bool) -> None:
        """A refusal of one message proves that the server is there."""
        if not server_down:
            self.succeeded()
            return
        self._failures += 1
        if self._failures >= FAILURES:
            self._rest = min(LONGEST_REST, self._rest * 2) if self._rest else FIRST_REST
            self._open_until = self.clock() + self._rest
