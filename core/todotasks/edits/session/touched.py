"""What "it" means after edits were done."""

from collections.abc import Sequence

import msgspec

from todotasks.edits.model.conversation import MOST_SHOWN, Conversation, Shown
from todotasks.edits.model.edit import EditResult
from todotasks.edits.wording.results import title_of_edit


def having_touched(conversation: Conversation, done: Sequence[EditResult]) -> Conversation:
    """What "it" is now. The last list keeps its numbers: "done 2" means what was seen as 2."""
    seen = [
        Shown(each.edit.resource, each.edit.name, title_of_edit(each.edit), uid_of(each))
        for each in done
        if each.result in {"done", "unchanged"} and each.edit.resource != "reminders"
    ]
    if not seen:
        return conversation
    deleted = {
        each.edit.name for each in done if each.edit.verb == "delete" and each.result in {"done", "unchanged"}
    }
    touched = tuple(one for one in seen if one.name not in deleted)[:MOST_SHOWN]
    listed = conversation.shown not in {(), conversation.touched}
    return msgspec.structs.replace(
        conversation, shown=conversation.shown if listed else touched, touched=touched
    )


def uid_of(done: EditResult) -> str:
    document = done.after or done.before or {}
    return str((document.get("metadata") or {}).get("uid", ""))
