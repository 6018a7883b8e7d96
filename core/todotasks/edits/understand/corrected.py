"""What a correction asks for, given what was done last: "no, on Saturday" moves what was just made. Pure.

made a task     ─ "I meant call Hannah" ─▶ its title
completed one   ─ "no, the electrician" ─▶ that is open again, and the other one completed
moved one       ─ "I meant the other one" ─▶ that is taken back, and the other one moved
gave a priority ─ "no, low" ─▶ another one
anything        ─ "no, a day earlier" ─▶ it is moved
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from todotasks.api import Priority
from todotasks.edits.model import command as c
from todotasks.edits.model.conversation import Undoable
from todotasks.edits.targets.resolve import target_of
from todotasks.edits.understand.continued import Continued, again
from todotasks.edits.understand.from_reading import commands_of, shift_of
from todotasks.edits.understand.known import Known
from todotasks.language import Context, Reading, parse
from todotasks.language.corrections import Correction
from todotasks.language.followups import Which, which
from todotasks.language.grounding.titles import small_words

_ARTICLE = re.compile(r"^(?:the|a|an|der|die|das|den)\s+", re.IGNORECASE)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # a level, a name, a tag are no times
_SHIFT = re.compile(r"(?P<sign>-?)(?:\d+(?P<unit>[a-z]+)|.+)")  # the unit of one that has but one
_SO = re.compile(r"^(?:(?:that|so|really|very|all that|wirklich|sehr|ganz so)\s+)+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'-]*(?: [^\W\d_][\w.'-]*)?")


def corrected(correction: Correction, known: Known, *, zone: str) -> Continued | None:
    """None: there is nothing that it could correct, so the message is one of its own."""
    conversation = known.conversation
    last = [one for one in conversation.undo[0] if one.resource == "todotasks"] if conversation.undo else []
    if correction.back or correction.besides is not None:
        return _as_before(correction, known, last)
    if correction.person is not None:
        return _given_to(correction.person, known, asserted=correction.asserted)
    if correction.only and (found := _by_less(correction, known)) is not None:
        return found
    if correction.moved is not None and (correction.about or not _counts_rows(correction, known)):
        return _moved(correction.moved, known, correction, zone=zone)
    if correction.meant is None:
        return None
    return _instead_of_undone(correction, known) or (
        _another(correction, known, last, zone) if last else None
    )


def _another(correction: Correction, known: Known, last: Sequence[Undoable], zone: str) -> Continued | None:
    """Another thing, person, value or title than the one that was said last."""
    conversation, meant = known.conversation, correction.meant or ""
    if conversation.touched and _names_another(correction, known, last[0]):
        return _given_to(meant, known, asserted=False)
    if last[0].verb != "create" and (found := _instead(correction, known, last)) is not None:
        return found
    if len(last) > 1 or not conversation.touched:
        return None
    it = target_of(conversation.touched[:1])
    changed = _another_value(correction, last[0], it, zone=zone)
    if changed is not None:
        return Continued((changed,))
    title = _retitled(conversation.touched[0].title, correction, made=last[0].verb == "create")
    return Continued((c.Update(it, c.Changes(title=title)),)) if title else None


def _given_to(person: str, known: Known, *, asserted: bool) -> Continued | None:
    """Somebody else does what was said last. Said of nothing that was given away, it may be a message of its
    own."""
    conversation = known.conversation
    if not conversation.touched:
        return None
    last = conversation.undo[0] if conversation.undo else ()
    given = any("assignee" in ((one.after or {}).get("spec") or {}) for one in last)
    spelt = known.people.get(person.casefold())
    if asserted and not given and spelt is None:
        return None
    return Continued((c.Update(target_of(conversation.touched), c.Changes(assignee=spelt or person)),))


def _names_another(correction: Correction, known: Known, last: Undoable) -> bool:
    """ "no, Dev" where it was given to Maya: a person, and none of Dev's tasks."""
    given = last.verb == "patch" and "assignee" in ((last.after or {}).get("spec") or {})
    return given and not correction.only and (correction.meant or "").casefold() in known.people


