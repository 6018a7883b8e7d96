"""Tasks of a calendar file (RFC 5545): the VTODOs of an .ics, as CalDAV servers and calendars export them.

DUE, else DTSTART with DURATION, else DTSTART, is when it is due; that of a repeating one anchors the RRULE.
One with a RECURRENCE-ID is a changed occurrence of another. PRIORITY 1 to 4 is high, 5 medium, 6 to 9 low.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from todo_cli.importing.model import Context, Document, Export, ImportFailed, Item, Schedule, written
from todotasks.api.durations import DurationError, format_duration
from todotasks.api.zones import ZoneError, load_zone

CARRIED = frozenset({
    "UID", "SUMMARY", "DESCRIPTION", "PRIORITY", "CATEGORIES", "DUE", "DTSTART", "DURATION", "STATUS",
    "COMPLETED", "PERCENT-COMPLETE", "RRULE", "EXDATE", "RDATE", "RELATED-TO", "URL", "ATTACH", "COMMENT",
    "LOCATION",
})  # fmt: skip
LONGEST_ZONE = 64  # characters of a name that is repeated
SILENT = frozenset({"DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "CLASS", "ORGANIZER"})


def is_ics(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \r\n")[:15].upper().startswith(b"BEGIN:VCALENDAR")


def read_ics(data: bytes, context: Context) -> Export:
    begun, ended = (_times(data, each) for each in ("BEGIN:VCALENDAR", "END:VCALENDAR"))
    if begun != ended:
        raise ImportFailed(f"it breaks off: of its calendars {begun} begin and {ended} end")
    import icalendar  # noqa: PLC0415 - a tenth of a second, which the other formats need not wait for

    try:
        calendars = icalendar.Calendar.from_ical(data, multiple=True)
    except ValueError as error:
        raise ImportFailed(f"not a calendar of RFC 5545: {error}") from error
    reading = _Reading(context, _lines(data))
    for calendar in calendars:
        name = calendar.get("X-WR-CALNAME")
        for todo in calendar.walk("VTODO"):
            reading.todo(todo, str(name).strip() if name else None)
    return reading.export


def _times(data: bytes, wanted: str) -> int:
    """How many lines say just that. (A text that goes on in the next line begins with a space there.)"""
    return sum(line.rstrip().upper() == wanted for line in data.decode("utf-8-sig", "replace").splitlines())


def _lines(data: bytes) -> list[int]:
    """Where each VTODO begins."""
    lines = data.decode("utf-8", "replace").splitlines()
    return [number for number, line in enumerate(lines, 1) if line.strip().upper() == "BEGIN:VTODO"]


class _Reading:
    def __init__(self, context: Context, lines: list[int]) -> None:
        self.export = Export("ics")
        self._context = context
        self._lines = iter(lines)
        self._count = 0

    def todo(self, todo: Any, calendar: str | None) -> None:
        self._count += 1
        where = f"line {next(self._lines, 0)}"
        title = str(todo.get("SUMMARY") or "").strip()
        if todo.get("RECURRENCE-ID"):
            self.export.leave(
                f"{where}, RECURRENCE-ID", title, "a changed occurrence: the rule makes it as all others"
            )
            return
        status = str(todo.get("STATUS") or "").upper()
        if status == "CANCELLED":
            self.export.leave(f"{where}, STATUS", title, "cancelled, so not made")
            return
        item = Item(
            key=str(todo.get("UID") or f"{calendar}/{title}/{self._count}"),
            where=where,
            title=title,
            notes=[str(todo["DESCRIPTION"]).strip()] if todo.get("DESCRIPTION") else [],
            priority=self._priority(todo, where, title),
            tags=self._tags(todo),
            project=calendar,
            completed=status == "COMPLETED" or bool(todo.get("COMPLETED")),
        )
        self._when(todo, item)
        self._relations(todo, item)
        self._alarms(todo, item)
        self._rest(todo, item)
        self.export.items.append(item)

    def _priority(self, todo: Any, where: str, title: str) -> str | None:
        try:
            number = int(todo.get("PRIORITY") or 0)
        except ValueError:
            number = -1
        if number == 0:
            return None
        if not 1 <= number <= 9:
            self.export.leave(f"{where}, PRIORITY", title, f"{todo.get('PRIORITY')} is not 0 to 9")
            return None
        return "Urgent" if number == 1 else "High" if number < 5 else "Medium" if number == 5 else "Low"

    def _tags(self, todo: Any) -> list[str]:
        found = todo.get("CATEGORIES")
        groups = found if isinstance(found, list) else [found] if found is not None else []
        return [str(each).strip() for group in groups for each in getattr(group, "cats", [group])]

    def _when(self, todo: Any, item: Item) -> None:
        begins, due = self._at(todo, "DTSTART"), self._at(todo, "DUE")
        if due is None and begins is not None:
            length = getattr(todo.get("DURATION"), "td", timedelta())
            due = begins + length
        elif due is not None and begins is not None and begins != due and not todo.get("RRULE"):
            says = written(begins, self._context.zone)
            self.export.leave(f"{item.where}, DTSTART", item.title, f"it begins {says}; kept in the notes")
            item.notes.append(f"Begins: {says}")
        if due is None and todo.get("RRULE"):
            self.export.leave(
                f"{item.where}, RRULE", item.title, "it repeats without DUE and DTSTART: it is made once"
            )
            return
        if due is None:
            return
        self._zone(todo, item)
        if todo.get("RRULE"):
            self._repeat(todo, item, due)
        else:
            item.due = self._text(due)

    def _at(self, todo: Any, name: str) -> Any:
        value = getattr(todo.get(name), "dt", None)
        return value if isinstance(value, date) else None

    def _zone(self, todo: Any, item: Item) -> None:
        for name in ("DUE", "DTSTART"):
            prop = todo.get(name)
            said = prop.params.get("TZID") if prop is not None else None
            if said is None:
                continue
            try:
                item.time_zone = load_zone(str(said).strip("/")).key
            except ZoneError:
                # Outlook's and others' own names; the time itself was read with the VTIMEZONE of the file.
                if isinstance(prop.dt, datetime) and prop.dt.tzinfo is None:
                    self.export.leave(
                        f"{item.where}, {name}",
                        item.title,
                        f"there is no time zone “{str(said)[:LONGEST_ZONE]}”, nor does the file describe it: "
                        f"its time is read in {self._context.zone.key}",
                    )
                continue
            return

    def _text(self, value: Any) -> str:
        if not isinstance(value, datetime):
            return str(value.isoformat())
        if value.tzinfo is None:
            return written(value, UTC)
        return written(value, value.tzinfo if value.utcoffset() else self._context.zone)

    def _repeat(self, todo: Any, item: Item, due: Any) -> None:
        rules = todo["RRULE"]
        if isinstance(rules, list):
            self.export.leave(f"{item.where}, RRULE", item.title, "of several rules only the first is kept")
            rules = rules[0]
        fields: Document = {"rrule": rules.to_ical().decode()}
        fields["start"] = (
            due.replace(tzinfo=None).isoformat("T", "minutes")
            if isinstance(due, datetime)
            else due.isoformat()
        )
        if isinstance(due, datetime) and due.tzinfo is not None and item.time_zone is None:
            fields["start"] = (
                due.astimezone(self._context.zone).replace(tzinfo=None).isoformat("T", "minutes")
            )
        left_out = todo.get("EXDATE")
        dates = [
            each.dt
            for group in (left_out if isinstance(left_out, list) else [left_out] if left_out else [])
            for each in group.dts
        ]
        if dates:
            fields["except"] = [
                each.date().isoformat() if isinstance(each, datetime) else each.isoformat() for each in dates
            ]
        if todo.get("RDATE"):
            self.export.leave(f"{item.where}, RDATE", item.title, "single extra dates have no place here")
        item.schedule = Schedule(fields)

    def _relations(self, todo: Any, item: Item) -> None:
        found = todo.get("RELATED-TO")
        for each in found if isinstance(found, list) else [found] if found is not None else []:
            kind = str(each.params.get("RELTYPE", "PARENT")).upper()
            if kind == "PARENT":
                item.parent = str(each)
            elif kind in {"DEPENDS-ON", "FINISHTOSTART"}:  # RFC 9253
                item.depends_on.append(str(each))
            elif kind != "CHILD":
                self.export.leave(
                    f"{item.where}, RELATED-TO", item.title, f"the relation {kind} has no place here"
                )

    def _alarms(self, todo: Any, item: Item) -> None:
        for alarm in todo.walk("VALARM"):
            when = getattr(alarm.get("TRIGGER"), "dt", None)
            if isinstance(when, datetime):
                item.reminders.append({"at": written(when, self._context.zone)})
            elif isinstance(when, timedelta) and when <= timedelta():
                try:
                    item.reminders.append({"before": format_duration(-when)})
                except DurationError:
                    self.export.leave(f"{item.where}, VALARM", item.title, f"{-when} before is too long")
            else:
                self.export.leave(
                    f"{item.where}, VALARM", item.title, "a reminder after the due time has no place here"
                )

    def _rest(self, todo: Any, item: Item) -> None:
        for name in ("URL", "ATTACH"):
            found = todo.get(name)
            for each in found if isinstance(found, list) else [found] if found is not None else []:
                item.links.append({"url": str(each)})
        for name in ("LOCATION", "COMMENT"):
            found = todo.get(name)
            for each in found if isinstance(found, list) else [found] if found is not None else []:
                item.notes.append(f"{name.capitalize()}: {each}")
        percent = todo.get("PERCENT-COMPLETE")
        if percent and 0 < int(percent) < 100:
            self.export.leave(
                f"{item.where}, PERCENT-COMPLETE", item.title, f"{int(percent)} % done has no place here"
            )
        for name in sorted({str(key) for key in todo} - CARRIED - SILENT):
            if not name.startswith("X-"):
                self.export.leave(f"{item.where}, {name}", item.title, "has no place here")
