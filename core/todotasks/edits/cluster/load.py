"""Looking at the world as the caller: what a command needs to know is listed with the caller's token.

`Needs` says what; nothing more is read. What the caller may not list is a `Forbidden`, which says so.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from todotasks.api import ANNOTATION_TIME_ZONE, NotificationChannel, RecurrenceRule, Reminder, TodoTask
from todotasks.api.all_day import ALL_DAY_TIME, read_time_of_day
from todotasks.api.meta import ANNOTATION_ALL_DAY_TIME
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.edit import Plural
from todotasks.edits.model.world import Needs, TaskScope, World
from todotasks.kube import KubeClient
from todotasks.kube.errors import Forbidden, KubeError, NotFound
from todotasks.kube.resources import NAMESPACES, NOTIFICATIONCHANNELS, RECURRENCERULES, REMINDERS, TODOTASKS

_SELECTORS: dict[TaskScope, str] = {
    "open": "spec.completed=false",
    "completed": "spec.completed=true",
    "all": "",
}
AT_ONCE = 8  # objects read by name together


@dataclass(frozen=True, slots=True)
class NamespaceZone:
    """How times are meant in a namespace, by its annotations: the zone, None for none, and when of a day
    that comes which is said of a day. Not `known`: the caller may not look."""

    name: str | None = None
    known: bool = True
    all_day_time: time = ALL_DAY_TIME


NAMELESS = NamespaceZone()


async def zone_of_namespace(client: KubeClient, namespace: str) -> NamespaceZone:
    """Who may not look at the namespace does without; where there is none, NotFound says so."""
    try:
        found = await client.get(NAMESPACES, namespace)
    except Forbidden:
        return NamespaceZone(known=False)
    annotations = found["metadata"].get("annotations") or {}
    zone = annotations.get(ANNOTATION_TIME_ZONE)
    time_of_day = read_time_of_day(str(annotations.get(ANNOTATION_ALL_DAY_TIME) or ""))
    return NamespaceZone(str(zone) if zone else None, all_day_time=time_of_day or ALL_DAY_TIME)


async def load_world(
    client: KubeClient,
    needs: Needs,
    *,
    namespace: str,
    now: datetime,
    zone: str,
    default_zone: NamespaceZone = NAMELESS,
    zone_assumed: bool = False,
    shown: tuple[Shown, ...] = (),
    touched: tuple[Shown, ...] = (),
    key: str = "",
    me: str = "",
    language: str = "en",
) -> World:
    """One namespace, as far as it is needed."""
    tasks, rules, reminders, channels = await asyncio.gather(
        _tasks(client, needs, namespace),
        _rules(client, needs, namespace),
        client.list_(REMINDERS, namespace, type=Reminder) if needs.reminders else _nothing(),
        _channels(client, namespace) if needs.channels else _unknown(),
    )
    return World(
        namespace=namespace,
        now=now,
        zone=zone,
        default_zone=default_zone.name,
        zone_known=default_zone.known,
        zone_assumed=zone_assumed,
        all_day_time=default_zone.all_day_time,
        tasks=tuple(tasks),
        whole=needs.wider is None,
        rules=tuple(rules),
        reminders=tuple(reminders),
        channels=channels,
        shown=shown,
        touched=touched,
        key=key,
        me=me,
        language=language,
    )


async def _nothing() -> list[Reminder]:
    return []


async def _unknown() -> None:
    return None


async def _channels(client: KubeClient, namespace: str) -> tuple[NotificationChannel, ...] | None:
    """They only decide whether a reply warns, so who may not list them does without."""
    try:
        return tuple(await client.list_(NOTIFICATIONCHANNELS, namespace, type=NotificationChannel))
    except KubeError:
        return None


async def _tasks(client: KubeClient, needs: Needs, namespace: str) -> list[TodoTask]:
    found: list[TodoTask] = []
    if needs.tasks != "none":
        selector = _SELECTORS[needs.tasks]
        found = await client.list_(TODOTASKS, namespace, field_selector=selector, type=TodoTask)
    found += await _by_name(client, namespace, _named(needs, "todotasks", {t.metadata.name for t in found}))
    if not needs.dependencies or needs.tasks == "all":
        return found
    there = {task.metadata.name: task for task in found}
    meant = [there[name] for plural, name in needs.objects if plural == "todotasks" and name in there]
    names = dict.fromkeys(name for task in meant for name in task.spec.depends_on or () if name not in there)
    return [*found, *await _by_name(client, namespace, list(names))]


async def _by_name(client: KubeClient, namespace: str, names: Sequence[str]) -> list[TodoTask]:
    """Those that are there."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> TodoTask | None:
        async with gate:
            try:
                return await client.get(TODOTASKS, name, namespace, type=TodoTask)
            except (NotFound, ValueError):  # ValueError: no object can have such a name
                return None

    read = await asyncio.gather(*(one(name) for name in names))
    return [task for task in read if task is not None]


async def _rules(client: KubeClient, needs: Needs, namespace: str) -> list[RecurrenceRule]:
    """Rules are few: they are listed also where only some are needed."""
    if not needs.rules and not _named(needs, "recurrencerules", set()):
        return []
    return await client.list_(RECURRENCERULES, namespace, type=RecurrenceRule)


def _named(needs: Needs, resource: Plural, there: set[str]) -> list[str]:
    return [name for plural, name in needs.objects if plural == resource and name not in there]
