"""The setting of one message: who says it, where, when, with which rights. It stays while it is answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from todotasks.api import TodoTask
from todotasks.edits.cluster.apply import Report
from todotasks.edits.cluster.load import NamespaceZone
from todotasks.edits.model.command import Command
from todotasks.edits.model.conversation import Conversation
from todotasks.edits.model.message import Message
from todotasks.edits.model.mirror import Mirror
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
