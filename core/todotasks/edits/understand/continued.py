"""What a message that goes on from the one before asks for. Pure.

"and the other one too", "same for Oslo"   ▶ the command that was done last, of another target
"oh, not yet"                              ▶ what was done last is taken back
"and tomorrow?", "only the urgent ones"    ▶ the list that was shown, with another filter
"""

from dataclasses import dataclass

from msgspec.structs import replace

from todotasks.edits.model import command as c
from todotasks.edits.model.conversation import Conversation
from todotasks.edits.understand.from_reading import filter_of
from todotasks.edits.understand.known import Known
from todotasks.language.followups import FollowUp, Which

_NOTHING = c.Filter()
_OF_A_KIND = (
    ("due", "has_due", "overdue"), ("completed", "everything"), ("tags", "any_tags"), ("priority",),
    ("project",), ("assignee",), ("recurring",), ("text",),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Continued:
    """`rows`: places in sight of the things of which one is meant; the last command is done to that one.
    `did` is what has been done then, all in all, where the commands do not say it."""

    commands: tuple[c.Command, ...]
    rows: tuple[int, ...] = ()
    did: c.Command | None = None


def continued(follow: FollowUp, known: Known, *, zone: str, asks: bool) -> Continued | None:
    """None: it goes on from nothing, so the message is one of its own. `asks`: it ends in a question mark."""
    if follow.titled:
        return Continued((c.Update(c.Target(reference="it"), c.Changes(title=follow.titled[:512])),))
    if follow.changed_mind:
        return Continued((c.Undo(1) if _just_changed(known.conversation) else c.NotOurs(),))
    if follow.before:
        undone = known.conversation.did and isinstance(known.conversation.did[0], c.Undo)
        return Continued((c.Undo(1),)) if undone and known.conversation.undo else None
    if follow.these is not None:
        names = known.resolve(follow.these, completed=True)
        return again(c.Reopen(c.Target(reference="it")), names, known, all_of=True) if names else None
    if follow.same is not None:
        return _the_same(follow.same, known)
    if follow.not_so:
        return _not_so(follow, known)
    return _listed(follow, known, zone=zone, asks=asks)


def again(command: c.Command, names: tuple[str, ...], known: Known, *, all_of: bool = False) -> Continued:
    """The command done to these; where it is not said which of several, that is asked."""
    assert isinstance(command, c.AGAIN), "the others have no target"
    done = replace(command, target=c.Target(names=names))
    if len(names) < 2 or all_of:
        return Continued((done,))
    return Continued((done,), tuple(known.places[name] for name in names))


def _the_same(which: Which, known: Known) -> Continued | None:
    if which.offered and not known.conversation.offered:
        return None
    command, since = last_done(known.conversation)
    if command is None or (since and not (which.pointed or which.words)):
        return None
    if isinstance(command, c.Update) and command.changes.title is not None:
        return None
    state = False if isinstance(command, c.Complete) else True if isinstance(command, c.Reopen) else None
    names = known.resolve(which, completed=None if which.ordinals else state)
    # What is open again may be completed once more; what was made since was not done so.
    free = bool(which.ordinals) or state is not None or since
    names = tuple(name for name in names if free or name not in known.touched)
    return (
        again(command, names, known, all_of=which.others or which.pointed or bool(which.ordinals))
        if names
        else None
    )


def last_done(conversation: Conversation) -> tuple[c.Command | None, bool]:
    """What was done last that can be done once more, and whether something was only made since."""
    did = conversation.did
    if len(did) == 1 and isinstance(did[0], c.AGAIN):
        return did[0], False
    made = bool(did) and all(isinstance(one, c.CreateTask) for one in did)
    return (conversation.again if made else None), made


def _not_so(follow: FollowUp, known: Known) -> Continued | None:
    conversation = known.conversation
    if not conversation.undo or (conversation.listed is not None and not conversation.touched):
        return None
    finished = all(
        ((one.after or {}).get("spec") or {}).get("completed") is True and one.verb == "patch"
        for one in conversation.undo[0]
    )
    return Continued((c.Undo(1),)) if finished or follow.by_mistake else None


def _just_changed(conversation: Conversation) -> bool:
    """Nothing was looked at since. What is gone is not touched any more."""
    gone = bool(conversation.undo) and all(one.verb == "delete" for one in conversation.undo[0])
    return bool(conversation.undo) and (bool(conversation.touched) or gone)


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────
def _listed(follow: FollowUp, known: Known, *, zone: str, asks: bool) -> Continued | None:
    before = known.conversation.listed
    if before is None or (known.conversation.touched and not asks):
        return None
    more = (
        filter_of(follow.filter, zone) if follow.filter is not None else _valued(follow.value, before, known)
    )
    if more is None:
        return None
    return Continued((replace(before, filter=_with(before.filter, more)),))


def _with(before: c.Filter, more: c.Filter) -> c.Filter:
    """What is said takes the place of what was said of the same kind; the rest stays."""
    changes: dict[str, object] = {}
    for kind in _OF_A_KIND:
        if any(getattr(more, name) != getattr(_NOTHING, name) for name in kind):
            changes |= {name: getattr(more, name) for name in kind}
    return replace(before, **changes)


def _valued(word: str, before: c.ListTasks, known: Known) -> c.Filter | None:
    """ "and office?": a tag, a project or a person that something in sight has."""
    said = word.casefold()
    for seen in known.sight.things:
        for tag in seen.tags:
            if tag.casefold() == said:
                return c.Filter(tags=(tag,))
        if (seen.project or "").casefold() == said and seen.project:
            return c.Filter(project=seen.project)
        if (seen.assignee or "").casefold() == said and seen.assignee:
            return c.Filter(assignee=seen.assignee)
    return None
