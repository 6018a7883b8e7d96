"""What a correction asks for, given what was done last: "no, on Saturday" moves what was just made. Pure.

made a task     ─ "I meant call Hannah" ─▶ its title
completed one   ─ "not the plumber, the electrician" ─▶ that is taken back, and the other one completed
anything        ─ "no, a day earlier" ─▶ it is moved
"""

import re

from todotasks.edits.model import command as c
from todotasks.edits.model.conversation import Conversation, Undoable
from todotasks.edits.targets.resolve import target_of
from todotasks.edits.understand.from_reading import commands_of
from todotasks.language.corrections import Correction


def corrected(correction: Correction, conversation: Conversation, *, zone: str) -> tuple[c.Command, ...]:
    """Empty: there is nothing that it could correct, so the message is one of its own."""
    if not conversation.touched or not conversation.undo:
        return ()
    last = [one for one in conversation.undo[0] if one.resource == "todotasks"]
    if not last:
        return ()
    it = target_of(conversation.touched[:1])
    if correction.moved is not None:
        moved = commands_of(correction.moved, zone=zone)
        if len(conversation.touched) > 1 or not isinstance(moved[0], c.Update):
            return ()
        return (c.Update(it, moved[0].changes),)
    if correction.meant is None or len(last) > 1:
        return ()
    return _meant_instead(correction, last[0], it)


def _meant_instead(correction: Correction, last: Undoable, it: c.Target) -> tuple[c.Command, ...]:
    meant = correction.meant or ""
    if last.verb == "create":
        title = _retitled(last.title, meant, correction.was)
        return (c.Update(it, c.Changes(title=title)),) if title else ()
    spec = (last.after or {}).get("spec") or {}
    if last.verb == "patch" and "completed" in spec:
        kind = c.Complete if spec["completed"] else c.Reopen
        return (c.Undo(1), kind(c.Target(title=meant[:512])))
    return ()


def _retitled(title: str, meant: str, was: str | None) -> str | None:
    """The title with the right words: all of it, or the one word that was wrong."""
    if was is not None:
        said = re.compile(re.escape(re.sub(r"^(?:the|a|an|der|die|das|den)\s+", "", was)), re.IGNORECASE)
        bare = re.sub(r"^(?:the|a|an|der|die|das|den)\s+", "", meant)
        return said.sub(lambda _: bare, title, count=1)[:512] if said.search(title) else None
    words = title.split()
    if len(meant.split()) > 1 or len(words) == 1:
        return meant[:512]
    names = [k for k, word in enumerate(words) if word[:1].isupper() and k > 0]
    if len(names) != 1:
        return None
    words[names[0]] = meant
    return " ".join(words)[:512]
