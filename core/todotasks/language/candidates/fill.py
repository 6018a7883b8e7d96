"""The reading of a candidate that was chosen: its things by name, and every slot its action needs.

Slots are read by the grammar, once from the message and, where that went another way, once from the plain
words of the slot alone: "pizza night moved to Saturday" says *move it to Saturday* of the task that it names.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, tzinfo

from todotasks.language.candidates.kinds import grammar_of
from todotasks.language.candidates.model import Candidate, Group
from todotasks.language.candidates.persons import handed, somebody
from todotasks.language.grounding.heard import Heard, TimeSpan
from todotasks.language.grounding.sight import Sight
from todotasks.language.languages.compiled import get
from todotasks.language.reader import parse
from todotasks.language.reading.model import Context, Filter, Reading, Span
from todotasks.language.words.de import cues as de
from todotasks.language.words.en import cues as en

Read = Callable[[str, str], Reading]  # a name of PLAINLY and the words of the slot

_ACTION = {
    "complete": "complete", "reopen": "reopen", "delete": "delete", "list": "show", "unschedule": "update",
}  # fmt: skip
_FILLERS = frozenset(
    {"to", "on", "at", "by", "for", "is", "are", "the", "a", "an", "it", "auf", "um", "am", "now"}
)


def fill(
    candidate: Candidate,
    heard: Heard,
    sight: Sight,
    grammar: Reading,
    now: datetime,
    zone: tzinfo,
    context: Context,
) -> Reading | None:
    """None: the words do not fill its slots after all."""

    def read(table: str, words: str) -> Reading:
        plainly = (de if heard.language == "de" else en).PLAINLY[table]
        return parse(plainly.format(words), now, zone, replace(context, language=heard.language))

    group = candidate.group
    if group is None:
        return _alone(candidate, heard, grammar, read)
    made = _on_things(candidate, group, heard, sight, grammar, read)
    return _with_the_rest(made, grammar, heard, group) if made is not None else None


def _on_things(
    candidate: Candidate, group: Group, heard: Heard, sight: Sight, grammar: Reading, read: Read
) -> Reading | None:
    names = tuple(sight.things[k].key for k in group.things)
    base = Reading(
        action=_ACTION.get(candidate.action, "update"),
        language=heard.language,
        target=", ".join(sight.things[k].title for k in group.things[:3]),
        names=names,
        spans=_named(heard, group),
    )
    own = grammar if grammar_of(grammar) == candidate.action and not grammar.more else None
    match candidate.action:
        case "list" if _searches(grammar):
            return grammar
        case "complete" | "reopen" | "list":
            return base
        case "delete":
            return replace(base, clear_reminders=own is not None and own.clear_reminders)
        case "unschedule":
            return replace(base, clear_due=True)
        case "reschedule" | "snooze":
            return _moved(candidate.action, base, own, heard, group, read)
        case "remind":
            return replace(base, action="remind", due=grammar.due, reminders=grammar.reminders)
        case "set-priority":
            return _leveled(base, own, heard, group)
        case "add-note":
            return _noted(base, own, heard, group)
        case "assign":
            return _assigned(base, own or grammar, heard, group)
        case "add-tag":
            return replace(base, tags=grammar.tags) if grammar.tags else None
        case "remove-tag":
            return replace(base, remove_tags=grammar.remove_tags) if grammar.remove_tags else None
        case "recurrence-change":
            return replace(base, action="recurrence-change", recurrence=grammar.recurrence)
        case "rename":
            return replace(base, title=grammar.title) if grammar.title else None
    return None


def _searches(grammar: Reading) -> bool:
    """find milk: what has that word is asked for, and not the one thing that it likeliest means."""
    text = grammar.filter is not None and grammar.filter.text
    return grammar.action == "search" and not grammar.more and bool(text or grammar.ordinals)


def _named(heard: Heard, group: Group) -> tuple[Span, ...]:
    """The words that name the things, as one span where they stand together."""
    places = sorted(group.found.named if group.found else ())
    if not places:
        return ()
    start, end = heard.starts[places[0]], heard.ends[places[-1]]
    if places[-1] - places[0] >= len(places) + 3:
        end = heard.ends[places[0]]
    return (Span(start, end, "target", heard.text[start:end]),)


def _alone(candidate: Candidate, heard: Heard, grammar: Reading, read: Read) -> Reading | None:
    own = grammar_of(grammar)
    if candidate.action == own:
        return grammar
    if candidate.action == "create":
        made: Reading = read("new", heard.text)
        return made if made.intent == "create" and made.title else None
    if candidate.action == "list":
        said = {name for name, _, _ in heard.cues}
        past = bool(said & {"done", "past"}) and any(heard.past[k] for k in range(heard.count))
        return Reading(
            action="list",
            language=heard.language,
            filter=Filter(
                completed=True if past else None, text=_asked_about(heard), due=grammar.interval or None
            ),
        )
    if candidate.action == "complete":
        words = " ".join(
            heard.words[k]
            for k in range(heard.count)
            if not heard.small[k]
            and not any(i <= k < j for name, i, j in heard.cues if name in {"done", "past"})
        )
        return Reading(action="complete", language=heard.language, target=words) if words else None
    return Reading(action=candidate.action, language=heard.language)


def _asked_about(heard: Heard) -> str | None:
    """show me all the *music* stuff · anything for *Marek*? What is named, where it is one thing."""
    of_lists = get(heard.language).topics.of_lists
    told = {k for name, i, j in heard.cues if name in _ASKING for k in range(i, j)}
    rest = [
        k
        for k in range(heard.count)
        if not heard.small[k]
        and k not in heard.timed
        and k not in told
        and heard.words[k] not in of_lists
        and heard.words[k][0].isalnum()
    ]
    if not rest or rest[-1] - rest[0] >= MOST_ASKED or any(heard.past[k] for k in rest):
        return None
    return heard.text[heard.starts[rest[0]] : heard.ends[rest[-1]]]


_ASKING = frozenset({"question", "list", "done", "past", "all"})
MOST_ASKED = 3  # words of it; who says more is not sure to name something


# ── when ─────────────────────────────────────────────────────────────────────────────────────────────────
def _moved(
    action: str, base: Reading, own: Reading | None, heard: Heard, group: Group, read: Read
) -> Reading | None:
    free = [span for span in heard.times if not set(range(span.i, span.j)) & group.explains]
    if own is not None and (own.due is not None or own.shift is not None) and _outside(own, heard, group):
        when = tuple(span for span in own.spans if span.slot in {"due", "shift"})
        return replace(
            base,
            action=action,
            due=own.due,
            shift=own.shift,
            all_day=own.all_day,
            time_only=own.time_only,
            spans=(*base.spans, *when),
        )
    for attempt in _said_times(heard, group, free):
        found: Reading = read(*attempt)
        if found.due is None and found.shift is None:
            continue
        if found.action not in {"reschedule", "snooze", "update"}:
            continue
        spans = tuple(
            Span(
                span.start,
                span.end,
                "due" if found.due is not None else "shift",
                heard.text[span.start : span.end],
            )
            for span in free
        )
        return replace(
            base,
            action=action,
            due=found.due,
            shift=found.shift,
            all_day=found.all_day,
            time_only=found.time_only,
            spans=(*base.spans, *spans),
        )
    return replace(base, action="snooze") if action == "snooze" else None


def _said_times(heard: Heard, group: Group, free: list[TimeSpan]) -> list[tuple[str, str]]:
    """Ways to say the time plainly, the likeliest first."""
    tables = de if heard.language == "de" else en
    out: list[tuple[str, str]] = []
    lengths = [span for span in free if span.duration]
    moments = [span for span in free if not span.duration]
    said = set(heard.words)
    for span in lengths:
        words = heard.text[span.start : span.end].lstrip("+ ")
        earlier = bool(said & set(tables.EARLIER.split("|"))) and "later" not in said
        out.append(("move earlier" if earlier else "move later", words))
    if moments:
        words = " ".join(heard.text[span.start : span.end] for span in moments)
        out = [("move to", words), *out]
        out.append(("move to", heard.text[moments[-1].start : moments[-1].end]))
    rest = " ".join(
        heard.words[k]
        for k in range(heard.count)
        if k not in group.explains
        and (heard.words[k] not in _FILLERS or k in heard.timed)
        and heard.words[k][0].isalnum()
    )
    for phrase in tables.ONE_MORE.split("|"):
        if phrase in rest:
            return [("move", rest[rest.index(phrase) :]), *out]
    if not moments:
        out += [("move", rest), ("move to", rest)]
    return out


def _outside(own: Reading, heard: Heard, group: Group) -> bool:
    """Is the time that the grammar read none of the title's own words?"""
    inside = [(heard.starts[k], heard.ends[k]) for k in group.explains]
    spans = [span for span in own.spans if span.slot in {"due", "shift", "interval"}]
    return not any(span.start < end and start < span.end for span in spans for start, end in inside)


