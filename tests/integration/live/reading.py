"""What tests read a stream with: as little as possible, so that they see the wire and not a client."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import aiohttp

from tests.support.gateway import RunningGateway
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import TODOTASKS

WITHIN = 30.0  # seconds


class Message(NamedTuple):
    event: str
    data: dict[str, Any]
    cursor: str | None

    @property
    def name(self) -> str:
        found = self.data.get("object") or self.data
        return str(found["metadata"]["name"])

    @property
    def title(self) -> str:
        return str(self.data["object"]["spec"]["title"])


@dataclass
class Reader:
    """Messages as they come; `seen` has all of them."""

    messages: AsyncIterator[Message]
    seen: list[Message] = field(default_factory=list)
    answer: Any = None  # aiohttp's

    async def next(self) -> Message:
        async with asyncio.timeout(WITHIN):
            message = await anext(self.messages)
        self.seen.append(message)
        return message

    async def until(self, event: str, also: Callable[[Message], bool] = lambda message: True) -> Message:
        """The next message of that name, past all others."""
        while True:
            message = await self.next()
            if message.event == event and also(message):
                return message

    async def rest(self) -> list[Message]:
        """All up to the end."""
        try:
            while True:
                await self.next()
        except StopAsyncIteration:
            return self.seen

    @property
    def last_cursor(self) -> str:
        return next(each.cursor for each in reversed(self.seen) if each.cursor is not None)

    def snapshot(self) -> dict[str, dict[str, Any]]:
        """The objects of the last snapshot, by name."""
        begins = max((at for at, each in enumerate(self.seen) if each.event == "reset"), default=0)
        return {
            found["metadata"]["name"]: found
            for each in self.seen[begins:]
            if each.event == "snapshot"
            for found in each.data["objects"]
        }


async def sse_messages(content: aiohttp.StreamReader) -> AsyncIterator[Message]:
    event, data, cursor = "message", "", None
    async for raw in content:
        line = raw.decode().rstrip("\n")
        name, _, value = line.partition(": ")
        match name:
            case "event":
                event = value
            case "data":
                data = value
            case "id":
                cursor = value
            case "":
                if not line and data:
                    yield Message(event, json.loads(data), cursor)
                    event, data, cursor = "message", "", None


async def ws_messages(socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[Message]:
    async for message in socket:
        if message.type is aiohttp.WSMsgType.TEXT:
            found = json.loads(message.data)
            yield Message(found["event"], found["data"], found.get("cursor"))


@asynccontextmanager
async def looking_on(
    gateway: RunningGateway, token: str, query: str, *, how: str = "sse", **options: Any
) -> AsyncIterator[Reader]:
    if how == "ws":
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{gateway.url}/v1/ws?{query}"
        async with gateway.session.ws_connect(url, headers=headers, max_msg_size=0, **options) as socket:
            yield Reader(ws_messages(socket), answer=socket)
        return
    async with gateway(
        "GET", f"/v1/stream?{query}", token, timeout=aiohttp.ClientTimeout(total=None), **options
    ) as answer:
        assert answer.status == 200, await answer.text()
        yield Reader(sse_messages(answer.content), answer=answer)


async def make(kube: KubeClient, namespace: str, name: str, **spec: Any) -> dict[str, Any]:
    labels = spec.pop("labels", None)
    body = {
        "metadata": {"name": name, "namespace": namespace, **({"labels": labels} if labels else {})},
        "spec": {"title": name, **spec},
    }
    return await kube.create(TODOTASKS, body, namespace)


async def retitle(kube: KubeClient, namespace: str, name: str, title: str) -> dict[str, Any]:
    return await kube.patch(TODOTASKS, name, {"spec": {"title": title}}, namespace)


async def there(kube: KubeClient, namespace: str) -> dict[str, dict[str, Any]]:
    """What `kubectl get` has, by uid, without managedFields."""
    found: dict[str, dict[str, Any]] = {}
    page = await kube.list_page(TODOTASKS, namespace, limit=None)
    for raw in page.items_raw:
        item = json.loads(bytes(raw))
        item["metadata"].pop("managedFields", None)
        found[item["metadata"]["uid"]] = item
    return found
