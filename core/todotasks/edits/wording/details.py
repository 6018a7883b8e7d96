"""What of a task is said in a reply: its due in full, how urgent it is, where it belongs."""

from collections.abc import Mapping, Sequence
from typing import Any

from todotasks.api import TaskReminder
from todotasks.edits.model.times import moment_of
from todotasks.edits.model.world import World
from todotasks.edits.wording.formatting import clean, format_moment, quoted, quoted_list
from todotasks.edits.wording.phrases import phrase

ZERO = "0s"  # a reminder when it is due


def spec_details(spec: Mapping[str, Any], world: World, *, parent: str | None = None) -> str:
    """`: due Friday, 6 March 2026; priority Urgent; tags #home` for a spec as it is written, empty for none.

    A patch is said the same way: null is what was cleared.
    """
    parts = [part for name in _ORDER if name in spec for part in _detail(name, spec, world, parent)]
    return ": " + "; ".join(parts) if parts else ""


_ORDER = (
    "title", "due", "priority", "tags", "project", "assignee", "parent", "dependsOn", "notes", "reminders",
)  # fmt: skip


def _detail(name: str, spec: Mapping[str, Any], world: World, parent: str | None) -> list[str]:
    language, value = world.language, spec[name]
    match name:
        case "due":
            return [
                phrase(language, "no-due")
                if value is None
                else describe_due(value, spec.get("timeZone"), world)
            ]
        case "tags":
            tags = " ".join(f"#{clean(tag)}" for tag in value or ())
            return [phrase(language, "tags", tags=tags) if tags else phrase(language, "no-tags")]
        case "reminders":
            return describe_reminders(value or (), spec.get("timeZone"), world) or [
                phrase(language, "no-reminders")
            ]
        case "dependsOn":
            if not value:
                return [phrase(language, "waits-for-nothing")]
            tasks = [world.task_by_name.get(each) for each in value]
            titles = [t.spec.title if t is not None else n for t, n in zip(tasks, value, strict=True)]
            return [phrase(language, "waits-for", titles=quoted_list(titles, language))]
        case _ if value is None:
            return [phrase(language, "cleared", field=name)]
        case "title":
            return [phrase(language, "title", title=quoted(value))]
        case "notes":
            return [phrase(language, "notes")]
        case "priority":
            return [phrase(language, "priority", priority=value)]
        case "parent":
            return [phrase(language, "parent", name=quoted(parent or value))]
        case _:
            return [phrase(language, name, name=quoted(value))]


def describe_due(due: str, zone: str | None, world: World) -> str:
    try:
        moment = moment_of(due, zone or world.namespace_zone)
    except ValueError:
        return phrase(world.language, "due", moment=clean(due))
    return phrase(world.language, "due", moment=format_moment(moment, world.language))


def describe_reminders(
    reminders: Sequence[TaskReminder | Mapping[str, Any]], zone: str | None, world: World
) -> list[str]:
    said = []
    for reminder in reminders:
        if isinstance(reminder, TaskReminder):
            before, at, again = reminder.before, reminder.at, reminder.repeat_every
        else:
            before, at, again = reminder.get("before"), reminder.get("at"), reminder.get("repeatEvery")
        repeats = phrase(world.language, "repeats", every=clean(again)) if again else ""
        if before is not None:
            key = "reminder-due" if before in {ZERO, "0m", "0h", "0d"} else "reminder-before"
            said.append(phrase(world.language, key, before=clean(before)) + repeats)
        elif at is not None:
            said.append(phrase(world.language, "reminder-at", moment=_said_at(at, zone, world)) + repeats)
    return said


def _said_at(at: str, zone: str | None, world: World) -> str:
    try:
        moment = moment_of(at, zone or world.namespace_zone)
    except ValueError:
        return clean(at)
    return format_moment(moment, world.language)
