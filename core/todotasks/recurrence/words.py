"""Small pieces of English that `explain` is put together from."""

from collections.abc import Sequence
from datetime import date

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NTH = ("first", "second", "third", "fourth", "fifth")
WORKDAYS = (0, 1, 2, 3, 4)


def joined(items: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {word} ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def numbered(number: int) -> str:
    """`1st`, `22nd`, `13th`."""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def nth(number: int) -> str:
    """`first` … `fifth`, `6th`; from the end `last`, `second-to-last`, `6th-to-last`."""
    if number == -1:
        return "last"
    word = _NTH[abs(number) - 1] if abs(number) <= len(_NTH) else numbered(abs(number))
    return word if number > 0 else f"{word}-to-last"


def ranged(numbers: Sequence[int]) -> list[str]:
    """Sorted numbers with runs of three and more drawn together: `1–7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown: list[str] = []
    for run in runs:
        shown += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run)
    return shown


def weekdays(days: Sequence[int], word: str = "and") -> str:
    if tuple(days) == WORKDAYS:
        return "weekday"
    return joined([WEEKDAYS[day] for day in days], word)


def months(numbers: Sequence[int]) -> str:
    return joined([MONTHS[number - 1] for number in numbers])


def clock_time(seconds: int) -> str:
    hour, minute, second = seconds // 3600, seconds % 3600 // 60, seconds % 60
    return f"{hour:02}:{minute:02}" + (f":{second:02}" if second else "")


def day_in_full(day: date) -> str:
    """`21 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def every(interval: int, unit: str) -> str:
    """`every day`, `every second day`, `every 3 days`."""
    if interval == 1:
        return f"every {unit}"
    return f"every second {unit}" if interval == 2 else f"every {interval} {unit}s"
