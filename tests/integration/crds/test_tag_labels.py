"""The tags of a task are its labels too, and follow them."""

import pytest

from tests.integration.crds.cases import task
from todotasks.api import TAG_LABEL_PREFIX
from todotasks.kube import KubeClient, resources
from todotasks.kube.errors import Invalid


def tagged(*tags: str) -> dict[str, str]:
    return {f"{TAG_LABEL_PREFIX}{tag}": "" for tag in tags}


async def labels_after(kube: KubeClient, namespace: str, change: dict[str, object]) -> dict[str, str]:
    changed = await kube.patch(resources.TODOTASKS, "rent", change, namespace)
    found: dict[str, str] = changed["metadata"].get("labels", {})
    return found


async def create(kube: KubeClient, namespace: str, tags: list[str], labels: dict[str, str]) -> dict[str, str]:
    body = {"metadata": {"name": "rent", "labels": labels}, "spec": task(tags=tags)}
    made = await kube.create(resources.TODOTASKS, body, namespace)
    found: dict[str, str] = made["metadata"].get("labels", {})
    return found


async def test_tags_become_labels_beside_those_that_are_there(kube: KubeClient, namespace: str) -> None:
    made = await create(kube, namespace, ["home", "deep-work"], {"team": "a"})
    assert made == {"team": "a", **tagged("home", "deep-work")}


async def test_labels_follow_the_tags(kube: KubeClient, namespace: str) -> None:
    await create(kube, namespace, ["home", "money"], {"team": "a"})
    assert await labels_after(kube, namespace, {"spec": {"tags": ["money", "now"]}}) == {
        "team": "a",
        **tagged("money", "now"),
    }
    assert await labels_after(kube, namespace, {"spec": {"tags": None}}) == {"team": "a"}


async def test_a_label_without_its_tag_goes(kube: KubeClient, namespace: str) -> None:
    assert await create(kube, namespace, [], tagged("forged")) == {}
    assert await labels_after(kube, namespace, {"metadata": {"labels": tagged("forged")}}) == {}


async def test_a_task_without_tags_is_left_alone(kube: KubeClient, namespace: str) -> None:
    assert await create(kube, namespace, [], {"team": "a"}) == {"team": "a"}


async def test_upper_case_finds_the_same_label_and_what_cannot_be_one_has_none(
    kube: KubeClient, namespace: str
) -> None:
    made = await create(kube, namespace, ["Work", "work", "C++", "größer", "v1.2", "a" * 63], {})
    assert made == tagged("work", "v1.2", "a" * 63)


async def test_tags_of_the_wrong_type_are_named_by_the_schema(kube: KubeClient, namespace: str) -> None:
    for tags, field in (("home", "spec.tags"), ([1], "spec.tags[0]"), ([["a"]], "spec.tags[0]")):
        with pytest.raises(Invalid) as error:
            await kube.create(
                resources.TODOTASKS, {"metadata": {"name": "x"}, "spec": task(tags=tags)}, namespace
            )
        assert error.value.causes[0].field == field


async def test_two_people_who_apply_do_not_quarrel_about_the_labels(kube: KubeClient, namespace: str) -> None:
    for manager, tag in (("ana", "home"), ("ben", "money")):
        body = {"metadata": {"name": "rent"}, "spec": task(tags=[tag])}
        applied = await kube.apply(resources.TODOTASKS, "rent", body, namespace, field_manager=manager)
    assert applied["metadata"]["labels"] == tagged("home", "money")
    alone = {"metadata": {"name": "rent"}, "spec": task()}
    applied = await kube.apply(resources.TODOTASKS, "rent", alone, namespace, field_manager="ana")
    assert applied["metadata"]["labels"] == tagged("money")


async def test_a_selector_finds_what_is_tagged(kube: KubeClient, namespace: str) -> None:
    await create(kube, namespace, ["home"], {})
    found = await kube.list_(resources.TODOTASKS, namespace, label_selector=f"{TAG_LABEL_PREFIX}home")
    assert [item["metadata"]["name"] for item in found] == ["rent"]
