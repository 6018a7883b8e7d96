"""All candidates of a message: each action that its words could fill, on each group that it could be
about."""

from todotasks.language.candidates.kinds import grammar_of
from todotasks.language.candidates.model import NUMBERED, ON_THINGS, RECENT, TIE, Candidate, Group
from todotasks.language.grounding.heard import Heard
from todotasks.language.grounding.sight import Sight
from todotasks.language.reading.model import Reading

MOST_GROUPS = 6


def propose(heard: Heard, sight: Sight, groups: list[Group], grammar: Reading) -> list[Candidate]:
    """In no order yet. The grammar's own reading is one of them, also where it names nothing in sight."""
    said = {name for name, _, _ in heard.cues}
    own = grammar_of(grammar)
    out = [Candidate("create"), Candidate("none")]
    out += [Candidate(action) for action in ("undo", "help") if own == action or action in said]
    out += [Candidate("list")] if own == "list" or "question" in said or "list" in said else []
    if own not in {"create", "none", "list", "undo", "help"}:
        if not _covered(heard, groups, grammar):
            out.append(Candidate(own, grammar=True))
    elif not groups and (any(heard.past) or "done" in said) and own != "complete":
        out.append(Candidate("complete"))
    for group in groups[:MOST_GROUPS]:
        allowed = _fitting(heard, sight, group, grammar, said)
        out += [Candidate(action, group) for action in ON_THINGS if action in allowed]
    return out


def _covered(heard: Heard, groups: list[Group], grammar: Reading) -> bool:
    """Do the words by which the grammar means a thing name one in sight? Then that thing is what is meant."""
    if not groups or grammar.more or grammar.recurrence is not None or not grammar.target:
        return bool(groups) and any(group.kind in {NUMBERED, RECENT} for group in groups)
    meant = {
        k for span in grammar.spans if span.slot == "target" for k in range(heard.count)
        if heard.starts[k] >= span.start and heard.ends[k] <= span.end and not heard.small[k]
    }  # fmt: skip
    return bool(meant) and any(len(meant & group.explains) * 2 >= len(meant) for group in groups)


def _fitting(heard: Heard, sight: Sight, group: Group, grammar: Reading, said: set[str]) -> set[str]:
    """The actions whose slots the words can fill."""
    completed = all(sight.things[k].completed for k in group.things)
    out = {"list", "delete", "reopen" if completed else "complete"}
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
    if grammar.action == "remind":
        out.add("remind")
    if said & {"high", "low"} or grammar.priority or grammar.priority_step:
        out.add("set-priority")
    if "note" in said or grammar.notes or heard.colon:
        out.add("add-note")
    if grammar.assignee or own == "assign" or (said & {"assign"} and _a_name(heard, group)):
        out.add("assign")
    if grammar.tags and group.kind != TIE:
        out.add("add-tag")
    if grammar.remove_tags or own == "remove-tag":
        out.add("remove-tag")
    if own == "rename":
        out.add("rename")
    if "clear" in said or grammar.clear_due:
        out.add("unschedule")
    return out


def _a_name(heard: Heard, group: Group) -> bool:
    """A word with a capital that the title does not explain."""
    return any(
        heard.text[heard.starts[k]].isupper() and k not in group.explains and k not in heard.timed
        for k in range(heard.count)
        if not heard.small[k]
    )
