"""The raw limit: the API server spoken to with nothing but aiohttp.

Everything that a row of the report is compared with is measured here, in the same run and on the same
cores: how fast the API server takes a create and a status patch, how soon a plain watch sees a change, how
long a plain list takes. No code of the product is in the path, so a slower client of ours cannot make our
ratios look better.
"""

import asyncio
import base64
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
import yaml

T = TypeVar("T")

CONCURRENCY = 64  # requests under way at once; the API server's rate is flat from 32 on two cores
TASKS = "/apis/todotasks.dev/v1/namespaces/{namespace}/todotasks"
ALL_TASKS = "/apis/todotasks.dev/v1/todotasks"


class RawApi:
    """One aiohttp session to the API server of a kubeconfig."""

    def __init__(self, session: aiohttp.ClientSession, server: str) -> None:
        self.session = session
        self.server = server

    @classmethod
    @asynccontextmanager
    async def connect(cls, kubeconfig: Path) -> AsyncIterator["RawApi"]:
        document = yaml.safe_load(kubeconfig.read_text())
        cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
        if "certificate-authority-data" in cluster:
            ca = base64.b64decode(cluster["certificate-authority-data"]).decode()
            context = ssl.create_default_context(cadata=ca)
        else:
            context = ssl.create_default_context(cafile=cluster["certificate-authority"])
        headers = {}
        if "token" in user:
            headers["Authorization"] = f"Bearer {user['token']}"
        elif "tokenFile" in user:
            headers["Authorization"] = f"Bearer {Path(user['tokenFile']).read_text().strip()}"
        else:
            certificate = [kubeconfig.parent / user[key] for key in ("client-certificate", "client-key")]
            context.load_cert_chain(*certificate)
        connector = aiohttp.TCPConnector(limit=CONCURRENCY + 8, ssl=context)
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=10)
        async with aiohttp.ClientSession(connector=connector, headers=headers, timeout=timeout) as session:
            yield cls(session, cluster["server"])

    async def call(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json"
    ) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        async with self.session.request(
            method, self.server + path, data=data, headers={"Content-Type": content_type}
        ) as response:
            text = await response.read()
            if response.status >= 300:
                raise RuntimeError(f"{method} {path}: {response.status} {text[:300]!r}")
            result: dict[str, Any] = json.loads(text)
            return result

    async def namespace(self, name: str) -> None:
        await self.call(
            "POST",
            "/api/v1/namespaces",
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
        )

    async def create(self, namespace: str, name: str, title: str = "Water the plants") -> dict[str, Any]:
        return await self.call("POST", TASKS.format(namespace=namespace), a_task(namespace, name, title))

    async def patch_status(self, namespace: str, name: str, generation: int = 1) -> None:
        condition = {
            "type": "Ready",
            "status": "True",
            "reason": "Accepted",
            "message": "The task is accepted.",
            "observedGeneration": generation,
            "lastTransitionTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        await self.call(
            "PATCH",
            f"{TASKS.format(namespace=namespace)}/{name}/status",
            {"status": {"observedGeneration": generation, "conditions": [condition]}},
            "application/merge-patch+json",
        )

    async def list_seconds(self, chunk: int = 500) -> tuple[float, int]:
        """Seconds that a plain chunked list of all tasks takes, and how many there are."""
        started, count, following = time.perf_counter(), 0, ""
        while True:
            params = {"limit": str(chunk)} | ({"continue": following} if following else {})
            async with self.session.get(self.server + ALL_TASKS, params=params) as response:
                page = json.loads(await response.read())
            count += len(page["items"])
            following = page["metadata"].get("continue", "")
            if not following:
                return time.perf_counter() - started, count

    async def watch(self, on_line: Callable[[bytes, float], None], namespace: str | None = None) -> None:
        """A plain watch from now on; `on_line` gets each line and the moment it was read."""
        path = TASKS.format(namespace=namespace) if namespace else ALL_TASKS
        page = await self.call("GET", f"{path}?limit=1")
        params = {"watch": "1", "resourceVersion": page["metadata"]["resourceVersion"]}
        while True:
            async with self.session.get(self.server + path, params=params) as response:
                if response.status in {429, 503}:  # the watch cache of a new kind takes a moment
                    await asyncio.sleep(0.1)
                    continue
                response.raise_for_status()
                rest = last = b""
                async for chunk in response.content.iter_any():
                    *lines, rest = (rest + chunk).split(b"\n")
                    now = time.perf_counter()
                    for line in lines:
                        on_line(line, now)
                    last = lines[-1] if lines else last
            # The API server ends a watch whose reader falls behind: on from the last line.
            if last:
                params["resourceVersion"] = json.loads(last)["object"]["metadata"]["resourceVersion"]


def a_task(namespace: str, name: str, title: str) -> dict[str, Any]:
    return {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "title": title,
            "notes": "The ones on the balcony too. " * 8,
            "priority": "High",
            "tags": ["home", "garden"],
            "due": "2099-05-01T19:00:00Z",
            "project": "household",
        },
    }


async def at_once(jobs: list[Callable[[], Coroutine[Any, Any, T]]], limit: int = CONCURRENCY) -> list[T]:
    """Runs all jobs, `limit` at a time; results in the order of the jobs."""
    results: list[Any] = [None] * len(jobs)
    numbered = iter(enumerate(jobs))

    async def worker() -> None:
        for index, job in numbered:
            results[index] = await job()

    await asyncio.gather(*(worker() for _ in range(limit)))
    return results


async def create_and_patch_rate(api: RawApi, namespace: str, count: int) -> float:
    """Tasks a second that the API server creates *and* status-patches, with one raw watch attached.

    The patch follows the create at once, as an operator with no thoughts of its own would send it.
    """
    seen = 0

    def on_line(_: bytes, __: float) -> None:
        nonlocal seen
        seen += 1

    watching = asyncio.create_task(api.watch(on_line, namespace))
    await asyncio.sleep(2)

    async def one(index: int) -> None:
        await api.create(namespace, f"raw-{index}")
        await api.patch_status(namespace, f"raw-{index}")

    started = time.perf_counter()
    await at_once([lambda i=i: one(i) for i in range(count)])  # type: ignore[misc]
    while seen < 2 * count:
        if watching.done():
            raise RuntimeError(f"the raw watch ended after {seen} lines: {watching.exception()}")
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - started
    watching.cancel()
    return count / seconds
