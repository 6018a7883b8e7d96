"""From a fitted frame to a `Reading`: each slot's words become a title, a target, a date, a person.

A new task's title leaves out everything that was understood; a new *name* for a task is taken word for word ("prepare saturday
party" stays so).
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from todotasks.language.command import Command
from todotasks.language.commands import GAP, Match
from todotasks.language.conditions import level_of
from todotasks.language.model import Filter, Interval, Moment, Reading, Recurrence, Reminder, Span
from todotasks.language.moments import as_day, aware, spanned
from todotasks.language.priority import find_priority
from todotasks.language.recur_finish import finish
from todotasks.language.references import bulk, states
from todotasks.language.reminders import Offset
from todotasks.language.resolve import interval_of, moment_of
from todotasks.language.titles import compose, plain_infinitive, target_text
from todotasks.language.when import DAY_OF_MONTH, When, exact

_CREATES = frozenset({"create", "remind", "recurrence-create"})
_LISTS = frozenset({"list", "search", "show", "summary"})
_TIMER_VERBS = frozenset(
    {"timer", "wait", "alarm", "alert", "wake", "countdown", "remind", "reminder", "snooze"}
)


class Assembly:
    """One reading under construction."""

    def __init__(self, command: Command, action: str, match: Match | None, zone: tzinfo) -> None:
        self.c = command
        self.action = action
        self.match = match
        self.slots = match.slots if match else {}
        self.flags = match.frame.flags if match else ()
        self.zone = zone
        self.spans: list[Span] = []
        self.values: dict[str, object] = {}

    def span(self, slot: str, i: int, j: int) -> None:
        t = self.c.t
        if j > i:
            start, end = t.starts[i], t.ends[j - 1]
            self.spans.append(Span(start, end, slot, t.text[start:end]))

    # -- what is the same for every action ---------------------------------------------------------

    def markers(self) -> None:
        c = self.c
        tags: list[str] = []
        for marker in c.markers:
            if marker.slot == "":
                continue
            self.span(marker.slot, marker.i, marker.j)
            if marker.slot == "tag":
                tags.append(marker.value)
            else:
                self.values.setdefault(marker.slot, marker.value)
        if tags:
            self.values["remove_tags" if "untag" in self.flags else "tags"] = tuple(dict.fromkeys(tags))
        for offset in c.offsets:
            self.span("reminder", offset.i, offset.j)

    def times(self) -> None:
        """The due, the interval, the duration, the recurrence."""
        c = self.c
        whens = c.whens
        if c.rule is not None and self._rule_counts():
            whens = finish(c.rule, c.s, whens)
            rule = c.rule
            if rule.j > rule.i:
                self.span("recurrence", rule.i, rule.j)
            start = rule.start
            self.values["recurrence"] = Recurrence(
                rrule=rule.rrule(), start=start, basis="Completion" if rule.completion else "Schedule"
            )
            c.remarks.extend(rule.remarks)
            for when in c.whens:
                if when not in whens:
                    self.span("recurrence", when.i, when.j)
        self._due(whens)

    def _rule_counts(self) -> bool:
        rule = self.c.rule
        return rule is not None and (
            self.action in _CREATES or self.action == "recurrence-change" or not rule.weak
        )

    def _due(self, whens: list[When]) -> None:
        c = self.c
        chosen: When | None = None
        lone_time: When | None = None
        if self.action in {"reschedule", "snooze"}:
            whens = self._where_to(whens)
        for when in whens:
            if when.mode == "bare" or (
                when.instant == self.c.now
                and when.duration is None
                and self.action not in _CREATES | {"none"}
            ):
                continue
            if when.mode == "for" and when.duration is not None:
                self._duration(when)
                continue
            if chosen is None or (
                when.mode in {"until", "before"}
                and chosen.mode not in {"until", "before"}
                and when.day is not None
            ):
                if (
                    when.day is None
                    and when.instant is None
                    and when.period is None
                    and chosen is None
                    and lone_time is None
                    and len(whens) > 1
                ):
                    lone_time = when
                    continue
                chosen = when
            elif (
                chosen.clock is None
                and chosen.instant is None
                and when.day is None
                and when.clock is not None
                and chosen.end is None
            ):
                chosen.clock, chosen.zone = when.clock, when.zone
                chosen.part = chosen.part or when.part
                self.span("due", when.i, when.j)
        if chosen is None:
            chosen = lone_time
        elif lone_time is not None and chosen.clock is None and chosen.instant is None:
            chosen.clock, chosen.zone, chosen.part = (
                lone_time.clock,
                lone_time.zone,
                chosen.part or lone_time.part,
            )
            self.span("due", lone_time.i, lone_time.j)
        if chosen is None:
            return
        self.span("due", chosen.i, chosen.j)
        self._resolve(chosen)

    def _where_to(self, whens: list[When]) -> list[When]:
        """Of several times the one the task moves to: the last, outside the words that name the task."""
        dated = [when for when in whens if when.mode not in {"bare", "for"}]
        if len(dated) < 2:
            return whens
        span = self.slots.get("target")
        i, j = self.c.tokens_of(span) if span else (0, 0)
        t = self.c.t
        left = [
            when
            for when in dated
            if not (when.i > 0 and t.words[when.i - 1] in {"of", "from", "than", "statt"})
        ]
        outside = [when for when in left if not i <= when.i < j] or left or dated
        last = outside[-1]
        together = [
            when
            for when in outside
            if when is last or (when.i > j and when.day is None) != (last.day is None)
        ]
        return [
            *(when for when in whens if when.mode in {"bare", "for"}),
            *(together if len(together) == 2 else [last]),
        ]

    def _duration(self, when: When) -> None:
        assert when.duration is not None
        self.span("duration", when.i, when.j)
        if _TIMER_VERBS & set(self.c.spoken.words) and "duration" not in self.values:
            moment = when.duration.added_to(self.c.now)
            if moment is not None and when.duration.has_time:
                self.values.setdefault("due", aware(moment, self.zone))
                return
        self.values["duration"] = when.duration.iso()

    def _resolve(self, when: When) -> None:
        c = self.c
        moved = self.action in {"reschedule", "update"} and when.end is not None
        if (
            moved
            and when.end is not None
            and (when.clock is None or c.t.words[when.i] in {"from", "vom", "von"})
        ):
            interval_of(c.s, when)  # what one side lacks it takes from the other
            when = when.end  # "from thursday to friday": where it moves to
        if (
            when.clock is not None
            and not when.clock.exact
            and not when.part
            and 5 <= when.clock.hour <= 11
            and c.language.evening & set(c.words)
        ):
            when.part = "evening"
        interval = interval_of(c.s, when)
        due: date | datetime | None
        due = moment_of(c.s, when)
        if (
            when.end is not None
            and interval is not None
            and isinstance(due, datetime) == isinstance(interval[0], datetime)
        ):
            due = interval[0]
        if due is None and interval is not None:
            due = interval[0] if interval[0] is not None else interval[1]
        zone = when.zone
        if due is not None:
            self.values["due"] = self._aware(due, zone)
        if interval is not None:
            start, end = interval
            self.values["interval"] = Interval(
                self._aware(start, zone) if start is not None else None,
                self._aware(end, zone) if end is not None else None,
            )

    def _aware(self, moment: Moment, zone: str) -> Moment:
        return aware(moment, self.zone, zone) if isinstance(moment, datetime) else moment

    def block(self) -> None:
        """A start and a duration make an interval: "tomorrow at 3 for 2 hours"."""
        due, duration = self.values.get("due"), self.values.get("duration")
        if isinstance(duration, str) and isinstance(due, date) and "interval" not in self.values:
            end = spanned(due, duration)
            if end is not None:
                self.values["interval"] = Interval(due, end)

    # -- slots --------------------------------------------------------------------------------------

    def taken(self) -> set[int]:
        """The tokens that no title contains: markers, reminders, and what was read as time."""
        c = self.c
        used = set(c.used)
        for when in c.whens:
            if when.mode == "bare":
                continue
            if when.mode == "for" and self.action not in _CREATES:
                continue
            used.update(range(when.i, when.j))
        if c.rule is not None and self._rule_counts():
            for begin, end in ((c.rule.i, c.rule.j), *c.rule.extra):
                used.update(range(begin, end))
        for marker in c.markers:
            used.update(range(marker.i, marker.j))
        return used

    def title(self) -> None:
        c, used = self.c, self.taken()
        span = self.slots.get("title")
        i, j = c.tokens_of(span) if span else c.tokens_of((0, len(c.words)))
        if (
            span is not None
            and j - i > 1
            and c.t.words[i] in {"a", "an", "the", "die", "den", "das", "einen", "eine", "ein"}
        ):
            i += 1  # "schedule a call" is the task "call"
        if span is None and self.match is not None and self.match.frame.action in {"remind", "create"}:
            return
        level, used = find_priority(c, i, j, used)
        if level is not None:
            self.values.setdefault("priority", level.value)
            self.span("priority", level.i, level.j)
        text = compose(c.t, i, j, used)
        if self.action == "remind" and c.language.infinitive[0]:
            text = plain_infinitive(text, *c.language.infinitive)
        if text:
            self.values["title"] = text
            kept = [k for k in range(i, j) if k not in used]
            if kept:
                self.span("title", kept[0], kept[-1] + 1)

    def target(self, slot: str = "target", into: str = "target") -> None:
        c = self.c
        span = self.slots.get(slot)
        if span is None:
            return
        i, j = c.tokens_of(span)
        found = c.referent_of(span)
        if not found.ordinals and len(c.words_of(span)) == 1 and (when := c.when_at(span[0])) is not None:
            if when.day is not None and when.day.kind == DAY_OF_MONTH and when.clock is None:
                found = replace(found, ordinals=(when.day.day,))
                self.values.pop("due", None)
        if found.reference or found.ordinals:
            self.values["ordinals"], self.values["reference"] = found.ordinals, found.reference
            self.span("target", i, j)
            return
        i, j = self._clause(i, j)
        used = self.taken()
        everything = bulk(c.t, i, j, used, self._base_filter())
        if everything is not None:
            self.values["filter"] = everything
            self.span("filter", i, j)
            return
        text, i, j = target_text(c.t, i, j, used)
        if text:
            self.values[into] = text
            self.span(into, i, j)

    def _clause(self, i: int, j: int) -> tuple[int, int]:
        """Only the part of a sentence that names the task: not what comes before a comma, not a further sentence."""
        t = self.c.t
        if self.match is not None and self.match.frame.elements and self.match.frame.elements[0][0] == GAP:
            commas = [k for k in range(i, j) if t.words[k] == ","]
            i = commas[-1] + 1 if commas and commas[-1] + 1 < j else i
        for k in range(i + 1, j):
            if t.words[k] in {"?", "!", "."} and t.gaps[k + 1]:
                j = k
                break
        if self.action == "reschedule":
            while j - i > 1 and t.words[i] in {"back", "out", "off", "forward", "up", "over"}:
                i += 1
            while j - i > 1 and t.words[j - 1] in {
                "due",
                "date",
                "deadline",
                "due date",
                "time",
                "frist",
                "should",
                "from",
                "fälligkeit",
            }:
                j -= 1
        return i, j

    def _base_filter(self) -> Filter:
        due = self.values.get("interval") if self.action in {"delete", "complete", *_LISTS} else None
        if due is None and self.action in {"delete", "complete", *_LISTS}:
            point = self.values.get("due")
            due = Interval(point, point) if isinstance(point, date) else None
        tags = self.values.get("tags")
        return Filter(
            tags=tags if isinstance(tags, tuple) else (),
            priority=_text(self.values.get("priority")),
            project=_text(self.values.get("project")),
            assignee=_text(self.values.get("assignee")),
            due=due if isinstance(due, Interval) else None,
        )

    def renamed(self) -> None:
        """A task that is to be renamed is named by all its words: "rename prepare friday party to …"."""
        i, j = self.c.tokens_of(self.slots["target"])
        text, _, _ = target_text(self.c.t, i, j, set())
        text = text.removesuffix(" title").removesuffix(" name").removesuffix("'s")
        self.values["target"] = text
        self.values.pop("due", None)
        self.values.pop("interval", None)

    def verbatim(self, slot: str, into: str) -> None:
        """The words of a slot as they stand, without quotation marks and the stop at the end."""
        span = self.slots.get(slot)
        if span is None:
            return
        i, j = self.c.tokens_of(span)
        text = compose(self.c.t, i, j, {k for marker in self.c.markers for k in range(marker.i, marker.j)})
        if text:
            self.values[into] = text
            self.span(into, i, j)

    def level(self) -> None:
        target = self.slots.get("target") or self.slots.get("assignee")
        after = target[1] if target and target[0] > 0 and "leveled" in self.flags else 0
        span = (after, len(self.c.words)) if "leveled" in self.flags else None
        value = level_of(self.c, span) if span else None
        if span and target and target[0] == 0:
            value = level_of(self.c, (target[1], len(self.c.words)))
        for flag, fixed in (("priohigh", "High"), ("priolow", "Low"), ("prionone", "Medium")):
            if flag in self.flags:
                value = fixed
        if "prioup" in self.flags or "priodown" in self.flags:
            self.c.remarks.append("one step " + ("up" if "prioup" in self.flags else "down"))
            value = "+1" if "prioup" in self.flags else "-1"
        if value is not None:
            self.values["priority"] = value
            if span and span[1] > span[0]:
                self.span("priority", *self.c.tokens_of(span))

    def assignee(self) -> None:
        span = self.slots.get("assignee")
        if "myself" in self.flags or (
            self.action == "update" and self.c.words[:2] == ["i", "will"] and not set(self.slots) - {"target"}
        ):
            self.values["assignee"] = "me"
        if "clearassignee" in self.flags:
            self.values["clear_assignee"] = True
            self.values.pop("assignee", None)
            return
        if span is not None:
            i, j = self.c.tokens_of(span)
            words = (
                "me"
                if self.c.words_of(span) in (["i"], ["me"], ["myself"])
                else self.c.text_of(span).strip(" .,!?@")
            )
            words = words[:-2] if words[-2:] in {"'s", "’s"} else words
            self.values["assignee"] = "me" if words.lower() in {"i", "myself", "me", "mir", "mich"} else words
            self.span("assignee", i, j)

    def tag_words(self) -> None:
        span = self.slots.get("tags")
        if "untagall" in self.flags and not self.c.has("tag"):
            self.values["remove_tags"] = ("*",)
            return
        if span is None:
            return
        a, b = span
        if "tagword" in self.flags:
            target = self.slots["target"]
            self.slots = {**self.slots, "target": (target[0], b - 1)}
            a = b - 1
        words = [word.strip("#,") for word in self.c.text_of((a, b)).replace(",", " ").split()]
        tags = tuple(
            word.lower() for word in words if word.lower() not in {"and", "und", "the", "tag", "#", ""}
        )
        self.values["remove_tags" if "untag" in self.flags else "tags"] = tags
        self.span("tags", *self.c.tokens_of((a, b)))

    def shift(self) -> None:
        """How far to move or to snooze, and the due that goes with it."""
        c = self.c
        for when in c.whens:
            span = when.duration
            if span is None:
                continue
            backward = when.instant is not None and when.instant < c.now
            backward = backward or (
                when.day is not None and when.day.date is not None and when.day.date < c.s.today
            )
            if when.mode not in {"bare", "for"} and not (
                backward
                or when.instant
                or self.action == "snooze"
                or "later" in self.flags
                or "earlier" in self.flags
            ):
                continue
            sign = -1 if "earlier" in self.flags or (backward and "later" not in self.flags) else 1
            self.values["shift"] = span.iso(sign)
            self.values.pop("due", None)
            self.values.pop("duration", None)
            self.values.pop("interval", None)
            self.span("shift", when.i, when.j)
            return
        count = self.slots.get("count")
        if count is not None:
            self._counted_shift(count)

    def _counted_shift(self, span: tuple[int, int]) -> None:
        """10 more minutes · two more days: the unit stands two words on."""
        from todotasks.language.quantities import cardinal
        from todotasks.language.when import Duration

        c = self.c
        i, j = c.tokens_of(span)
        read = cardinal(c.t, i)
        unit = next(
            (c.t.entries[k].unit for k in range(j, min(j + 3, c.t.count)) if c.t.entries[k].unit[1]), None
        )
        if read and unit:
            self.values["shift"] = Duration([(unit, read[0])]).iso()
            self.values.pop("due", None)

    def reminders(self) -> None:
        due = self.values.get("due")
        found = [self._offset(offset, due) for offset in self.c.offsets]
        for when in self.c.told:
            self.span("reminder", when.i, when.j)
            if when.day is None and when.instant is None and isinstance(due, date):
                when.day = exact(as_day(due))
            moment = moment_of(self.c.s, when)
            if isinstance(moment, date) and not isinstance(moment, datetime):
                moment = datetime.combine(moment, time(self.c.s.parts.morning))
            if moment is not None:
                found.append(Reminder(at=aware(moment, self.zone, when.zone)))
        if self.action == "remind" and not found and isinstance(due, datetime):
            found.append(Reminder(at=due))
        if found:
            self.values["reminders"] = tuple(found)

    def _offset(self, offset: Offset, due: object) -> Reminder:
        """So long before; "the evening before" is a moment once the due is known."""
        if offset.part and isinstance(due, date):
            day = as_day(due) - timedelta(days=1)
            return Reminder(
                at=aware(datetime.combine(day, time(self.c.s.parts.hour(offset.part))), self.zone)
            )
        return Reminder(before=offset.span.short())

    def filter(self) -> None:
        """What a list or a search is narrowed to."""
        c = self.c
        words = c.words
        found = states(words)
        base = self._base_filter()
        assignee = base.assignee
        for position, word in enumerate(words[:-1]):
            if (
                word in {"to", "for", "by", "does", "an", "von"}
                and (words[position - 1] == "assigned" or word == "does")
                and words[position + 1] in c.language.lists.names | {"me"}
            ):
                assignee = words[position + 1]
        levels = c.language.lists.levels
        level = next(
            (
                levels[word]
                for word in words
                if word in levels
                and not word.isdigit()
                and word not in {"one", "two", "three", "four", "top"}
            ),
            None,
        )
        if base.priority is None and level is not None and self.action in {"list", "summary"}:
            base = replace(base, priority=level)
        text = None
        if self.action == "search":
            text = _text(self.values.get("target"))
        self.values["filter"] = replace(
            base, completed=found.get("completed"), overdue=found.get("overdue"), has_due=found.get("has_due"),
            recurring=found.get("recurring"), assignee=assignee, text=text,
        )  # fmt: skip


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def reading(assembly: Assembly) -> Reading:
    """Put every slot of the action in its place."""
    a = assembly
    a.markers()
    a.times()
    action = a.action
    if action in _CREATES:
        a.block()
        a.title()
        a.verbatim("parent", "parent")
        a.verbatim("project", "project")
        a.assignee()
        if "target" in a.slots:
            a.target()
        if a.values.get("recurrence") is not None:
            a.action = "recurrence-create"
        a.reminders()
    elif action in _LISTS:
        a.target()
        a.filter()
    elif action not in {"none", "help", "undo"}:
        a.tag_words()
        if "lastquoted" in a.flags:
            target, end = a.slots["target"], len(a.c.words)
            a.slots = {**a.slots, "target": (target[0], end - 1), "newtitle": (end - 1, end)}
        if "lastname" in a.flags:
            (begin, _), (_, end) = a.slots["target"], a.slots["assignee"]
            a.slots = {**a.slots, "target": (begin, end - 1), "assignee": (end - 1, end)}
        a.target()
        if "newtitle" in a.slots and "target" in a.values:
            a.renamed()
        a.level()
        a.assignee()
        a.verbatim("newtitle", "title")
        a.verbatim("notes", "notes")
        a.verbatim("project", "project")
        a.target("parent", "parent")
        if action in {"reschedule", "snooze"}:
            a.shift()
        if "clear" in a.flags:
            a.values["clear_due"] = True
            a.values.pop("due", None)
        a.reminders()
    values = a.values
    if values.get("project"):
        values["project"] = str(values["project"]).removeprefix("the ")
    return Reading(
        action=a.action, language=a.c.language.name, spans=tuple(sorted(a.spans, key=lambda span: span.start)),
        remarks=tuple(a.c.remarks), **{name: value for name, value in values.items() if name in _FIELDS},  # type: ignore[arg-type]
    )  # fmt: skip


_FIELDS = frozenset(Reading.__dataclass_fields__) - {"action", "language", "spans", "remarks", "more"}
