"""Names of holidays, written short: what may be left out, and how a name is spelled otherwise.

[national] sibling's day     with or without; sibling's is also siblings, siblings' and sibling
(eid/id) al-fitr             one or the other; a hyphen may be a space
st patrick's day             also saint and st.
"""

import re
from collections.abc import Mapping
from itertools import product

_PART = re.compile(r"\[[^\]]*\]|\([^)]*\)|[^\[\](]+")
_OWNER = re.compile(r"(\w)'s\b")
_OWNERS = ("'s", "s", "s'", "")
MOST_WAYS = 200  # to spell one name: more is a mistake in the table


def spelled(names: Mapping[str, str]) -> dict[str, str]:
    """Each way to write the names of a table, separated by `|` → what the table says of them."""
    return {"|".join(_ways(each)): name for written, name in names.items() for each in written.split("|")}


def _ways(written: str) -> list[str]:
    parts = [_choices(part) for part in _PART.findall(written)]
    plain = dict.fromkeys(" ".join("".join(chosen).split()) for chosen in product(*parts))
    ways = [way for each in plain for way in _respelled(each)]
    if len(ways) > MOST_WAYS:
        raise ValueError(f'"{written}" has {len(ways)} spellings')
    return list(dict.fromkeys(ways))


def _choices(part: str) -> list[str]:
    if part[0] == "[":
        return [*part[1:-1].split("/"), ""]
    return part[1:-1].split("/") if part[0] == "(" else [part]


def _respelled(name: str) -> list[str]:
    ways = [name]
    if name.startswith("st "):
        ways += ["saint " + name[3:], "st. " + name[3:]]
    ways = [_OWNER.sub(rf"\1{owner}", way) for way in ways for owner in (_OWNERS if "'s" in way else ("",))]
    return ways + [way.replace("-", " ") for way in ways if "-" in way]
