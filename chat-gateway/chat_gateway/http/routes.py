"""A route: where it is, who may come, what goes in and out.

The frame and `/openapi.json` read the same table. An endpoint module lists its own as `ROUTES`, and
`catalogue` lists the modules.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Route:
    """`body`, `query` and `answer` are msgspec types: read them with `reading.json_body` and `read_query`."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str  # aiohttp's template: /v1/tasks/{name}
    handler: Handler
    summary: str
    description: str = ""
    tag: str = "todotasks"
    # user: a token or a session; public: anybody, and no identity is looked up
    access: Literal["user", "public"] = "user"
    basic: bool = False  # also Basic, the token as password: for calendar clients, which know nothing else
    query: type[msgspec.Struct] | None = None
    body: Any = None
    answer: Any = None  # of `status`; None: no JSON (see media_types)
    status: int = 200
    media_types: tuple[str, ...] = (JSON,)  # of the answer; the first is the usual one
    refuses_as: tuple[str, ...] = ()  # media types of refusals that are for a person, not a program
    headers: tuple[str, ...] = ()  # of the request, where they mean something: Last-Event-ID
    problems: tuple[int, ...] = ()  # statuses beyond those that follow from the rest
    holds: Literal["lists", "calendars", "schedules"] | None = (
        None  # much, while it answers: see `access.limits.Room`
    )
    stream: bool = False  # keeps its own time: no timeout; a GET does not count as a request under way
    works: bool = False  # a stream that does not only look on, and so counts all the same
    documented_as: str | None = None  # operationId; default: made of method and path

    @property
    def operation_id(self) -> str:
        if self.documented_as is not None:
            return self.documented_as
        words = self.path.strip("/").replace("{", "").replace("}", "").replace(".", "_").split("/")
        return "_".join([self.method.lower(), *(word for word in words if word)])