def _by_less(correction: Correction, known: Known) -> Continued | None:
    """ "just one day" where it was moved by two: from where it was, and the way that it went."""
    conversation = known.conversation
    before = conversation.did[0] if len(conversation.did) == 1 else None
    if not isinstance(before, c.Update) or not before.changes.shift or not conversation.touched:
        return None
    sign, size = _SHIFT.fullmatch(before.changes.shift), None
    if sign is None:
        return None
    if correction.moved is not None:
        size = (shift_of(correction.moved.shift) or "").lstrip("-")
    elif correction.amount is not None:
        size = f"{correction.amount}{sign['unit']}" if sign["unit"] else None
    if not size:
        return None
    changes = c.Changes(shift=f"{sign['sign']}{size}")
    return Continued((c.Undo(1), c.Update(target_of(conversation.touched), changes)))


def _as_before(correction: Correction, known: Known, last: Sequence[Undoable]) -> Continued | None:
    """Of what was changed last, these are as they were; or all of it."""
    conversation = known.conversation
    if correction.besides is None:
        changed = bool(conversation.touched) and bool(last) and last[0].verb == "patch"
        return Continued((c.Undo(1),)) if changed else None
    if not conversation.touched or not last or last[0].verb == "create":
        return None
    names = tuple(one.name for one in last)
    meant = which(correction.besides)
    found = known.resolve(meant) if meant is not None and not meant.pointed else ()
    back = tuple(name for name in found if name in names)
    if not back or len(back) < len(found):
        return None
    if len(back) == len(names):
        return Continued((c.Undo(1),))
    did = conversation.did[0] if len(conversation.did) == 1 else None
    if not isinstance(did, c.AGAIN):
        return None
    left = replace(did, target=c.Target(names=tuple(name for name in names if name not in back)))
    taken_back = _taking_back(did, back)
    return Continued((taken_back,) if taken_back is not None else (c.Undo(1), left), did=left)


def _instead_of_undone(correction: Correction, known: Known) -> Continued | None:
    """ "I meant the second" when what was done was taken back: that is done to the second."""
    conversation = known.conversation
    command = conversation.again
    undone = bool(conversation.did) and isinstance(conversation.did[0], c.Undo)
    meant = which(correction.meant or "")
    if not undone or meant is None or not isinstance(command, c.AGAIN):
        return None
    names = known.resolve(meant)
    return again(command, names, known, all_of=meant.others or bool(meant.ordinals)) if names else None


def _counts_rows(correction: Correction, known: Known) -> bool:
    """ "I meant the first": of what was offered or shown, where no day was said before it."""
    did = known.conversation.did
    moved = any(isinstance(one, c.Update | c.Snooze) for one in did)
    meant = which(correction.meant or "") if did and not moved else None
    return meant is not None and bool(meant.ordinals) and bool(known.resolve(meant))


def _moved(moved: Reading, known: Known, correction: Correction, *, zone: str) -> Continued | None:
    conversation = known.conversation
    if correction.about is not None:
        meant = which(correction.about) or Which(words=correction.about)
        names = known.resolve(meant, completed=False)
        command = commands_of(moved, zone=zone)[0]
        if not names or (len(names) > 1 and not meant.pointed) or not isinstance(command, c.Update):
            return None
        return Continued((replace(command, target=c.Target(names=names)),))
    about = conversation.touched or (conversation.shown if len(conversation.shown) == 1 else ())
    commands = commands_of(moved, zone=zone)
    if not about:
        return None
    if isinstance(commands[0], c.ChangeRule):
        if correction.only and about[0].resource != "recurrencerules":
            return None
        return Continued((c.ChangeRule(target_of(about), commands[0].schedule),))
    return (
        Continued((c.Update(target_of(about), commands[0].changes),))
        if isinstance(commands[0], c.Update)
        else None
    )


