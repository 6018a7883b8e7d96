"""Everything that the gateway serves: a new endpoint module adds its `ROUTES`, and `resources` if it has any.

`resources(app)` is an aiohttp cleanup context: an async generator that makes what its handlers need before
the first request, yields once, and takes it down after the last one.
"""

from collections.abc import AsyncIterator, Callable

from aiohttp import web

from chat_gateway import calendar, chat, conversing, edits, mcp, openapi, probes, pruning, session, tasks
from chat_gateway.routes import Route

ROUTES: tuple[Route, ...] = (
    *session.ROUTES,
    *chat.ROUTES,
    *edits.ROUTES,
    *mcp.ROUTES,
    *tasks.ROUTES,
    *calendar.ROUTES,
    *openapi.ROUTES,
    *probes.ROUTES,
)
RESOURCES: tuple[Callable[[web.Application], AsyncIterator[None]], ...] = (
    conversing.resources,
    pruning.resources,
    mcp.resources,
)
