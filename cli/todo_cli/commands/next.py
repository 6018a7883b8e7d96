"""`todotasks next`: when a rule fires next, for a person (a table) or a pipeline (`--jsonl`).

The same parser and the same checks as the operator's and the webhook's, so that what this command says is
what the cluster will do. It needs no cluster, and imports nothing but the recurrence package.
"""

import json
import sys
from datetime import UTC, datetime

import click

from todotasks.recurrence.requests import DEFAULT_COUNT, JsonAnswer, answer_line, answer_request


@click.command()
@click.argument("rule", required=False)
@click.option(
    "--start", metavar="TIME", help="First moment of the rule: a date, a local date-time, or one with offset."
)
@click.option(
    "--time-zone",
    metavar="ZONE",
    help="IANA zone such as Europe/Berlin.  [default: the offset of --start, else UTC]",
)
@click.option(
    "--after",
    metavar="TIME",
    help="List what comes after this moment.  [default: from --start on, else from now on]",
)
@click.option("--until", metavar="TIME", help="Last moment of the rule; a date includes that day.")
@click.option(
    "--except",
    "except_",
    multiple=True,
    metavar="TIME",
    help="A day or moment to leave out; may be repeated.",
)
@click.option("--count", type=int, help=f"How many to list.  [default: {DEFAULT_COUNT}; with --completed 1]")
@click.option("--completed", metavar="TIME", help="Count from when a task was done (basis: Completion).")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object, as --jsonl does.")
@click.option("--jsonl", is_flag=True, help="Read one JSON request a line, answer one JSON object a line.")
def next_(
    *,
    rule: str | None,
    start: str | None,
    time_zone: str | None,
    after: str | None,
    until: str | None,
    except_: tuple[str, ...],
    count: int | None,
    completed: str | None,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Say when RULE fires next, and what it says in words.

    RULE is a recurrence rule of RFC 5545, a cron schedule of five fields, or a simple schedule as JSON:

    \b
      todotasks next "FREQ=MONTHLY;BYDAY=2TU" --start 2026-01-01T09:00 --time-zone Europe/Berlin
      todotasks next "0 9 * * 1-5" --time-zone America/New_York
      todotasks next '{"frequency": "Weekly", "daysOfWeek": ["Monday"], "time": "09:00"}'

    With --jsonl each line of the input is a request, with cron or simple instead of rrule:

    \b
      {"rrule": "FREQ=DAILY", "start": "2026-01-01T09:00", "timeZone": "Europe/Berlin",
       "after": "2026-06-01", "until": "2026-12-31", "count": 3, "except": ["2026-06-02"]}

    and each line of the output is {"next": [...], "explain": "..."} or {"error": [...]}.
    """
    if jsonl:
        if rule is not None:
            raise click.UsageError("with --jsonl the rules come from the input: leave RULE out")
        answer_lines()
        return
    if rule is None:
        raise click.UsageError('give a rule, such as "FREQ=MONTHLY;BYDAY=2TU" or "0 9 * * 1-5"')
    request: dict[str, object] = {
        _kind_of(rule): _simple(rule) if _kind_of(rule) == "simple" else rule,
        "start": start,
        "timeZone": time_zone,
        "after": completed or after,
        "until": until,
        "except": list(except_),
        "basis": "Completion" if completed else "Schedule",
    }
    if count is not None:
        request["count"] = count
    answer = answer_request(request, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        _print(answer)
    if "error" in answer:
        sys.exit(1)


def answer_lines() -> None:
    """One answer a line, in the order of the requests, each written as soon as it is known."""
    output = sys.stdout.buffer
    for line in sys.stdin.buffer:
        if line.strip():
            output.write(answer_line(line, datetime.now(UTC)) + b"\n")
            output.flush()


def _kind_of(rule: str) -> str:
    if rule.lstrip().startswith("{"):
        return "simple"
    if "TZ=" in rule.upper() and not rule.upper().startswith(("DTSTART", "EXDATE", "RDATE")):
        return "cron"
    return "rrule" if "=" in rule or ":" in rule else "cron"


def _simple(rule: str) -> object:
    try:
        return json.loads(rule)
    except ValueError as error:
        raise click.UsageError(f"the simple schedule is not JSON: {error}") from error


def _print(answer: JsonAnswer) -> None:
    errors, found, notes = answer.get("error"), answer.get("next"), answer.get("notes", [])
    if isinstance(errors, list):
        for error in errors:
            click.echo(f"{error['path']}: {error['message']}", err=True)
        return
    assert isinstance(found, list)
    assert isinstance(notes, list)
    click.echo(f"{answer['explain']}\n")
    for moment in map(datetime.fromisoformat, found):
        click.echo(f"  {moment:%a %d %b %Y  %H:%M:%S  %z}".replace(":00  ", "  ", 1))
    if not found:
        click.echo("  no occurrence")
    for note in notes:
        click.echo(f"\nnote: {note}")
