"""What every handler can reach: the process by `gateway_of(request)`, the caller by `request[CALLER]`."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from chat_gateway.access.cookie import Sessions
from chat_gateway.access.cursors import Cursors
from chat_gateway.access.identity import Access, Caller, Identities
from chat_gateway.access.limits import Limits
from chat_gateway.base.settings import GatewaySettings
from todotasks.kube.client import KubeClient
from todotasks.mail_links import MailLinks
from todotasks.store import Store

CALLER = web.RequestKey("caller", Caller)
CORRELATION = web.RequestKey("correlation", str)
TRACEPARENT = web.RequestKey("traceparent", str)


@dataclass
class State:
    """What the probes tell."""

    waits_for: str | None = "it is starting"  # None: the API server answers us
    in_flight: int = 0  # requests that are being answered, streams included


@dataclass(frozen=True)
class Gateway:
    """One process. `kube` is never used with our own token for what a caller asked for."""

    settings: GatewaySettings
    kube: KubeClient
    identities: Identities
    access: Access
    limits: Limits
    sessions: Sessions
    cursors: Cursors
    mail_links: MailLinks
    mail: KubeClient  # acts as MAIL_LINK_USER, for who used a link of a mail
    store: Store | None = None  # without TODO_DATABASE_URL there is no search, and chats are kept in memory
    stopping: asyncio.Event = field(default_factory=asyncio.Event)  # set: streams say goodbye and end
    state: State = field(default_factory=State)


GATEWAY = web.AppKey("gateway", Gateway)


def viewer_of(request: web.Request) -> str:
    """For whom a cursor is made: this user, at this API server."""
    return f"{gateway_of(request).kube.config.server} {request[CALLER].owner}"


def gateway_of(request: web.Request) -> Gateway:
    return request.app[GATEWAY]
