"""IANA time zones by name: one place that decides which names are accepted.

`zoneinfo` answers a bad name with five kinds of exceptions and opens `localtime`, `posix/...` and
`right/...` wherever the machine has such files; here a name is known or it is not, on every machine alike.
"""

import difflib
import functools
import zoneinfo

# Files beside the zones that are no places: what the machine is set to, and a placeholder.
_NOT_A_ZONE = frozenset({"localtime", "Factory", "posixrules"})


class ZoneError(ValueError):
    """The name is no IANA time zone; the message suggests the nearest one."""


@functools.cache
def zone_names() -> frozenset[str]:
    """Every accepted name. Read once: ~10 ms of file listing."""
    return frozenset(zoneinfo.available_timezones() - _NOT_A_ZONE)


@functools.cache
def _by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(zone_names())}


def load_zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone, cached by zoneinfo. Raises `ZoneError`."""
    if name not in zone_names():
        raise ZoneError(f'"{name}" is not an IANA time zone{_suggestion(name)}')
    return zoneinfo.ZoneInfo(name)


def _suggestion(name: str) -> str:
    folded = _by_folded_name()
    wanted = name[:64].strip().replace(" ", "_").casefold()
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.75)
    # "Berlin" is far from "europe/berlin" in letters, yet there is no doubt what is meant.
    cities = [full for low, full in folded.items() if wanted and low.rpartition("/")[2] == wanted]
    found = folded[near[0]] if near else next(iter(cities), None)
    return f'; did you mean "{found}"?' if found else ', such as "Europe/Berlin" or "UTC"'
