"""All candidates of a message: each action that its words could fill, on each group that it could be
about."""

from todotasks.language.candidates.groups import another_number
from todotasks.language.candidates.kinds import grammar_of
from todotasks.language.candidates.model import EVERY, NUMBERED, ON_THINGS, ONE, TIE, Candidate, Group
from todotasks.language.candidates.persons import somebody
from todotasks.language.grounding.heard import Heard
from todotasks.language.grounding.sight import Sight
from todotasks.language.grounding.stems import folded
from todotasks.language.grounding.titles import WORD, small_words
from todotasks.language.reading.model import Reading

MOST_GROUPS = 6
_BULK = frozenset({"complete", "delete", "update", "reopen"})
_OPENS = frozenset({"back", "not", "partly", "fault", "undo"})
_STATES = frozenset({"is", "are", "'s", "'re", "has", "ist", "sind", "hat", "liegt"})


def propose(heard: Heard, sight: Sight, groups: list[Group], grammar: Reading) -> list[Candidate]:
    """In no order yet. The grammar's own reading is one of them, also where it names nothing in sight."""
    said = {name for name, _, _ in heard.cues}
    own = grammar_of(grammar)
    if own.startswith("recurrence") and grammar.framed and _named_by_target(heard, groups, grammar):
        # change the report *to Thursdays*: whatever else it could be leaves the days unread.
        return [Candidate(own, grammar=True)]
    out = [Candidate("create"), Candidate("none")]
    out += [Candidate(action) for action in ("undo", "help") if own == action or action in said]
    out += [Candidate("list")] if own == "list" or "question" in said or not groups else []
    if own != "delete" and not groups and "off" in said:
        out.append(Candidate("delete"))
    if own not in {"create", "none", "list", "undo", "help"}:
        if not _covered(heard, sight, groups, grammar):
            out.append(Candidate(own, grammar=True))
    elif not groups and (any(heard.past) or "done" in said) and own != "complete":
        out.append(Candidate("complete"))
    if grammar.depends_on is not None:
        return out if any(each.grammar for each in out) else [*out, Candidate(own, grammar=True)]
    bulk = grammar.filter is not None and not grammar.target
    if (
        bulk
        and grammar.intent in {"complete", "delete", "update", "reopen"}
        and (_by_field(grammar) or all(group.kind != EVERY for group in groups))
    ):
        return out  # all that fit a filter, said so
    for group in groups[:MOST_GROUPS]:
        if own == "create" and another_number(heard, group, sight):
            continue  # week 36, where there is a week 35: one more of its kind
        allowed = _fitting(heard, sight, group, grammar)
        out += [Candidate(action, group) for action in ON_THINGS if action in allowed]
    return out


def _by_field(grammar: Reading) -> bool:
    """everything tagged #home: what is said of fields is no word of a title."""
    f = grammar.filter
    return f is not None and bool(f.tags or f.due or f.project or f.assignee or f.overdue or f.everything)


def _filtered(grammar: Reading) -> bool:
    """Does the grammar list by something else than words?"""
    f = grammar.filter
    if grammar.intent != "list" or f is None:
        return False
    named = f.tags or f.due or f.priority or f.project or f.assignee or f.overdue or f.completed
    return bool(named) or f.has_due is not None


def _covered(heard: Heard, sight: Sight, groups: list[Group], grammar: Reading) -> bool:
    """Do the words by which the grammar means a thing name one in sight? Then that thing is what is meant."""
    if any(group.kind == NUMBERED for group in groups):
        return True
    own = grammar_of(grammar)
    if not groups or grammar.more or own == "update" or own.startswith("recurrence") or grammar.ordinals:
        return False
    if not grammar.target:
        return not sight.recent and grammar.filter is None
    return _named_by_target(heard, groups, grammar)


def _named_by_target(heard: Heard, groups: list[Group], grammar: Reading) -> bool:
    """Does one of the groups explain at least half of the words that the grammar takes for a name?"""
    said = {folded(word) for word in WORD.findall(grammar.target or "")} - small_words()
    meant = {k for k in range(heard.count) if not heard.small[k] and folded(heard.words[k]) in said}
    return bool(meant) and any(len(meant & group.explains) * 2 >= len(meant) for group in groups)


def _fitting(heard: Heard, sight: Sight, group: Group, grammar: Reading) -> set[str]:
    """The actions whose slots the words can fill."""
    completed = all(sight.things[k].completed for k in group.things)
    said = {name for name, i, j in heard.cues if not set(range(i, j)) <= group.explains}
    out = {"list", "delete", "reopen" if completed else "complete"}
    if completed and not said & _OPENS and grammar_of(grammar) != "reopen":
        out.discard("reopen")  # nothing says that it is open again: another one of its kind
    if _filtered(grammar):
        out.discard("list")
    if completed:
        return out
    free = [span for span in heard.times if not set(range(span.i, span.j)) & group.explains]
    own = grammar_of(grammar)
    if (
        any(span.ahead or not span.day or span.clock for span in free)
        or "later" in said
        or grammar.shift
        or grammar.due
    ):
        out.add("reschedule")
    if "snooze" in said or own == "snooze":
        out.add("snooze")
    if grammar.action == "remind":  # of a task that is there: it stays where it is
        out = (out - {"reschedule", "snooze"}) | {"remind"}
    if said & {"high", "low"} or grammar.priority or grammar.priority_step:
        out.add("set-priority")
    if "note" in said or grammar.notes or heard.colon or _STATES & set(heard.words):
        out.add("add-note")
    if grammar.assignee or own == "assign" or ("assign" in said and somebody(heard, group)):
        out.add("assign")
    if grammar.tags and group.kind != TIE:
        out.add("add-tag")
    if grammar.remove_tags or own == "remove-tag":
        out.add("remove-tag")
    if grammar.recurrence is not None and grammar.intent == "create" and group.kind == ONE:
        out.add("recurrence-change")  # choir is every friday now
    if own == "rename":
        out.add("rename")
    if "clear" in said or grammar.clear_due:
        out.add("unschedule")
    return out
