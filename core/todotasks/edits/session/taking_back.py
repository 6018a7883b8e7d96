"""Undo: the newest messages are taken back, each wholly or not at all."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from todotasks.edits.cluster.apply import apply
from todotasks.edits.cluster.undo import following, plan_undo
from todotasks.edits.model.conversation import Conversation, Undoable
from todotasks.edits.model.edit import EditResult, Problem
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.setting import Setting
from todotasks.edits.session.touched import having_touched, uid_of
from todotasks.edits.wording.phrases import phrase
from todotasks.edits.wording.results import first_problem, report, taken_back


async def take_back(count: int, conversation: Conversation, setting: Setting) -> Outcome:
    """The last `count` messages' edits, until one cannot be taken back."""
    outcome = Outcome(conversation)
    for _ in range(count):
        if not outcome.conversation.undo:
            nothing = Problem("NotFound", phrase(setting.language, "nothing-to-undo"))
            return outcome if outcome.results else outcome.failed(nothing)
        outcome = await _newest(outcome, setting)
        if outcome.problem is not None or setting.message.dry_run:
            return outcome  # in a dry run the next one would have to see what this one would have done
    return outcome


async def _newest(before: Outcome, setting: Setting) -> Outcome:
    message, *older = before.conversation.undo
    undoing = await plan_undo(setting.client, message)
    if undoing.problems:
        text = " ".join(dict.fromkeys(each.message for each in undoing.problems))
        return replace(before, problem=undoing.problems[0]).saying(text)
    dry_run = setting.message.dry_run
    results = await apply(setting.client, undoing.edits, dry_run=dry_run, report=setting.report)
    said = report(taken_back(results, setting.language), results, dry_run=dry_run, language=setting.language)
    outcome = replace(before, results=(*before.results, *results), problem=first_problem(results)).saying(
        said
    )
    if dry_run:
        return outcome
    left = _not_taken_back(message, results)
    undo = following((left, *older) if left else tuple(older), _made_again(message, results))
    touched = having_touched(before.conversation, results)
    conversation = msgspec.structs.replace(touched, undo=undo)
    return replace(outcome, conversation=conversation).remarking(undoing.remarks)


def _not_taken_back(message: Sequence[Undoable], done: Sequence[EditResult]) -> tuple[Undoable, ...]:
    refused = {(each.edit.resource, each.edit.name) for each in done if each.result in {"refused", "planned"}}
    return tuple(one for one in message if (one.resource, one.name) in refused)


def _made_again(message: Sequence[Undoable], done: Sequence[EditResult]) -> dict[str, str]:
    """The new uid of each object that was deleted and is there again."""
    new = {
        (each.edit.resource, each.edit.name): uid_of(each)
        for each in done
        if each.edit.verb == "create" and each.result == "done"
    }
    return {one.uid: new[one.resource, one.name] for one in message if (one.resource, one.name) in new}
