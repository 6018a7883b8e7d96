"""`todotasks parse`: how words are understood, without doing any of it.

With words it shows the reading; with `--jsonl` it reads one JSON object a line from standard input and
writes one a
line, in the same order. A bad line gives an error object and the rest goes on, so a corpus can be run
through it.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from todotasks.language import Context
from todotasks.language.grounded import grounded_object
from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.reading.serialize import as_object
from todotasks.language.understanding import understand

ACCEPTED = '{"text": "buy milk tomorrow", "now": "2026-03-04T10:00:00+01:00", "timeZone": "Europe/Berlin"}'
LANGUAGES = ("auto", "en", "de")
ORDERS = ("", "DMY", "MDY")


class LineError(ValueError):
    """What is wrong with one line, and what would be accepted."""


def zone_of(name: object) -> tzinfo:
    if name in (None, ""):
        return UTC
    if not isinstance(name, str):
        raise LineError(f'timeZone: expected an IANA name such as "Europe/Berlin", got {name!r}')
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise LineError(f'timeZone: expected an IANA name such as "Europe/Berlin", got {name!r}') from error


def now_of(value: object, zone: tzinfo) -> datetime:
    if value is None:
        return datetime.now(zone)
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is not None:
            return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    raise LineError(f'now: expected an RFC 3339 date-time such as "2026-03-04T10:00:00+01:00", got {value!r}')


def read_object(request: object) -> dict[str, Any]:
    """One request of `--jsonl`, read."""
    if not isinstance(request, dict) or not isinstance(request.get("text"), str):
        raise LineError(f"text: expected an object such as {ACCEPTED}")
    zone = zone_of(request.get("timeZone"))
    language, order = request.get("language") or "auto", request.get("dayOrder") or ""
    if language not in LANGUAGES:
        raise LineError(f"language: expected one of {', '.join(LANGUAGES)}, got {language!r}")
    if order not in ORDERS:
        raise LineError(f"dayOrder: expected DMY or MDY, got {order!r}")
    context = Context(language=language, day_order=order)
    now = now_of(request.get("now"), zone)
    try:
        if "tasks" in request:
            sight = sight_of(request)
            return grounded_object(understand(request["text"], now, zone, context, sight), sight)
        return as_object(understand(request["text"], now, zone, context).reading)
    except OverflowError as error:
        raise LineError("now: the year must lie between 2 and 9998") from error


def sight_of(request: dict[str, Any]) -> Sight:
    """`tasks` of a request, in the order in which they are shown, as what the person sees."""
    tasks = request["tasks"]
    if not isinstance(tasks, list) or not all(
        isinstance(task, dict) and isinstance(task.get("title"), str) for task in tasks
    ):
        raise LineError('tasks: expected objects such as {"title": "Buy milk", "due": "2026-03-11"}')
    seen = []
    for number, task in enumerate(tasks):
        tags = task.get("tags") or []
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise LineError(f"tasks[{number}].tags: expected a list of texts, got {tags!r}")
        seen.append(
            Seen(
                task["title"],
                key=str(number),
                due=task.get("due"),
                priority=task.get("priority"),
                tags=tuple(tags),
                project=task.get("project"),
                assignee=task.get("assignee"),
                completed=bool(task.get("completed", False)),
            )
        )
    still = tuple(number for number, one in enumerate(seen) if not one.completed)
    return Sight(tuple(seen), shown=still)


def read_lines(lines: Iterable[str]) -> Iterator[str]:
    """Requests in, readings out, line by line; an error names the line and what it should be."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            try:
                request = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise LineError(f"not JSON ({error}); expected an object such as {ACCEPTED}") from error
            answer = read_object(request)
        except LineError as error:
            answer = {"error": str(error), "line": number}
        yield json.dumps(answer, ensure_ascii=False)


def show(reading: dict[str, Any]) -> str:
    """A reading for a person: the sentence, then each field that says something, then what was used for
    what.
    """
    lines = [reading["reading"], ""]
    hidden = {"reading", "spans", "commands", "remarks"}
    width = max(len(name) for name in reading)
    for name, value in reading.items():
        if name not in hidden and value not in (None, [], False):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            lines.append(f"  {name:{width}}  {text}")
    if reading["spans"]:
        lines += ["", "  read from the words:"]
        lines += [f"    {span['slot']:{width - 2}}  “{span['text']}”" for span in reading["spans"]]
    return "\n".join(lines)


@click.command(name="parse")
@click.argument("words", nargs=-1)
@click.option(
    "--jsonl", is_flag=True, help="Read one JSON object a line from standard input, write one a line."
)
@click.option("--now", "now_text", metavar="RFC3339", help="Read as of this moment (default: now).")
@click.option("--zone", default="UTC", show_default=True, metavar="IANA", help="The person's time zone.")
@click.option("--language", type=click.Choice(LANGUAGES), default="auto", show_default=True)
@click.option(
    "--day-order",
    type=click.Choice(["DMY", "MDY"]),
    help="How 3/4 is read (default: as the language has it).",
)
def parse(  # noqa: PLR0917 - click passes options by name
    words: tuple[str, ...], jsonl: bool, now_text: str | None, zone: str, language: str, day_order: str | None
) -> None:
    """Show how WORDS are understood; nothing is changed."""
    if jsonl:
        if words:
            raise click.UsageError("with --jsonl the text comes from standard input, not from arguments")
        for answer in read_lines(sys.stdin):
            click.echo(answer)
        return
    if not words:
        raise click.UsageError(
            'say something, for example: todotasks parse "pay rent on the 1st of every month"'
        )
    request = {
        "text": " ".join(words),
        "now": now_text,
        "timeZone": zone,
        "language": language,
        "dayOrder": day_order,
    }
    try:
        reading = read_object(request)
    except LineError as error:
        raise click.UsageError(str(error)) from error
    for each in (reading, *reading.get("commands", [])):
        click.echo(show(each))
