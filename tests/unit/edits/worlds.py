"""The little world that the sentences are about: Wednesday, 4 March 2026, 10:00 in Berlin."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import yaml

from todotasks.api import RecurrenceRule, Reminder, TodoTask
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.world import Thing, World

ZONE = "Europe/Berlin"
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=ZoneInfo(ZONE))
HERE = Path(__file__).parent
KINDS: dict[str, Any] = {"TodoTask": TodoTask, "RecurrenceRule": RecurrenceRule, "Reminder": Reminder}


@cache
def read_objects(text: str) -> dict[str, list[Any]]:
    """Resources as YAML; what the API server adds is added."""
    found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for document in yaml.safe_load_all(text):
        metadata = {
            "namespace": "home",
            "uid": f"{document['kind']}/{document['metadata']['name']}",
            "resourceVersion": "7",
            "generation": 1,
            "creationTimestamp": "2026-03-01T08:00:00Z",
        }
        document["metadata"] = metadata | document["metadata"]
        found[document["kind"]].append(msgspec.convert(document, KINDS[document["kind"]]))
    return found


def world_of(text: str, **changes: Any) -> World:
    found = read_objects(text)
    world = World(
        namespace="home",
        now=NOW,
        zone=ZONE,
        default_zone=ZONE,
        tasks=tuple(found["TodoTask"]),
        rules=tuple(found["RecurrenceRule"]),
        reminders=tuple(found["Reminder"]),
        me="ana",
    )
    return replace(world, **changes)


def the_world(**changes: Any) -> World:
    return world_of((HERE / "world.yaml").read_text(), **changes)


def showing(world: World, *names: str) -> World:
    """The world after a list that showed these, in this order."""
    things: dict[str, Thing] = {**world.rule_by_name, **world.task_by_name}
    return replace(world, shown=tuple(shown(things[name]) for name in names))


def shown(thing: Thing) -> Shown:
    is_task = isinstance(thing, TodoTask)
    title = thing.spec.title if isinstance(thing, TodoTask) else thing.spec.template.spec.title
    meta = thing.metadata
    return Shown("todotasks" if is_task else "recurrencerules", meta.name, title, meta.uid)
