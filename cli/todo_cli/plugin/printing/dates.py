"""Due dates as a person says them, from where they stand: tomorrow 15:00, Fri, in 12 d, 2 d overdue. Pure."""

from datetime import date, datetime

NEAR = 7  # days that are called by their weekday
SOON = 60  # days until which the year goes without saying


def relative(due: datetime, now: datetime, *, all_day: bool, overdue: bool = False) -> str:
    """`due` and `now` are aware, in the person's zone; an all-day due is the beginning of its day."""
    if overdue:
        return f"{_ago(due, now, all_day=all_day)} overdue"
    days = (due.date() - now.date()).days
    clock = "" if all_day else f" {due:%H:%M}"
    if -1 <= days <= 1:
        return ("yesterday", "today", "tomorrow")[days + 1] + clock
    if 1 < days < NEAR:
        return f"{due:%a}{clock}"
    return f"{_day(due.date(), now.date())}{clock}"


def absolute(due: datetime, *, all_day: bool) -> str:
    """Sat 21 Nov 2026 15:00"""
    return f"{due:%a} {due.day} {due:%b} {due.year}" + ("" if all_day else f" {due:%H:%M}")


def _day(day: date, today: date) -> str:
    year = "" if abs((day - today).days) <= SOON or day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%b}{year}"


def _ago(due: datetime, now: datetime, *, all_day: bool) -> str:
    if all_day:
        return f"{max((now.date() - due.date()).days, 1)} d"
    seconds = max((now - due).total_seconds(), 0)
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return "just"
