"""Zones and moments, as several kinds have them."""

import re
from datetime import datetime

from todotasks.api.due import DueError, resolve_due
from todotasks.api.zones import ZoneError, load_zone
from todotasks.recurrence import FieldError

_MIDNIGHT_UTC = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt]00:00(:00(\.0+)?)?([Zz]|[+-]00:00)", re.ASCII)


def zone_errors(name: str | None, path: str) -> list[FieldError]:
    if name is None:
        return []
    try:
        load_zone(name)
    except ZoneError as error:
        return [FieldError(path, str(error))]
    return []


def instant_of(text: str, zone: str | None, default_zone: str | None) -> datetime | None:
    """A moment as people write it; None where it cannot be told."""
    try:
        return resolve_due(text, zone, default_zone).instant
    except DueError:
        return None


def midnight_utc(text: str | None) -> str | None:
    """What is odd about a date that a template engine made a time: YAML reads `due: 2027-03-20` as a time
    stamp.

    Helm and Go's YAML turn an unquoted date into midnight UTC, which is one in the morning, or the evening
    before, elsewhere.
    """
    found = None if text is None else _MIDNIGHT_UTC.fullmatch(text)
    if found is None:
        return None
    return (
        f'"{text}" is midnight UTC. If the whole day is meant, write "{found[1]}" in quotes: a template '
        f"may have turned the "
        "unquoted date into a time"
    )
