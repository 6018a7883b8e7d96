"""Saving a conversation that another message of it may be changing too, on this replica or another, and the
reply, which is given when that is done."""

from dataclasses import replace

import msgspec

from todotasks.edits.cluster.undo import remember_message
from todotasks.edits.model.conversation import (
    MOST_UNDO,
    Conversation,
    ConversationStore,
    Doing,
    Undoable,
)
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.setting import Setting
from todotasks.edits.wording.phrases import phrase

MOST_SAVES = 4  # tries

History = tuple[tuple[Undoable, ...], ...]


class Saver:
    """Saves what one message has changed over whatever another one has saved meanwhile.

    `loaded` is the history as the message found it: what is missing since was taken back by this message, and
    is not put in again by the merge.
    """

    def __init__(self, store: ConversationStore, owner: str, loaded: History = ()) -> None:
        self._store = store
        self._owner = owner
        self._base = loaded

    async def __call__(self, conversation: Conversation) -> Conversation | None:
        """As it is stored now; None: it could not be."""
        for _ in range(MOST_SAVES):
            if await self._store.save(self._owner, conversation):
                self._base = conversation.undo
                return msgspec.structs.replace(conversation, version=conversation.version + 1)
            there = await self._store.load(self._owner, conversation.id)
            if there is None:
                conversation = msgspec.structs.replace(conversation, version=0)
                continue
            conversation = msgspec.structs.replace(
                conversation,
                version=there.version,
                undo=merged_history(self._base, conversation.undo, there.undo),
                doing=_first_begun(there.doing, conversation.doing),
            )
            self._base = there.undo
        return None


def merged_history(base: History, ours: History, theirs: History) -> History:
    """What both messages have done to the history that both have found: what either has added stands in it,
    what either has taken out does not."""
    added = tuple(each for each in ours if each not in base)
    removed = [each for each in base if each not in ours]
    return (*added, *(each for each in theirs if each not in removed and each not in added))[:MOST_UNDO]


def _first_begun(theirs: Doing | None, ours: Doing | None) -> Doing | None:
    """Of one message that is done twice at once, what was written down first holds for both."""
    if theirs is None or ours is None or theirs.key != ours.key:
        return ours
    steps = list(ours.steps)
    for index, step in enumerate(theirs.steps[: len(steps)]):
        if step.edits:
            steps[index] = step
    return Doing(ours.key, tuple(steps))


async def reply_with(setting: Setting, outcome: Outcome, about: Reply) -> Reply:
    """Remember, save, reply. A crash before the save is met by the idempotency key."""
    outcome, undoable = _remembered(setting, outcome)
    saved = await setting.save(outcome.conversation)
    if saved is None:
        outcome = outcome.remarking([phrase(setting.language, "not-remembered")])
    return msgspec.structs.replace(
        about,
        reply=" ".join(reply for reply in outcome.replies if reply),
        edits=outcome.results,
        listing=outcome.listing,
        question=outcome.question,
        problem=outcome.problem,
        remarks=outcome.remarks,
        needs_confirmation=_yes_or_no(outcome),
        undo=undoable and saved is not None,
        dry_run=setting.message.dry_run,
        conversation=outcome.conversation.id,
    )


def _yes_or_no(outcome: Outcome) -> bool:
    """Whether a yes answers it: also where one reading of the words is all that is asked about."""
    question = outcome.question
    return question is not None and (question.kind == "confirm" or len(question.rows) == 1)


def _remembered(setting: Setting, outcome: Outcome) -> tuple[Outcome, bool]:
    """The message's edits become the newest that undo takes back, if they find room."""
    if setting.message.dry_run:
        return outcome, False
    history, undoable = remember_message(outcome.conversation.undo, outcome.memorable, MOST_UNDO)
    if not undoable and any(each.result == "done" for each in outcome.memorable):
        outcome = outcome.remarking([phrase(setting.language, "too-much-to-undo")])
    conversation = msgspec.structs.replace(outcome.conversation, undo=history, language=setting.language)
    return replace(outcome, conversation=conversation), undoable
