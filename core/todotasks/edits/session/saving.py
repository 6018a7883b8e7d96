"""Saving a conversation that another message of it may be changing too, on this replica or another."""

import msgspec

from todotasks.edits.model.conversation import MOST_UNDO, Conversation, ConversationStore, Doing

MOST_SAVES = 4  # tries


class Saver:
    """Saves what one message has changed over whatever another one has saved meanwhile."""

    def __init__(self, store: ConversationStore, owner: str) -> None:
        self._store = store
        self._owner = owner

    async def __call__(self, conversation: Conversation) -> Conversation | None:
        """As it is stored now; None: it could not be."""
        for _ in range(MOST_SAVES):
            if await self._store.save(self._owner, conversation):
                return msgspec.structs.replace(conversation, version=conversation.version + 1)
            there = await self._store.load(self._owner, conversation.id)
            if there is None:
                conversation = msgspec.structs.replace(conversation, version=0)
                continue
            undo = (*conversation.undo, *(each for each in there.undo if each not in conversation.undo))
            conversation = msgspec.structs.replace(
                conversation,
                version=there.version,
                undo=undo[:MOST_UNDO],
                doing=_first_begun(there.doing, conversation.doing),
            )
        return None


def _first_begun(theirs: Doing | None, ours: Doing | None) -> Doing | None:
    """Of one message that is done twice at once, what was written down first holds for both."""
    if theirs is None or ours is None or theirs.key != ours.key:
        return ours
    steps = list(ours.steps)
    for index, step in enumerate(theirs.steps[: len(steps)]):
        if step.edits:
            steps[index] = step
    return Doing(ours.key, tuple(steps))
