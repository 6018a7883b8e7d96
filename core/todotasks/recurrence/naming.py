"""What every language that says a rule has in common: the order in which numbers are named, and how many."""

from collections.abc import Sequence

MOST_TIMES = 6  # times of day named one by one
ALL_HOURS, ALL_MINUTES = tuple(range(24)), tuple(range(60))


def from_both_ends(numbers: Sequence[int]) -> list[int]:
    """1, 2, …, then -1, -2, …: the order in which people name them."""
    return sorted(numbers, key=lambda number: (number < 0, abs(number)))


def in_order(days: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """(number, weekday): by the number, those from the end last."""
    return sorted(days, key=lambda each: (each[0] < 0, abs(each[0]), each[1]))


def step_of(numbers: Sequence[int], end: int) -> int | None:
    """The step of `0, step, 2·step …` up to `end`, when the numbers are that and it divides `end`."""
    step = numbers[1] if len(numbers) > 1 and numbers[0] == 0 else 0
    return step if step > 1 and end % step == 0 and tuple(numbers) == tuple(range(0, end, step)) else None
