"""The heads outside of the database: a log that was put back never looks whole again."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest

from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_consumers.audit.publishing import Published
from todotasks.audit import Entry, Signer, Verifier
from todotasks.audit.published import MAP_NAME, NEWEST, load_contradicted, load_heads
from todotasks.audit.verifier import Flaw
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import CONFIGMAPS
from todotasks.store import Store

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SIGNER, _ = Signer.generate()


@pytest.fixture
async def kube(plane: Plane, kubectl: Kubectl) -> AsyncIterator[KubeClient]:
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        yield client


def entry(number: int) -> Entry:
    return Entry(id=f"event-{number}", at=NOW, source="observed", action="task.created", actor="ana")


async def publish(store: Store, published: Published) -> None:
    seq, digest = await store.audit.tip()
    await published.add(SIGNER.sign(seq, digest, NOW), SIGNER)


async def test_a_log_put_back_and_gone_on_with_stays_forked_however_many_heads_come(
    fresh_database: Callable[[], str], kube: KubeClient, namespace: str
) -> None:
    async with (
        await Store.open(fresh_database()) as lost,
        await Store.open(fresh_database()) as restored,
    ):
        for store in (lost, restored):
            await store.migrate()
            await store.audit.append([entry(number) for number in range(10)], NOW)
        before = Published(kube, namespace, lost.audit.contradicted)
        await publish(lost, before)
        await lost.audit.append([entry(100)], NOW)
        await publish(lost, before)  # row 11: what the backup has not
        assert before.conflicts == 0

        after = Published(kube, namespace, restored.audit.contradicted)
        for number in range(NEWEST + 30):
            await restored.audit.append([entry(1000 + number)], NOW)
            await publish(restored, after)
        assert after.conflicts == 1
        data = (await kube.get(CONFIGMAPS, MAP_NAME, namespace))["data"]
        assert [head.seq for head in load_contradicted(data)] == [11]
        heads, _ = load_heads(data)
        verifier = Verifier(heads, {SIGNER.key_id: SIGNER.public})
        async for rows in restored.audit.walk():
            if not verifier.feed(rows):
                break
        finding = verifier.verdict().finding
        assert finding is not None
        assert (finding.flaw, finding.seq) == (Flaw.FORKED, 11)
