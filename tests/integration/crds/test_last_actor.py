"""Who wrote an object last stands in an annotation that no writer can forge."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
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
    labelled = await ana.patch(
        resources.TODOTASKS, "rent", {"metadata": {"labels": {"team": "a"}}}, namespace
    )
    assert actor(labelled) == f"system:serviceaccount:{namespace}:ana"
    assert labelled["metadata"]["generation"] == 1


@pytest.mark.parametrize("kind", SMALLEST)
async def test_a_write_that_changes_nothing_is_nobodys_and_is_not_stored(
    kube: KubeClient, ana: KubeClient, namespace: str, kind: str
) -> None:
    """A tool that applies the same file every ten minutes is not who wrote it last."""
    resource, body = RESOURCES[kind], {"metadata": {"name": "one"}, "spec": SMALLEST[kind]}
    await ana.apply(resource, "one", body, namespace, field_manager="git")
    # The second write of any object stores what the schema fills in: the status before the operator wrote it.
    made = await ana.apply(resource, "one", body, namespace, field_manager="git")
    again = await kube.apply(resource, "one", body, namespace, field_manager="git")
    patched = await kube.patch(resource, "one", {"spec": SMALLEST[kind]}, namespace)
    for same in (again, patched):
        assert same == made
        assert actor(same) == f"system:serviceaccount:{namespace}:ana"


async def test_a_change_of_metadata_alone_is_stamped_too(
    kube: KubeClient, ana: KubeClient, namespace: str
) -> None:
    for index, change in enumerate(
        [
            {"annotations": {"example.com/why": "so"}},
            {"labels": {"team": "a"}},
            {"finalizers": ["example.com/keep"]},
            {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "u"}]},
        ]
    ):
        body = {"metadata": {"name": f"t{index}"}, "spec": task()}
        await kube.create(resources.TODOTASKS, body, namespace)
        changed = await ana.patch(resources.TODOTASKS, f"t{index}", {"metadata": change}, namespace)
        assert actor(changed) == f"system:serviceaccount:{namespace}:ana", change
    await kube.patch(resources.TODOTASKS, "t2", {"metadata": {"finalizers": None}}, namespace)


async def test_two_people_who_apply_do_not_quarrel_about_the_stamp(
    kube: KubeClient, ana: KubeClient, namespace: str
) -> None:
    body = {"metadata": {"name": "rent"}, "spec": task()}
    await kube.apply(resources.TODOTASKS, "rent", body, namespace, field_manager="admin")
    other = {"metadata": {"name": "rent"}, "spec": task(notes="more")}
    applied = await ana.apply(resources.TODOTASKS, "rent", other, namespace, field_manager="ana")
    assert actor(applied) == f"system:serviceaccount:{namespace}:ana"


async def test_the_operator_writes_under_its_own_name(
    kube: KubeClient, ana: KubeClient, plane: Plane, kubectl: Kubectl, namespace: str
) -> None:
    await ana.create(resources.TODOTASKS, {"metadata": {"name": "rent"}, "spec": task()}, namespace)
    token = kubectl.token("todotasks-system", "todotasks-operator", 600)
    async with KubeClient(KubeConfig.load(plane.kubeconfig).with_token(token)) as operator:
        changed = await operator.patch(
            resources.TODOTASKS, "rent", {"metadata": {"annotations": {"example.com/seen": "yes"}}}, namespace
        )
    assert actor(changed) == "system:serviceaccount:todotasks-system:todotasks-operator"


async def test_who_stamps_correctly_beforehand_is_taken_at_their_word_and_nobody_else(
    ana: KubeClient, namespace: str
) -> None:
    own = f"system:serviceaccount:{namespace}:ana"
    for index, (claim, labels) in enumerate(
        [
            (own, {"tag.todotasks.dev/home": ""}),  # all as it should be: the policy is skipped
            (own, {}),  # the name is right, the label is missing
            (own, {"tag.todotasks.dev/forged": "", "tag.todotasks.dev/home": ""}),
            (own.upper(), {"tag.todotasks.dev/home": ""}),
            (own + " ", {"tag.todotasks.dev/home": ""}),
            ("", {"tag.todotasks.dev/home": ""}),
        ]
    ):
        body = {
            "metadata": {"name": f"t{index}", "annotations": {STAMP: claim}, "labels": labels},
            "spec": task(tags=["Home"]),
        }
        made = await ana.create(resources.TODOTASKS, body, namespace)
        assert actor(made) == own
        assert made["metadata"]["labels"] == {"tag.todotasks.dev/home": ""}


async def test_a_rule_may_have_tag_labels_of_its_own(ana: KubeClient, namespace: str) -> None:
    """Only the labels of tasks follow tags: on other kinds they are anybody's."""
    body = {
        "metadata": {"name": "one", "labels": {"tag.todotasks.dev/mine": "x"}},
        "spec": SMALLEST["RecurrenceRule"],
    }
    made = await ana.create(RESOURCES["RecurrenceRule"], body, namespace)
    assert made["metadata"]["labels"] == {"tag.todotasks.dev/mine": "x"}
    assert actor(made) == f"system:serviceaccount:{namespace}:ana"


async def test_an_apply_that_changes_nothing_writes_nothing(ana: KubeClient, namespace: str) -> None:
    body = {"metadata": {"name": "rent"}, "spec": task(tags=["home"])}
    for _ in range(2):  # the second takes the time stamp of the first into its own entry
        await ana.apply(resources.TODOTASKS, "rent", body, namespace, field_manager="ana")
    before = await ana.get(resources.TODOTASKS, "rent", namespace)
    after = await ana.apply(resources.TODOTASKS, "rent", body, namespace, field_manager="ana")
    assert after["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]
