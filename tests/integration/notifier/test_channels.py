"""Webhooks by a real HTTP server; channels that cannot be used; what is told to Kafka."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.e2e.stream import read_topic
from tests.integration.notifier.conftest import Bench, until
from todotasks.events import decode, encode

KEY = "a shared secret"


class Hook:
    """What a webhook got, and what it answers next."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[web.Response] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        return self.answers.pop(0) if self.answers else web.Response(status=204)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    found = Hook()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", found.handle)
    async with TestServer(app) as server:
        found.url = str(server.make_url("/hook"))
        yield found


async def ended(bench: Bench, event: Any, state: str, channel: str) -> str:
    async def is_so() -> bool:
        return (await bench.deliveries(event))[channel].state == state

    await until(is_so, f"{channel} {state}")
    return (await bench.deliveries(event))[channel].last_error or ""


async def test_a_webhook_gets_the_signed_event_as_it_was(bench: Bench, hook: Hook) -> None:
    await bench.channel(
        "hook", {"webhook": {"url": hook.url}}, {"signing-key": KEY, "authorization": "Bearer t"}
    )
    async with bench.running() as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        await ended(bench, event, "Delivered", "hook")
    [(headers, body)] = hook.got
    assert decode(body) == event
    assert body == encode(event)
    assert headers["Content-Type"].split(";")[0] == "application/cloudevents+json"
    assert headers["Authorization"] == "Bearer t"
    moment, mark = headers["Todotasks-Signature"].split(",")
    wanted = hmac.new(KEY.encode(), moment.removeprefix("t=").encode() + b"." + body, hashlib.sha256)
    assert mark == f"v1={wanted.hexdigest()}"


async def test_a_webhook_that_is_busy_is_tried_again(bench: Bench, hook: Hook) -> None:
    hook.answers = [web.Response(status=503), web.Response(status=429)]
    await bench.channel("hook", {"webhook": {"url": hook.url}})
    async with bench.running() as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        await ended(bench, event, "Delivered", "hook")
    assert len(hook.got) == 3


async def test_a_redirect_is_not_followed(bench: Bench, hook: Hook) -> None:
    hook.answers = [web.Response(status=302, headers={"Location": "http://169.254.169.254/latest"})]
    await bench.channel("hook", {"webhook": {"url": hook.url}})
    async with bench.running() as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        error = await ended(bench, event, "Failed", "hook")
    assert "redirects are not followed" in error
    assert len(hook.got) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1"])
async def test_the_private_network_is_out_of_reach(bench: Bench, hook: Hook, host: str) -> None:
    url = hook.url.replace("127.0.0.1", host)
    await bench.channel("hook", {"webhook": {"url": url}})
    async with bench.running(allow_private=False) as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        error = await ended(bench, event, "Failed", "hook")
    assert "not a public address" in error
    assert hook.got == []


@pytest.mark.parametrize(
    ("spec", "secret", "words"),
    [
        (None, None, "there is no NotificationChannel lost"),
        ({"apprise": {}, "secretRef": {"name": "nowhere"}}, None, "Secret nowhere, which is not there"),
        ({"apprise": {}}, {"other": "x"}, "no key url"),
        ({"apprise": {}}, {"url": "syslog://"}, "syslog://, which is not allowed"),
        ({"email": {"to": ["ana@example.com"]}}, None, "set TODO_SMTP_URL"),
        ({"email": {"to": ["ana@example.com"]}}, {"smtp-url": "mail.example.com"}, "expected smtp://"),
    ],
)
async def test_a_channel_that_cannot_be_used_says_what_to_write(
    bench: Bench, spec: dict[str, Any] | None, secret: dict[str, str] | None, words: str
) -> None:
    if spec is not None:
        await bench.channel("lost", spec, secret)
    async with bench.running() as hand_over:
        event = bench.event("lost")
        await hand_over(event)
        error = await ended(bench, event, "Failed", "lost")
    assert words in error


async def test_kafka_is_told_what_became_of_it_and_keeps_what_failed(bench: Bench, hook: Hook) -> None:
    await bench.channel("hook", {"webhook": {"url": hook.url}})
    async with bench.running() as hand_over:
        event = bench.event("hook", "missing")
        await hand_over(event)
        await ended(bench, event, "Delivered", "hook")
        await ended(bench, event, "Failed", "missing")

        async def all_told() -> bool:
            return not await bench.store.deliveries.unreported(10)

        await until(all_told, "the reports")
    bootstrap = bench.kafka["bootstrap.servers"]
    told = [found for found in read_topic(bootstrap, "reminders") if found["data"].get("event") == event.id]
    kinds = sorted((found["type"].split(".")[-2], found["data"]["channel"]) for found in told)
    assert kinds == [("delivered", "hook"), ("failed", "missing")]
    assert [found["id"] for found in read_topic(bootstrap, "reminders.dlq")].count(event.id) == 1
