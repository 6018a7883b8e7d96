"""A reading under construction: each slot's words become a title, a target, a person, a filter.

A new task's title leaves out everything that was understood; a new *name* for a task is taken word for word
("prepare saturday
party" stays so).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo

from todotasks.language.frames.markers import UNKEPT
from todotasks.language.frames.pattern import GAP, Match
from todotasks.language.lexer.tokens import WORD
from todotasks.language.reading.model import Filter, Interval, Span
from todotasks.language.slots.bulk import bulk, halves, sources
from todotasks.language.slots.clauses import asked_in, before_whose, is_old, is_order, tells_why, turns
from todotasks.language.slots.conditions import level_of
from todotasks.language.slots.draft import Draft
from todotasks.language.slots.priority import find_priority
from todotasks.language.slots.references import how_many, referent, states
from todotasks.language.slots.titles import compose, plain_infinitive, target_text
from todotasks.language.time.expression import DAY_OF_MONTH, When
from todotasks.language.time.periods import grain_of, period_around
from todotasks.language.time.resolve import end_counts, interval_of, moment_of
from todotasks.language.time.zones import aware
from todotasks.language.words import roles as r
from todotasks.language.words.shared import (
    ABOUT,
    ABSTAINS,
    DETERMINERS,
    EVERYTHING,
    GLUE,
    LIST_FILLERS,
    PLURALS,
    REMINDERS,
    SAYS_WHICH,
    SETS_DUE,
    SHOWING,
    SPEAKERS,
    STATES,
    THINGS,
    VERBS_ONLY,
)

CREATES = frozenset({"create", "remind", "recurrence-create"})
# Between a list and whose it is: tasks *for* Bob, what *does* Tom have to do.
_OWNED = frozenset({"for", "by", "does", "has", "is", "are", "von", "für", "hat"})
LISTS = frozenset({"list", "search", "show", "summary"})
# What a change of many says about time is where they move to, unless it stands in the words that name them.
MOST_ABOUT = 3  # words that say what a list is about
MOST_PROJECT = 3  # words that name one
MOVES = frozenset({"update", "reschedule", "snooze"})


_NOT_SO = frozenset({"not", "instead", "nicht", "statt"})


class Assembly:
    """One reading under construction."""

    def __init__(self, command: Draft, action: str, match: Match | None, zone: tzinfo) -> None:
        self.c = command
        self.action = action
        self.match = match
        self.slots = match.slots if match else {}
        self.effects = match.frame.effects if match else frozenset()
        self.zone = zone
        self.spans: list[Span] = []
        self.values: dict[str, object] = {}
        self.sources: list[When] = []  # the times that say which tasks are meant

    def span(self, slot: str, i: int, j: int) -> None:
        t = self.c.t
        if j > i:
            start, end = t.starts[i], t.ends[j - 1]
            self.spans.append(Span(start, end, slot, t.text[start:end]))

    # -- what is the same for every action ---------------------------------------------------------

    def markers(self) -> None:
        c = self.c
        tags: list[str] = []
        old: list[str] = []  # change it to #trip instead of #family
        for marker in c.markers:
            if marker.slot == "":
                continue
            if marker.slot == UNKEPT or (marker.slot == "depends_on" and self.action in CREATES):
                c.remarks.append(f'"{c.t.slice_text(marker.i, marker.j)}" is not kept')
                continue
            self.span(marker.slot, marker.i, marker.j)
            if marker.slot == "tag" and self.action == "update" and is_old(c.t, marker.i):
                old.append(marker.value)
            elif marker.slot == "tag":
                tags.append(marker.value)
            else:
                self.values.setdefault(marker.slot, marker.value)
        if old:
            self.values["remove_tags"] = tuple(dict.fromkeys(old))
        if tags:
            self.values["remove_tags" if "+untag" in self.effects else "tags"] = tuple(dict.fromkeys(tags))
        for offset in c.offsets:
            self.span("reminder", offset.i, offset.j)
        if c.lead is not None:
            self.values["lead_time"] = c.lead.span.short()
            self.span("lead", c.lead.i, c.lead.j)

    def rule_counts(self) -> bool:
        rule = self.c.rule
        if rule is not None and self.action in CREATES and asked_in(self.c.t, rule.i):
            return False  # check whether the bus runs *on sundays*
        return rule is not None and (
            self.action in CREATES or self.action == "recurrence-change" or not rule.weak
        )

    # -- slots --------------------------------------------------------------------------------------

    def taken(self) -> set[int]:
        """The tokens that no title contains: markers, reminders, and what was read as time."""
        c = self.c
        used = set(c.used)
        for when in c.whens:
            if when.mode == "bare":
                continue
            if when.mode == "for" and self.action not in CREATES:
                continue
            used.update(range(when.i, when.j))
        if c.rule is not None and self.rule_counts():
            for begin, end in ((c.rule.i, c.rule.j), *c.rule.extra):
                used.update(range(begin, end))
            if c.rule.weak and self._frequency_leads(c.rule.i):
                used.add(c.rule.i - 1)  # daily feed the cat
            last = c.t.count - 1
            if not c.rule.weak and c.t.masks[last] & r.FREQ and last - 1 in used:
                used.add(last)  # tuesdays and fridays 7am *weekly*
        for marker in c.markers:
            used.update(range(marker.i, marker.j))
        return used

    def _frequency_leads(self, i: int) -> bool:
        """Is the verb of a task at token `i`? "daily feed the cat" is; "weekly review meeting" is a name."""
        t = self.c.t
        verb, object_ = t.words[i], t.words[i + 1]
        return i > 0 and (
            verb in VERBS_ONLY
            or (verb in self.c.language.topics.task_verbs and (object_ in DETERMINERS or object_.isdigit()))
        )

    def title(self) -> None:
        c, used = self.c, self.taken()
        span = self.slots.get("title")
        i, j = c.tokens_of(span) if span else c.tokens_of((0, len(c.words)))
        i -= span is None and self._abstains(i)
        if (
            span is not None
            and j - i > 1
            and c.t.kinds[i] == WORD
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
        if (
            self.match is not None
            and "adds-to-list" in self.match.frame.conditions
            and text[-2:] in {"'s", "’s"}
        ):
            text = before_whose(text)
        if span is not None and c.language.infinitive[0]:
            text = plain_infinitive(text, *c.language.infinitive)
        if text:
            self.values["title"] = text
            kept = [k for k in range(i, j) if k not in used]
            if kept:
                self.span("title", kept[0], kept[-1] + 1)

    def _abstains(self, i: int) -> bool:
        """*no* sugar for 10 days: a "no" that no comma parts from a thing belongs to it."""
        t, topics = self.c.t, self.c.language.topics
        verb = t.words[i] in topics.task_verbs or t.words[i] in topics.asking
        return i > 0 and t.words[i - 1] in ABSTAINS and not verb

    def target(self, slot: str = "target", into: str = "target") -> None:
        c = self.c
        span = self.slots.get(slot)
        if span is None:
            return
        i, j = c.tokens_of(span)
        found = c.referent_of(span)
        when = c.when_at(span[0]) if len(c.words_of(span)) == 1 and not found.ordinals else None
        if when is not None and when.day is not None and when.day.kind == DAY_OF_MONTH and when.clock is None:
            found = replace(found, ordinals=(when.day.day,))  # "complete the 2nd"
            self.values.pop("due", None)
        if found.reference or found.ordinals:
            self.values["ordinals"], self.values["reference"] = found.ordinals, found.reference
            self.span("target", i, j)
            return
        if slot == "target" and "filter" in self.values and self.action in MOVES:
            return
        whole, (i, j) = (i, j), self._clause(i, j)
        if (i, j) != whole and (found := referent(c.t, i, j)).reference:
            self.values["reference"] = found.reference  # no worries about the tap, it's fixed
            self.span("target", i, j)
            return
        used = self.taken()
        everything = bulk(c, i, j, used, self._base_filter()) if self.action not in MOVES else None
        if everything is not None and slot == "target":
            self.values["filter"] = everything
            if self.action == "delete" and REMINDERS & set(c.t.words[i:j]):
                self.values["clear_reminders"] = True
            self.span("filter", i, j)
            return
        text, i, j = target_text(c.t, i, j, used)
        if text[-2:] in {"'s", "’s"} and c.words[span[1] : span[1] + 1] == ["is"]:
            text = text[:-2]  # laundry's done
        if text:
            self.values[into] = text
            self.span(into, i, j)

    def dependency(self) -> None:
        """make the flights depend on *the passport*: what must be done first."""
        if "dependency" in self.slots:
            self.target("dependency", "depends_on")
        if "+undepend" in self.effects:
            self.values["clear_depends"] = True
            self.values.setdefault("depends_on", "*")

    def narrow(self) -> None:
        """move *everything due today* to tomorrow: which times say which tasks, before they are read."""
        c, span = self.c, self.slots.get("target")
        if span is None or self.action not in MOVES:
            return
        found = c.referent_of(span)
        if found.reference or found.ordinals:
            return
        whens, stop = sources(c, span)
        begin, end = c.tokens_of(span)
        which, where = whens[0] if whens else None, None
        if which is not None and which.end is not None and which.i >= end:
            which, where = halves(c, which)
        said = {marker.slot: marker.value for marker in reversed(c.markers) if begin <= marker.i < stop}
        tags = (m.value for m in c.markers if m.slot == "tag" and begin <= m.i < stop)
        base = Filter(
            tags=tuple(dict.fromkeys(tags)),
            priority=said.get("priority"),
            project=said.get("project"),
            assignee=said.get("assignee"),
            due=self._interval(which) if which is not None else None,
        )
        i, j = self._clause(begin, end)
        narrowed = bulk(c, i, j, self.taken(), base)
        if narrowed is not None:
            self.values["filter"] = narrowed
            self.sources = [] if where else whens
            if where is not None:
                c.whens = [where if when is whens[0] else when for when in c.whens]
            self.span("filter", *((i, j) if c.words[0] in SETS_DUE else (begin, end)))

    def _interval(self, when: When) -> Interval | None:
        """When something is due of which this is said; a day or a moment is a range of itself."""
        c = self.c
        found = interval_of(c.s, when)
        point = moment_of(c.s, when) if found is None else None
        if found is None and point is None:
            return None
        ends = [
            aware(each, self.zone, when.zone) if isinstance(each, datetime) else each
            for each in (found or (point, point))
        ]
        return Interval(ends[0], ends[1], found is not None and end_counts(when, found[1]))

    def _clause(self, i: int, j: int) -> tuple[int, int]:
        """Only the part of a sentence that names the task: not what comes before a comma, not a further
        sentence.
        """
        t = self.c.t
        if self.match is not None and self.match.frame.elements and self.match.frame.elements[0][0] == GAP:
            commas = [k for k in range(i, j) if t.words[k] == "," or turns(t, k, j)]
            if commas and t.words[commas[-1] + 1] in _NOT_SO and commas[-1] > i:
                j, commas = commas[-1], []  # Ruth does the notes, *not me*
            i = commas[-1] + 1 if commas and commas[-1] + 1 < j else i
            while commas and j - i > 1 and t.words[i] in {"so", "and", "but", "then", "now", "also", "und"}:
                i += 1
        for k in range(i + 1, j):
            told = t.words[k] in {",", "-"} and k + 2 < j and t.words[k + 1] in SPEAKERS
            told = told and t.words[k - 1] not in EVERYTHING  # alles, was mit dem Fest zu tun hat
            if told or (t.words[k] in {"?", "!", "."} and t.gaps[k + 1]):
                j = k  # tick off the vet, *we went there*
                break
        if self.action in {"delete", "complete", "reopen"}:
            j = next((k for k in range(i + 1, j - 1) if tells_why(t, k)), j)
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
        due = self.values.get("interval") if self.action in {"delete", "complete", "reopen", *LISTS} else None
        if due is None and self.action in {"delete", "complete", "reopen", *LISTS}:
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

    def _running_period(self) -> Interval | None:
        """show *my week*: from its first day to the day behind its last."""
        t = self.c.t
        for k in range(1, t.count):
            if t.words[k - 1] in {"my", "the", "this", "our", "meine", "diese"} and (grain := grain_of(t, k)):
                period = period_around(self.c.s.today, grain)
                return Interval(*period) if period else None
            if t.words[k - 1] in {"my", "the", "this"} and t.words[k] == "day":
                return Interval(self.c.s.today, self.c.s.today)
        return None

    def _project_named(self) -> str | None:
        """list all tasks in the *loft* project"""
        c = self.c
        for k in range(2, len(c.words)):
            if c.words[k] == "project" and c.words[k - 1] not in DETERMINERS | GLUE:
                begin = k - 1
                while begin > 1 and begin > k - MOST_PROJECT and c.words[begin - 1] not in DETERMINERS | GLUE:
                    begin -= 1
                within = c.words[begin - 1] in {"in", "of", "for", "from"}
                if within or c.words[begin - 2] in {"in", "of", "for", "from"}:
                    return c.text_of((begin, k))
        return None

    def _kind_of_tasks(self) -> str | None:
        """my *work* tasks · list *homework*: a word that narrows and that nothing else has read."""
        c = self.c
        words = c.words[1:] if c.words[0] in SHOWING else c.words
        topics, levels = c.language.topics, c.language.lists.levels
        known = (
            topics.ours
            | topics.describing
            | topics.listable
            | topics.asking
            | topics.notions
            | topics.possessive
        )
        known = known | GLUE | EVERYTHING | SAYS_WHICH | THINGS | STATES.keys() | levels.keys() | LIST_FILLERS
        known = known - {"work", "personal", "health", "home"}
        rest = [k for k, word in enumerate(words) if word not in known and word[:1] != "§" and word.isalnum()]
        rest = [k for k in rest if not is_order(words, k)]
        shift = len(c.words) - len(words)
        rest = [k for k in rest if c.tokens_of((k + shift, k + shift + 1))[0] not in c.used]
        names = c.language.lists.names
        if (about := self._about(words, rest)) is not None:
            return about
        if len(rest) != 1 or any(words[rest[0]].removesuffix("'s") in names for _ in rest):
            return None
        behind = words[rest[0] + 1 :]
        return words[rest[0]] if not behind or behind[0] in PLURALS | THINGS else None

    def _about(self, words: Sequence[str], rest: list[int]) -> str | None:
        """list what's on for *the carol concert*: what stands together at the end, behind what ties it."""
        if (
            not 1 < len(rest) <= MOST_ABOUT
            or rest[-1] != len(words) - 1
            or rest[-1] - rest[0] + 1 != len(rest)
        ):
            return None
        k = rest[0] - 1
        while k > 0 and words[k] in DETERMINERS:
            k -= 1
        return " ".join(words[n] for n in rest) if words[k] in ABOUT | {"for", "with", "für", "mit"} else None

    def _tags_apart(self) -> bool:
        """#home *or* #money"""
        marks = [marker.i for marker in self.c.markers if marker.slot == "tag"]
        return any(self.c.t.masks[k] & r.OR for k in range(min(marks), max(marks)))

    def undone(self) -> None:
        """How many of the last edits are taken back."""
        c = self.c
        count = how_many(c.t, *c.tokens_of((0, len(c.words))))
        if count is not None:
            self.values["count"] = count

    def default_reference(self) -> None:
        """push to friday: where nothing is named, what the conversation was about."""
        named = ("target", "ordinals", "reference", "filter")
        if self.action not in {"complete", "delete"} and not any(self.values.get(name) for name in named):
            self.values["reference"] = "it"

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
        after = target[1] if target and target[0] > 0 and "+level" in self.effects else 0
        span = (after, len(self.c.words)) if "+level" in self.effects else None
        value = level_of(self.c, span) if span else None
        if span and target and target[0] == 0:
            value = level_of(self.c, (target[1], len(self.c.words)))
        if "+level-first" in self.effects and target:
            span = (0, target[0])
            value = level_of(self.c, span)
        for flag, fixed in (
            ("+priority-high", "High"),
            ("+priority-low", "Low"),
            ("+priority-none", "Medium"),
        ):
            if flag in self.effects:
                value = fixed
        if "+priority-up" in self.effects or "+priority-down" in self.effects:
            self.values["priority_step"] = 1 if "+priority-up" in self.effects else -1
            value = None
        if value is not None:
            self.values["priority"] = value
            if span and span[1] > span[0]:
                self.span("priority", *self.c.tokens_of(span))

    def assignee(self) -> None:
        span = self.slots.get("assignee")
        if "+to-me" in self.effects or (
            self.action == "update" and self.c.words[:2] == ["i", "will"] and not set(self.slots) - {"target"}
        ):
            self.values["assignee"] = "me"
        if "+clear-assignee" in self.effects:
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
        if "+untag-all" in self.effects and not self.c.has("tag"):
            self.values["remove_tags"] = ("*",)
            return
        if span is None:
            return
        a, b = span
        if "+last-is-tag" in self.effects:
            target = self.slots["target"]
            self.slots = {**self.slots, "target": (target[0], b - 1)}
            a = b - 1
        words = [word.strip("#,") for word in self.c.text_of((a, b)).replace(",", " ").split()]
        tags = tuple(
            word.lower() for word in words if word.lower() not in {"and", "und", "the", "tag", "#", ""}
        )
        self.values["remove_tags" if "+untag" in self.effects else "tags"] = tags
        self.span("tags", *self.c.tokens_of((a, b)))

    def filter(self) -> None:
        """What a list or a search is narrowed to."""
        c = self.c
        words = c.words
        found = states(words)
        base = self._base_filter()
        assignee = base.assignee
        for position, word in enumerate(words[:-1]):
            near = word in _OWNED or (words[position - 1] == "assigned" and word in {"to", "an"})
            if near and words[position + 1] in c.language.lists.names | {"me"}:
                assignee = c.text_of((position + 1, position + 2))
        owner = next(
            (k for k, word in enumerate(words) if word[-2:] == "'s" and word[:-2] in c.language.lists.names),
            None,
        )
        if assignee is None and owner is not None:
            assignee = c.text_of((owner, owner + 1))[:-2]  # show Tom's tasks
        if assignee is None and "assignee" in self.slots:
            assignee = c.text_of(self.slots["assignee"]).strip(" .,!?@")  # which jobs has Oskar got
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
        if base.project is None:
            base = replace(base, project=self._project_named())
        text = None
        if self.action == "search":
            text = _text(self.values.get("target"))
        if "+completed" in self.effects:
            found["completed"] = True
        if base.due is None and ("+period" in self.effects or self.action == "summary"):
            base = replace(base, due=self._running_period())
        if text is None and self.action == "list":
            text = self._kind_of_tasks()
        self.values["filter"] = replace(
            base,
            any_tag=len(base.tags) > 1 and self._tags_apart(),
            completed=found.get("completed"),
            overdue=found.get("overdue"),
            has_due=found.get("has_due"),
            recurring=found.get("recurring"),
            assignee=assignee,
            text=text,
        )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
