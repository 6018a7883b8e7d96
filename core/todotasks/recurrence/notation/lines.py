"""Content lines of iCalendar: DTSTART, RRULE, EXRULE, RDATE and EXDATE, as they stand in an event.

A rule is usually one RECUR value (`FREQ=…`, with or without `RRULE:` before it). What is copied out of a
calendar has more lines; they are read as the recurrence set of RFC 5545: all that the RRULEs and RDATEs
give, without what the EXRULEs and EXDATEs give. RFC 5545 dropped EXRULE; it is read as RFC 2445 had it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import tzinfo

from todotasks.recurrence.calendar.when import Stamp, read_icalendar_moment
from todotasks.recurrence.errors import FieldError, quoted
from todotasks.recurrence.notation.rrule_text import RRule, read_rrule

NAMES = ("DTSTART", "RRULE", "EXRULE", "RDATE", "EXDATE")


@dataclass(slots=True)
class Lines:
    """What the lines hold. A moment comes with the zone of its line, None for that of the rule."""

    path: str = ""
    rules: list[RRule] = field(default_factory=list)
    excluded_rules: list[RRule] = field(default_factory=list)
    dates: list[tuple[Stamp, tzinfo | None]] = field(default_factory=list)
    excluded_dates: list[tuple[Stamp, tzinfo | None]] = field(default_factory=list)
    start: tuple[Stamp, tzinfo | None] | None = None
    errors: list[FieldError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def error(self, message: str) -> None:
        self.errors.append(FieldError(self.path, message))


ZoneReader = Callable[[str], tzinfo | str]


def read_lines(text: str, path: str, zone_of: ZoneReader) -> Lines:
    """`zone_of` loads a TZID, or says what is wrong with it."""
    found = Lines(path)
    unfolded = re.sub(r"\r?\n[ \t]", "", text.strip())
    if ":" not in unfolded and "\n" not in unfolded:
        _add_rule(found, found.rules, unfolded)
        return found
    for line in filter(None, (line.strip() for line in unfolded.splitlines())):
        head, colon, value = line.partition(":")
        name = head.upper().split(";")[0]
        if not colon and not found.rules and name.startswith("FREQ="):
            _add_rule(found, found.rules, line)
        elif not colon or name not in NAMES:
            found.error(f"{quoted(line)} is not understood: write {', '.join(NAMES)}, a colon and the value")
        elif name in ("RRULE", "EXRULE"):
            _add_rule(found, found.rules if name == "RRULE" else found.excluded_rules, value)
            if name == "EXRULE":
                found.notes.append("EXRULE was dropped by RFC 5545; it is read as RFC 2445 had it")
        else:
            _add_moments(found, name, head.split(";")[1:], value, zone_of)
    if not (found.rules or found.dates or found.errors):
        found.error("has neither RRULE nor RDATE: write at least RRULE:FREQ=…")
    return found


def _add_rule(found: Lines, rules: list[RRule], value: str) -> None:
    rule, errors, notes = read_rrule(value, found.path)
    found.errors.extend(errors)
    found.notes.extend(notes)
    if rule is not None:
        rules.append(rule)


def _add_moments(found: Lines, name: str, parameters: list[str], value: str, zone_of: ZoneReader) -> None:
    zone: tzinfo | None = None
    for parameter in parameters:
        key, _, given = parameter.partition("=")
        if key.upper() == "TZID":
            loaded = zone_of(given.strip('"'))
            if isinstance(loaded, str):
                found.error(f"{name};TZID: {loaded}")
            else:
                zone = loaded
        elif key.upper() != "VALUE" or given.upper() not in ("DATE", "DATE-TIME"):
            found.error(f"{name};{quoted(parameter)[1:-1]}: write TZID=, VALUE=DATE or VALUE=DATE-TIME")
    for text in value.split(","):
        moment = read_icalendar_moment(text.strip())
        if isinstance(moment, str):
            found.error(f"{name}: {moment}")
        elif name == "DTSTART":
            found.start = (moment, zone)
        else:
            (found.dates if name == "RDATE" else found.excluded_dates).append((moment, zone))
