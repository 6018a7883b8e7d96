"""What has become of a message, or of a part of it; every step takes one and returns another. And what "it"
means after edits were done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from todotasks.edits.model.conversation import MOST_SHOWN, Conversation, Shown
from todotasks.edits.model.edit import EditResult, Problem
from todotasks.edits.model.plan import Listing, Plan, Question
from todotasks.edits.wording.results import title_of_edit


@dataclass(frozen=True, slots=True)
class Outcome:
    """`replies` and `remarks` in the order in which they are said; `conversation` as it will be saved."""

    conversation: Conversation
    replies: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    results: tuple[EditResult, ...] = ()
    memorable: tuple[EditResult, ...] = ()  # those of `results` that undo can take back
    listing: Listing | None = None
    question: Question | None = None
    agreed: Plan | None = None  # what a yes to the question does
    problem: Problem | None = None

    def saying(self, *replies: str) -> "Outcome":
        return replace(self, replies=(*self.replies, *replies))

    def remarking(self, remarks: Iterable[str]) -> "Outcome":
        return replace(self, remarks=tuple(dict.fromkeys((*self.remarks, *remarks))))

    def failed(self, problem: Problem) -> "Outcome":
        return replace(self, problem=problem).saying(problem.message)

    def then(self, later: "Outcome") -> "Outcome":
        """Both parts of a message: what is asked, listed or wrong is what the later one says."""
        return replace(
            later,
            replies=(*self.replies, *later.replies),
            remarks=tuple(dict.fromkeys((*self.remarks, *later.remarks))),
            results=(*self.results, *later.results),
            memorable=(*self.memorable, *later.memorable),
        )


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
    listed = conversation.shown not in {(), conversation.touched, conversation.together}
    return msgspec.structs.replace(
        conversation, shown=conversation.shown if listed else touched, touched=touched
    )


def having_made(outcome: Outcome) -> Outcome:
    """What "them" is when a message has made several things by several commands, and none was listed."""
    conversation = outcome.conversation
    made = {
        each.edit.name: Shown(each.edit.resource, each.edit.name, title_of_edit(each.edit), uid_of(each))
        for each in outcome.results
        if each.result == "done" and each.edit.verb == "create" and each.edit.resource != "reminders"
    }
    together = tuple(made.values())[:MOST_SHOWN]
    if len(together) < 2 or conversation.touched != together[-1:]:
        return replace(outcome, conversation=msgspec.structs.replace(conversation, together=()))
    shown = together if conversation.shown == conversation.touched else conversation.shown
    return replace(
        outcome, conversation=msgspec.structs.replace(conversation, shown=shown, together=together)
    )


def uid_of(done: EditResult) -> str:
    document = done.after or done.before or {}
    return str((document.get("metadata") or {}).get("uid", ""))
