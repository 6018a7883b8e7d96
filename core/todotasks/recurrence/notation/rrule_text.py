"""Recurrence rules of RFC 5545 as text: read strictly, all mistakes at once.

What the RFC forbids but calendars in the wild contain with a plain meaning (a week number in a monthly rule,
a day of the month in a weekly one) is read as one more filter and *noted*; what has no meaning is refused.
"""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from todotasks.recurrence.calendar.when import Stamp, read_icalendar_moment
from todotasks.recurrence.errors import FieldError, quoted


class Freq(IntEnum):
    """From coarse to fine."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LARGEST = 999_999_999  # for INTERVAL and COUNT: far beyond the calendar, short enough for any number type
MAX_VALUES = 800  # in one list: 2·366 year days fit


@dataclass(frozen=True, slots=True)
class RRule:
    """The parts of a RECUR value, sorted, without repetition. Weekdays count from Monday = 0."""

    freq: Freq
    interval: int = 1
    count: int | None = None
    until: Stamp | None = None
    week_start: int = 0
    by_month: tuple[int, ...] = ()
    by_week_number: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_weekday: tuple[int, ...] = ()
    by_nth_weekday: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    by_easter: tuple[int, ...] = ()

    @property
    def selects_days(self) -> bool:
        return bool(
            self.by_week_number
            or self.by_year_day
            or self.by_month_day
            or self.by_weekday
            or self.by_nth_weekday
            or self.by_easter
        )


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    path: str
    values: dict[str, object] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def error(self, message: str) -> None:
        self.errors.append(FieldError(self.path, message))


_INTEGER = re.compile(r"([+-]?)([0-9]{1,9})", re.ASCII)
_BY_DAY = re.compile(r"([+-]?)([0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)

# part → (field of RRule, smallest, largest, whether a minus sign counts from the end)
_LISTS: dict[str, tuple[str, int, int, bool]] = {
    "BYSECOND": ("by_second", 0, 60, False),
    "BYMINUTE": ("by_minute", 0, 59, False),
    "BYHOUR": ("by_hour", 0, 23, False),
    "BYMONTHDAY": ("by_month_day", 1, 31, True),
    "BYYEARDAY": ("by_year_day", 1, 366, True),
    "BYWEEKNO": ("by_week_number", 1, 53, True),
    "BYMONTH": ("by_month", 1, 12, False),
    "BYSETPOS": ("by_set_pos", 1, 366, True),
    "BYEASTER": ("by_easter", 0, 366, True),
}
_ALIASES = {"BYWEEKDAY": "BYDAY"}
PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_LISTS)
_UNSUPPORTED = {
    "RSCALE": "calendars other than the Gregorian are not supported; leave it out",
    "SKIP": "it is not supported: a date that does not exist is left out; for the last day of a month "
    "write BYMONTHDAY=-1",
}


def read_rrule(text: str, path: str) -> tuple[RRule | None, list[FieldError], list[str]]:
    """The rule (None when there are errors), the errors, and notes on how odd parts were read."""
    reading = _Reading(path)
    if not text.strip():
        reading.error("is empty: write at least FREQ=…, such as FREQ=MONTHLY;BYDAY=2TU")
        return None, reading.errors, []
    for part in text.strip().upper().split(";"):
        _read_part(reading, part)
    _check_whole(reading)
    if reading.errors:
        return None, reading.errors, reading.notes
    values = {name: value for name, value in reading.values.items() if name.islower()}
    return RRule(**values), [], reading.notes  # type: ignore[arg-type]  # the readers below know the types


def _read_part(reading: _Reading, part: str) -> None:
    if not part:
        reading.error('has an empty part: write one ";" between two parts, and none at the ends')
        return
    name, equals, value = part.partition("=")
    name = _ALIASES.get(name, name)
    if not equals:
        reading.error(f"{quoted(part)} is not NAME=VALUE, such as BYDAY=MO")
    elif name in _UNSUPPORTED:
        reading.error(f"{name}: {_UNSUPPORTED[name]}")
    elif name not in PARTS:
        near = difflib.get_close_matches(name, PARTS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(PARTS)}"
        reading.error(f"{quoted(name)} is not a part of a recurrence rule: {hint}")
    elif name in reading.values:
        reading.error(f"{name} is given twice: put all values into one, separated by commas")
    else:
        reading.values[name] = value
        if name in _LISTS:
            _read_list(reading, name, value)
        else:
            _READERS[name](reading, value)


def _read_freq(reading: _Reading, value: str) -> None:
    if value in Freq.__members__:
        reading.values["freq"] = Freq[value]
    else:
        reading.error(f"FREQ={value}: write {', '.join(Freq.__members__)}")


def _read_positive(name: str) -> Callable[[_Reading, str], None]:
    def read(reading: _Reading, value: str) -> None:
        match = _INTEGER.fullmatch(value)
        if match is None or match[1] or int(value) < 1:
            reading.error(f"{name}={value}: write a whole number from 1 to {LARGEST}")
        else:
            reading.values[name.lower()] = int(value)

    return read


def _read_until(reading: _Reading, value: str) -> None:
    moment = read_icalendar_moment(value)
    if isinstance(moment, str):
        reading.error(f"UNTIL: {moment}")
    else:
        reading.values["until"] = moment


def _read_week_start(reading: _Reading, value: str) -> None:
    if value in WEEKDAYS:
        reading.values["week_start"] = WEEKDAYS.index(value)
    else:
        reading.error(f"WKST={value}: write one of {', '.join(WEEKDAYS)}")


def _read_by_day(reading: _Reading, value: str) -> None:
    plain: set[int] = set()
    nth: set[tuple[int, int]] = set()
    wrong = []
    for item in value.split(",")[:MAX_VALUES]:
        match = _BY_DAY.fullmatch(item)
        if match is None or (match[1] and not match[2]) or (match[2] and not 1 <= int(match[2]) <= 53):
            wrong.append(item)
        elif match[2] is None:
            plain.add(WEEKDAYS.index(match[3]))
        else:
            number = -int(match[2]) if match[1] == "-" else int(match[2])
            nth.add((number, WEEKDAYS.index(match[3])))
    if wrong:
        reading.error(
            f"BYDAY={_listed(wrong)}: write weekdays as MO, TU, WE, TH, FR, SA, SU, with a number before it "
            "for the n-th of the month or year: 2TU, -1FR"
        )
    reading.values["by_weekday"] = tuple(sorted(plain))
    reading.values["by_nth_weekday"] = tuple(sorted(nth))


def _read_list(reading: _Reading, name: str, value: str) -> None:
    target, low, high, negative = _LISTS[name]
    good: set[int] = set()
    wrong = []
    items = value.split(",")
    for item in items[:MAX_VALUES]:
        match = _INTEGER.fullmatch(item)
        if match is None or (match[1] and not negative) or not low <= int(match[2]) <= high:
            wrong.append(item)
        else:
            good.add(int(item))
    if wrong:
        end = f", or -{max(low, 1)} to -{high} counted from the end" if negative else ""
        reading.error(f"{name}={_listed(wrong)}: write numbers from {low} to {high}{end}")
    if len(items) > MAX_VALUES:
        reading.error(f"{name} has {len(items)} values: at most {MAX_VALUES}")
    if name == "BYSECOND" and 60 in good:
        good = good - {60} | {59}
        reading.notes.append("BYSECOND=60, a leap second, is read as 59")
    reading.values[target] = tuple(sorted(good))


def _listed(items: Sequence[str]) -> str:
    shown = ",".join(items[:5]) + (",…" if len(items) > 5 else "")
    return quoted(shown)[1:-1]


_READERS: dict[str, Callable[[_Reading, str], None]] = {
    "FREQ": _read_freq,
    "INTERVAL": _read_positive("INTERVAL"),
    "COUNT": _read_positive("COUNT"),
    "UNTIL": _read_until,
    "WKST": _read_week_start,
    "BYDAY": _read_by_day,
}


def _check_whole(reading: _Reading) -> None:
    """What can be judged only with all parts at hand."""
    values = reading.values
    if "FREQ" not in values:
        reading.error(f"has no FREQ: write FREQ= and one of {', '.join(Freq.__members__)}")
    if "COUNT" in values and "UNTIL" in values:
        reading.error("has both COUNT and UNTIL: give one of them")
    if "BYSETPOS" in values and not any(name.startswith("BY") and name != "BYSETPOS" for name in values):
        reading.error(
            "has BYSETPOS alone: it picks from what another part selects, such as BYDAY=MO,TU,WE,TH,FR"
        )
    freq, nth = values.get("freq"), values.get("by_nth_weekday")
    if nth and "BYWEEKNO" in values:
        reading.error("BYDAY with a number and BYWEEKNO exclude each other: a week has each weekday once")
    if not isinstance(freq, Freq):
        return
    if nth and freq > Freq.MONTHLY:
        assert isinstance(nth, tuple)
        plain = values["by_weekday"]
        assert isinstance(plain, tuple)
        values["by_weekday"] = tuple(sorted({*plain, *(day for _, day in nth)}))
        values["by_nth_weekday"] = ()
        reading.notes.append(
            f"numbers in BYDAY count in MONTHLY and YEARLY rules; in this {freq.name} rule they are left out"
        )
    for name, allowed in _RFC_5545_ALLOWS.items():
        if name in values and freq not in allowed:
            reading.notes.append(
                f"RFC 5545 has no {name} in {freq.name} rules; it is read as one more filter"
            )
    if "BYEASTER" in values:
        reading.notes.append("BYEASTER is an extension: days before or after Easter Sunday")


_RFC_5545_ALLOWS = {
    "BYWEEKNO": {Freq.YEARLY},
    "BYYEARDAY": {Freq.YEARLY, Freq.HOURLY, Freq.MINUTELY, Freq.SECONDLY},
    "BYMONTHDAY": set(Freq) - {Freq.WEEKLY},
}
