"""What goes in and what comes out: `Context`, `Reading` and their parts. Frozen values, nothing but data.

A `Reading` says what one command means *and* how it was understood: `intent` and `action`, the slots, the
spans of the text that were used for each slot (so that a page can show chips and a person can reject
one) and `remarks` on what was guessed or cannot be done. `describe` says it in words.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time

Moment = date | datetime  # a date is all day; a datetime is aware

# action → coarse intent
INTENTS = {
    "create": "create", "remind": "create", "recurrence-create": "create",
    "list": "list", "search": "list", "show": "list", "summary": "list",
    "complete": "complete", "reopen": "reopen",
    "update": "update", "reschedule": "update", "snooze": "update", "recurrence-stop": "update",
    "recurrence-skip": "update", "recurrence-change": "update",
    "delete": "delete", "undo": "undo", "help": "help", "none": "none",
}  # fmt: skip

PRIORITIES = ("Low", "Medium", "High", "Urgent")


@dataclass(frozen=True, slots=True)
class DayParts:
    """The hour that a part of the day stands for when it is all that is said."""

    morning: int = 9
    noon: int = 12
    afternoon: int = 15
    habit_afternoon: int = (
        12  # "every afternoon" begins with it, as Todoist documents; one afternoon is its middle
    )
    evening: int = 19
    night: int = 22
    all_day: time = time(9)  # when a reminder comes of which only the day is said

    def hour(self, part: str) -> int:
        fixed = _FIXED_PARTS.get(part)
        return fixed if fixed is not None else int(getattr(self, part))

    def habit_hour(self, part: str) -> int:
        """The hour of a part of the day that repeats."""
        return self.habit_afternoon if part == "afternoon" else self.hour(part)


_FIXED_PARTS = {
    "breakfast": 8,
    "lunch": 12,
    "dinner": 19,
    "day": 12,
    "forenoon": 10,
    "midmorning": 10,
    "midafternoon": 14,
}

# From hour to hour: when a part of the day is said as a range ("free this evening?").
PART_RANGES = {
    "morning": (8, 12), "forenoon": (9, 12), "noon": (12, 13), "afternoon": (12, 16), "evening": (16, 20),
    "night": (20, 24), "lunch": (11, 13), "dinner": (16, 20), "breakfast": (6, 9), "day": (8, 18),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What the reader knows besides the words: the person's habits and what the conversation is about."""

    language: str = "auto"  # "en", "de", or "auto": the one that knows more of the words
    day_order: str = ""  # "DMY" or "MDY": how 3/4 is read; empty = as the language has it
    day_parts: DayParts = DayParts()
    weekend: tuple[int, ...] = (5, 6)  # what "every weekend" repeats on, 0 = Monday
    # Tasks that the conversation has just been about, newest first: what "it" and "the second one" refer to.
    recent: tuple[str, ...] = ()
    # Titles known to exist: tells "finish the report" (complete it) from a new task.
    # None: not asked for yet, see `Reading.hangs_on_titles`.
    titles: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the text were read as `slot`."""

    start: int
    end: int
    slot: str
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` to `end`; None is open. A named period (a week) ends where the next one begins."""

    start: Moment | None
    end: Moment | None
    end_counts: bool = False  # the end is a day that belongs to it: "by friday", "from monday to friday"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Exactly one of `before` (a duration such as `1d`, before the task is due) and `at`.

    With `repeat_every` it comes again until the task is done, at most `max_repeats` times. `of` names another
    task, whose due it is before: "15 minutes before the meeting".
    """

    before: str | None = None
    at: Moment | None = None
    repeat_every: str | None = None  # a duration such as `15m`
    max_repeats: int | None = None
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An RRULE without DTSTART; `start` is said in the text, or None: from now on."""

    rrule: str
    start: Moment | None = None
    basis: str = "Schedule"  # or "Completion"
    exceptions: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to, and what a bulk edit means."""

    text: str | None = None
    completed: bool | None = None
    overdue: bool | None = None
    priority: str | None = None
    tags: tuple[str, ...] = ()
    any_tag: bool = False  # one of the tags is enough: "#home or #money"
    project: str | None = None
    assignee: str | None = None
    due: Interval | None = None
    has_due: bool | None = None
    recurring: bool | None = None
    everything: bool = False  # all tasks, said so


@dataclass(frozen=True, slots=True)
class Reading:
    """One command as understood. `more` are the further commands of the same message."""

    action: str
    language: str = "en"
    title: str | None = None
    target: str | None = None  # the words that name an existing task
    names: tuple[
        str, ...
    ] = ()  # the things in sight that it is about, by name: no word is left to be matched
    reference: str | None = None  # "it", "them", "last": what the conversation is about
    ordinals: tuple[int, ...] = ()  # 1 = the first of what was shown, -1 = the last
    due: Moment | None = None
    clear_due: bool = False
    all_day: bool = False  # said so: a day alone leaves a task its time of day otherwise
    time_only: bool = False  # of the due only a time of day was said: what has a day stays on it
    interval: Interval | None = None
    duration: str | None = None  # ISO 8601: how long it takes
    shift: str | None = None  # ISO 8601, may be negative: by how much to move
    count: int | None = None  # how many of the last edits to undo; None: not said
    recurrence: Recurrence | None = None
    priority: str | None = None
    priority_step: int = 0  # 1: one step up, -1: one down
    tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    project: str | None = None
    assignee: str | None = None
    clear_assignee: bool = False
    clear_reminders: bool = False  # not the task is to end, but what reminds of it
    asks_reminder: bool = False  # to be reminded is asked for outside the title, whenever that is
    occurrences: str | None = None  # of a recurring task: "this" one only, or "all" of them
    resume: bool = False  # not to stop repeating, but to go on
    parent: str | None = None
    depends_on: str | None = None  # words that name what must be done first; "*" with `clear_depends`: all
    asks_blockers: bool = False  # shown is what has to be done before it
    clear_depends: bool = False  # no longer depends on it
    notes: str | None = None
    reminders: tuple[Reminder, ...] = ()
    lead_time: str | None = None
    filter: Filter | None = None
    spans: tuple[Span, ...] = ()
    remarks: tuple[str, ...] = ()  # what was guessed, and what cannot be done
    more: "tuple[Reading, ...]" = field(default=())
    hangs_on_titles: bool = False  # with `Context.titles` it may be read otherwise
    parts: bool = False  # each thing of its title is a task of its own
    framed: bool = False  # a pattern says so; else it is what the words are about, or what is left

    @property
    def intent(self) -> str:
        return INTENTS[self.action]

    @property
    def commands(self) -> "tuple[Reading, ...]":
        return (self, *self.more)
