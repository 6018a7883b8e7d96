"""Our own rounds of sentences with a list in sight, as cases of `bench.understanding`.

Each file of tests/unit/understanding/corpus/sight is a round; its README says how an outcome is written.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "unit" / "understanding" / "corpus" / "sight"
ALONE = frozenset({"create", "none", "undo", "help"})
CHANGES = frozenset(
    {"change", "remind", "reschedule", "unschedule", "rename", "set-priority", "add-tag", "remove-tag",
     "add-note", "assign", "snooze", "recurrence-skip"}
)  # fmt: skip
SLOTS = {"due": "due", "or_due": "accept_due", "priority": "priority", "tags": "tags", "note": "note",
         "assignee": "assignee", "title": "title"}  # fmt: skip


def rows(path: Path) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """The name of a list, what is said, the list, and the line with what comes of it."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    lists = document.pop("lists")
    for name, said in document.items():
        for row in said:
            yield name, row["say"], lists[name], row


def accepted(row: dict[str, Any]) -> tuple[tuple[dict[str, Any], ...], ...]:
    """All outcomes that are right, in the terms of the grounded corpus."""
    out = []
    for way in (row["want"], *row.get("or", [])):
        steps = way if isinstance(way, list) else [way]
        asked = {step.get("ask", "no") for step in steps}
        for asks in (False, True):
            if ("may" in asked) or asks == ("must" in asked):
                out.append(tuple(_outcome(step, asks=asks) for step in steps))
    return tuple(out)


def _outcome(step: dict[str, Any], *, asks: bool) -> dict[str, Any]:
    action = next((name for name in step if name not in {*SLOTS, "ask"}), "ask")
    out: dict[str, Any] = {"intent": "update" if action in CHANGES else action, "asks": asks}
    out |= {slot: step[name] for name, slot in SLOTS.items() if name in step}
    if action in CHANGES:
        out["action"] = action
    if action == "create" and step["create"]:
        out["title"] = step["create"]
    elif action not in {*ALONE, "ask"}:
        out["targets"] = step[action]
    return out
