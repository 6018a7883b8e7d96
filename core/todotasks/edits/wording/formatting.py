"""How replies say things: titles made harmless, dates in full, counts; in English, and German for Germans.

Titles are other people's text. What a terminal would obey (ESC) or what hides letters (bidi overrides) does
not get into a reply, so a list can be printed as it is.
"""

from collections.abc import Sequence
from datetime import date, datetime

from todotasks.api.visible import one_line
from todotasks.edits.model.times import Moment

LONGEST_TITLE = 120  # characters of a title in a sentence
MOST_NAMED = 5  # titles named one by one

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}
_MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
           "November", "Dezember"),
}  # fmt: skip


def clean(text: str, limit: int = LONGEST_TITLE) -> str:
    """One line without characters that command a terminal or hide others."""
    line = " ".join(one_line(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def quoted(title: str) -> str:
    """“buy milk”; a quotation mark of the title cannot end it."""
    return "“" + clean(title).translate({ord("“"): '"', ord("”"): '"'}) + "”"


def quoted_list(titles: Sequence[str], language: str = "en") -> str:
    """“a”, “b” and “c”; the first few and how many more."""
    named = [quoted(title) for title in titles[:MOST_NAMED]]
    rest = len(titles) - len(named)
    conjunction = "und" if language == "de" else "and"
    if rest:
        named.append(f"{rest} {'weitere' if language == 'de' else 'more'}")
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {conjunction} {named[-1]}"


def format_day(day: date, language: str = "en") -> str:
    """Friday, 6 March 2026"""
    weekday, month = _DAYS[_known(language)][day.weekday()], _MONTHS[_known(language)][day.month - 1]
    stop = "." if language == "de" else ""
    return f"{weekday}, {day.day}{stop} {month} {day.year}"


def format_moment(moment: Moment, language: str = "en") -> str:
    """Friday, 6 March 2026 at 15:00 (Europe/Berlin)"""
    day = format_day(moment, language)
    if not isinstance(moment, datetime):
        return day
    zone = getattr(moment.tzinfo, "key", None) or moment.tzname() or ""
    at = "um" if language == "de" else "at"
    seconds = f":{moment.second:02d}" if moment.second else ""
    return f"{day} {at} {moment:%H:%M}{seconds} ({zone})"


def day_name(weekday: int, language: str = "en") -> str:
    """Of a weekday, Monday = 0."""
    return _DAYS[_known(language)][weekday]


def _known(language: str) -> str:
    return language if language in _DAYS else "en"
