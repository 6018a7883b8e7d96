"""The circuit breaker of a channel and its pauses, on a clock of the test's own."""

from hypothesis import given
from hypothesis import strategies as st

from todo_consumers.notifier.dispatcher import LONGEST_DELAY, backoff
from todo_consumers.notifier.pace import FAILURES, FIRST_REST, LONGEST_REST, Breaker


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def broken(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed(server_down=True)
    return breaker


def test_a_server_that_is_down_again_and_again_is_left_alone_for_a_while() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(server_down=True)
    breaker.failed(server_down=True)
    assert breaker.rest_seconds() == 0
    breaker.failed(server_down=True)
    assert breaker.rest_seconds() == FIRST_REST


def test_after_its_rest_one_probe_decides() -> None:
    clock = Clock()
    breaker = broken(clock)
    clock.now += FIRST_REST
    assert breaker.rest_seconds() == 0
    breaker.failed(server_down=True)
    assert breaker.rest_seconds() == 2 * FIRST_REST, "the probe failed: it rests twice as long"
    clock.now += 2 * FIRST_REST
    breaker.succeeded()
    assert not breaker.is_open


def test_the_rest_has_an_end() -> None:
    clock = Clock()
    breaker = broken(clock)
    for _ in range(20):
        clock.now += LONGEST_REST
        breaker.failed(server_down=True)
    assert breaker.rest_seconds() == LONGEST_REST


def test_a_refused_mailbox_proves_that_the_server_is_there() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(10):
        breaker.failed(server_down=True)
        breaker.failed(server_down=False)
    assert breaker.rest_seconds() == 0


@given(st.integers(1, 100), st.floats(0, 1))
def test_the_pause_between_attempts_grows_and_stays_below_its_limit(attempts: int, spread: float) -> None:
    assert 0 < backoff(attempts, spread) <= LONGEST_DELAY
    assert backoff(attempts + 1, 0) >= backoff(attempts, 0)
