"""One question as a JSON object, one answer as a JSON object: what `todotasks next --jsonl` speaks.

    {"rrule": "FREQ=MONTHLY;BYDAY=2TU", "start": "2026-01-01T09:00", "timeZone": "Europe/Berlin", "count": 2}
    {"next": ["2026-01-13T09:00:00+01:00", "2026-02-10T09:00:00+01:00"], "explain": "on the second Tuesday …"}

A question that cannot be answered gets `{"error": [{"path", "message"}]}`, with every mistake in it.
"""

import difflib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from todotasks.recurrence.calendar.when import fixed_zone, read_moment
from todotasks.recurrence.completion import next_after_completion
from todotasks.recurrence.errors import FieldError, quoted
from todotasks.recurrence.explanation import explain, why_never
from todotasks.recurrence.month_ends import left_out
from todotasks.recurrence.rule import Rule
from todotasks.recurrence.spec import RuleSpec, parse_rule

DEFAULT_COUNT = 5
MOST_COUNT = 100_000
BASES = ("Schedule", "Completion")

_TEXTS = ("rrule", "cron", "start", "until", "after", "timeZone", "basis")
FIELDS = ("rrule", "cron", "simple", "start", "until", "except", "timeZone", "after", "count", "basis")
_SIMPLE_TEXTS = ("frequency", "time")
_SIMPLE_NUMBERS = ("interval", "dayOfMonth", "nth")
_SIMPLE_FIELDS = ("frequency", "interval", "daysOfWeek", "dayOfMonth", "nth", "time")


@dataclass(frozen=True, slots=True)
class Simple:
    """A `simple` schedule as the JSON has it."""

    frequency: str
    interval: int = 1
    days_of_week: tuple[str, ...] | None = None
    day_of_month: int | None = None
    nth: int | None = None
    time: str | None = None


JsonAnswer = dict[str, object]


def answer_line(line: bytes, now: datetime) -> bytes:
    """The answer to one line of JSON, as one line without its end."""
    try:
        request = json.loads(line)
    except RecursionError:
        answer = failure([FieldError("", "is nested too deeply: write one flat JSON object")])
    except ValueError as error:
        answer = failure([FieldError("", f"is not JSON: {error}; write one JSON object a line")])
    else:
        answer = answer_request(request, now)
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")


def failure(errors: list[FieldError]) -> JsonAnswer:
    return {"error": [{"path": error.path, "message": error.message} for error in errors]}


def answer_request(request: object, now: datetime) -> JsonAnswer:
    """The next occurrences, and the rule in words. `now` stands in where neither start nor after is given."""
    if not isinstance(request, dict):
        return failure([FieldError("", f"is {_kind(request)}: write a JSON object")])
    request = {name: value for name, value in request.items() if value is not None}  # null is "not given"
    errors = _check_types(request)
    simple = _read_simple(request.get("simple"), errors)
    if errors:
        return failure(errors)
    count = request.get("count", DEFAULT_COUNT)
    completion = request.get("basis", BASES[0]) == BASES[1]
    zone = _zone_of_offsets(request)
    rule = parse_rule(
        RuleSpec(
            rrule=request.get("rrule"),
            cron=request.get("cron"),
            simple=simple,
            start=request.get("start"),
            until=request.get("until"),
            except_=request.get("except") or (),
            time_zone=request.get("timeZone"),
        ),
        default_zone=zone,
        anchor=_anchor(request, now),
    )
    after = _after(request, rule, errors)
    if completion and request.get("after") is None:
        errors.append(FieldError("after", "is needed with basis Completion: when the task was done"))
    if isinstance(rule, list):
        return failure([*rule, *errors])
    if errors:
        return failure(errors)
    if completion and after is not None:
        found = _completions(rule, after, count if "count" in request else 1)
    elif after is None and request.get("start") is None and rule.start is None:
        found = list(islice(rule.after(now), count))
    else:
        found = list(islice(rule.after(after, inclusive=after is None), count))
    answer: JsonAnswer = {
        "next": [rfc3339(at) for at in found],
        "explain": explain(rule, from_completion=completion),
    }
    notes = [*rule.notes, *filter(None, [None if found else why_never(rule)])]
    lacking = left_out(rule, from_completion=completion)
    if lacking is not None and found:
        notes.append(lacking.note("cron" if rule.source.rrule is None else "rrule"))
    if notes:
        answer["notes"] = notes
    return answer


def rfc3339(moment: datetime) -> str:
    """With its offset; in UTC where the offset has seconds, as before 1900, which RFC 3339 cannot write."""
    offset = moment.utcoffset()
    if offset is not None and offset.seconds % 60:
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="seconds")


