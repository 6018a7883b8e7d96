"""From a fitted frame to a `Reading`: which slots an action has, and in which order they are filled."""

from datetime import date, datetime

from todotasks.language.frames.pattern import WHEN
from todotasks.language.lexer.tokens import WORD
from todotasks.language.reading.model import Reading
from todotasks.language.slots import fill_times
from todotasks.language.slots.fill import CREATES, LISTS, Assembly
from todotasks.language.time.expression import When
from todotasks.language.words import roles as r


def reading(assembly: Assembly) -> Reading:
    """Put every slot of the action in its place."""
    a = assembly
    a.markers()
    if a.action in CREATES:
        a.c.whens = [when for when in a.c.whens if not _whose(a, when)]
    a.narrow()
    fill_times.times(a)
    fill_times.asked_days(a)
    action = a.action
    if action in CREATES:
        fill_times.block(a)
        a.title()
        a.verbatim("parent", "parent")
        a.verbatim("project", "project")
        a.assignee()
        if "+level" in a.effects and "priority" not in a.values:
            a.level()
        if "target" in a.slots:
            a.target()
        if action == "create" and "title" not in a.values and "due" in a.values and a.c.context.recent:
            a.action, a.values["reference"] = "reschedule", "it"  # only a date: said of what was talked about
        elif action == "create" and "title" not in a.values and _narrows(a) and _only_days(a):
            a.action = "list"  # @garden next week
            a.filter()
        elif action == "create" and "title" not in a.values and not a.c.markers and _only_days(a):
            a.action = "summary"  # today, and nothing else
            a.filter()
        if a.values.get("recurrence") is not None:
            a.action = "recurrence-create"
        fill_times.reminders(a)
    elif action in LISTS:
        a.target()
        a.verbatim("project", "project")
        if action != "show":
            a.filter()
        if "+blockers" in a.effects:
            a.values["asks_blockers"] = True
    elif action == "undo" or (action == "recurrence-skip" and "count" in a.slots):
        a.undone()
    elif action not in {"none", "help"}:
        a.tag_words()
        if "+last-is-title" in a.effects:
            target, end = a.slots["target"], len(a.c.words)
            a.slots = {**a.slots, "target": (target[0], end - 1), "newtitle": (end - 1, end)}
        if "+last-is-assignee" in a.effects:
            (begin, stop) = a.slots["target"]
            end = a.slots.get("assignee", (0, stop))[1]
            a.slots = {**a.slots, "target": (begin, end - 1), "assignee": (end - 1, end)}
        a.target()
        if "+only-reminders" in a.effects:
            a.values["clear_reminders"] = True
        if "+resume" in a.effects:
            a.values["resume"] = True
        if "newtitle" in a.slots and "target" in a.values:
            a.renamed()
        a.level()
        a.assignee()
        a.verbatim("newtitle", "title")
        a.verbatim("notes", "notes")
        a.verbatim("project", "project")
        a.target("parent", "parent")
        a.dependency()
        if action in {"reschedule", "snooze"}:
            fill_times.shift(a)
        if "+clear-due" in a.effects:
            a.values["clear_due"] = True
            a.values.pop("due", None)
        fill_times.reminders(a)
        a.default_reference()
    _reminding(a)
    values = a.values
    if a.c.occurrences is not None and action not in CREATES | LISTS:
        values["occurrences"] = a.c.occurrences
    if values.get("project"):
        values["project"] = str(values["project"]).removeprefix("the ")
    filled = {name: value for name, value in values.items() if name in _FIELDS}
    return Reading(
        action=a.action,
        language=a.c.language.name,
        spans=tuple(sorted(a.spans, key=lambda span: span.start)),
        remarks=tuple(a.c.remarks),
        hangs_on_titles=a.c.asked_titles,
        **filled,  # type: ignore[arg-type]
    )


def _whose(a: Assembly, when: When) -> bool:
    """write up *sunday's* notes: the day belongs to the thing, and is not when it is due."""
    t, last = a.c.t, when.j - 1
    behind = t.kinds[when.j] == WORD and when.j < t.count
    return behind and t.words[last][-2:] == "'s" and bool(t.masks[last] & (r.WEEKDAY | r.MONTH))


def _narrows(a: Assembly) -> bool:
    """Is a tag, a project or a person all that is said beside a day?"""
    return any(marker.slot in {"tag", "project", "assignee"} for marker in a.c.markers)


def _only_days(a: Assembly) -> bool:
    """Is the whole message one day or one stretch of days?"""
    due = a.values.get("due")
    return a.c.words == [WHEN] and isinstance(due, date) and not isinstance(due, datetime)


def _reminding(a: Assembly) -> None:
    """Words such as "remind", outside the title: they ask for a reminder, or that there be no more."""
    t, reminding = a.c.t, a.c.language.reminding
    said = [k for k in range(t.count) if t.words[k] in reminding or t.entries[k].spelled in reminding]
    titles = [(span.start, span.end) for span in a.spans if span.slot == "title"]
    a.values["asks_reminder"] = any(
        not any(start <= t.starts[k] < end for start, end in titles) for k in said
    )
    if a.action == "recurrence-stop" and said and "resume" not in a.values:
        a.values["clear_reminders"] = True  # stop reminding me of it: it may go on coming back


_FIELDS = frozenset(Reading.__dataclass_fields__) - {
    "action",
    "language",
    "spans",
    "remarks",
    "more",
    "hangs_on_titles",
    "framed",
    "parts",
}
