"""Everything that the gateway serves: a new endpoint module adds its `ROUTES`, and `resources` if it has any.

`resources(app)` is an aiohttp cleanup context: an async generator that makes what its handlers need before
the first request, yields once, and takes it down after the last one.
"""

from collections.abc import AsyncIterator, Callable

from aiohttp import web

from chat_gateway.api import (
    audit,
    chat,
    edits,
    mailbox,
    mcp,
    parse,
    preview,
    session,
    tasks,
)
from chat_gateway.api.calendar import endpoint
from chat_gateway.api.mail_links import endpoint as mail_links
from chat_gateway.conversations import pruning, service
from chat_gateway.http import openapi, probes
from chat_gateway.http.routes import Route
from chat_gateway.live import endpoint as live
from chat_gateway.page import files as page

ROUTES: tuple[Route, ...] = (
    *session.ROUTES,
    *chat.ROUTES,
    *edits.ROUTES,
    *parse.ROUTES,
    *preview.ROUTES,
    *mcp.ROUTES,
    *tasks.ROUTES,
    *audit.ROUTES,
    *endpoint.ROUTES,
    *mail_links.ROUTES,
    *mailbox.ROUTES,
    *live.ROUTES,
    *openapi.ROUTES,
    *page.ROUTES,
    *probes.ROUTES,
)
RESOURCES: tuple[Callable[[web.Application], AsyncIterator[None]], ...] = (
    service.resources,
    pruning.resources,
    mcp.resources,
    live.resources,
)
