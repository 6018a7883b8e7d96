"""The one client of the Kubernetes API: its verbs, typed.

Each method builds a path and a body, hands them to `Sender` (retries, credentials, connections) and
decodes the answer into `type`, a dict unless something better was asked for. Errors are those of
`todotasks.kube.errors`, in the API server's own words.
"""

import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import msgspec

from todotasks import __version__
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.sender import Sender
from todotasks.kube.connection.wire import (
    Body,
    Document,
    FieldValidation,
    decode,
    encode,
    namespace_of,
    query,
    write_query,
)
from todotasks.kube.errors import Gone
from todotasks.kube.resources import Resource
from todotasks.kube.watch.lines import LineStream

if sys.version_info >= (3, 13):
    from typing import TypeVar
else:
    from typing_extensions import TypeVar

T = TypeVar("T", default=Document)

PatchKind = Literal["merge", "json", "strategic"]
Propagation = Literal["Background", "Foreground", "Orphan"]

USER_AGENT = f"todotasks/{__version__}"
PAGE = 500  # objects a page of a list
WATCH_SILENCE = 70.0  # seconds; bookmarks come about each 60

_PATCH_TYPES: dict[PatchKind, str] = {
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
    "strategic": "application/strategic-merge-patch+json",
}
_APPLY_TYPE = "application/apply-patch+yaml"  # JSON is YAML


class ListPage(NamedTuple):
    """One page of a list. `resource_version` is the same on all pages of one list."""

    items_raw: list[msgspec.Raw]
    resource_version: str
    continue_: str
    remaining: int | None


class _ListMeta(msgspec.Struct):
    resource_version: str = msgspec.field(default="", name="resourceVersion")
    continue_: str = msgspec.field(default="", name="continue")
    remaining: int | None = msgspec.field(default=None, name="remainingItemCount")


class _RawList(msgspec.Struct):
    metadata: _ListMeta
    items: list[msgspec.Raw] | None = None


