"""How well sentences are understood with the task list in sight: right, asked, nothing, wrong edits.

    python -m bench.understanding                 the table, by corpus and by voice
    python -m bench.understanding --failures      and what went wrong, case by case
    python -m bench.understanding --only grounded corpora whose name contains this
    python -m bench.understanding --held-out      also our own sentences that nothing was trained on
    python -m bench.understanding --confusion     which kind was taken for which
    python -m bench.understanding --speed         processor time a message with 500 and 10,000 tasks in sight

A case is *right* when what is done, to which tasks, and every slot it names are as expected (or one of the
accepted ways); *asked* when the person is asked something though acting was expected; *nothing* when nothing
is changed; a *wrong edit* is a change that nobody wanted. Corpora lie in TODO_CORPORA (default
../shared/corpora); our own in tests/unit/understanding/corpus.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from dateutil.rrule import rrulestr

from bench import language
from bench import sight as own_sight
from todotasks.language.candidates.afterwards import due_afterwards
from todotasks.language.candidates.kinds import grammar_of
from todotasks.language.grounding.listed import listed, named
from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.ranking.model import Weights
from todotasks.language.reading.model import Reading
from todotasks.language.reading.serialize import as_object
from todotasks.language.understanding import Step, understand

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "tests" / "unit" / "understanding" / "corpus"
OWN_COMMANDS = OWN / "commands"
OWN_SIGHT = "own sight"
MEASURED_ONLY = frozenset({"own commands", OWN_SIGHT})
ALONE = OWN / "alone"  # a file for each intent, a message a line, said with nothing in sight
CORPORA = Path(os.environ.get("TODO_CORPORA", ROOT.parent / "shared" / "corpora"))
HELD_OUT = "heldout"
CHANGES = frozenset({"create", "complete", "reopen", "update", "delete", "undo"})
LEVELS = {"Low": "low", "Medium": "medium", "High": "high", "Urgent": "high"}

INTENT_NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)  # corpora that only know intents name no time

RIGHT, ASKED, NOTHING, WRONG = "right", "asked", "nothing", "wrong edit"


@dataclass(frozen=True)
class Case:
    """One message and what it should come to. `accepted`: each a list of things done, in order."""

    corpus: str
    name: str
    voice: str
    text: str
    now: datetime
    tasks: tuple[dict[str, Any], ...] = ()
    done: tuple[str, ...] = ()
    accepted: tuple[tuple[dict[str, Any], ...], ...] = ()
    command: dict[str, Any] = field(default_factory=dict)  # of the corpora without a list in sight


@dataclass(frozen=True)
class Outcome:
    """What the engine would do: `does` has one object a command; `asks`: it would ask first."""

    does: tuple[dict[str, Any], ...]
    asks: bool


# ── the corpora ──────────────────────────────────────────────────────────────────────────────────────────
def cases(*, held_out: bool = False) -> Iterator[Case]:
    yield from grounded_cases()
    yield from own_cases("spoken")
    if held_out:
        yield from own_cases(HELD_OUT)
    yield from sight_cases()
    yield from command_cases()
    yield from own_command_cases()
    yield from word_cases()
    yield from alone_cases()
    yield from intent_cases("words/clinc_intents_train.json", "clinc")
    yield from intent_cases("nl/slurp_intents_devel.json", "slurp")


def _load(name: str) -> list[dict[str, Any]]:
    path = CORPORA / name
    found: list[dict[str, Any]] = json.loads(path.read_text())["cases"] if path.exists() else []
    return found


def grounded_cases() -> Iterator[Case]:
    for row in _load("conversations/grounded_dev.json"):
        every = [row["expected"], *row["accept"]]
        accepted = tuple(tuple(each) if isinstance(each, list) else (each,) for each in every)
        voice = "mixed" if "mixed-de" in row["flags"] else "multi" if "multi" in row["flags"] else "english"
        yield Case(
            "grounded", row["id"], voice, row["text"], datetime.fromisoformat(row["reference_time"]),
            tuple(row["open_tasks"]), tuple(row["done_tasks"]), accepted,
        )  # fmt: skip


def own_cases(stem: str) -> Iterator[Case]:
    lists = json.loads((OWN / "lists.json").read_text())
    for number, line in enumerate((OWN / f"{stem}.jsonl").read_text().splitlines(), 1):
        row = json.loads(line)
        seen = lists[row["list"]]
        accepted = tuple((own_expectation(row, what, seen),) for what in row["do"])
        yield Case(
            "own" if stem != HELD_OUT else "own held out", f"{stem}-{number:03}", row["voice"], row["say"],
            datetime.fromisoformat(seen["at"]), tuple(seen["open"]), tuple(seen["done"]), accepted,
        )  # fmt: skip


UPDATES = frozenset(
    "remind reschedule unschedule rename set-priority add-tag remove-tag add-note assign snooze".split()  # noqa: SIM905
) | {"recurrence-change"}


def own_expectation(row: dict[str, Any], what: str, seen: dict[str, Any]) -> dict[str, Any]:
    """One accepted outcome of our own lines, in the terms of the grounded corpus. `ask`: any question."""
    out: dict[str, Any] = {"intent": "update" if what in UPDATES else what}
    if what in UPDATES:
        out["action"] = what
    if (
        "*" not in row["on"]
        and what not in {"create", "none", "ask", "undo"}
        and (row["on"] or what != "list")
    ):
        out["targets"] = row["on"]
    if what == "create" and row["do"] == ["create"] and "title" in row:
        out["title"] = row["title"]
    if "due" in row and what in {"create", "reschedule"}:
        out["due"] = row["due"]
        timed = [t["due"] for t in seen["open"] if t["title"] in row["on"] and len(t.get("due", "")) > 10]
        if what == "reschedule" and len(row["due"]) == 10 and timed:
            out["accept_due"] = [row["due"] + timed[0][10:]]  # it keeps its time
        day_only = len(row["due"]) > 10 and what == "reschedule"
        if day_only and any(
            task["title"] in row["on"] and len(task.get("due", "")) > 10 for task in seen["open"]
        ):
            out["accept_due"] = [row["due"][:10]]
    out["asks"] = what == "ask"
    return out


def sight_cases() -> Iterator[Case]:
    """Our own rounds with a list in sight: measured, and never trained on."""
    for path in sorted(own_sight.FOLDER.glob("*.yaml")):
        for number, (_, text, seen, row) in enumerate(own_sight.rows(path), 1):
            yield Case(
                OWN_SIGHT, f"{path.stem}-{number:03}", path.stem, text, datetime.fromisoformat(seen["at"]),
                tuple(seen["open"]), tuple(seen["done"]), own_sight.accepted(row),
            )  # fmt: skip


def command_cases() -> Iterator[Case]:
    for row in _load("words/commands_dev.json"):
        flags = set(row["flags"])
        voice = next(
            (f for f in ("voice", "nonnative", "slack", "todoist", "taskwarrior", "polite") if f in flags), ""
        )
        voice = voice or ("messy" if "messy" in flags else "plain")
        yield Case(
            "commands", row["id"], voice, row["text"], datetime.fromisoformat(row["reference_time"]),
            command=row["expected"],
        )  # fmt: skip


def own_command_cases() -> Iterator[Case]:
    """Our own commands in many voices, round by round, as the development half has them: measured, and never
    trained on.
    """
    for path in sorted(OWN_COMMANDS.glob("*.jsonl")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            row = json.loads(line)
            name, now = f"{path.stem}-{number:03}", datetime.fromisoformat(row["at"])
            yield Case("own commands", name, row["voice"], row["say"], now, command=row["expected"])


def word_cases() -> Iterator[Case]:
    """Our own wordings of `bench.language`, by their intents: what was set aside there stays aside."""
    for one in language.own_cases(held_out=False):
        if "intent" in one.expect:
            name = f"{one.corpus}-{one.text}"
            want = {"intent": one.expect["intent"], "only": "intent"}
            now = one.now.replace(tzinfo=None)
            yield Case("own words", name, one.corpus, one.text, now, command=want)


def alone_cases() -> Iterator[Case]:
    """Our own titles, questions, reports and small talk, by what they are."""
    for path in sorted(ALONE.glob("*.txt")):
        for line in path.read_text().splitlines():
            want = {"intent": path.stem, "only": "intent"}
            yield Case("alone", f"alone-{line}", path.stem, line, INTENT_NOW, command=want)


def intent_cases(path: str, corpus: str) -> Iterator[Case]:
    for row in _load(path):
        want = {"intent": row["expected"]["intent"].replace("out_of_scope", "none"), "only": "intent"}
        want["accept_intent"] = [x.replace("out_of_scope", "none") for x in row["expected"].get("accept", [])]
        yield Case(corpus, row["id"], want["intent"], row["text"], INTENT_NOW, command=want)


# ── judging ──────────────────────────────────────────────────────────────────────────────────────────────
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def plain(text: str | None) -> str:
    """Without case, articles, emoji and outer signs."""
    words = [w.replace("’", "'") for w in _WORD.findall((text or "").lower())]
    return " ".join(w for w in words if w not in {"a", "the", "an"} or len(words) == 1)


def judge(case: Case, got: Outcome) -> str:
    if case.command:
        right = _command_right(case.command, got.does, case.now)
        if got.asks and not (right and case.command.get("only")):
            return ASKED
        if right:
            return RIGHT
        return WRONG if got.does and got.does[0]["intent"] in CHANGES else NOTHING
    if any(_fits(wanted, got) for wanted in case.accepted):
        return RIGHT
    if got.asks:
        return ASKED
    if not any(_changes(each) for each in got.does):
        return NOTHING
    return WRONG


def _changes(does: dict[str, Any]) -> bool:
    """What names nothing that is there changes nothing: the answer is that there is no such task."""
    return does["intent"] in {"create", "undo"} or (does["intent"] in CHANGES and bool(does["targets"]))


def _fits(wanted: tuple[dict[str, Any], ...], got: Outcome) -> bool:
    asks = any(each.get("asks") for each in wanted)
    if wanted[0]["intent"] == "ask":
        return got.asks
    if asks != got.asks or len(wanted) != len(got.does):
        # a complete of two tasks may be told as two
        merged = _merged(got.does)
        if asks != got.asks or len(_merged(wanted)) != len(merged):
            return False
        return all(_same(w, g, asks=asks) for w, g in zip(_merged(wanted), merged, strict=True))
    return all(_same(w, g, asks=asks) for w, g in zip(wanted, got.does, strict=True))


def _merged(does: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for each in does:
        if out and each["intent"] in {"complete", "delete"} and out[-1]["intent"] == each["intent"]:
            out[-1] = {**out[-1], "targets": [*out[-1]["targets"], *each["targets"]]}
        elif out and each["intent"] == out[-1]["intent"] == "update" and _of_the_same(each, out[-1]):
            said = {name: value for name, value in each.items() if value}
            out[-1] = {**out[-1], **said, "action": "change"}  # several slots of it, one after the other
        else:
            out.append(each)
    return out


def _of_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(one.get("targets")) and one["targets"] == other.get("targets")


def _same(want: dict[str, Any], got: dict[str, Any], *, asks: bool) -> bool:
    if want["intent"] != got["intent"]:
        return False
    if asks:
        return want.get("targets") is None or set(want["targets"]) == set(got["targets"])
    if want["intent"] == "update":
        actions = {want["action"], got["action"]}
        if len(actions) > 1 and actions != {"reschedule", "snooze"} and "change" not in actions:
            return False
    if want["intent"] in {"create", "none", "undo", "help"}:
        pass
    elif want.get("targets") is not None and set(want["targets"]) != set(got["targets"]):
        return False
    if want.get("title") and plain(want["title"]) != plain(got.get("title")):
        return False
    return all(_slot_right(name, want, got) for name in SLOTS if want.get(name))


SLOTS = ("due", "priority", "assignee", "note", "tags")


def _slot_right(name: str, want: dict[str, Any], got: dict[str, Any]) -> bool:
    match name:
        case "due" if want["intent"] in {"create", "update"}:
            return got.get("due") in {want["due"], *want.get("accept_due", [])}
        case "priority":
            return _priority_right(want["priority"], got)
        case "assignee":
            return plain(got.get("assignee")) == plain(want["assignee"])
        case "note":
            return plain(want["note"]) in plain(got.get("notes"))
        case "tags":
            return not set(want["tags"]) - set(got.get("tags", ()))
    return True


def _priority_right(want: str, got: dict[str, Any]) -> bool:
    if got.get("priority") is None:
        return got.get("step", 0) == (1 if want in {"high"} else -1)
    level = LEVELS.get(got["priority"], "")
    return level == want or (want == "none" and level in {"low", "medium"})


ACTIONS = {
    "recurrence-create": "recur", "recurrence-change": "recur", "recurrence-stop": "pause",
    "recurrence-skip": "skip-occurrence",
}  # fmt: skip


def _command_right(want: dict[str, Any], does: tuple[dict[str, Any], ...], now: datetime) -> bool:
    got = does[0] if does else {"intent": "none", "reading": {}}
    if want.get("action") == "add-subtask":
        return _subtasks_right(want, does)
    if got["intent"] not in {want["intent"], *want.get("accept_intent", [])}:
        return False
    if want.get("only"):
        return True
    r = got["reading"]
    if want["intent"] == "update" and got["action"] not in {want["action"], *want.get("accept_action", [])}:
        pair = {got["action"], want["action"]}
        if not (pair == {"reschedule", "snooze"} or pair <= {"pause", "stop-recurrence", "resume"}):
            return False
    return all(
        _field_right(name, want, r, now)
        for name in want
        if not name.startswith("accept") and name not in {"intent", "action", "note", "dtstart"}
    )


def _subtasks_right(want: dict[str, Any], does: tuple[dict[str, Any], ...]) -> bool:
    """Tasks below the one that is named: each is created with it as the parent."""
    read = [each["reading"] for each in does]
    made = [one for each in read for one in (each, *each.get("commands", ()))]
    parents = {plain(want["target"]), *map(plain, want.get("accept_target", []))}
    return (
        bool(made)
        and all(one["intent"] == "create" and plain(one["parent"]) in parents for one in made)
        and [plain(one["title"]) for one in made] == [plain(title) for title in want["subtasks"]]
    )


def _first_due(r: dict[str, Any], now: datetime) -> str | None:
    """When it is due first: said, or the first occurrence from the start that is said, else from now."""
    if r["due"] or not r["rrule"]:
        return r["due"] or r["start"]
    begin = datetime.fromisoformat(r["start"][:16]) if r["start"] else now
    return _first(r["rrule"], begin) or r["start"]


POINTING = frozenset({"it", "that", "this", "them"})


def _field_right(name: str, want: dict[str, Any], r: dict[str, Any], now: datetime) -> bool:
    value, other = want[name], want.get(f"accept_{name}", [])
    match name:
        case "due":
            accepted = [value, *want.get("accept", [])]
            found = _first_due(r, now)
            if want["action"] == "remind" or r["action"] == "remind":
                ats = [each["at"] for each in r["reminders"] if "at" in each]
                if any(_same_moment(v, at) for v in accepted for at in ats):
                    return True
            return any(_same_moment(v, found) for v in accepted)
        case "title" | "new_title":
            return plain(r["title"]) in {plain(value), *map(plain, other)}
        case "target" if value in POINTING:
            return r["reference"] is not None or plain(r["target"]) == value
        case "target":
            return plain(r["target"]) in {plain(value), *map(plain, other)}
        case "target_ordinals":
            return r["ordinals"] == value or (not value and not r["ordinals"])
        case "rrule":
            rules = [value, *want.get("accept_rrule", [])]
            if not r["rrule"]:
                return False
            start = datetime.fromisoformat(want.get("due") or want.get("dtstart") or now.isoformat()[:16])
            with suppress(ValueError, KeyError):
                got = _expanded(r["rrule"], start)
                return any(_expanded(rule, start) == got for rule in rules)
            return False
        case "priority":
            return r["priority"] in {value, *other} or (r["priority"] is None and r["priorityStep"] != 0)
        case "tags":
            return {t.lower() for t in r["tags"]} in [{t.lower() for t in each} for each in [value, *other]]
        case "assignee" | "project" | "basis":
            return plain(r[name]) == plain(value)
        case "reminders":
            return _reminders_right(value, want.get("accept", []), r, _first_due(r, now) or "")
        case "interval":
            got = r["interval"] or (r["filter"] or {}).get("due")
            return got is not None and any(
                _same_interval(v, got)
                for v in [value, *(v for v in want.get("accept", []) if isinstance(v, dict))]
            )
        case "shift":
            return _duration(r["shift"]) == _duration(value) or bool(
                r["due"]
                and any(_same_moment(v, r["due"]) for v in want.get("accept", []) if isinstance(v, str))
            )
        case "due_time":
            return r["due"] is not None and r["due"][11:16] == value
        case "note_text":
            return plain(value) in plain(r["notes"])
        case "filter":
            return any(_filter_right(each, r["filter"] or {}) for each in [value, *other])
        case _:
            return True


def _reminders_right(wanted: list[str], accepted: list[str | None], r: dict[str, Any], due: str) -> bool:
    """As durations or moments; one "at T" may be the due, and where that may be otherwise, so may it."""
    ats = {due[:16]}
    for each in r["reminders"]:
        if "at" in each:
            ats.add(each["at"][:16])
            continue
        ats.add(each["before"])
        if len(due) > 10:
            minutes = _duration(each["before"])
            assert isinstance(minutes, int)
            ats.add((datetime.fromisoformat(due[:16]) - timedelta(minutes=minutes)).isoformat()[:16])
    found = {_duration(each) for each in ats}
    one = len(wanted) == 1
    others = {_duration(each) for each in accepted if isinstance(each, str)} if one else set()
    return all(_duration(each) in found for each in wanted) or bool(others & found)


def _filter_right(want: dict[str, Any], got: dict[str, Any]) -> bool:
    for name, value in want.items():
        found = got.get({"no_due": "hasDue"}.get(name, name))
        if name == "no_due":
            if found is not False:
                return False
        elif name == "tags":
            if {t.lower() for t in found or []} != {t.lower() for t in value}:
                return False
        elif name == "priority":
            if found not in value:
                return False
        elif name in {"text", "project", "assignee"}:
            if plain(found) != plain(value):
                return False
        elif name == "completed" and value is False:
            if found or got.get("all"):
                return False  # what is open is what is shown unless something else is said
        elif found != value:
            return False
    return True


def _same_moment(want: str | None, got: str | None) -> bool:
    if want is None or got is None or not isinstance(want, str):
        return want is None and got is None
    return want[:16] == got[:16] if len(want) > 10 else want == got[:10] and len(got) == 10


def _same_interval(want: dict[str, Any], got: dict[str, Any]) -> bool:
    def day(value: str | None, back: bool = False) -> str | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value[:19])
        return (moment - timedelta(days=1) if back else moment).date().isoformat()

    start, end = day(got["start"]), day(got["end"])
    ends = {end, day(got["end"], back=True)}
    if want["start"] not in {start, None} and want["start"] != start:
        return False
    return want["start"] == start and (want["end"] in ends or (want["end"] is None and end is None))


def _expanded(rule: str, start: datetime) -> list[str]:
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    if len(parts.get("UNTIL", "")) == 8:
        parts["UNTIL"] += "T235959"
    parts.pop("BYSECOND", None)
    rule = rrulestr(";".join(f"{k}={v}" for k, v in parts.items()), dtstart=start.replace(hour=0, minute=0))
    return [moment.date().isoformat() for moment in islice(rule, 6)]


def _first(rule: str, now: datetime) -> str | None:
    with suppress(ValueError):
        parts = dict(part.split("=", 1) for part in rule.split(";"))
        found = next(iter(rrulestr(rule, dtstart=now.replace(second=0))), None)
        if found is None:
            return None
        return found.isoformat()[:16] if "BYHOUR" in parts else found.date().isoformat()
    return None


_UNITS = {"w": 10080, "d": 1440, "h": 60, "m": 1, "s": 0}


def _duration(text: str | None) -> object:
    """Minutes of 1h30m, P1DT2H, -PT30M; a moment as it stands."""
    if not text or text[:4].isdigit():
        return text
    sign = -1 if text.startswith("-") else 1
    body = text.lstrip("-+").upper()
    days, _, clock = body.removeprefix("P").partition("T") if body.startswith("P") else (body, "", "")
    total = 0
    for number, unit in re.findall(r"(\d+)([A-Z]+)", days if body.startswith("P") else ""):
        total += int(number) * {"Y": 525600, "M": 43200, "W": 10080, "D": 1440}.get(unit, 0)
    for number, unit in re.findall(r"(\d+)([A-Z])", clock):
        total += int(number) * {"H": 60, "M": 1, "S": 0}[unit]
    if not body.startswith("P"):
        total = sum(int(n) * _UNITS.get(u.lower(), 0) for n, u in re.findall(r"(\d+)([A-Z])", body))
    return sign * total


def sight_of(tasks: Sequence[dict[str, Any]], done: Sequence[str]) -> Sight:
    """A list of a corpus as what is in sight: open tasks in their order, then completed ones."""
    return Sight(
        tuple(
            [
                Seen(
                    t["title"],
                    key=f"t{k}",
                    due=t.get("due"),
                    priority=t.get("priority"),
                    tags=tuple(t.get("tags", ())),
                    project=t.get("project"),
                    assignee=t.get("assignee"),
                )
                for k, t in enumerate(tasks)
            ]
            + [Seen(title, key=f"d{k}", completed=True) for k, title in enumerate(done)]
        ),
        shown=tuple(range(len(tasks))),
    )


# ── the engine, asked ────────────────────────────────────────────────────────────────────────────────────
def outcome(case: Case, weights: Weights | None = None) -> Outcome:
    """What the engine would do with a case. Slots are told as a task would have them afterwards."""
    sight = sight_of(case.tasks, case.done)
    found = understand(case.text, case.now, sight=sight, weights=weights)
    if case.command:
        does = tuple(
            {"intent": each.intent, "action": _action(each), "reading": as_object(each)}
            for each in found.readings
        )
        return Outcome(does, found.asks)
    return Outcome(tuple(_done(case, step, sight) for step in found.steps), found.asks)


def _action(reading: Reading) -> str:
    kind = grammar_of(reading)
    return "resume" if kind == "recurrence-stop" and reading.resume else ACTIONS.get(kind, kind)


def _done(case: Case, step: Step, sight: Sight) -> dict[str, Any]:
    r = step.reading
    by_key = {seen.key: seen for seen in sight.things}
    things = [by_key[name] for name in r.names]
    if not things and r.ordinals:
        things = [sight.things[n - 1] for n in r.ordinals if 0 < n <= len(sight.things)]
    if not r.names and (r.intent == "list" or (r.filter is not None and not r.target)):
        things = [sight.things[k] for k in listed(r, sight)]
    if r.action.startswith("recurrence-"):
        things = [sight.things[k] for k in named(r.target, sight)]
    intent = "update" if r.names and r.intent == "create" else r.intent
    return {
        "intent": intent,
        "action": "remind" if r.action == "remind" else grammar_of(r) if r.intent == "update" else "",
        "targets": [seen.title for seen in things],
        "title": r.title,
        "due": due_afterwards(r, things[0] if things and r.intent == "update" else None),
        "priority": r.priority,
        "step": r.priority_step,
        "assignee": r.assignee,
        "notes": r.notes,
        "tags": r.tags,
    }


def cross_validated() -> Any:
    """Outcome by case, each with weights that were learned without its fold."""
    from bench import train  # noqa: PLC0415 - it imports this module

    parts = list(map(train.nested, train.folds_of_weights(train.examples())))
    return lambda case: outcome(case, parts[train.fold_of(case.name, len(parts))])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--confusion", action="store_true")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument(
        "--stored", action="store_true", help="with the stored weights, which were trained on this"
    )
    parser.add_argument("--only", default="")
    parser.add_argument("--speed", action="store_true")
    args = parser.parse_args(argv)
    if args.speed:
        return speed()
    chosen = [case for case in cases(held_out=args.held_out) if args.only in case.corpus]
    ask = outcome if args.stored else cross_validated()
    tally: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    confusion: Counter[tuple[str, str]] = Counter()
    for case in chosen:
        got = outcome(case) if case.corpus == "own held out" else ask(case)
        verdict = judge(case, got)
        for key in ((case.corpus, ""), (case.corpus, case.voice)):
            tally[key][verdict] += 1
        if verdict != RIGHT:
            want = case.command or case.accepted[0]
            kind = (
                case.command.get("action", case.command.get("intent", ""))
                if case.command
                else _kind(case.accepted[0])
            )
            confusion[kind, _kind(got.does) + (" ?" if got.asks else "")] += 1
            if args.failures:
                seen = [{k: v for k, v in each.items() if v and k != "reading"} for each in got.does]
                if case.command and got.does:
                    seen += [
                        {
                            k: v
                            for k, v in got.does[0]["reading"].items()
                            if v and k not in ("spans", "reading", "language", "intent", "action")
                        }
                    ]
                print(f"{verdict:10} {case.corpus} {case.name} [{case.voice}] {case.text!r}")
                print(f"    want {want}")
                print(f"    got  {seen} asks={got.asks}")
    print(f"{'corpus':16}{'voice':14}{'cases':>6}{'right':>10}{'asked':>10}{'nothing':>10}{'wrong':>10}")
    for (corpus, voice), counts in sorted(tally.items()):
        total = sum(counts.values())
        shares = [counts[each] / total for each in (RIGHT, ASKED, NOTHING, WRONG)]
        row = "".join(f"{share:10.1%}" for share in shares)
        print(f"{corpus:16}{voice or 'all':14}{total:6}{row}")
    if args.confusion:
        for (want, got), count in confusion.most_common(40):
            print(f"{count:4}  {want:28} taken for {got}")
    return 0


def _kind(does: Sequence[dict[str, Any]]) -> str:
    return "+".join(each.get("action") or each["intent"] for each in does)


def _fastest(call: Callable[[], object], times: int = 3) -> float:
    """Processor seconds of the fastest of a few calls: what the others take longer is other work."""
    out = []
    for _ in range(times):
        begin = time.process_time()
        call()
        out.append(time.process_time() - begin)
    return min(out)


def speed() -> int:
    """Milliseconds a message with 500 and with 10,000 tasks in sight, beside what the fastest library takes
    for the titles of the 500 alone."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    own = [case for case in cases() if not case.command]
    many = _titles(own, 10_000)
    for count in (500, 10_000):
        tasks = [{"title": title} for title in many[:count]]
        began = time.process_time()
        sight = sight_of(tasks, [])
        first = time.process_time() - began
        again = _fastest(lambda sight=sight: Sight(sight.things))  # type: ignore[misc]
        for case in own[:100]:
            understand(case.text, case.now, sight=sight)
        took = [
            _fastest(lambda case=case, sight=sight: understand(case.text, case.now, sight=sight))  # type: ignore[misc]
            for case in own
        ]
        _told(f"understand, {count:,} in sight", took)
        print(f"{f'the index of {count:,} titles':28} {first * 1e3:6.2f} ms, again {again * 1e3:6.2f} ms")
        text = " ".join(case.text for case in own)[:10_000]
        long = _fastest(lambda text=text, sight=sight: understand(text, own[0].now, sight=sight))  # type: ignore[misc]
        print(f"{'10,000 characters':28} {long * 1e3:6.2f} ms")
    raw = [
        _fastest(lambda text=case.text: process.extract(text, many[:500], scorer=fuzz.token_set_ratio))  # type: ignore[misc]
        for case in own
    ]
    _told("rapidfuzz process.extract", raw)
    return 0


def _titles(own: Sequence[Case], count: int) -> list[str]:
    rng = random.Random(3)
    titles = list(dict.fromkeys(task["title"] for case in own for task in case.tasks))
    while len(titles) < count:
        titles.append(f"{rng.choice(titles)} {rng.choice('ABCDEFGHIJKLM')} {rng.randrange(99)}")
    return titles


def _told(name: str, took: list[float]) -> None:
    took = sorted(took)
    told = {"p50": statistics.median(took), "p99": took[int(len(took) * 0.99)], "slowest": took[-1]}
    print(f"{name:28}" + "  ".join(f" {what} {seconds * 1e3:6.2f} ms" for what, seconds in told.items()))


if __name__ == "__main__":
    sys.exit(main())
