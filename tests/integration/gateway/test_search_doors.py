"""One search for all doors: HTTP over the mirror, MCP and typed commands over the API server give one answer;
and what a search tells to whom."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from tests.integration.gateway.mirror import Mirror
from tests.integration.gateway.test_tasks import ask, names
from tests.support.gateway import GENEROUS, RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.api import TodoTask
from todotasks.text.analysis import document
from todotasks.text.search import read_search

TEXTS = (
    "see https://example.com/a/b?x=1 for more",
    "Pay INV-2026/0042 and close JIRA-1234",
    "fix user_profile.update_avatar()",
    "HTTPServer2 runs deadbeef9f86d081",
    "明天买牛奶和面包",
    "Straße fegen mit O'Brien",
    "🎂 for Zoë",
    "see https://user:pw@sub.example.co.uk:8080/a/b.html?x=1&y=2#frag",
    "東京タワーへ行く",
    "ﬁnd the ﬂag oﬃce",
    "İstanbul'da ışık satın al, DIYARBAKIR",
    "192.168.1.10 and C:\\Users\\ana\\todo.txt",
    "50% off, $20, x² + 1½",
    "ΟΔΥΣΣΕΥΣ und Жёлтый",
    "한국어 공부하기, हिन्दी, ไปซื้อนม, עברית, العَرَبِيَّة",
    "foo_bar_baz-qux camelCaseWord ABC123DEF",
    "👨‍👩‍👧‍👦 ☎️ 🇩🇪 → №5",
    "RFC-2119 / ISO 8601-1:2019, 2026-12-31, 10:30",
    "smørrebrød in Łódź, œuvre",
    "Review the profile",
    "buy milk",
)
SAID = (
    "https://example.com/a/b", "example", "com/a", "INV-2026/0042", "0042", "2026-0042", "jira-12", "1234",
    "user_profile", "update_avatar", "profile", "avatar()", "牛奶", "面包", "strasse", "obrien", "grosse",
    "zoe", "🎂", "reviews", "reveiw", "mlik", "buy mi", "the", "zebra", "JIRA-4321", "httpserver", "httpser",
    "deadb", "deadbeef9f", "co.uk:8080", "b.html", "x=1&y=2", "#frag", "タワー", "京タ", "flag office",
    "istanbul", "ışık", "IŞIK", "diyarbakır", "168.1.10", "users\\ana", ".txt", "50%", "x2", "οδυσσευς",
    "желт", "공부", "हिन", "นม", "עברית", "العربية", "bar_baz", "camelcase", "abc123", "def", "👨", "☎",
    "🇩🇪", "🇪🇩", "→", "rfc 2119", "12-31", "10:30", "smorrebrod", "lodz", "oeuvre", "fo", "us", "ab",
    "2026-12", "20", "C:", "i", "a",
)  # fmt: skip


@pytest.fixture(scope="module")
async def gateway(plane: Plane, postgres_url: str) -> AsyncIterator[RunningGateway]:
    plane.heal()
    settings = replace(GENEROUS, mcp=True)
    async with running_gateway(plane.kubeconfig, database_url=postgres_url, settings=settings) as running:
        yield running


async def tool(gateway: RunningGateway, token: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The result of a tool, as data."""
    body = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }
    headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    async with gateway("POST", "/mcp", token, json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        result: dict[str, Any] = (await answer.json())["result"]
    return result


async def by_mcp(gateway: RunningGateway, token: str, namespace: str, text: str) -> dict[str, Any]:
    result = await tool(gateway, token, "search", {"namespace": namespace, "filter": {"text": text}})
    data: dict[str, Any] = result["structuredContent"]
    return data


async def by_edits(gateway: RunningGateway, token: str, namespace: str, text: str) -> dict[str, Any]:
    body = {"namespace": namespace, "commands": [{"action": "list", "filter": {"text": text}}]}
    async with gateway("POST", "/v1/edits", token, json=body) as answer:
        assert answer.status == 200, await answer.text()
        found: dict[str, Any] = await answer.json()
    return found


def titles(answer: dict[str, Any]) -> set[str]:
    return {row["title"] for row in answer["listing"]["rows"]}


async def test_the_same_texts_are_found_over_http_and_mcp_and_by_a_command(
    gateway: RunningGateway, mirror: Mirror, token: str, namespace: str
) -> None:
    for number, text in enumerate(TEXTS):
        await mirror.make(namespace, f"text-{number}", title=text)
    for said in SAID:
        by_hand = {text for text in TEXTS if read_search(said).matches(document(text))}
        http = await ask(gateway, token, f"namespace={namespace}&completed=false&q={quote(said)}")
        over_http = {item["spec"]["title"] for item in http["items"]}
        assert over_http == by_hand or (not by_hand and http["readAs"]), said
        assert titles(await by_mcp(gateway, token, namespace, said)) == over_http, said
        assert titles(await by_edits(gateway, token, namespace, said)) == over_http, said


@pytest.mark.parametrize("said", ["_", "...", "#"])
async def test_a_text_without_anything_to_find_is_refused_at_every_door_in_the_same_words(
    gateway: RunningGateway, token: str, namespace: str, said: str
) -> None:
    words = "has nothing in it that could be found: letters, digits, or a sign such as an emoji"
    http = await ask(gateway, token, f"namespace={namespace}&q={quote(said)}", 400)
    assert words in http["detail"]
    mcp = await by_mcp(gateway, token, namespace, said)
    assert words in mcp["problem"]["message"]
    assert words in (await by_edits(gateway, token, namespace, said))["problem"]["message"]


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────
async def test_an_mcp_search_has_pages_and_its_cursor_is_sealed_and_nobody_elses(
    gateway: RunningGateway, mirror: Mirror, token: str, kubectl: Kubectl, namespace: str
) -> None:
    for number in range(5):
        await mirror.make(namespace, f"task-{number}", title=f"secret {number}")
    asked: dict[str, Any] = {
        "namespace": namespace,
        "filter": {"text": "secret"},
        "limit": 2,
        "sort": "title",
    }
    found: list[str] = []
    cursors: list[str] = []
    while True:
        result = await tool(gateway, token, "search", {**asked, "cursor": cursors[-1] if cursors else None})
        listing = result["structuredContent"]["listing"]
        found += [row["title"] for row in listing["rows"]]
        assert listing["total"] == 5
        if listing.get("next") is None:
            break
        assert listing["next"] in result["content"][0]["text"], "a model reads the text"
        cursors.append(listing["next"])
    assert found == [f"secret {number}" for number in range(5)]
    assert b"secret" not in base64.urlsafe_b64decode(cursors[0])
    other = person(kubectl, namespace, "bob")
    refused = await tool(gateway, other, "search", {**asked, "cursor": cursors[0]})
    assert refused["isError"]
    assert "cursor: is none of this list" in refused["content"][0]["text"]


async def test_a_cursor_of_a_search_tells_nothing_and_is_nobody_elses(
    gateway: RunningGateway, mirror: Mirror, token: str, kubectl: Kubectl, namespace: str
) -> None:
    """It held the completions of the word that was typed, from the titles of all namespaces."""
    elsewhere = f"{namespace}-x"
    kubectl("create", "namespace", elsewhere)
    await mirror.make(elsewhere, "layoffs", title="Mercury merger")
    for number in range(3):
        await mirror.make(namespace, f"task-{number}", title="Merry party")
    query = f"namespace={namespace}&q=mer&limit=1"
    cursor = (await ask(gateway, token, query))["next"]
    content = base64.urlsafe_b64decode(cursor)
    assert not any(word in content for word in (b"mer", b"party", b"infinity"))
    assert len((await ask(gateway, token, f"{query}&cursor={cursor}"))["items"]) == 1
    bob = person(kubectl, namespace, "bob")
    problem = await ask(gateway, bob, f"{query}&cursor={cursor}", 400)
    assert problem["errors"][0]["path"] == "cursor"


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("zone", ["", "&timeZone=America/New_York", "&timeZone=Pacific/Auckland"])
async def test_what_is_due_all_day_is_so_on_its_day_from_whichever_zone_one_asks(
    gateway: RunningGateway, mirror: Mirror, token: str, namespace: str, zone: str
) -> None:
    for day, zone_of_task, begins in (
        ("2026-12-27", "Europe/Berlin", "2026-12-26T23:00:00Z"),
        ("2026-12-28", "Europe/Berlin", "2026-12-27T23:00:00Z"),
        ("2026-12-29", "Europe/Berlin", "2026-12-28T23:00:00Z"),
        ("2026-12-28", "Pacific/Kiritimati", "2026-12-27T10:00:00Z"),
        ("2026-12-28", "Pacific/Pago_Pago", "2026-12-28T11:00:00Z"),
    ):
        name = f"day-{day[-2:]}-{zone_of_task.rpartition('/')[2].lower().replace('_', '-')}"
        status = {"observedGeneration": 1, "dueTime": begins}
        await mirror.make(namespace, name, status, due=day, timeZone=zone_of_task)
    body = await ask(gateway, token, f"namespace={namespace}&dueFrom=2026-12-28&dueTo=2026-12-29{zone}")
    assert sorted(names(body)) == ["day-28-berlin", "day-28-kiritimati", "day-28-pago-pago"]
    arguments = {
        "namespace": namespace,
        "filter": {"due": {"start": "2026-12-28", "end": "2026-12-29"}},
        "timeZone": zone.rpartition("=")[2] or "UTC",
    }
    result = await tool(gateway, token, "search", arguments)
    rows = result["structuredContent"]["listing"]["rows"]
    assert sorted(row["name"] for row in rows) == sorted(names(body))


# ── the past of a namespace ──────────────────────────────────────────────────────────────────────────
async def test_deleted_tasks_of_a_former_namespace_of_that_name_are_not_shown(
    gateway: RunningGateway, mirror: Mirror, token: str, namespace: str
) -> None:
    task = await mirror.make(namespace, "ours", title="Of this namespace")
    await mirror.delete(task)
    before = datetime.now(UTC) - timedelta(days=400)
    meta = msgspec.structs.replace(
        task.metadata, name="theirs", uid=f"{namespace}-former", creation_timestamp=before
    )
    former: TodoTask = msgspec.structs.replace(task, metadata=meta)
    await mirror.write(former)
    await mirror.bury(former)
    body = await ask(gateway, token, f"namespace={namespace}&archived=true")
    assert names(body) == ["ours"]


async def test_who_may_list_everywhere_sees_no_deleted_tasks_of_namespaces_that_are_gone(
    gateway: RunningGateway, mirror: Mirror, kubectl: Kubectl, namespace: str
) -> None:
    task = await mirror.make(namespace, "ours", title="Of this namespace")
    await mirror.delete(task)
    meta = msgspec.structs.replace(task.metadata, namespace=f"{namespace}-gone", uid=f"{namespace}-gone")
    gone: TodoTask = msgspec.structs.replace(task, metadata=meta)
    await mirror.write(gone)
    await mirror.bury(gone)
    boss = person(kubectl, namespace, "boss", role=None)
    kubectl(
        *("create", "clusterrolebinding", f"{namespace}-boss", "--clusterrole=view"),
        f"--serviceaccount={namespace}:boss",
    )
    try:
        body = await ask(gateway, boss, "archived=true&limit=200")
    finally:
        kubectl("delete", "clusterrolebinding", f"{namespace}-boss")
    seen = {item["metadata"]["namespace"] for item in body["items"]}
    assert namespace in seen
    assert f"{namespace}-gone" not in seen
