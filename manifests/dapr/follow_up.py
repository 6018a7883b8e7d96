"""A small service behind Dapr: who completes a task tagged "follow-up" gets a task to look at it again.

It knows neither Kafka nor PostgreSQL nor the gateway, only its sidecar: events come as requests, what was
done is kept in the state store, the token comes from the secret store, and the gateway is invoked by name.

    python follow_up.py      serves on APP_PORT (6001), the sidecar is at DAPR_HTTP_PORT (3500)
"""

import os
from typing import Any

from aiohttp import ClientSession, web

SIDECAR = f"http://127.0.0.1:{os.environ.get('DAPR_HTTP_PORT', '3500')}/v1.0"
STATE, SECRETS, SECRET = "follow-up", "kubernetes", "follow-up"
TAG = "follow-up"
REMEMBER = 30 * 24 * 3600  # seconds; Kafka keeps the events for less
DONE, AGAIN = {"status": "SUCCESS"}, {"status": "RETRY"}  # what Dapr understands

SESSION = web.AppKey("session", ClientSession)


async def completed(request: web.Request) -> web.Response:
    event: dict[str, Any] = await request.json()
    task = event["data"]["task"]
    if TAG not in (task["spec"].get("tags") or ()):
        return web.json_response(DONE)
    session = request.app[SESSION]
    if await is_done(session, event["id"]):
        return web.json_response(DONE)
    if not await ask(session, event["id"], task):
        return web.json_response(AGAIN)
    # If we end here, the event comes again, and the gateway knows its key: the task is made once.
    await remember(session, event["id"])
    return web.json_response(DONE)


async def is_done(session: ClientSession, event: str) -> bool:
    async with session.get(f"{SIDECAR}/state/{STATE}/{event}") as answer:
        return answer.status == 200


async def remember(session: ClientSession, event: str) -> None:
    entry = {"key": event, "value": True, "metadata": {"ttlInSeconds": str(REMEMBER)}}
    async with session.post(f"{SIDECAR}/state/{STATE}", json=[entry]) as answer:
        answer.raise_for_status()


async def ask(session: ClientSession, event: str, task: dict[str, Any]) -> bool:
    """Through the gateway, as the person whose token it is: their rights decide."""
    async with session.get(f"{SIDECAR}/secrets/{SECRETS}/{SECRET}") as answer:
        answer.raise_for_status()
        token = (await answer.json())["token"]
    spec = {"title": f"Look again at: {task['spec']['title']}"[:512], "tags": ["again"]}
    body = {
        "commands": [{"action": "create", "task": spec}],
        "namespace": task["metadata"]["namespace"],
        "idempotencyKey": event,
    }
    url = f"{SIDECAR}/invoke/todotasks-gateway/method/v1/edits"
    async with session.post(url, json=body, headers={"Authorization": f"Bearer {token}"}) as answer:
        return answer.status == 200


async def others(request: web.Request) -> web.Response:
    return web.json_response(DONE)


async def with_session(app: web.Application) -> Any:
    async with ClientSession() as session:
        app[SESSION] = session
        yield


def service() -> web.Application:
    app = web.Application()
    app.cleanup_ctx.append(with_session)
    app.router.add_post("/completed", completed)
    app.router.add_post("/others", others)
    return app


if __name__ == "__main__":
    web.run_app(service(), host="127.0.0.1", port=int(os.environ.get("APP_PORT", "6001")))
