"""Reading the console blocks of a page: what is typed, what it prints, which blocks cannot be run and why.

`$ ` begins a command; a backslash, an open quote or a heredoc continues it. `…` on the page stands for what
differs from run to run; alone on a line, for any number of lines. A block behind `<!-- not run: why -->`
is shown and not typed.
"""

import json
import re
import shlex
from dataclasses import dataclass
from typing import Any

BLOCK = re.compile(
    r"(?:^<!-- not run: (?P<why>[^\n]+) -->\n)?^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEREDOC = re.compile(r"<<\s*'?(\w+)'?")


@dataclass(frozen=True)
class Step:
    """What is typed, and what the page says comes of it."""

    command: str
    output: str
    why_not: str = ""  # why it is not typed


def steps(page: str) -> list[Step]:
    """Of the console blocks, in order. A block without `$ ` is a list of commands without what they print."""
    found: list[Step] = []
    for block in BLOCK.finditer(page):
        lines = block["text"].splitlines()
        while lines:
            line = lines.pop(0)
            if not line.startswith("$ "):
                break
            command, output = line.removeprefix("$ "), []
            while lines and _goes_on(command):
                command += "\n" + lines.pop(0)
            while lines and not lines[0].startswith("$ "):
                output.append(lines.pop(0))
            found.append(Step(command, "\n".join(output), block["why"] or ""))
    return found


def _goes_on(command: str) -> bool:
    if (begun := HEREDOC.search(command)) is not None:
        return not command.endswith("\n" + begun[1])
    if command.endswith("\\") or (command.startswith("for ") and not command.rstrip().endswith("done")):
        return True
    try:
        shlex.split(command, comments=True)
    except ValueError:  # a quotation is open
        return True
    return False


def pattern(output: str) -> str:
    """A regular expression for what the page shows."""
    parts = []
    for line in output.splitlines():
        if line.strip() == "…":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            parts.append(r"[^\n]*?".join(re.escape(part) for part in line.rstrip().split("…")) + r"\n")
    return "".join(parts)


def plain(text: str) -> str:
    """Without the blanks at line ends and the empty lines at the end."""
    text = "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")
    return f"{text}\n" if text else ""


# What differs with the day, the hour and the machine, by what stands for it: the page shows one run.
_DAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NEAR = "today|tomorrow|Mon|Tue|Wed|Thu|Fri|Sat|Sun"
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
MASKS = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<key>"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?"), "<time>"),
    (re.compile(rf"{_DAYS}, \d+ {_MONTHS}\w* \d{{4}}( at \d{{2}}:\d{{2}})?"), "<day>"),
    (re.compile(rf"\b({_NEAR}|\d{{1,2}} {_MONTHS}( \d{{4}})?)( \d{{2}}:\d{{2}})?\b"), "<when>"),
    (re.compile(r"(?<=-)\d{8}\b"), "<minute>"),
    (re.compile(r"\b(\d+m)?\d+s\b"), "<age>"),
    (re.compile(r'(?<="resourceVersion": ")\d+'), "<version>"),
    (re.compile(r"[ \t]+"), " "),
    (re.compile(r"^ ", re.MULTILINE), ""),  # a column of numbers is as wide as its largest
]  # fmt: skip
_CAUSES = re.compile(r"(?:^\* .*\n)+", re.MULTILINE)  # the API server names them in any order
COUNTS = (re.compile(r"\b\d+\b"), "<n>")  # of a log that others write, too


def masked(text: str, *, counts: bool = False) -> str:
    for what, name in (*MASKS, *([COUNTS] if counts else [])):
        text = what.sub(name, text)
    return _CAUSES.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True))), plain(text))


def alike(shown: str, printed: str, *, counts: bool = False) -> bool:
    """Whether one run printed what the page shows of another."""
    shown, printed = masked(shown, counts=counts), masked(printed, counts=counts)
    there, here = _as_json(shown), _as_json(printed)
    if there is not None and here is not None:
        return bool(there == here)
    return re.fullmatch(pattern(shown), printed) is not None


def alike_in_any_order(shown: str, printed: str, *, counts: bool = False) -> bool:
    """The same, of a table whose rows come from several topics: which of them is read first is chance."""
    left = [line for line in masked(printed, counts=counts).splitlines() if line.strip()]
    for line in filter(str.strip, masked(shown, counts=counts).splitlines()):
        found = next((each for each in left if re.fullmatch(pattern(line), f"{each}\n")), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