def _completions(rule: Rule, done: datetime, count: int) -> list[datetime]:
    """As if each task were done at the moment it was due."""
    found: list[datetime] = []
    due: datetime | None = done
    while due is not None and len(found) < count:
        due = next_after_completion(rule, due)
        if due is not None:
            found.append(due)
    return found


def _anchor(request: dict[str, object], now: datetime) -> datetime | None:
    """The moment whose day a rule without start begins on; cron needs none."""
    after = request.get("after")
    if request.get("cron") is not None:
        return None
    if not isinstance(after, str):
        return now
    moment = read_moment(after)
    if isinstance(moment, str):
        return now
    day = datetime(1, 1, 1, tzinfo=UTC) + timedelta(seconds=moment.wall - 86_400)
    return (
        day.replace(tzinfo=None) if moment.offset is None else day.replace(tzinfo=fixed_zone(moment.offset))
    )


def _after(
    request: dict[str, object], rule: Rule | list[FieldError], errors: list[FieldError]
) -> datetime | None:
    given = request.get("after")
    if not isinstance(given, str):
        return None
    moment = read_moment(given)
    if isinstance(moment, str):
        errors.append(FieldError("after", moment))
        return None
    return None if isinstance(rule, list) else rule.clock.to_datetime(moment.instant(rule.clock))


def _zone_of_offsets(request: dict[str, object]) -> tzinfo:
    """Where no zone is named: the offset in which the start, else the `after`, is written; else UTC."""
    for name in ("start", "after"):
        given = request.get(name)
        moment = read_moment(given) if isinstance(given, str) else None
        if moment is not None and not isinstance(moment, str) and moment.offset is not None:
            return fixed_zone(moment.offset)
    return UTC


# --- types -----------------------------------------------------------------------------------------------


def _check_types(request: dict[str, object]) -> list[FieldError]:
    errors = _unknown(request, FIELDS, "")
    for name in _TEXTS:
        _expect_text(request, name, name, errors)
    count = request.get("count")
    if count is not None and (not _is_integer(count) or not 1 <= count <= MOST_COUNT):  # type: ignore[operator]
        errors.append(FieldError("count", f"{_shown(count)}: write how many to list, 1 to {MOST_COUNT}"))
    excepted = request.get("except")
    if excepted is not None and not (
        isinstance(excepted, list) and all(isinstance(each, str) for each in excepted)
    ):
        errors.append(FieldError("except", f"{_shown(excepted)}: write a list of dates or date-times"))
    basis = request.get("basis")
    if isinstance(basis, str) and basis not in BASES:
        errors.append(FieldError("basis", f"{quoted(basis)}: write {' or '.join(BASES)}"))
    return errors


def _read_simple(given: object, errors: list[FieldError]) -> Simple | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        errors.append(FieldError("simple", f"{_shown(given)}: write an object with frequency, interval, …"))
        return None
    before = len(errors)
    errors += _unknown(given, _SIMPLE_FIELDS, "simple.")
    for name in _SIMPLE_TEXTS:
        _expect_text(given, name, f"simple.{name}", errors)
    for name in _SIMPLE_NUMBERS:
        if given.get(name) is not None and not _is_integer(given[name]):
            errors.append(FieldError(f"simple.{name}", f"{_shown(given[name])}: write a whole number"))
    days = given.get("daysOfWeek")
    if days is not None and not (isinstance(days, list) and all(isinstance(day, str) for day in days)):
        errors.append(FieldError("simple.daysOfWeek", f'{_shown(days)}: write a list such as ["Monday"]'))
    if given.get("frequency") is None:
        errors.append(FieldError("simple.frequency", "is missing: write Daily, Weekly, Monthly or Yearly"))
    if len(errors) > before:
        return None
    return Simple(
        given["frequency"],
        1 if given.get("interval") is None else given["interval"],
        tuple(days) if days else None,
        given.get("dayOfMonth"),
        given.get("nth"),
        given.get("time"),
    )


def _unknown(given: dict[str, object], known: tuple[str, ...], prefix: str) -> list[FieldError]:
    errors = []
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            errors.append(FieldError(prefix + quoted(name)[1:-1], f"is not a field: {hint}"))
    return errors


def _expect_text(given: dict[str, object], name: str, path: str, errors: list[FieldError]) -> None:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        errors.append(FieldError(path, f"{_shown(value)}: write text in quotes"))


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    return quoted(json.dumps(value))[1:-1]


def _kind(value: object) -> str:
    names = {list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")
