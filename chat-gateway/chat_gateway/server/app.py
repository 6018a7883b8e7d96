"""The aiohttp application: one table of routes behind one set of guards.

How to add an endpoint, in a module of its own:

    async def tasks(request: web.Request) -> web.StreamResponse:
        caller = request[CALLER]           # .client (the API server, as them), .owner, .username
        gateway = gateway_of(request)      # .store, .settings, .stopping, …
        query = read_query(request, TaskParameters)             # or: await json_body(request, ChatRequest)
        # 403 in plain words; for what is not served by the API server with their token
        await authorize(request, "list", TODOTASKS, namespace)
        return json_response(Listed(…))

    ROUTES = (Route(method="GET", path="/v1/tasks", handler=tasks, summary="…", query=…, answer=Listed),)

and a line in `catalogue`. Queries, bodies and answers are msgspec types.
Refuse with `raise Refused(404, "NotFound", "…")`; a `KubeError` or `StoreError`
that is not caught becomes the problem it stands for. `Route(stream=True)` has no time limit and ends when
`gateway.stopping` is set. What a module needs for its life (a Chat, a watch) it makes in `resources(app)`.
"""

from aiohttp import HttpVersion11, web

from chat_gateway.access.headers import Headers
from chat_gateway.base.problems import BODY_LIMIT, too_large
from chat_gateway.http.context import GATEWAY, Gateway
from chat_gateway.http.openapi import DOCUMENT, document
from chat_gateway.http.pipeline import guarded, outermost, put_correlation
from chat_gateway.http.routes import Route
from chat_gateway.server.catalogue import RESOURCES, ROUTES


def build_app(gateway: Gateway, routes: tuple[Route, ...] = ROUTES) -> web.Application:
    """The application for one process; `routes` are all that there is."""
    headers = Headers(gateway.settings)
    app = web.Application(
        middlewares=[outermost(headers)],
        client_max_size=BODY_LIMIT,
        handler_args={"max_line_size": 32 * 1024, "max_field_size": 8190, "max_headers": 64},
    )
    app[GATEWAY] = gateway
    app[DOCUMENT] = document(routes)
    app.on_response_prepare.append(headers.put_on)
    app.on_response_prepare.append(put_correlation)
    for route in routes:
        handler = guarded(route)
        app.router.add_route(route.method, route.path, handler, expect_handler=_expect)
        if route.method == "GET" and not route.stream:  # calendar clients look before they fetch
            app.router.add_route("HEAD", route.path, handler)
    for resource in RESOURCES:
        app.cleanup_ctx.append(resource)
    return app


async def _expect(request: web.Request) -> web.StreamResponse | None:
    """`Expect: 100-continue`: whoever asks before sending learns here that it is too much."""
    if (request.content_length or 0) > BODY_LIMIT:
        return too_large().response()
    if request.version == HttpVersion11 and request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun
    return None
