"""Who wrote an object last stands in an annotation that no writer can forge."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.integration.crds.cases import RESOURCES, SMALLEST, task
from tests.support.people import person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube import KubeClient, KubeConfig, resources

STAMP = "todotasks.dev/last-actor"


def actor(document: dict[str, Any]) -> str | None:
    found = document["metadata"].get("annotations", {}).get(STAMP)
    return None if found is None else str(found)


@pytest_asyncio.fixture(loop_scope="session")
async def ana(kube: KubeClient, plane: Plane, kubectl: Kubectl, namespace: str) -> AsyncIterator[KubeClient]:
    """A person who may edit; the API server knows her as system:serviceaccount:<namespace>:ana."""
    token = token_of(kubectl, person(kubectl, "ana", namespace, "edit"))
    async with KubeClient(KubeConfig.load(plane.kubeconfig).with_token(token)) as client:
        yield client


async def test_a_writer_is_stamped_on_each_kind(ana: KubeClient, namespace: str) -> None:
    for kind, spec in SMALLEST.items():
        made = await ana.create(RESOURCES[kind], {"metadata": {"name": "one"}, "spec": spec}, namespace)
        assert actor(made) == f"system:serviceaccount:{namespace}:ana"


async def test_another_writer_takes_the_stamp(kube: KubeClient, ana: KubeClient, namespace: str) -> None:
    made = await kube.create(resources.TODOTASKS, {"metadata": {"name": "rent"}, "spec": task()}, namespace)
    assert actor(made) != f"system:serviceaccount:{namespace}:ana"
    patched = await ana.patch(resources.TODOTASKS, "rent", {"spec": {"completed": True}}, namespace)
    assert actor(patched) == f"system:serviceaccount:{namespace}:ana"


async def test_a_forged_stamp_is_overwritten_and_other_annotations_stay(
    ana: KubeClient, namespace: str
) -> None:
    body = {
        "metadata": {"name": "rent", "annotations": {STAMP: "mallory", "example.com/why": "so"}},
        "spec": task(),
    }
    made = await ana.create(resources.TODOTASKS, body, namespace)
    assert made["metadata"]["annotations"] == {
        STAMP: f"system:serviceaccount:{namespace}:ana",
        "example.com/why": "so",
    }
    forged = {"metadata": {"annotations": {STAMP: "mallory"}}}
    assert actor(await ana.patch(resources.TODOTASKS, "rent", forged, namespace)) != "mallory"
    erased = {"metadata": {"annotations": {STAMP: None}}}
    assert actor(await ana.patch(resources.TODOTASKS, "rent", erased, namespace)) is not None


async def test_a_write_of_the_status_is_not_stamped_and_cannot_forge(
    kube: KubeClient, ana: KubeClient, namespace: str
) -> None:
    await ana.create(resources.TODOTASKS, {"metadata": {"name": "rent"}, "spec": task()}, namespace)
    body = {"metadata": {"annotations": {STAMP: "mallory"}}, "status": {"observedGeneration": 1}}
    written = await kube.patch(resources.TODOTASKS, "rent", body, namespace, subresource="status")
    assert actor(written) == f"system:serviceaccount:{namespace}:ana"


async def test_the_stamp_alone_is_no_new_generation(
    kube: KubeClient, ana: KubeClient, namespace: str
) -> None:
    await kube.create(resources.TODOTASKS, {"metadata": {"name": "rent"}, "spec": task()}, namespace)
    same = await ana.patch(resources.TODOTASKS, "rent", {"spec": task()}, namespace)
    assert actor(same) == f"system:serviceaccount:{namespace}:ana"
    assert same["metadata"]["generation"] == 1


async def test_two_people_who_apply_do_not_quarrel_about_the_stamp(
    kube: KubeClient, ana: KubeClient, namespace: str
) -> None:
    body = {"metadata": {"name": "rent"}, "spec": task()}
    await kube.apply(resources.TODOTASKS, "rent", body, namespace, field_manager="admin")
    applied = await ana.apply(resources.TODOTASKS, "rent", body, namespace, field_manager="ana")
    assert actor(applied) == f"system:serviceaccount:{namespace}:ana"
