"""How well and how fast words are read: the share of exact readings per corpus, with the failures, and
microseconds a parse.

    python -m bench.language                 the table
    python -m bench.language --failures      and what was read wrongly
    python -m bench.language --held-out      also the thirds of our own wordings that were set aside
    python -m bench.language --only slurp    corpora whose name contains this
    python -m bench.language --habits        each corpus read with the day parts of its own tool

Public corpora are read from TODO_CORPORA (default ../shared/corpora); our own lie in
tests/unit/language/corpus. Exact means: a date
to the day, a date-time to the minute, a recurrence by its next five occurrences, an intent by its name, a
line of our
own by every field it names.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import parser
from dateutil.rrule import rrulestr

from todotasks.language import Context, DayParts, parse
from todotasks.language.reading.serialize import as_object

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "tests" / "unit" / "language" / "corpus"
OWN_NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
WARM_UP = 200  # parses before the clock runs
# What a corpus itself says not to score: results in the past of a reader that prefers the future.
DROPPED = {"past-result"}


# Our own wordings that are set aside: measured, never tuned for. The others stand under "own", or under
# the name of the round that they were written in.
HELD_OUT = {"heldout": "held out", "unseen": "unseen", "voices_heldout": "voices, held out"}
ROUNDS = {
    "spoken": "own, later",
    "spoken_more": "own, more",
    "spoken_turns": "own, turns",
    "spoken_messy": "own, messy",
    "spoken_times": "own, times",
    "spoken_dates": "own, dates",
    "voices": "own, voices",
}
OURS = {"own", *HELD_OUT.values(), *ROUNDS.values()}

# What "morning" is, is a habit and a setting; ours is Todoist's. chrono's tests have theirs.
HABITS = {"chrono_en": DayParts(morning=6, afternoon=15, evening=20, night=22)}


@dataclass(frozen=True)
class Case:
    corpus: str
    kind: str
    text: str
    now: datetime
    expect: dict[str, Any]
    flags: tuple[str, ...] = ()


def corpora() -> Path:
    return Path(os.environ.get("TODO_CORPORA", ROOT.parent / "shared" / "corpora")) / "nl"


def public_cases() -> Iterator[Case]:
    """The cases of the public corpora, as far as they are there and ask for what we promise."""
    for path in sorted(corpora().glob("*.json")):
        for case in json.loads(path.read_text())["cases"]:
            flags = tuple(case["flags"])
            if DROPPED & set(flags):
                continue
            now = datetime.fromisoformat(case["reference_time"] or "2025-01-01T08:00:00").replace(
                tzinfo=UTC, microsecond=0
            )
            yield Case(path.stem, case["kind"], case["text"], now, case["expected"], flags)


# Development halves that came later, with rows of their own. Of duckling's dates the day counts, those that
# lie in the past too; its exclusions and those of recurrent are not scored, only the rule.
LATER = ("duckling_time_en_dev", "recurrent_en_dev")
COARSE = {"coarse-date": "coarse", "open-interval": "interval"}


def later_cases() -> Iterator[Case]:
    for stem in LATER:
        path = corpora().parent / "words" / f"{stem}.json"
        for case in json.loads(path.read_text())["cases"] if path.is_file() else ():
            now = datetime.fromisoformat(case["reference_time"]).replace(tzinfo=UTC, microsecond=0)
            kind, corpus = case["kind"], stem.removesuffix("_dev")
            if corpus.startswith("duckling"):
                kind = "day" if kind in {"date", "datetime"} else COARSE.get(kind, kind)
            yield Case(corpus, kind, case["text"], now, case["expected"], tuple(case["flags"]))


def own_cases(*, held_out: bool) -> Iterator[Case]:
    for path in sorted(OWN.glob("*.jsonl")):
        if (path.stem in HELD_OUT) == held_out:
            corpus = {**HELD_OUT, **ROUNDS}.get(path.stem, "own")
            for line in path.read_text().splitlines():
                case = json.loads(line)
                yield Case(corpus, case["group"], case["text"], OWN_NOW, case["expect"])


def read(case: Case, *, habits: bool = False) -> dict[str, Any]:
    order = "DMY" if "en-GB" in case.flags else ""
    parts = HABITS.get(case.corpus, DayParts()) if habits else DayParts()
    zone = case.now.tzinfo
    assert zone is not None
    return as_object(parse(case.text, case.now, zone, Context(day_order=order, day_parts=parts)))


def following(rrule: str, start: datetime, count: int = 5) -> list[str]:
    """The next occurrences; UNTIL as a day includes that day."""
    parts = dict(part.split("=", 1) for part in rrule.split(";"))
    if len(parts.get("UNTIL", "")) == 8:
        parts["UNTIL"] += "T235959"
    rule = rrulestr(
        ";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start.replace(tzinfo=None)
    )
    return [moment.isoformat() for moment in islice(rule, count)]


def exact(case: Case, got: dict[str, Any]) -> bool:
    expect = case.expect
    accepted = expect.get("accept") or [expect.get("due") or expect.get("time")]
    match case.kind:
        case "none":
            return got["due"] is None and got["rrule"] is None
        case "date" | "day" | "coarse":
            return got["due"] is not None and got["due"][:10] in {day[:10] for day in accepted}
        case "datetime":
            return got["due"] is not None and got["due"][:16] in {moment[:16] for moment in accepted}
        case "time":
            return got["due"] is not None and got["due"][11:16] in {moment[:5] for moment in accepted}
        case "interval":
            return _interval(expect, got["interval"], case.corpus)
        case "recurrence":
            return _recurrence(case, got["rrule"])
        case "duration":
            return got["duration"] is not None or got["due"] is None
        case "intent":
            return got["intent"] == expect["intent"].replace("out_of_scope", "none")
    return _own(expect, got)


def _interval(expect: dict[str, Any], got: dict[str, Any] | None, corpus: str) -> bool:
    if got is None:
        return False
    wanted, size = expect["interval"], 10 if corpus.startswith(("chrono", "duckling")) else 16
    starts = {(value or "")[:size] for value in [wanted["start"], *expect.get("accept_start", [])]}
    start, end = (got["start"] or "")[:size], (got["end"] or "")[:size]
    return start in starts and (
        end == (wanted["end"] or "")[:size] or start != (wanted["start"] or "")[:size]
    )


def _recurrence(case: Case, rrule: str | None) -> bool:
    if rrule is None:
        return False
    wanted, got = following(case.expect["rrule"], case.now), following(rrule, case.now)
    if "vague-time" in case.flags:
        return [moment[:10] for moment in wanted] == [moment[:10] for moment in got]
    return wanted == got


def _own(expect: dict[str, Any], got: dict[str, Any]) -> bool:
    return not list(differences(expect, got))


def differences(expect: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    """Which of the named fields came out otherwise."""
    for name, expected in expect.items():
        value, wanted = got.get(name), expected
        if name == "commands":
            value = [got["action"], *(each["action"] for each in got.get("commands", []))]
        elif name == "due" and wanted is not None and value is not None:
            if len(value) > 10:
                value = datetime.fromisoformat(value).astimezone(OWN_NOW.tzinfo).isoformat()
            value = value[: len(wanted)] if len(wanted) > 10 or len(value) == 10 else value
        elif name in {"assignee", "project", "parent", "tags"} and value is not None:
            value = [each.lower() for each in value] if isinstance(value, list) else value.lower()
            wanted = wanted if isinstance(wanted, list) or wanted is None else wanted.lower()
        elif name == "filter" and value is not None:
            value = {part: _folded(value.get(part)) for part in wanted}
            wanted = {part: _folded(said) for part, said in wanted.items()}
        elif name == "reminders":
            value = [f"before:{each['before']}" for each in value if "before" in each]
        elif name == "shift" and value is not None:
            value = value.replace("P7D", "P1W").replace("P14D", "P2W")
            wanted = wanted.replace("P7D", "P1W").replace("P14D", "P2W")
        elif name == "rrule" and wanted is not None and value is not None:
            start = OWN_NOW + timedelta(0)
            value, wanted = following(value, start), following(wanted, start)
        if value != wanted:
            yield f"{name}: {value!r}, not {wanted!r}"


def _folded(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


@dataclass
class Row:
    total: int = 0
    right: int = 0


def score(cases: list[Case], failures: list[str], *, habits: bool = False) -> dict[tuple[str, str], Row]:
    table: dict[tuple[str, str], Row] = {}
    for case in cases:
        got = read(case, habits=habits)
        right = exact(case, got)
        row = table.setdefault((case.corpus, case.kind), Row())
        row.total += 1
        row.right += right
        if not right:
            failures.append(_failure(case, got))
    return table


def _failure(case: Case, got: dict[str, Any]) -> str:
    if case.corpus in OURS:
        detail = "; ".join(differences(case.expect, got))
    else:
        fields = ("intent", "action") if case.kind == "intent" else ("due", "interval", "rrule", "duration")
        detail = f"{ {name: got[name] for name in fields if got[name]} }, not {_short(case.expect)}"
    flags = f"  [{', '.join(case.flags)}]" if case.flags else ""
    return f"{case.corpus}/{case.kind}: {case.text!r} → {detail}{flags}"


def _short(expect: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in expect.items()
        if name in {"due", "accept", "rrule", "interval", "intent", "time", "upstream_intent", "seconds"}
    }


def speed(cases: list[Case]) -> tuple[float, float]:
    """Median and 99th percentile of one parse, in microseconds of processor time."""
    for case in cases[:WARM_UP]:
        read(case)
    taken = []
    for case in cases:
        zone = case.now.tzinfo
        assert zone is not None
        begin = time.thread_time()
        parse(case.text, case.now, zone)
        taken.append((time.thread_time() - begin) * 1e6)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def others(cases: list[Case]) -> Iterator[tuple[str, float]]:
    """The median of other libraries on the same texts, where they are installed: they read dates only."""
    try:
        import dateparser.search  # noqa: PLC0415 # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        pass
    else:
        yield (
            "dateparser.search",
            _median(cases[:100], lambda case: dateparser.search.search_dates(case.text, languages=["en"])),
        )
    try:
        import parsedatetime  # noqa: PLC0415 # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        pass
    else:
        calendar = parsedatetime.Calendar()
        yield "parsedatetime", _median(cases, lambda case: calendar.nlp(case.text, case.now))

    def fuzzy(case: Case) -> None:
        with suppress(ValueError, OverflowError):
            parser.parse(case.text, fuzzy=True)

    yield "dateutil.parser (fuzzy)", _median(cases, fuzzy)


def _median(cases: list[Case], call: Any) -> float:
    taken = []
    for case in cases:
        begin = time.thread_time()
        call(case)
        taken.append((time.thread_time() - begin) * 1e6)
    return statistics.median(taken)


def show(table: dict[tuple[str, str], Row]) -> None:
    print(f"{'corpus':28} {'kind':14} {'exact':>6} {'of':>6} {'share':>7}")
    totals: dict[str, Row] = {}
    later = {stem.removesuffix("_dev") for stem in LATER}
    for (corpus, kind), row in sorted(table.items()):
        print(f"{corpus:28} {kind:14} {row.right:6} {row.total:6} {row.right / row.total:7.1%}")
        total = totals.setdefault(
            "dates and date-times"
            if kind in {"date", "datetime", "time"} and corpus not in OURS and corpus not in later
            else corpus
            if corpus in OURS
            else f"{corpus}, {kind}"
            if corpus in later
            else kind,
            Row(),
        )
        total.right, total.total = total.right + row.right, total.total + row.total
    print()
    for name, row in totals.items():
        print(f"{'all: ' + name:43} {row.right:6} {row.total:6} {row.right / row.total:7.1%}")


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--failures", action="store_true")
    options.add_argument("--held-out", action="store_true")
    options.add_argument("--habits", action="store_true")
    options.add_argument("--only", default="")
    options.add_argument("--no-speed", action="store_true")
    chosen = options.parse_args()
    cases = [*public_cases(), *later_cases(), *own_cases(held_out=False)]
    if chosen.held_out:
        cases += own_cases(held_out=True)
    cases = [case for case in cases if chosen.only in f"{case.corpus}/{case.kind}"]
    if not cases:
        print(f"no cases: neither in {corpora()} nor in {OWN}", file=sys.stderr)
        return 1
    failures: list[str] = []
    show(score(cases, failures, habits=chosen.habits))
    if chosen.failures:
        print("\n" + "\n".join(failures))
    if not chosen.no_speed:
        median, slow = speed(cases)
        print(f"\nparse: p50 {median:.0f} µs, p99 {slow:.0f} µs over {len(cases)} texts")
        for name, other in others([case for case in cases if case.kind in {"date", "datetime"}]):
            print(f"{name}: p50 {other:.0f} µs")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
