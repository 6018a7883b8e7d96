"""Label selectors, in the words of `kubectl -l`: `tier=web,env in (a, b),!done`.

The rules are those of apimachinery's `labels.Parse`: a requirement `key!=value` or `key notin (…)` also holds
where the key is not there. `gt` and `lt` are not taken: no label of ours is a number.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

Operator = Literal["in", "notin", "exists", "missing"]

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_PREFIX = r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/"
_KEY = re.compile(rf"(?:{_PREFIX})?{_NAME}")
_VALUE = re.compile(rf"(?:{_NAME})?")
_SET = re.compile(r"(?P<key>[^\s,()=!]+)\s+(?P<operator>in|notin)\s*\((?P<values>[^()]*)\)")
_EQUAL = re.compile(r"(?P<key>[^\s,()=!]+)\s*(?P<operator>==|=|!=)\s*(?P<value>[^\s,()=!]*)")
_EXISTS = re.compile(r"(?P<not>!?)\s*(?P<key>[^\s,()=!]+)")
_NEXT = re.compile(r"\s*(,)?\s*")

ACCEPTED = "key, !key, key=value, key!=value, key in (a,b), key notin (a,b), separated by commas"


class SelectorError(ValueError):
    """The text is no selector; the message says where."""


class Requirement(NamedTuple):
    key: str
    operator: Operator
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.key)
        match self.operator:
            case "in":
                return value is not None and value in self.values
            case "notin":
                return value is None or value not in self.values
            case "exists":
                return value is not None
            case "missing":
                return value is None


Selector = tuple[Requirement, ...]


def matches(selector: Selector, labels: Mapping[str, str]) -> bool:
    return all(requirement.holds(labels) for requirement in selector)


def parse_selector(text: str) -> Selector:
    """All of its requirements; an empty text has none. `SelectorError` says what is wrong where."""
    found: list[Requirement] = []
    at = _skip(text, 0)
    while at < len(text):
        requirement, at = _requirement(text, at)
        found.append(requirement)
        separator = _NEXT.match(text, at)
        assert separator is not None
        at = separator.end()
        if at < len(text) and separator[1] is None:
            raise SelectorError(f"expected a comma at {text[at : at + 20]!r}; accepted: {ACCEPTED}")
        if at == len(text) and separator[1] is not None:
            raise SelectorError(f"nothing stands behind the last comma; accepted: {ACCEPTED}")
    return tuple(sorted(found, key=lambda each: (each.key, each.operator, sorted(each.values))))


def _requirement(text: str, at: int) -> tuple[Requirement, int]:
    if (match := _SET.match(text, at)) is not None:
        values = frozenset(_value(each.strip()) for each in match["values"].split(","))
        operator: Operator = "in" if match["operator"] == "in" else "notin"
        return Requirement(_key(match["key"]), operator, values), match.end()
    if (match := _EQUAL.match(text, at)) is not None:
        operator = "notin" if match["operator"] == "!=" else "in"
        return Requirement(_key(match["key"]), operator, frozenset({_value(match["value"])})), match.end()
    if (match := _EXISTS.match(text, at)) is not None:
        return Requirement(_key(match["key"]), "missing" if match["not"] else "exists"), match.end()
    raise SelectorError(f"cannot be read at {text[at : at + 20]!r}; accepted: {ACCEPTED}")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _key(text: str) -> str:
    if _KEY.fullmatch(text) is None:
        raise SelectorError(f"{text[:80]!r} cannot be the key of a label")
    return text


def _value(text: str) -> str:
    if _VALUE.fullmatch(text) is None:
        raise SelectorError(f"{text[:80]!r} cannot be the value of a label")
    return text
