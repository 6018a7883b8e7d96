"""What of a task is said in a reply: its due in full, how urgent it is, where it belongs."""

from collections.abc import Mapping, Sequence
from typing import Any

from todotasks.api import TaskReminder
from todotasks.edits.model.times import moment_of
from todotasks.edits.model.world import World
from todotasks.edits.wording.formatting import clean, quoted, say_moment
from todotasks.edits.wording.phrases import say

ZERO = "0s"  # a reminder when it is due


def spec_details(spec: Mapping[str, Any], world: World, *, parent: str | None = None) -> str:
    """`: due Friday, 6 March 2026; priority Urgent; tags #home` for a spec as it is written, empty for none.

    A patch is said the same way: null is what was cleared.
    """
    parts = [part for name in _ORDER if name in spec for part in _detail(name, spec, world, parent)]
    return ": " + "; ".join(parts) if parts else ""


_ORDER = ("title", "due", "priority", "tags", "project", "assignee", "parent", "notes", "reminders")


def _detail(name: str, spec: Mapping[str, Any], world: World, parent: str | None) -> list[str]:
    language, value = world.language, spec[name]
    match name:
        case "due":
            return [say(language, "no-due") if value is None else say_due(value, spec.get("timeZone"), world)]
        case "tags":
            tags = " ".join(f"#{clean(tag)}" for tag in value or ())
            return [say(language, "tags", tags=tags) if tags else say(language, "no-tags")]
        case "reminders":
            return say_reminders(value or (), spec.get("timeZone"), world) or [say(language, "no-reminders")]
        case _ if value is None:
            return [say(language, "cleared", field=name)]
        case "title":
            return [say(language, "title", title=quoted(value))]
        case "notes":
            return [say(language, "notes")]
        case "priority":
            return [say(language, "priority", priority=value)]
        case "parent":
            return [say(language, "parent", name=quoted(parent or value))]
        case _:
            return [say(language, name, name=quoted(value))]


def say_due(due: str, zone: str | None, world: World) -> str:
    try:
        moment = moment_of(due, zone or world.namespace_zone)
    except ValueError:
        return say(world.language, "due", moment=clean(due))
    return say(world.language, "due", moment=say_moment(moment, world.language))


def say_reminders(
    reminders: Sequence[TaskReminder | Mapping[str, Any]], zone: str | None, world: World
) -> list[str]:
    said = []
    for reminder in reminders:
        if isinstance(reminder, TaskReminder):
            before, at = reminder.before, reminder.at
        else:
            before, at = reminder.get("before"), reminder.get("at")
        if before is not None:
            key = "reminder-due" if before in {ZERO, "0m", "0h", "0d"} else "reminder-before"
            said.append(say(world.language, key, before=clean(before)))
        elif at is not None:
            said.append(say(world.language, "reminder-at", moment=_said_at(at, zone, world)))
    return said


def _said_at(at: str, zone: str | None, world: World) -> str:
    try:
        moment = moment_of(at, zone or world.namespace_zone)
    except ValueError:
        return clean(at)
    return say_moment(moment, world.language)
