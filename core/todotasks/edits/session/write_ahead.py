"""What a crash must not lose: with an idempotency key the edits of a command are saved before they are done,
so that the same message after a crash does these and no others.

A conversation has a limit, so what can be made again (the `kubectl` commands) is left out of what is saved.
"""

from collections.abc import Sequence

import msgspec

from todotasks.edits.model.command import Command
from todotasks.edits.model.conversation import Conversation, Doing, Step
from todotasks.edits.model.edit import Edit
from todotasks.edits.model.kubectl import command_line
from todotasks.edits.session.setting import Setting

MOST_WRITTEN_AHEAD = 128 * 1024  # bytes; more is not kept: then only the names of new objects guard them


def begun_step(conversation: Conversation, index: int, setting: Setting) -> Step | None:
    """What the `index`-th command of this very message was about to do when it was said before."""
    doing, key = conversation.doing, setting.fingerprint
    if not key or doing is None or doing.key != key or index >= len(doing.steps):
        return None
    step = doing.steps[index]
    return step if step.edits else None


def begun_commands(conversation: Conversation, setting: Setting) -> tuple[Command, ...]:
    """What this very message was understood to ask for when it was said before; empty: it was not."""
    doing, key = conversation.doing, setting.fingerprint
    return doing.commands if key and doing is not None and doing.key == key else ()


async def write_ahead(
    conversation: Conversation, index: int, step: Step, setting: Setting
) -> tuple[Step, Conversation]:
    """What is to be done, and the conversation as it is saved by now. The same message on another replica may
    have been faster, and then its edits are ours. A crash after this does these edits again, and finds those
    that were done."""
    key = setting.fingerprint
    if not key or setting.message.dry_run:
        return step, conversation
    doing = conversation.doing
    steps = list(doing.steps) if doing is not None and doing.key == key else []
    steps += [Step((), "")] * (index + 1 - len(steps))
    kept = Step(without_kubectl(step.edits), step.reply)
    steps[index] = kept
    ahead = Doing(key, tuple(steps), setting.commands)
    if len(msgspec.json.encode(ahead)) <= MOST_WRITTEN_AHEAD:
        saved = await setting.save(msgspec.structs.replace(conversation, doing=ahead))
        conversation = saved or conversation
    found = begun_step(conversation, index, setting)
    if found is None or found == kept:
        return step, conversation
    return Step(with_kubectl(found.edits), found.reply), conversation


def without_kubectl(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    return tuple(msgspec.structs.replace(edit, kubectl="") for edit in edits)


def with_kubectl(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    return tuple(msgspec.structs.replace(edit, kubectl=command_line(edit)) for edit in edits)