class KubeClient:
    """`async with KubeClient(KubeConfig.load()) as kube: await kube.get(TODOTASKS, "rent", "home")`."""

    def __init__(
        self,
        config: KubeConfig,
        *,
        max_connections: int = 64,
        user_agent: str = USER_AGENT,
        retry_for: float = 10.0,
        brief: bool = False,
    ) -> None:
        """`brief`: for a process that lives for a second; it watches nothing, and nothing is counted."""
        self.sender = Sender.connect(
            config,
            max_connections=max_connections,
            user_agent=user_agent,
            retry_for=retry_for,
            brief=brief,
        )

    @staticmethod
    def through(sender: Sender) -> "KubeClient":
        """A view: the same verbs, sent by `sender`. Closing it does nothing."""
        return _View(sender)

    @property
    def config(self) -> KubeConfig:
        return self.sender.config

    async def close(self) -> None:
        await self.sender.connections.close()

    def retrying(self, retry_for: float) -> "KubeClient":
        """A view with another limit on retries, in seconds; with 0 every answer comes at once."""
        return _View(self.sender.retrying(retry_for))

    def patient(self, silence: float) -> "KubeClient":
        """A view with another limit on waiting for an answer, in seconds."""
        return _View(self.sender.patient(silence))

    def as_caller(self, token: str) -> "KubeClient":
        """A view as whoever the token belongs to, over connections that carry no identity of ours."""
        return _View(self.sender.as_caller(token))

    def apart(self, max_connections: int) -> "KubeClient":
        """A view with connections of its own: for what must not queue behind a flood of requests."""
        return _View(self.sender.apart(max_connections))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # -- reading ---------------------------------------------------------------------------------

    async def get(
        self,
        resource: Resource,
        name: str,
        namespace: str | None = None,
        *,
        subresource: str | None = None,
        type: type[T] | None = None,
    ) -> T:
        answer = await self.sender.send("get", "GET", resource.path(namespace, name, subresource))
        return decode(answer, type)  # type: ignore[no-any-return]

    async def get_path(self, path: str, params: Mapping[str, str] | None = None) -> bytes:
        """Any other path of the API server, as it answers: `/version`, `/readyz`, `/openapi/v3`."""
        return await self.sender.send("get", "GET", path, params=params)

    async def list_page(
        self,
        resource: Resource,
        namespace: str | None = None,
        *,
        limit: int | None = PAGE,
        continue_: str = "",
        label_selector: str = "",
        field_selector: str = "",
    ) -> ListPage:
        """One page. `Gone` when the continue token has expired (about five minutes)."""
        params = query(limit=limit, labelSelector=label_selector, fieldSelector=field_selector)
        if continue_:
            params["continue"] = continue_
        answer = await self.sender.send("list", "GET", resource.path(namespace), params=params)
        page: _RawList = decode(answer, _RawList)
        meta = page.metadata
        return ListPage(page.items or [], meta.resource_version, meta.continue_, meta.remaining)

    async def list_(
        self,
        resource: Resource,
        namespace: str | None = None,
        *,
        label_selector: str = "",
        field_selector: str = "",
        type: type[T] | None = None,
    ) -> list[T]:
        """All objects of a kind (`namespace=None`: of all namespaces), as they were at one moment."""
        limit: int | None = PAGE
        while True:
            found: list[Any] = []
            token = ""
            try:
                while True:
                    page = await self.list_page(
                        resource,
                        namespace,
                        limit=limit,
                        continue_=token,
                        label_selector=label_selector,
                        field_selector=field_selector,
                    )
                    found += [decode(item, type) for item in page.items_raw]
                    token = page.continue_
                    if not token:
                        return found
            except Gone:
                if limit is None or not token:
                    raise
                limit = None  # pages expire under us: take it in one piece

    # -- writing ---------------------------------------------------------------------------------

    async def create(
        self,
        resource: Resource,
        body: Body,
        namespace: str | None = None,
        *,
        dry_run: bool = False,
        field_manager: str | None = None,
        field_validation: FieldValidation = "Strict",
        type: type[T] | None = None,
    ) -> T:
        """POST. `AlreadyExists` may be our own earlier try: look whose the object is."""
        if resource.namespaced and namespace is None:
            namespace = namespace_of(resource, body)
        answer = await self.sender.send(
            "create",
            "POST",
            resource.path(namespace),
            params=write_query(dry_run, field_manager, field_validation),
            body=encode(body, resource),
        )
        return decode(answer, type)  # type: ignore[no-any-return]

    async def replace(
        self,
        resource: Resource,
        name: str,
        body: Body,
        namespace: str | None = None,
        *,
        subresource: str | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        field_validation: FieldValidation = "Strict",
        type: type[T] | None = None,
    ) -> T:
        """PUT. With metadata.resourceVersion in the body: `Conflict` if the object has changed since."""
        answer = await self.sender.send(
            "update",
            "PUT",
            resource.path(namespace, name, subresource),
            params=write_query(dry_run, field_manager, field_validation),
            body=encode(body, resource),
        )
        return decode(answer, type)  # type: ignore[no-any-return]

    async def patch(
        self,
        resource: Resource,
        name: str,
        body: Body,
        namespace: str | None = None,
        *,
        kind: PatchKind = "merge",
        subresource: str | None = None,
        dry_run: bool = False,
        field_manager: str | None = None,
        field_validation: FieldValidation = "Strict",
        type: type[T] | None = None,
    ) -> T:
        """PATCH. metadata.uid in a merge patch: `Conflict` if the name now belongs to another object."""
        answer = await self.sender.send(
            "jsonpatch" if kind == "json" else "patch",
            "PATCH",
            resource.path(namespace, name, subresource),
            params=write_query(dry_run, field_manager, field_validation),
            body=encode(body),
            content_type=_PATCH_TYPES[kind],
        )
        return decode(answer, type)  # type: ignore[no-any-return]

    async def apply(
        self,
        resource: Resource,
        name: str,
        body: Body,
        namespace: str | None = None,
        *,
        field_manager: str,
        force: bool = False,
        subresource: str | None = None,
        dry_run: bool = False,
        field_validation: FieldValidation = "Strict",
        type: type[T] | None = None,
    ) -> T:
        """Server-side apply: create or change, owning exactly the given fields as `field_manager`.

        Without `force` a field that another manager owns is a `Conflict` whose causes name it.
        """
        answer = await self.sender.send(
            "apply",
            "PATCH",
            resource.path(namespace, name, subresource),
            params={
                **write_query(dry_run, field_manager, field_validation),
                "force": "true" if force else "false",
            },
            body=encode(body, resource),
            content_type=_APPLY_TYPE,
        )
        return decode(answer, type)  # type: ignore[no-any-return]

    async def delete(
        self,
        resource: Resource,
        name: str,
        namespace: str | None = None,
        *,
        uid: str | None = None,
        resource_version: str | None = None,
        propagation: Propagation | None = None,
        dry_run: bool = False,
    ) -> Document:
        """DELETE; with `uid` or `resource_version` only that very object or version, else `Conflict`.

        After a lost answer it is sent again, so `NotFound` may mean that the first one did it.
        """
        options: Document = {"apiVersion": "v1", "kind": "DeleteOptions"}
        if preconditions := query(uid=uid, resourceVersion=resource_version):
            options["preconditions"] = preconditions
        if propagation:
            options["propagationPolicy"] = propagation
        if dry_run:
            options["dryRun"] = ["All"]
        answer = await self.sender.send(
            "delete", "DELETE", resource.path(namespace, name), body=encode(options)
        )
        return decode(answer)  # type: ignore[no-any-return]

    async def post_review(self, resource: Resource, body: Mapping[str, Any]) -> Document:
        """Ask a review: who am I, may I. Nothing is stored, so it is retried like a read."""
        answer = await self.sender.send("review", "POST", resource.path(), body=encode(body, resource))
        return decode(answer)  # type: ignore[no-any-return]

    # -- watching --------------------------------------------------------------------------------

    def watch(
        self,
        resource: Resource,
        namespace: str | None = None,
        params: Mapping[str, str] | None = None,
        *,
        silence: float | Callable[[], float] = WATCH_SILENCE,
    ) -> AbstractAsyncContextManager[LineStream]:
        """Open a watch: lists of whole lines, as they lie in the socket.

        `silence`: seconds without a byte until it counts as lost, from the request on; a function of it
        is asked before each wait.
        """
        given = silence if callable(silence) else lambda: silence
        return self.sender.open_watch(resource.path(namespace), {"watch": "true", **(params or {})}, given)

    async def watch_lines(
        self,
        resource: Resource,
        namespace: str | None = None,
        params: Mapping[str, str] | None = None,
        *,
        silence: float = WATCH_SILENCE,
    ) -> AsyncIterator[bytes]:
        """The lines of one watch, one by one, until the API server ends it."""
        async with self.watch(resource, namespace, params, silence=silence) as stream:
            async for lines in stream:
                for line in lines:
                    yield line


class _View(KubeClient):
    """A client over connections that another one owns."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender

    async def close(self) -> None:
        pass
