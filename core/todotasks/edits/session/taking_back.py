"""Undo: the newest messages are taken back, each wholly or not at all."""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from todotasks.edits.cluster.apply import apply
from todotasks.edits.cluster.undo import following, plan_undo
from todotasks.edits.model.conversation import Conversation, Undoable
from todotasks.edits.model.edit import EditResult, Problem
from todotasks.edits.session.outcome import Outcome, having_touched, uid_of
from todotasks.edits.session.setting import Setting
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
        return await _refused(before, undoing.problems, setting)
    dry_run = setting.message.dry_run
    results = await apply(setting.client, undoing.edits, dry_run=dry_run, report=setting.report)
    said = report(taken_back(results, setting.language), results, dry_run=dry_run, language=setting.language)
    outcome = replace(before, results=(*before.results, *results), problem=first_problem(results)).saying(
        said
    )
    if dry_run:
        return outcome
    left = _not_taken_back(message, results)
    lasting = any(each.problem is not None and not _may_pass(each.problem) for each in results)
    left = _marked(left) if lasting else left
    undo = following((left, *older) if left else tuple(older), _made_again(message, results))
    touched = having_touched(before.conversation, results)
    conversation = msgspec.structs.replace(touched, undo=undo)
    return replace(outcome, conversation=conversation).remarking(undoing.remarks)


async def _refused(before: Outcome, problems: Sequence[Problem], setting: Setting) -> Outcome:
    """Said once. A message that is refused again is passed by: it does not stand before the older ones for
    ever."""
    message, *older = before.conversation.undo
    lasting = not any(_may_pass(each) for each in problems)
    if lasting and older and all(one.refused for one in message):
        passed = msgspec.structs.replace(before.conversation, undo=tuple(older))
        return await _newest(replace(before, conversation=passed), setting)
    text = " ".join(dict.fromkeys(each.message for each in problems))
    outcome = replace(before, problem=problems[0]).saying(text)
    if not lasting or setting.message.dry_run:
        return outcome
    if older:
        outcome = outcome.saying(phrase(setting.language, "undo-older"))
    marked = msgspec.structs.replace(outcome.conversation, undo=(_marked(message), *older))
    return replace(outcome, conversation=marked)


def _may_pass(problem: Problem) -> bool:
    """Whether the very same undo may be possible in a moment."""
    return problem.reason in {"Unavailable", "TooManyRequests", "Unauthorized"}


def _marked(message: Sequence[Undoable]) -> tuple[Undoable, ...]:
    return tuple(msgspec.structs.replace(one, refused=True) for one in message)


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
