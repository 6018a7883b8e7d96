"""The gateway with the rights that the manifests give it: what it answers with more than the caller's own."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tests.integration.gateway.mirror import Mirror
from tests.integration.gateway.test_calendar import subscribe
from tests.integration.gateway.test_tasks import ask, names
from tests.support.api import api_of
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.api.due import resolve_due
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import RECURRENCERULES

BASE = Path(__file__).parents[3] / "manifests" / "base"
ACCOUNT = ("todotasks-system", "todotasks-gateway")


@pytest.fixture
async def gateway(plane: Plane, kubectl: Kubectl, postgres_url: str) -> AsyncIterator[RunningGateway]:
    plane.heal()
    for file in ("serviceaccounts/gateway.yaml", "rbac/gateway.yaml"):
        kubectl("apply", "-f", str(BASE / file))
    token = api_of(kubectl.kubeconfig).token(*ACCOUNT, 3600)
    async with running_gateway(plane.kubeconfig, database_url=postgres_url, token=token) as running:
        yield running


async def test_deleted_tasks_are_shown_and_those_of_a_former_namespace_are_not(
    gateway: RunningGateway, mirror: Mirror, kubectl: Kubectl, token: str, namespace: str
) -> None:
    task = await mirror.make(namespace, "ours")
    await mirror.delete(task)
    before = datetime.now(UTC) - timedelta(days=400)
    meta = msgspec.structs.replace(
        task.metadata, name="theirs", uid=f"{namespace}-former", creation_timestamp=before
    )
    former = msgspec.structs.replace(task, metadata=meta)
    await mirror.write(former)
    await mirror.bury(former)
    assert names(await ask(gateway, token, f"namespace={namespace}&archived=true")) == ["ours"]
    boss = person(kubectl, namespace, "boss", role=None)
    kubectl(
        *("create", "clusterrolebinding", f"{namespace}-boss", "--clusterrole=view"),
        f"--serviceaccount={namespace}:boss",
    )
    try:
        everywhere = await ask(gateway, boss, "archived=true&limit=200")
    finally:
        kubectl("delete", "clusterrolebinding", f"{namespace}-boss")
    seen = [
        each["metadata"]["name"] for each in everywhere["items"] if each["metadata"]["namespace"] == namespace
    ]
    assert seen == ["ours"]


@pytest.mark.parametrize(
    "zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Santiago", "Asia/Kathmandu"]
)
async def test_what_is_to_come_all_day_is_on_its_day_in_the_calendar(
    gateway: RunningGateway,
    mirror: Mirror,
    admin: KubeClient,
    kubectl: Kubectl,
    token: str,
    namespace: str,
    zone: str,
) -> None:
    kubectl("annotate", "namespace", namespace, f"todotasks.dev/time-zone={zone}")
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    day = day.replace(day=min(day.day, 28))
    schedule = {"rrule": f"FREQ=YEARLY;BYMONTH={day.month};BYMONTHDAY={day.day}"}
    for basis in ("Schedule", "Completion"):
        metadata = {"name": basis.lower(), "namespace": namespace}
        spec = {**schedule, "basis": basis, "template": {"spec": {"title": "Year end"}}}
        await admin.create(RECURRENCERULES, {"metadata": metadata, "spec": spec})
    # What counts from a completion is the operator's word: the midnight there.
    at = resolve_due(day.isoformat(), zone).instant.isoformat().replace("+00:00", "Z")
    status = {"status": {"observedGeneration": 1, "nextScheduleTime": at}}
    await admin.patch(RECURRENCERULES, "completion", status, namespace, subresource="status")
    found = await subscribe(gateway, token, f"namespace={namespace}")
    assert [part.decoded("due") for part in found] == [day, day]


async def test_where_it_may_not_look_at_a_namespace_nothing_that_is_gone_is_shown_of_it(
    gateway: RunningGateway,
    mirror: Mirror,
    plane: Plane,
    kubectl: Kubectl,
    token: str,
    namespace: str,
    postgres_url: str,
) -> None:
    """A gateway of one namespace may look at that one; of another it cannot know who had its name."""
    await mirror.delete(await mirror.make(namespace, "ours"))
    lone = person(kubectl, namespace, "lone", role=None)
    async with running_gateway(plane.kubeconfig, database_url=postgres_url, token=lone) as blind:
        assert names(await ask(blind, token, f"namespace={namespace}&archived=true")) == []
