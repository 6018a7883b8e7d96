"""Arguments as kubectl reads them, for click: its flags are pflag's, which knows more ways to write them.

-o=name         a short flag's value behind "="
--watch=false   a switch with a value
--dry-run       alone: takes no value from behind it, and means server
"""

import os
from collections.abc import Iterable, Sequence

import click

# As Go's strconv.ParseBool.
_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}


def arguments(given: Sequence[str], command: click.Command) -> list[str]:
    """Raises click.UsageError for a switch's value that is none, and for what is no text."""
    switches = _switches(command.params)
    words: list[str] = []
    for position, each in enumerate(given):
        if each == "--":
            return [*words, *(_text(word) for word in given[position:])]
        name, equals, value = _text(each).partition("=")
        if name == "--dry-run" and not equals:
            words.append("--dry-run=server")
        elif not equals:
            words.append(name)
        elif name in switches:
            words += [name] if _boolean(name, value) else []
        elif name.startswith("-") and len(name) == 2 and name != "--":
            words.append(f"{name}{value}")
        else:
            words.append(f"{name}={value}")
    return words


def _switches(params: Iterable[click.Parameter]) -> frozenset[str]:
    return frozenset(
        name for param in params if isinstance(param, click.Option) and param.is_flag for name in param.opts
    )


def _boolean(name: str, value: str) -> bool:
    found = _BOOLEANS.get(value)
    if found is None:
        raise click.UsageError(f"{name}={value}: expected true or false")
    return found


def _text(argument: str) -> str:
    """What was typed, also where the locale knows no UTF-8."""
    try:
        return os.fsencode(argument).decode()
    except UnicodeDecodeError:
        raise click.UsageError(f"{argument!a} is no UTF-8: nothing was done") from None
