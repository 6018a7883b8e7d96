"""The HTTPS server: three paths, one answer each, within a time that is ours and not the API server's.

Each path ends in the secret that only the API server is told (see `registration`): whoever does not know it
gets a 404, is not recorded, and learns nothing of the objects.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from aiohttp import web

from todo_webhook import metrics
from todo_webhook.records import Records
from todo_webhook.registration import DELETED, STAMP, VALIDATE
from todo_webhook.review import BadReview, Request, answer, judging, patched, read_review
from todo_webhook.rules import Verdict
from todo_webhook.stamps import stamps
from todo_webhook.world import World
from todotasks import tracing
from todotasks.telemetry.health import listen

LARGEST_REVIEW = 16 * 2**20  # bytes: an object of 1.5 MiB twice, escaped
GRACE = 5.0  # seconds for what is under way at the end
KEEPALIVE = 120.0  # seconds; the API server keeps its connections open
SLOW = frozenset({"RecurrenceRule"})  # kinds of which an odd one takes a tenth of a second to judge


def build_app(
    world: World,
    records: Records,
    clock: Callable[[], datetime],
    knows: Callable[[str], Awaitable[bool]],
) -> web.Application:
    """The application: `/validate` for creates and updates, `/deleted` for deletes, `/stamp` for old servers,
    each followed by `/` and a secret of which `knows` says whether it is the API server's."""

    turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def verdict_on(asked: Request, now: datetime) -> Verdict:
        """Slow ones in a thread, of one namespace one at a time: whoever sends a hundred odd rules at once
        waits for them alone, and nobody's task is let in unchecked because the time was up."""
        judge = judging(asked, world, now)
        if asked.kind.kind not in SLOW:
            return judge()
        async with turns.setdefault(asked.namespace, asyncio.Lock()):
            return await asyncio.to_thread(judge)

    @web.middleware
    async def only_the_api_server(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not await knows(request.match_info.get("secret", "")):
            metrics.REVIEWS.labels("", "", "unknown_caller").inc()
            return web.json_response({"error": "there is nothing here"}, status=404)
        return await handler(request)

    async def review(request: web.Request) -> web.Response:
        began = time.perf_counter()
        try:
            asked = read_review(await request.read())
        except BadReview as error:
            metrics.REVIEWS.labels("", "", "bad").inc()
            return web.json_response({"error": str(error)}, status=400)
        now = clock()
        # An API server that makes traces itself says so in a header; else the write does, in its annotation.
        trace = request.headers.get("traceparent") or asked.traceparent
        with tracing.span("admission", kind="server", parent=trace, only_below=True):
            verdict = await verdict_on(asked, now) if request.path.startswith(VALIDATE) else Verdict()
        if not verdict.errors and not asked.dry_run:
            records.admitted(asked, now)
        outcome = "refused" if verdict.errors else "allowed"
        metrics.REVIEWS.labels(_known(asked.kind.kind), asked.operation, outcome).inc()
        if verdict.warnings:
            metrics.WARNINGS.inc()
        metrics.SECONDS.observe(time.perf_counter() - began)
        return web.Response(body=answer(asked, verdict), content_type="application/json")

    async def stamp(request: web.Request) -> web.Response:
        try:
            asked = read_review(await request.read())
        except BadReview as error:
            metrics.REVIEWS.labels("", "", "bad").inc()
            return web.json_response({"error": str(error)}, status=400)
        return web.Response(body=patched(asked, stamps(asked)), content_type="application/json")

    app = web.Application(client_max_size=LARGEST_REVIEW, middlewares=[only_the_api_server])
    app.router.add_post(VALIDATE + "/{secret}", review)
    app.router.add_post(DELETED + "/{secret}", review)
    app.router.add_post(STAMP + "/{secret}", stamp)
    return app


def _known(kind: str) -> str:
    """A label of a metric: only ours, whatever is sent."""
    return kind if kind in {"TodoTask", "RecurrenceRule", "Reminder", "NotificationChannel"} else "other"


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, tls: ssl.SSLContext | None
) -> AsyncIterator[int]:
    """Serve until the block ends; the real port. What is under way then has `GRACE` seconds."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GRACE, keepalive_timeout=KEEPALIVE)
    await runner.setup()
    try:
        listening = listen(host, port)
        await web.SockSite(runner, listening, ssl_context=tls).start()
        yield listening.getsockname()[1]
    finally:
        await runner.cleanup()
