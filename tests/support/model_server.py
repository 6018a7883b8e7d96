"""A server that plays a language model behind an OpenAI-compatible endpoint, over real HTTP.

`play` decides the answer to each request: a list of tool calls, or a whole HTTP answer. What came in is kept
in `requests` and `keys`. `obeys_titles` plays a model that was taken over by a title.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Body = dict[str, Any]
Calls = list[tuple[str, Any]]  # tool, arguments; a str is sent as it stands
Play = Callable[[Body], Calls | web.StreamResponse | Awaitable[Calls | web.StreamResponse]]


class ModelServer:
    def __init__(self) -> None:
        self.play: Play = lambda body: []
        self.requests: list[Body] = []
        self.keys: list[str] = []
        self.url = ""

    def answers(self, *calls: tuple[str, Any]) -> None:
        self.play = lambda body: list(calls)

    def answers_in_turn(self, *turns: Calls) -> None:
        left = list(turns)
        self.play = lambda body: left.pop(0)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        answer = self.play(body)
        if isinstance(answer, Awaitable):
            answer = await answer
        return web.json_response(completion(answer)) if isinstance(answer, list) else answer


def completion(calls: Calls) -> Body:
    tool_calls = [
        {
            "id": f"call_{number}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
            },
        }
        for number, (name, arguments) in enumerate(calls)
    ]
    message = {"role": "assistant", "content": None, "tool_calls": tool_calls}
    return {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}


def data_of(body: Body) -> Body:
    """The titles that the model was given: the JSON between the two lines with the random word."""
    lines = body["messages"][1]["content"].split("\n")
    data: Body = json.loads(lines[lines.index(lines[0]) + 1])
    return data


def obeys_titles(body: Body) -> Calls:
    """Does what the worst title says, in every way that the tools offer."""
    titles = data_of(body)["openTasks"]
    everything = {"filter": {"everything": True}}
    calls: Calls = []
    if any("delete" in title.lower() for title in titles):
        calls.append(("delete", {"target": everything}))
        calls += [("delete", {"target": {"title": title}}) for title in titles[:2]]
        calls.append(("complete", {"target": everything}))
        calls.append(("edit", {"target": everything, "changes": {"assignee": "mallory"}}))
    return calls


async def stalls(body: Body) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError("never gets here")


def drips(request_less: Body) -> web.StreamResponse:
    """Headers at once, then a byte now and then, for ever."""

    async def stream() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    return web.Response(body=stream(), content_type="application/json")


@asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    server = ModelServer()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    server.url = f"http://{host}:{port}/v1"
    try:
        yield server
    finally:
        await runner.cleanup()
