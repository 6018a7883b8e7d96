"""What is wrong with a rule: every mistake at once, each with the field it is in.

Nothing in this package raises for bad input. Parsing collects `FieldError`s, so that a person corrects a
rule in one go instead of once per mistake.
"""

from typing import NamedTuple


class FieldError(NamedTuple):
    """`path` is the field (`spec.rrule`), `message` what was given and what would be accepted."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class RuleError(ValueError):
    """A rule that was refused, for callers that prefer an exception to a list of `errors`."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


LONGEST_QUOTE = 60  # characters of the input that an error message repeats


def quoted(text: str) -> str:
    """The input as it stands in a message: short, and without control characters."""
    shown = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return '"' + "".join(ch if ch.isprintable() else " " for ch in shown) + '"'
