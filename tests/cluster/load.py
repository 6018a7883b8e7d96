"""People at work while something happens to the cluster: some ask, one follows the stream, two make tasks.

async with Load(cluster, namespace) as load:    they work
    …
await load.settled()                            what was made is in the stream and in the mirror, and Ready
load.answers                                    how often the gateway answered what; {"200": n} if all is well
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from tests.cluster.looking import gateway_url, token, until
from tests.support.api import Refused, api_of
from tests.support.node.cluster import Cluster

CLIENTS = 8
ASK_EVERY = 0.25  # seconds; all clients are one user, who may ask 50 times a second
MAKE_EVERY = 0.3  # seconds
CATCHES_UP = 240.0  # seconds; a busy machine has much to catch up with after minutes of load
KINDS = ("todotasks", "recurrencerules", "reminders", "notificationchannels")


class Load:
    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.namespace = namespace
        self.answers: Counter[str] = Counter()
        self.put_off = 0  # writes that the API server did not take yet
        self.made: set[str] = set()  # titles
        self.seen: set[str] = set()  # titles, in the stream
        self._url = gateway_url(cluster)
        self._headers = {"Authorization": f"Bearer {token(cluster)}"}
        self._api = api_of(cluster.plane.kubeconfig)
        self._over = asyncio.Event()
        self._working: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        working: list[Coroutine[Any, Any, None]] = [self._ask(keep=n % 2 == 0) for n in range(CLIENTS)]
        self._working = [
            asyncio.create_task(each) for each in (*working, self._say_tasks(), self._apply_tasks())
        ]
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._over.set()
        await asyncio.gather(*self._working)
        if error is not None:
            self._watching.cancel()

    async def settled(self) -> None:
        await self._see(lambda: self.made <= self.seen, "every task that was made, in the stream")
        self._watching.cancel()
        await self._see(lambda: self.made <= self._ready(), "every task that was made, Ready")
        await self._see(lambda: self._mirrored() >= len(self.made), "every task that was made, in the mirror")

    async def _see(self, seen: Callable[[], bool], what: str) -> None:
        await asyncio.to_thread(until, seen, f"{what}; {self}", CATCHES_UP)

    def __str__(self) -> str:
        seen = f"{len(self.made & self.seen)} of them seen in a stream"
        return f"answers {dict(self.answers)}; {len(self.made)} tasks made, {seen}; {self.put_off} put off"

    # ── what they do ─────────────────────────────────────────────────────────────────────────────────
    async def _ask(self, keep: bool) -> None:
        """One list after the other, over one connection or over many."""
        url = f"{self._url}/v1/tasks?namespace={self.namespace}"
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=not keep)) as session:
            while not self._over.is_set():
                await self._count(session.get(url, headers=self._headers))
                await asyncio.sleep(ASK_EVERY)

    async def _say_tasks(self) -> None:
        """Tasks through the gateway."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
            while not self._over.is_set():
                title = f"Said {len(self.made)}"
                body = {
                    "namespace": self.namespace,
                    "commands": [{"action": "create", "task": {"title": title}}],
                }
                if await self._count(session.post(f"{self._url}/v1/edits", json=body, headers=self._headers)):
                    self.made.add(title)
                await asyncio.sleep(MAKE_EVERY)

    async def _apply_tasks(self) -> None:
        """Tasks at the API server, as kubectl and GitOps make them."""
        path = f"/apis/todotasks.dev/v1/namespaces/{self.namespace}/todotasks"
        number = 0
        while not self._over.is_set():
            name = f"applied-{number}"
            body = {
                "apiVersion": "todotasks.dev/v1",
                "kind": "TodoTask",
                "metadata": {"name": name},
                "spec": {"title": name},
            }
            try:
                await asyncio.to_thread(self._api, "POST", path, body)
            except Refused as refused:
                if refused.status != 503:
                    raise
                self.put_off += 1  # it learns a changed CRD, and says so: whoever writes tries again
            else:
                self.made.add(name)
                number += 1
            await asyncio.sleep(MAKE_EVERY)

    async def _count(self, asked: Any) -> bool:
        try:
            async with asked as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.answers[repr(error)] += 1
            return False
        self.answers[str(answer.status)] += 1
        return bool(answer.status == 200)

    async def _watch(self) -> None:
        """As a browser does: it goes on behind the last cursor when it is cut off."""
        headers = dict(self._headers)
        query = urlencode({"namespace": self.namespace, "kind": KINDS}, doseq=True)
        no_limit = aiohttp.ClientTimeout(total=None)
        async with aiohttp.ClientSession(timeout=no_limit, read_bufsize=2**20) as session:
            while True:
                try:
                    async with session.get(f"{self._url}/v1/stream?{query}", headers=headers) as answer:
                        answer.raise_for_status()
                        async for line in answer.content:
                            field, _, value = line.decode().rstrip("\n").partition(": ")
                            if field == "id":
                                headers["Last-Event-ID"] = value
                            elif field == "data":
                                self._take(json.loads(value))
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)

    def _take(self, data: dict[str, Any]) -> None:
        objects = (data.get("objects") or [data["object"]]) if "kind" in data else []
        self.seen |= {one["spec"].get("title", "") for one in objects}

    # ── what became of it ────────────────────────────────────────────────────────────────────────────
    def _ready(self) -> set[str]:
        return {
            task["spec"]["title"]
            for task in self._api.list_("todotasks", self.namespace)
            for condition in task.get("status", {}).get("conditions", [])
            if (condition["type"], condition["status"]) == ("Ready", "True")
        }

    def _mirrored(self) -> int:
        return asyncio.run(self._count_mirrored())

    async def _count_mirrored(self) -> int:
        found, cursor = 0, ""
        async with aiohttp.ClientSession(headers=self._headers) as session:
            while True:
                query = urlencode(
                    {"namespace": self.namespace, "limit": 200} | ({"cursor": cursor} if cursor else {})
                )
                async with session.get(f"{self._url}/v1/tasks?{query}") as answer:
                    answer.raise_for_status()
                    page = await answer.json()
                found += sum(task["spec"]["title"] in self.made for task in page["items"])
                cursor = page.get("next") or ""
                if not cursor:
                    return found
