"""The page's files: read and compressed once, served with an ETag and a strict Content-Security-Policy.

Every view has an address of its own (`/today`, `/task/home/pay-rent`) that can be sent to a colleague; they
all answer with the same document, whose script reads the address.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from aiohttp import web

from chat_gateway.http.routes import Route

# Nothing inline, nothing from elsewhere: a title that becomes markup by some mistake still runs nothing.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
VIEWS: Final = (
    "/",
    "/today",
    "/upcoming",
    "/overdue",
    "/all",
    "/completed",
    "/repeating",
    "/mail",
    "/audit",
    "/search",
    "/project/{name}",
    "/tag/{name}",
    "/rule/new",
    "/rule/{namespace}/{name}",
    "/task/{namespace}/{name}",
)
SMALLEST_COMPRESSED = 512  # bytes


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    compressed: bytes | None
    content_type: str
    etag: str


@cache
def files() -> dict[str, File]:
    """By name. Read when first asked for; they are part of the program and do not change under it."""
    found = {}
    for entry in resources.files(__package__).joinpath("static").iterdir():
        if entry.is_file():
            content = entry.read_bytes()
            suffix = "." + entry.name.rpartition(".")[2]
            kind = TYPES.get(suffix) or mimetypes.guess_type(entry.name)[0] or "application/octet-stream"
            small = len(content) < SMALLEST_COMPRESSED or kind == "image/png"
            found[entry.name] = File(
                content,
                None if small else gzip.compress(content, 9, mtime=0),
                kind,
                f'"{hashlib.sha256(content).hexdigest()[:24]}"',
            )
    return found


def answer(request: web.Request, name: str) -> web.Response:
    """The file, or 304 where the browser has it. It asks each time: a new version is there at once."""
    file = files().get(name)
    if file is None:
        raise web.HTTPNotFound
    headers = {
        "Cache-Control": "no-cache",
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": POLICY,
    }
    if file.etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    body = file.content
    if file.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        body, headers["Content-Encoding"] = file.compressed, "gzip"
    charset = (
        "utf-8" if file.content_type.startswith(("text/", "image/svg", "application/manifest")) else None
    )
    return web.Response(body=body, content_type=file.content_type, charset=charset, headers=headers)


async def page(request: web.Request) -> web.StreamResponse:
    return answer(request, "index.html")


async def static(request: web.Request) -> web.StreamResponse:
    return answer(request, request.match_info["file"])


async def service_worker(request: web.Request) -> web.StreamResponse:
    """At the root, because a service worker reaches only what lies below its own address."""
    return answer(request, "sw.js")


ROUTES = (
    *(
        Route(
            method="GET",
            path=view,
            handler=page,
            access="public",
            tag="page",
            summary="The web page",
            media_types=("text/html",),
        )
        for view in VIEWS
    ),
    Route(
        method="GET",
        path="/static/{file}",
        handler=static,
        access="public",
        tag="page",
        summary="A file of the web page",
        media_types=(
            "text/javascript",
            "text/css",
            "image/svg+xml",
            "image/png",
            "application/manifest+json",
        ),
        problems=(404,),
    ),
    Route(
        method="GET",
        path="/sw.js",
        handler=service_worker,
        access="public",
        tag="page",
        summary="The page's service worker: it keeps the shell, never a task",
        media_types=("text/javascript",),
    ),
)
