"""What a command that changes something comes to."""

import msgspec

from todotasks.edits.model.command import (
    ChangeRule,
    Command,
    Complete,
    CreateRule,
    CreateTask,
    Delete,
    DeleteReminder,
    Remind,
    Reopen,
    SetReminder,
    SetRule,
    SkipOccurrence,
    Snooze,
    StopRule,
    Update,
)
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.create import plan_create
from todotasks.edits.plan.fields import plan_delete_reminder, plan_set_reminder, plan_set_rule
from todotasks.edits.plan.recurring.change import plan_change_rule
from todotasks.edits.plan.recurring.create import plan_create_rule
from todotasks.edits.plan.recurring.pause import plan_stop
from todotasks.edits.plan.recurring.skip import plan_skip
from todotasks.edits.plan.reminders import plan_remind, unsent_remarks
from todotasks.edits.plan.snooze import plan_snooze
from todotasks.edits.plan.update import plan_complete, plan_delete, plan_update


def plan_change(command: Command, world: World, *, confirmed: bool) -> Plan:
    """Raises DueError, ZoneError, BadSearch, TimeError for what cannot be done."""
    decided = _decided(command, world, confirmed=confirmed)
    edits = decided.edits
    if world.channels is not None and decided.question is not None and decided.question.kind == "confirm":
        edits = _decided(command, world, confirmed=True).edits  # whoever says yes hears of it before
    if unsent := unsent_remarks(edits, world):
        return msgspec.structs.replace(decided, remarks=(*decided.remarks, *unsent))
    return decided


def _decided(command: Command, world: World, *, confirmed: bool) -> Plan:  # noqa: PLR0912 - one case a command
    match command:
        case CreateTask():
            return plan_create(command, world)
        case CreateRule():
            return plan_create_rule(command, world)
        case Remind():
            return plan_remind(command, world, confirmed=confirmed)
        case Update():
            return plan_update(command, world, confirmed=confirmed)
        case Complete() | Reopen():
            return plan_complete(command, world, confirmed=confirmed)
        case Delete():
            return plan_delete(command, world, confirmed=confirmed)
        case Snooze():
            return plan_snooze(command, world, confirmed=confirmed)
        case StopRule():
            return plan_stop(command, world, confirmed=confirmed)
        case SkipOccurrence():
            return plan_skip(command, world, confirmed=confirmed)
        case ChangeRule():
            return plan_change_rule(command, world, confirmed=confirmed)
        case SetRule():
            return plan_set_rule(command, world)
        case SetReminder():
            return plan_set_reminder(command, world)
        case DeleteReminder():
            return plan_delete_reminder(command, world)
        case _:
            raise TypeError(f"{type(command).__name__} changes nothing")