def _instead(correction: Correction, known: Known, last: Sequence[Undoable]) -> Continued | None:
    """The same was meant for another thing: what was done is taken back, and that done."""
    did = known.conversation.did
    if len(did) != 1 or not isinstance(did[0], c.AGAIN):
        return None
    meant = which(correction.meant or "")
    if meant is None:
        return None
    names = tuple(one.name for one in last)
    if correction.only:
        kept = tuple(name for name in known.resolve(meant) if name in names)
        if not kept or len(kept) == len(names):
            return None
        left = tuple(name for name in names if name not in kept)
        if (back := _taking_back(did[0], left)) is not None:
            return Continued((back,), did=replace(did[0], target=c.Target(names=kept)))
        return Continued((c.Undo(1), replace(did[0], target=c.Target(names=kept))))
    found = tuple(name for name in known.resolve(meant) if name not in names)
    if not found:
        return None
    if meant.offered:  # wait, both: what was done stays so
        return again(did[0], found, known, all_of=True)
    continued = again(did[0], found, known)
    back = _taking_back(did[0], names) or c.Undo(1)
    return Continued((back, *continued.commands), continued.rows)


def _taking_back(did: c.Command, names: tuple[str, ...]) -> c.Command | None:
    """What was completed is opened, so that "undo" takes back the correction as a whole."""
    if isinstance(did, c.Complete):
        return c.Reopen(c.Target(names=names))
    return c.Complete(c.Target(names=names)) if isinstance(did, c.Reopen) else None


# ── another value of the same field ──────────────────────────────────────────────────────────────────────
def _another_value(correction: Correction, last: Undoable, it: c.Target, *, zone: str) -> c.Command | None:
    spec = (last.after or {}).get("spec") or {}
    meant, was = (correction.meant or "").strip(), (correction.was or "").strip()
    if spec.get("tags") and (meant.startswith("#") or was.startswith("#")) and " " not in meant:
        gone = (was.lstrip("#"),) if was else tuple(spec["tags"][-1:])
        return c.Update(it, c.Changes(add_tags=(meant.lstrip("#"),), remove_tags=gone))
    if last.verb == "patch" and "assignee" in spec and _NAME.fullmatch(meant):
        return c.Update(it, c.Changes(assignee=meant))
    if "priority" in spec or _level(_SO.sub("", was), zone=zone) is not None:
        level = _level(meant, zone=zone)
        return c.Update(it, c.Changes(priority=level)) if level is not None else None
    return None


def _level(words: str, *, zone: str) -> Priority | None:
    """high · nicht so dringend"""
    if words:
        for language, order in (("en", "set it to {} priority"), ("de", "setze es auf {} Priorität")):
            read = parse(order.format(words), _ANY_TIME, UTC, Context(language=language))
            (command,) = commands_of(read, zone=zone)[:1]
            level = command.changes.priority if isinstance(command, c.Update) else None
            if read.reference == "it" and not read.more and level is not None:
                return level
    return None


# ── the title ────────────────────────────────────────────────────────────────────────────────────────────
def _retitled(title: str, correction: Correction, *, made: bool) -> str | None:
    """The title with the right words: all of it, or the one word that was wrong."""
    meant, was = correction.meant or "", correction.was
    if was is not None:
        said = re.compile(re.escape(_ARTICLE.sub("", was)), re.IGNORECASE)
        bare = _ARTICLE.sub("", meant)
        return said.sub(lambda _: bare, title, count=1)[:512] if said.search(title) else None
    words = title.split()
    pointed = which(meant)
    if pointed is None or not pointed.words or set(meant.casefold().split()) <= small_words():
        return None  # the second · that one
    if correction.weak and not (meant[:1].isupper() and len(meant.split()) == 1):
        return None
    if len(meant.split()) > 1 or len(words) == 1:
        return meant[:512] if made or len(words) == 1 else None
    names = [k for k, word in enumerate(words) if word[:1].isupper() and k > 0]
    if len(names) != 1:
        return None
    words[names[0]] = meant
    return " ".join(words)[:512]
