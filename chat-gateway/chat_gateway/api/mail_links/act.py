"""The one thing that a link does, once.

It is used up in the very patch that does it, as an annotation of the object, with the resourceVersion
that was looked at: of two who press the button at once one gets a conflict, looks again and finds it used,
on whichever replica. So it needs no table, and works while PostgreSQL is away. We act as
`todotasks:mail-link`, whom a policy of the API server lets do just this
(manifests/base/policies/mail_links.yaml).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from todotasks.api import Metadata, Reminder, TodoTask
from todotasks.api.stamps import ANNOTATION_MAIL_LINK_OF, ANNOTATION_MAIL_LINKS_USED
from todotasks.api.zones import ZoneError, load_zone
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Conflict, NotFound
from todotasks.kube.resources import REMINDERS, TODOTASKS, Resource
from todotasks.mail_links import MailLink

MOST_LOOKS = 4  # times an object is looked at while others write it
MOST_USED = 50  # links that an object remembers; those that have ended are dropped before
MORNING = 9  # o'clock

Outcome = Literal["can", "did", "used", "already", "gone", "no-reminder"]
SNOOZES: Mapping[str, timedelta | None] = {
    "10m": timedelta(minutes=10), "1h": timedelta(hours=1), "3h": timedelta(hours=3), "tomorrow": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """`until`: to when it was put off."""

    outcome: Outcome
    until: datetime | None = None


async def look(client: KubeClient, link: MailLink) -> Result:
    """Whether the link can still do what it is for. Changes nothing."""
    task = await _task(client, link)
    if task is None:
        return Result("gone")
    meta = task.metadata
    if link.action == "snooze":
        reminder = await _reminder(client, link)
        if reminder is None:
            return Result("no-reminder")
        meta = reminder.metadata
    if link.id in _used(meta):
        return Result("used")
    return Result("already" if task.spec.completed else "can")


async def complete(client: KubeClient, link: MailLink, now: datetime) -> Result:
    for attempt in range(MOST_LOOKS):
        seen = await look(client, link)
        task = await _task(client, link)
        if seen.outcome != "can" or task is None:
            return seen
        try:
            await client.patch(*_request(TODOTASKS, task.metadata, {"completed": True}, link, now))
        except Conflict:
            if attempt == MOST_LOOKS - 1:
                raise
        except NotFound:
            return Result("gone")
        else:
            return Result("did")
    raise AssertionError("the last attempt returns or raises")


async def snooze(client: KubeClient, link: MailLink, by: str, zone: str, now: datetime) -> Result:
    """`by` is a key of SNOOZES; `zone` is where tomorrow morning is, unless the task names another."""
    for attempt in range(MOST_LOOKS):
        reminder, task = await _reminder(client, link), await _task(client, link)
        if task is None:
            return Result("gone")
        if reminder is None:
            return Result("no-reminder")
        if link.id in _used(reminder.metadata):
            return Result("used")
        if task.spec.completed:
            return Result("already")
        until = until_of(by, task.spec.time_zone or zone, now)
        try:
            text = until.isoformat(timespec="seconds").replace("+00:00", "Z")
            await client.patch(*_request(REMINDERS, reminder.metadata, {"snoozeUntil": text}, link, now))
        except Conflict:
            if attempt == MOST_LOOKS - 1:
                raise
        except NotFound:
            return Result("gone")
        else:
            return Result("did", until)
    raise AssertionError("the last attempt returns or raises")


def until_of(by: str, zone: str, now: datetime) -> datetime:
    """When it reminds again, to the second; of "tomorrow" the morning in that zone."""
    shift = SNOOZES[by]
    if shift is not None:
        return (now + shift).replace(microsecond=0)
    try:
        local = now.astimezone(load_zone(zone))
    except ZoneError:
        local = now
    return (local + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0, fold=0)


async def _task(client: KubeClient, link: MailLink) -> TodoTask | None:
    """The task that the mail was about; one that has its name by now is another."""
    try:
        task = await client.get(TODOTASKS, link.task, link.namespace, type=TodoTask)
    except NotFound:
        return None
    return task if task.metadata.uid == link.task_uid else None


async def _reminder(client: KubeClient, link: MailLink) -> Reminder | None:
    try:
        reminder = await client.get(REMINDERS, link.reminder, link.namespace, type=Reminder)
    except NotFound:
        return None
    return reminder if reminder.metadata.uid == link.reminder_uid else None


def _request(
    resource: Resource, meta: Metadata, spec: dict[str, Any], link: MailLink, now: datetime
) -> tuple[Resource, str, dict[str, Any], str]:
    """The patch that does it and uses the link up, as the client takes it."""
    assert link.until is not None, "it was opened"
    used = {id: until for id, until in _used(meta).items() if until > now.timestamp()}
    used[link.id] = int(link.until.timestamp())
    newest = list(used.items())[-MOST_USED:]
    patch = {
        "metadata": {
            "uid": meta.uid,
            "resourceVersion": meta.resource_version,
            "annotations": {
                ANNOTATION_MAIL_LINK_OF: link.recipient,
                ANNOTATION_MAIL_LINKS_USED: " ".join(f"{id}:{until}" for id, until in newest),
            },
        },
        "spec": spec,
    }
    return resource, meta.name, patch, meta.namespace


def _used(meta: Metadata) -> dict[str, int]:
    """The links that were used, and when each would have ended."""
    found: dict[str, int] = {}
    for entry in (meta.annotation(ANNOTATION_MAIL_LINKS_USED) or "").split():
        id, _, until = entry.partition(":")
        found[id] = int(until) if until.isdecimal() else 0
    return found
