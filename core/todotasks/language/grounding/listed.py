"""What of what is in sight a list shows, or a change of all that fit is about."""

from contextlib import suppress
from datetime import date, datetime

from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.grounding.stems import folded
from todotasks.language.grounding.titles import WORD, small_words
from todotasks.language.reading.model import Filter, Interval, Moment, Reading
from todotasks.text.analysis import document
from todotasks.text.search import BadSearch, Search, read_search


def listed(reading: Reading, sight: Sight) -> tuple[int, ...]:
    """The places of the things, in their order. `overdue` is asked of the API server, which has a clock."""
    wanted = reading.filter or Filter()
    said = wanted.text
    if said is None and reading.action == "search" and reading.ordinals:
        said = " ".join(map(str, reading.ordinals))  # "find 42" looks for that text
    search = Search()
    if said:
        with suppress(BadSearch):
            search = read_search(said)
    return tuple(place for place, seen in enumerate(sight.things) if _fits(wanted, search, seen))


def named(said: str | None, sight: Sight) -> tuple[int, ...]:
    """What repeats is named by its words: the titles that have all of them."""
    words = {folded(word) for word in WORD.findall(said or "")} - small_words()
    if not words:
        return ()
    return tuple(
        place
        for place, seen in enumerate(sight.things)
        if words <= {folded(word) for word in WORD.findall(seen.title)}
    )


def _fits(wanted: Filter, search: Search, seen: Seen) -> bool:
    if seen.completed != bool(wanted.completed) and not wanted.everything:
        return False
    if wanted.due is not None and not _within(wanted.due, seen.due):
        return False
    if wanted.has_due is not None and wanted.has_due != (seen.due is not None):
        return False
    if wanted.recurring is not None and wanted.recurring != seen.recurring:
        return False
    for said, has in (
        (wanted.priority, seen.priority), (wanted.project, seen.project), (wanted.assignee, seen.assignee),
    ):  # fmt: skip
        if said and said.casefold() != (has or "").casefold():
            return False
    tags, has_tags = {tag.casefold() for tag in wanted.tags}, {tag.casefold() for tag in seen.tags}
    if tags and not (tags & has_tags if wanted.any_tag else tags <= has_tags):
        return False
    return not search.terms or search.matches(document(seen.title, tags=seen.tags))


def _within(wanted: Interval, due: str | None) -> bool:
    """By the day: a moment is asked of the API server."""
    if due is None:
        return False
    start, end, day = _day(wanted.start), _day(wanted.end), due[:10]
    if start is not None and day < start:
        return False
    if end is None:
        return True
    return day <= end if wanted.end_counts or start == end else day < end


def _day(moment: Moment | None) -> str | None:
    return (
        None if moment is None else date.isoformat(moment.date() if isinstance(moment, datetime) else moment)
    )
