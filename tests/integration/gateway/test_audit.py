"""`/v1/audit`: what the right lets one see, page by page, and the proof over HTTP."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from tests.support.gateway import GENEROUS, RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.audit import Entry, Signer
from todotasks.audit.published import MAP_NAME, dump_heads
from todotasks.store import Store

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = datetime(2099, 11, 28, 12, tzinfo=UTC)  # than the namespaces were made
SIGNER, _ = Signer.generate()


@pytest.fixture
def gateway(stored: RunningGateway) -> RunningGateway:
    return stored


@pytest.fixture
async def store(gateway: RunningGateway, namespace: str) -> Store:
    """With ten entries of the namespace and three of another, and a gap."""
    store = gateway.gateway.store
    assert store is not None
    await store.migrate()
    entries = [
        Entry(
            id=f"{namespace}-{number}",
            at=LATER + timedelta(seconds=number),
            source="observed",
            action="task.created" if number % 2 else "task.updated",
            actor="ana" if number < 5 else "ben",
            namespace=namespace if number < 10 else f"{namespace}-other",
            name=f"task-{number}",
            kind="TodoTask",
            uid=f"{namespace}-uid-{number}",
            version=number,
            title="=HYPERLINK(1)" if number == 3 else "Pay rent",
        )
        for number in range(13)
    ]
    gap = Entry(id=f"{namespace}-gap", at=NOW, source="gap", action="gap", name="w-1", detail={"dropped": 3})
    await store.audit.append([*entries, gap], NOW)
    return store


async def ask(gateway: RunningGateway, token: str, query: str, status: int = 200) -> dict[str, Any]:
    async with gateway("GET", f"/v1/audit{query}", token) as answer:
        body: dict[str, Any] = await answer.json(content_type=None)
        assert answer.status == status, body
        return body


@pytest.fixture
def auditor(kubectl: Kubectl, namespace: str) -> str:
    token = person(kubectl, namespace, "rita", role="todotasks-auditor")
    return token


async def test_an_auditor_sees_their_namespace_and_its_gaps_page_by_page(
    gateway: RunningGateway, store: Store, auditor: str, namespace: str
) -> None:
    seen: list[str] = []
    query = f"?namespace={namespace}&limit=4"
    page = await ask(gateway, auditor, query)
    while True:
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        page = await ask(gateway, auditor, f"{query}&cursor={page['next']}")
    ours = [
        each for each in seen if not each.endswith("-gap") or each.startswith(namespace)
    ]  # gaps are everybody's
    assert ours == [f"{namespace}-gap", *(f"{namespace}-{number}" for number in range(9, -1, -1))]


async def test_without_the_right_there_is_nothing_not_even_a_count(
    gateway: RunningGateway, store: Store, auditor: str, kubectl: Kubectl, namespace: str
) -> None:
    editor = person(kubectl, namespace, "ed", role="edit")
    for path in ("", "/stats"):
        refused = await ask(gateway, editor, f"{path}?namespace={namespace}", 403)
        assert "auditlogs.todotasks.dev" in json.dumps(refused)
        await ask(gateway, auditor, f"{path}?namespace={namespace}&namespace=default", 403)
        await ask(gateway, auditor, path, 403)
    await ask(gateway, auditor, "/verify", 403)


async def test_where_a_gateway_looks_after_one_namespace_its_auditor_may_ask_for_the_proof(
    plane: Plane, postgres_url: str, store: Store, auditor: str, kubectl: Kubectl, namespace: str
) -> None:
    settings = replace(GENEROUS, watch_namespace=namespace)
    async with running_gateway(plane.kubeconfig, database_url=postgres_url, settings=settings) as own:
        assert (await ask(own, auditor, "/verify"))["rows"] >= 14
        await ask(own, person(kubectl, namespace, "ed", role="edit"), "/verify", 403)


async def test_what_happened_in_an_earlier_namespace_of_the_name_is_not_its_new_owners_business(
    gateway: RunningGateway, store: Store, auditor: str, kubectl: Kubectl, namespace: str
) -> None:
    before = Entry(
        id=f"{namespace}-before",
        at=NOW - timedelta(days=400),
        source="observed",
        action="task.created",
        actor="former",
        namespace=namespace,
        name="secret-plan",
        kind="TodoTask",
        title="Buy the competitor",
    )
    await store.audit.append([before], NOW)
    here = f"?namespace={namespace}&actor=former"
    assert (await ask(gateway, auditor, here))["items"] == []
    assert (await ask(gateway, auditor, f"/stats{here}"))["groups"] == []
    async with gateway("GET", f"/v1/audit{here}&format=jsonl", auditor) as answer:
        assert await answer.text() == ""
    # Who may read the log of all namespaces is asked about history, and sees it.
    chief = person(kubectl, namespace, "chief-of-all", role=None)
    binding = f"chief-of-all-{namespace}"
    kubectl(
        "create", "clusterrolebinding", binding, "--clusterrole=todotasks-auditor",
        f"--serviceaccount={namespace}:chief-of-all",
    )  # fmt: skip
    try:
        assert [item["name"] for item in (await ask(gateway, chief, here))["items"]] == ["secret-plan"]
    finally:
        kubectl("delete", "clusterrolebinding", binding)


async def test_filters_and_statistics(
    gateway: RunningGateway, store: Store, auditor: str, namespace: str
) -> None:
    here = f"?namespace={namespace}"
    found = await ask(gateway, auditor, f"{here}&actor=ana&action=task.created")
    assert [item["name"] for item in found["items"]] == ["task-3", "task-1"]
    found = await ask(gateway, auditor, f"{here}&since=2099-11-28T12:00:08Z&source=observed")
    assert [item["name"] for item in found["items"]] == ["task-9", "task-8"]
    assert len((await ask(gateway, auditor, f"{here}&q=hyperlink"))["items"]) == 1
    stats = await ask(gateway, auditor, f"/stats{here}&by=actor&source=observed")
    assert stats["groups"] == [{"key": "ana", "count": 5}, {"key": "ben", "count": 5}]
    await ask(gateway, auditor, f"{here}&since=yesterdayish", 400)
    await ask(gateway, auditor, f"{here}&actr=ana", 400)


async def test_exports_are_whole_and_harmless(
    gateway: RunningGateway, store: Store, auditor: str, namespace: str
) -> None:
    async with gateway(
        "GET", f"/v1/audit?namespace={namespace}&source=observed&format=csv", auditor
    ) as answer:
        assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
        rows = list(csv.DictReader(io.StringIO(await answer.text(), newline="")))
    assert len(rows) == 10
    assert next(row["title"] for row in rows if row["name"] == "task-3") == "'=HYPERLINK(1)"
    async with gateway(
        "GET", f"/v1/audit?namespace={namespace}&source=observed&format=jsonl", auditor
    ) as answer:
        lines = [json.loads(line) for line in (await answer.text()).splitlines()]
    assert len(lines) == 10
    assert all(len(line["hash"]) == 64 for line in lines)


async def test_the_proof_names_the_first_flaw_and_tells_its_progress(
    gateway: RunningGateway, store: Store, kubectl: Kubectl, namespace: str, postgres_url: str
) -> None:
    token = person(kubectl, namespace, "chief", role=None)
    kubectl(
        "create",
        "clusterrolebinding",
        f"chief-{namespace}",
        "--clusterrole=todotasks-auditor",
        f"--serviceaccount={namespace}:chief",
    )
    seq, digest = await store.audit.tip()
    data = dump_heads([SIGNER.sign(seq, digest, NOW)], {SIGNER.key_id: SIGNER.public_pem})
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": MAP_NAME, "namespace": "todotasks-system"},
        "data": data,
    }
    kubectl("apply", "-f", "-", input_text=json.dumps(manifest))
    try:
        verdict = await ask(gateway, token, "/verify")
        assert (verdict["holds"], verdict["vouched"], verdict["keysPinned"]) == (True, seq, False)
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
            await connection.execute("set session_replication_role = replica")
            await connection.execute("update audit_log set actor = 'eve' where seq = 2")
        async with gateway(
            "GET", "/v1/audit/verify", token, headers={"Accept": "text/event-stream"}
        ) as answer:
            text = await answer.text()
        assert "event: result" in text
        result = json.loads(text.partition("event: result\ndata: ")[2].partition("\n")[0])
        assert result["finding"]["flaw"] == "Altered"
        assert result["finding"]["seq"] == 2
    finally:
        kubectl("delete", "configmap", MAP_NAME, "-n", "todotasks-system")
        kubectl("delete", "clusterrolebinding", f"chief-{namespace}")
