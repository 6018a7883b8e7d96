"""Webhooks by a real HTTP server; channels that cannot be used; what is told to Kafka."""

import asyncio
import hashlib
import hmac
import socket
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.e2e.stream import read_topic
from tests.integration.notifier.conftest import Bench, until
from tests.support.plane import Plane
from tests.support.reminders import a_due_event
from todotasks.events import decode, encode
from todotasks.kube.resources import NOTIFICATIONCHANNELS

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
        "hook",
        {"webhook": {"url": hook.url}},
        {"signing-key": KEY, "authorization": "Bearer t\n", "url": hook.url},
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


@pytest.mark.parametrize("secret", [{"authorization": "Bearer t"}, {"signing-key": KEY}])
@pytest.mark.parametrize("named", [None, "https://hooks.example.com/", "http://127.0.0.1:1/hook"])
async def test_a_credential_does_not_go_to_an_address_that_its_secret_does_not_name(
    bench: Bench, hook: Hook, secret: dict[str, str], named: str | None
) -> None:
    """Whoever may write a channel could otherwise have any Secret sent to an address of theirs."""
    given = secret if named is None else secret | {"url": named}
    await bench.channel("hook", {"webhook": {"url": hook.url}}, given)
    async with bench.running() as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        error = await ended(bench, event, "Failed", "hook")
    assert "go only to the address that the Secret itself names" in error
    assert "Bearer" not in error
    assert KEY not in error
    assert hook.got == []


async def test_of_an_answer_only_its_number_is_told(bench: Bench, hook: Hook) -> None:
    hook.answers = [web.Response(status=403, text="Bearer t is what you sent; inside: 42")]
    await bench.channel(
        "hook", {"webhook": {"url": hook.url}}, {"authorization": "Bearer t", "url": hook.url}
    )
    async with bench.running() as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        error = await ended(bench, event, "Failed", "hook")
    assert error == "127.0.0.1 answered 403 Forbidden"


async def test_channels_of_one_namespace_that_hang_delay_no_other_namespace(
    bench: Bench, hook: Hook, plane: Plane
) -> None:
    """160 channels on a tarpit, and somebody else's reminder."""
    other = f"{bench.namespace}-other"
    plane.kubectl("create", "namespace", other)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as tarpit:  # takes connections, never answers
        url = f"http://127.0.0.1:{tarpit.getsockname()[1]}/"
        slow = [f"slow-{i}" for i in range(160)]
        await asyncio.gather(*(bench.channel(name, {"webhook": {"url": url}}) for name in slow))
        await bench.kube.create(
            NOTIFICATIONCHANNELS,
            {"metadata": {"name": "hook"}, "spec": {"webhook": {"url": hook.url}}},
            other,
        )
        async with bench.running() as hand_over:
            for first in range(0, 160, 16):
                await hand_over(bench.event(*slow[first : first + 16]))
            event = a_due_event(
                namespace=other, uid=str(uuid.uuid4()), channels=("hook",), told_at=datetime.now(UTC)
            )
            await hand_over(event)
            await ended(bench, event, "Delivered", "hook")
    assert len(hook.got) == 1


async def test_what_a_former_namespace_had_to_tell_does_not_go_to_a_channel_that_was_made_since(
    bench: Bench, hook: Hook
) -> None:
    """The namespace was deleted and made anew by others, with a channel of the same name."""
    await bench.channel("hook", {"webhook": {"url": hook.url}})
    async with bench.running() as hand_over:
        old = bench.event("hook", told_at=datetime.now(UTC) - timedelta(hours=1))
        await hand_over(old)
        error = await ended(bench, old, "Failed", "hook")
        new = bench.event("hook", name="rent-2d")
        await hand_over(new)
        await ended(bench, new, "Delivered", "hook")
    assert "made after this reminder came due" in error
    assert [decode(body).id for _, body in hook.got] == [new.id]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0x7f.1",
        "127。0。0。1",
        "①②⑦.⓪.⓪.①",
        "１２７.0.0.1",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "0",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
    ],
)
async def test_the_private_network_is_out_of_reach(bench: Bench, hook: Hook, host: str) -> None:
    url = hook.url.replace("127.0.0.1", host)
    await bench.channel("hook", {"webhook": {"url": url}})
    async with bench.running(allow_private=False) as hand_over:
        event = bench.event("hook")
        await hand_over(event)
        error = await ended(bench, event, "Failed", "hook")
    assert "not a public address" in error or "no host that can be called" in error
    assert hook.got == []


@pytest.mark.parametrize(
    ("spec", "secret", "words"),
    [
        (None, None, "there is no NotificationChannel lost"),
        ({"apprise": {}, "secretRef": {"name": "nowhere"}}, None, "Secret nowhere, which is not there"),
        ({"apprise": {}}, {"other": "x"}, "no key url"),
        ({"apprise": {}}, {"url": "syslog://"}, "a service that is not allowed"),
        ({"apprise": {"key": "pair"}}, {"pair": "user:hunter2"}, "a service that is not allowed"),
        (
            {"email": {"to": ["ana@example.com"]}},
            {"smtp-url": "smtps://mail.example.com?ca=/dev/ptmx"},
            "takes no parameters",
        ),
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
