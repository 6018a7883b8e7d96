"""The setting of one message: who says it, where, when, with which rights. It stays while it is answered.

It says how long the lists are that it asks for, in which order, and from which place on. Planning knows the
places where pages begin as they are (`plan.show`); here what goes to a person is sealed, for whom and for
which API server it was made, and what comes back is opened.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from msgspec.structs import replace

from todotasks.api import TodoTask
from todotasks.edits.cluster.apply import Report
from todotasks.edits.cluster.load import NamespaceZone
from todotasks.edits.model.command import Command, ListTasks
from todotasks.edits.model.conversation import Conversation
from todotasks.edits.model.message import Message
from todotasks.edits.model.mirror import Mirror
from todotasks.edits.model.plan import Plan
from todotasks.kube import KubeClient
from todotasks.sealed import PLAIN, Sealer

Save = Callable[[Conversation], Awaitable[Conversation | None]]  # what is stored now; None: it could not be


@dataclass(frozen=True, slots=True)
class Setting:
    client: KubeClient  # the caller's
    owner: str
    me: str  # the name that "me" stands for
    message: Message
    now: datetime
    zone: str
    default_zone: NamespaceZone
    save: Save
    language: str = "en"
    fingerprint: str = ""  # of the message, if it has an idempotency key
    report: Report | None = None
    sealer: Sealer = PLAIN  # of the cursors of lists
    commands: tuple[Command, ...] = ()  # what the message was understood to ask for
    seen: Mapping[str, TodoTask] = field(default_factory=dict)  # by name, as the message was compared with it
    mirror: Mirror | None = None
    mirrored: bool = False  # `seen` are the tasks that the words may name, of too many to be listed


def as_listed(command: Command, setting: Setting) -> Command:
    """A list in the order and as long as its message wants it."""
    if not isinstance(command, ListTasks):
        return command
    return replace(
        command, limit=setting.message.limit or command.limit, sort=setting.message.sort or command.sort
    )


class _Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    viewer: str
    place: str


def opened(command: Command, setting: Setting) -> Command:
    """The command with the place of its cursor; one that is nobody's where it was made for another."""
    if not isinstance(command, ListTasks) or command.cursor is None:
        return command
    content = setting.sealer.open(command.cursor)
    try:
        found = msgspec.json.decode(content or b"", type=_Place)
    except msgspec.MsgspecError:
        return replace(command, cursor="")
    return replace(command, cursor=found.place if found.viewer == _viewer(setting) else "")


def sealed(plan: Plan, setting: Setting) -> Plan:
    if plan.listing is None or plan.listing.next is None:
        return plan
    content = msgspec.json.encode(_Place(_viewer(setting), plan.listing.next))
    return replace(plan, listing=replace(plan.listing, next=setting.sealer.seal(content)))


def _viewer(setting: Setting) -> str:
    return f"{setting.client.config.server} {setting.owner}"