# ── what ─────────────────────────────────────────────────────────────────────────────────────────────────
def _leveled(base: Reading, own: Reading | None, heard: Heard, group: Group) -> Reading:
    if own is not None and (own.priority or own.priority_step):
        return replace(base, priority=own.priority, priority_step=own.priority_step)
    free = {name for name, i, j in heard.cues if not set(range(i, j)) <= group.explains}
    said = set(heard.words)
    tables = (en, de)
    if "low" in free or any(said & table.NOT_LEVELS for table in tables):
        return replace(base, priority="Low")
    level = next(
        (table.LEVELS[word] for table in tables for word in heard.words if word in table.LEVELS), "High"
    )
    return replace(base, priority=level)


def _noted(base: Reading, own: Reading | None, heard: Heard, group: Group) -> Reading | None:
    if own is not None and own.notes:
        return replace(base, notes=own.notes)
    text = heard.text
    if ":" in text:
        return replace(base, notes=text.split(":", 1)[1].strip()) if text.split(":", 1)[1].strip() else None
    drop = {k for name, i, j in heard.cues if name == "note" for k in range(i, j)}
    kept = [k for k in range(heard.count) if k not in drop]
    if not kept:
        return None
    return replace(base, notes=text[heard.starts[kept[0]] : heard.ends[kept[-1]]].strip())


