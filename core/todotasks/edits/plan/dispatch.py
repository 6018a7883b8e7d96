"""`plan(command, world) -> Plan`: what a command comes to, and `needs(command)`: what must be known for it.

Pure: no I/O, no clock. It never raises for a command that JSON can say: what cannot be done is a problem of
the plan, in plain words. An edit is only of an object of the world, with the uid and resourceVersion seen.
"""

from collections.abc import Sequence

from msgspec import UNSET

from todotasks.api.due import DueError
from todotasks.api.zones import ZoneError
from todotasks.edits.model.command import (
    Blockers,
    ChangeRule,
    Command,
    Complete,
    CreateRule,
    CreateTask,
    Delete,
    DeleteReminder,
    Filter,
    Help,
    ListTasks,
    NotOurs,
    Remind,
    Reopen,
    SetReminder,
    SetRule,
    ShowTask,
    SkipOccurrence,
    Snooze,
    StopRule,
    Summary,
    Target,
    Undo,
    Update,
)
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.times import TimeError
from todotasks.edits.model.world import Needs, TaskScope, World
from todotasks.edits.plan.dependencies import plan_blockers
from todotasks.edits.plan.show import plan_list, plan_show, plan_summary
from todotasks.edits.targets.resolve import problem
from todotasks.edits.wording.phrases import phrase
from todotasks.text.search import BadSearch


def plan(command: Command, world: World, *, confirmed: bool = False) -> Plan:
    """Decide. `confirmed`: the person said yes to the question, so nothing is asked but which is meant.

    Undo is the conversation's: here there is nothing to take back.
    """
    try:
        match command:
            case ListTasks():
                return plan_list(command, world)
            case ShowTask():
                return plan_show(command, world)
            case Blockers():
                return plan_blockers(command, world)
            case Summary():
                return plan_summary(command, world)
            case Undo():
                return problem("NotFound", phrase(world.language, "nothing-to-undo"))
            case Help():
                return Plan(reply=phrase(world.language, "help"))
            case NotOurs():
                return problem("Unclear", phrase(world.language, "not-ours"))
            case _:
                # Only now: nobody who reads waits for the imports of what changes something.
                from todotasks.edits.plan.changing import plan_change  # noqa: PLC0415

                return plan_change(command, world, confirmed=confirmed)
    except DueError as error:
        return problem("Invalid", f"{error.field}: {error.message}", error.field)
    except ZoneError as error:  # of a task or rule that is there
        return problem("Invalid", f"spec.timeZone: {error}", "spec.timeZone")
    except BadSearch as error:
        return problem("Invalid", f"filter.text: {error}", "filter.text")
    except TimeError as error:
        return problem("Invalid", str(error))


# --- what must be known --------------------------------------------------------------------------------


def needs(command: Command, shown: Sequence[Shown] = ()) -> Needs:  # noqa: PLR0912 - one case a command
    """What has to be listed for the command; with what was shown last, no more than is meant is read."""
    match command:
        case CreateTask() | CreateRule():
            beside = command.task.relative.target if command.task.relative is not None else None
            found = _of_target(command.task.parent, shown, "open") | _of_target(beside, shown, "open")
            return found | Needs(channels=bool(command.task.reminders))
        case Update():
            return _of_update(command, shown)
        case Remind():
            return _of_target(command.target, shown, "open", rules=True) | Needs(channels=True)
        case Blockers():
            # Its parts are among the open ones.
            found = _of_target(command.target, shown, "all" if command.target.title is not None else "open")
            return found | Needs(tasks="open", dependencies=True)
        case Complete():
            return _of_target(command.target, shown, "open") | _occurrences(command.target, shown)
        case Reopen():
            return _of_target(command.target, shown, "completed")
        case Delete():
            scope: TaskScope = "open" if command.target.filter is not None else "all"
            found = _of_target(command.target, shown, scope, rules=True)
            return found if command.scope is None else found | Needs(tasks="open", rules=True)
        case Snooze():
            found = _of_target(command.target, shown, "open", rules=True)
            return found | _occurrences(command.target, shown) | Needs(reminders=True)
        case StopRule() | ChangeRule() | SkipOccurrence():
            return _of_target(command.target, shown, "open", rules=True) | Needs(tasks="open", rules=True)
        case SetRule():
            task = command.spec.template.spec if command.spec.template else UNSET
            return Needs(rules=True, channels=bool(task and task.reminders))
        case SetReminder():
            of_task = (("todotasks", command.task),) if command.task is not None else ()
            return Needs(reminders=True, channels=command.name is None, objects=of_task)  # type: ignore[arg-type]
        case DeleteReminder():
            return Needs(reminders=True)
        case ListTasks():
            return _of_filter(command.filter, "open")
        case ShowTask():
            return _of_target(command.target, shown, "all", rules=True) | Needs(dependencies=True)
        case Summary():
            return Needs(tasks="open")
        case Undo() | Help() | NotOurs():
            return Needs()


def _of_update(command: Update, shown: Sequence[Shown]) -> Needs:
    changes = command.changes
    needed = _of_target(command.target, shown, "open", rules=True)
    needed |= _of_target(changes.parent, shown, "open")
    if changes.depends_on is not None or changes.independent_of is not None:
        needed |= Needs(tasks="open")
    if command.scope is not None:
        needed |= Needs(tasks="open", rules=True)
    moves = changes.due is not None or changes.shift is not None
    if "reminders" in changes.clear:
        needed |= Needs(tasks="open", reminders=True)
    return needed | Needs(reminders=moves, channels=bool(changes.reminders))


def _of_target(
    target: Target | None, shown: Sequence[Shown], scope: TaskScope, *, rules: bool = False
) -> Needs:
    if target is None:
        return Needs()
    if target.filter is not None:
        return _of_filter(target.filter, scope)
    if target.title is not None:
        return Needs(tasks=scope, rules=rules)
    if target.names:
        # A name is of a task, or of a rule; both are asked for, one is there.
        names = [name.rpartition("/")[2] for name in target.names]
        tasks = tuple(("todotasks", name) for name in names)
        return Needs(objects=(*tasks, *((("recurrencerules", name) for name in names) if rules else ())))  # type: ignore[arg-type]
    return Needs(objects=tuple((one.resource, one.name) for one in shown))


def _of_filter(wanted: Filter, scope: TaskScope) -> Needs:
    if wanted.recurring:
        return Needs(tasks="open", rules=True)
    if wanted.everything and wanted.completed is None:
        return Needs(tasks="all")
    if wanted.completed is not None:
        return Needs(tasks="completed" if wanted.completed else "open")
    return Needs(tasks=scope)


def _occurrences(target: Target, shown: Sequence[Shown]) -> Needs:
    """Of a rule that was shown, its tasks are meant."""
    shows_rule = any(one.resource == "recurrencerules" for one in shown)
    return Needs(tasks="open") if (target.reference or target.ordinals) and shows_rule else Needs()
