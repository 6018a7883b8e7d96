"""Dates and schedules in words, as Todoist keeps them: "every! 3 days", "jeden Montag um 9", "Jul 22"."""

from dataclasses import dataclass
from datetime import datetime

from todo_cli.importing.model import Context, Document, Schedule, written
from todotasks.language import Context as Reader
from todotasks.language import parse

READ_IN = ("en", "de")


@dataclass(frozen=True, slots=True)
class Said:
    """What a phrase says: a due, or a schedule; neither when it was not understood."""

    due: str | None = None
    schedule: Schedule | None = None


def read(words: str, context: Context, language: str = "") -> Said:
    """Every word must have been used: half a schedule is worse than none."""
    reader = Reader(language=language if language in READ_IN else "auto")
    reading = parse(words, context.now.astimezone(context.zone), context.zone, reader)
    used = sum(
        len(span.text.replace(" ", "")) for span in reading.spans if span.slot in {"due", "recurrence"}
    )
    if used < len(words.replace(" ", "").replace(",", "")) - words.count(","):
        return Said()
    if reading.recurrence is not None:
        recurrence = reading.recurrence
        fields: Document = {"rrule": recurrence.rrule}
        if recurrence.start is not None:
            start = recurrence.start
            fields["start"] = context.wall(start) if isinstance(start, datetime) else start.isoformat()
        if recurrence.basis != "Schedule":
            fields["basis"] = recurrence.basis
        if recurrence.exceptions:
            fields["except"] = [day.isoformat() for day in recurrence.exceptions]
        return Said(schedule=Schedule(fields))
    if reading.due is not None:
        return Said(due=written(reading.due, context.zone))
    return Said()