def _assigned(base: Reading, own: Reading, heard: Heard, group: Group) -> Reading | None:
    person = own.assignee or somebody(heard, group)
    return replace(base, assignee=person) if person else None


# What may be said beside what an update is called after: the slot of its span, and the fields of the reading.
_BESIDE = (
    ("due", ("due", "shift", "all_day", "time_only")), ("priority", ("priority", "priority_step")),
    ("tag", ("tags", "remove_tags")), ("tags", ("tags", "remove_tags")), ("assignee", ("assignee",)),
    ("project", ("project",)),
)  # fmt: skip


def _with_the_rest(made: Reading, grammar: Reading, heard: Heard, group: Group) -> Reading:
    """To 1 June, *priority high, tag bills*: whatever else the message says of the same thing."""
    if grammar.more or made.intent != "update" or grammar.intent not in {"update", "create"}:
        return made
    if made.notes is not None or made.title is not None:
        return made  # that was all of what was said
    inside = [(heard.starts[k], heard.ends[k]) for k in group.explains]
    changes: dict[str, object] = {}
    spans = list(made.spans)
    for slot, names in _BESIDE:
        said = [span for span in grammar.spans if span.slot == slot]
        if not said or any(span.start < end and start < span.end for span in said for start, end in inside):
            continue
        if any(getattr(made, name) for name in names) or made.recurrence is not None:
            continue
        if slot == "assignee" and grammar.intent == "create" and not said[0].text.startswith("@"):
            continue
        changes |= {name: getattr(grammar, name) for name in names if getattr(grammar, name)}
        spans += [span for span in said if span not in spans]
    if made.assignee is None and any(name == "assign" for name, _, _ in heard.cues):
        person = handed(heard, group)
        if person is not None:
            changes.setdefault("assignee", person)
    return replace(made, **changes, spans=tuple(spans)) if changes else made  # type: ignore[arg-type]


def day_of(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
