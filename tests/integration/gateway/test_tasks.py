"""`GET /v1/tasks`: every filter, every page, and nobody sees what the API server would not let them list."""

import re
from typing import Any

import msgspec
import pytest

from tests.integration.gateway.mirror import Mirror
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl

PLAIN = {"observedGeneration": 1}


@pytest.fixture
def gateway(stored: RunningGateway) -> RunningGateway:
    return stored


async def ask(gateway: RunningGateway, token: str, query: str, status: int = 200) -> dict[str, Any]:
    async with gateway("GET", f"/v1/tasks?{query}", token) as answer:
        body: dict[str, Any] = await answer.json(content_type=None)
        assert answer.status == status, body
        return body


def names(body: dict[str, Any]) -> list[str]:
    return [item["metadata"]["name"] for item in body["items"]]


@pytest.fixture
async def tasks(mirror: Mirror, namespace: str) -> None:
    await mirror.make(
        namespace,
        "pay-rent",
        {"observedGeneration": 1, "dueTime": "2026-12-01T08:00:00Z"},
        due="2026-12-01T09:00",
        timeZone="Europe/Berlin",
        priority="Urgent",
        tags=["home", "money"],
        project="flat",
        assignee="mark",
    )
    await mirror.make(namespace, "review-budget", PLAIN, notes="with the landlord", tags=["work"])
    await mirror.make(
        namespace,
        "water-plants",
        {
            "observedGeneration": 1,
            "dueTime": "2026-11-20T00:00:00Z",
            "conditions": [
                {
                    "type": "Overdue",
                    "status": "True",
                    "reason": "DuePassed",
                    "message": "it is late",
                    "lastTransitionTime": "2026-11-21T00:00:00Z",
                }
            ],
        },
        due="2026-11-20",
        tags=["home"],
        parent="pay-rent",
    )
    await mirror.make(
        namespace,
        "book-flight",
        {"observedGeneration": 1, "completionTime": "2026-11-19T10:00:00Z"},
        completed=True,
        priority="Low",
    )


FOUND = (  # the filter, and which tasks it finds; in this order where it sorts
    ("", ["water-plants", "pay-rent", "book-flight", "review-budget"]),
    ("completed=false&sort=priority", ["pay-rent", "water-plants", "review-budget"]),
    ("completed=true&sort=-completed", ["book-flight"]),
    ("priority=Urgent&priority=Low", ["pay-rent", "book-flight"]),
    ("tag=home", ["water-plants", "pay-rent"]),
    ("tag=home&tag=money", ["pay-rent"]),
    ("project=flat&assignee=mark", ["pay-rent"]),
    ("overdue=true", ["water-plants"]),
    ("parent=pay-rent", ["water-plants"]),
    ("q=landl", ["review-budget"]),
    ("q=reveiw", ["review-budget"]),
    ("hasDue=true", ["water-plants", "pay-rent"]),
    ("dueFrom=2026-12-01T09:00&dueTo=2026-12-02&timeZone=Europe/Berlin", ["pay-rent"]),
    ("dueFrom=2026-12-01T09:00%2B00:00", []),
    ("dueTo=2026-11-21", ["water-plants"]),
    ("createdTo=2020-01-01", []),
    ("recurring=true", []),
    ("blocked=false&sort=title", ["book-flight", "pay-rent", "review-budget", "water-plants"]),
)


async def test_each_filter_finds_what_it_says(
    gateway: RunningGateway, token: str, namespace: str, tasks: None
) -> None:
    for query, found in FOUND:
        body = await ask(gateway, token, f"namespace={namespace}&{query}")
        # Tasks that are due at the same time, or never, come in the order of their uids.
        seen = names(body) if "sort" in query else sorted(names(body))
        assert seen == (found if "sort" in query else sorted(found)), query
        assert body["next"] is None


async def test_a_task_is_as_the_api_server_has_it_with_its_defaults(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    made = await mirror.make(namespace, "pay-rent", PLAIN, tags=["home"])
    (item,) = (await ask(gateway, token, f"namespace={namespace}"))["items"]
    assert item["metadata"] == {
        "name": "pay-rent",
        "namespace": namespace,
        "uid": made.metadata.uid,
        "resourceVersion": made.metadata.resource_version,
        "generation": made.metadata.generation,
        "creationTimestamp": msgspec.to_builtins(made.metadata.creation_timestamp),
        "labels": made.metadata.labels or {},
        "annotations": made.metadata.annotations or {},
    }
    assert item["spec"] == {"title": "Pay rent", "tags": ["home"], "priority": "Medium", "completed": False}
    assert item["archived"] is None


async def test_pages_follow_each_other_and_a_cursor_of_another_search_is_refused(
    gateway: RunningGateway, token: str, namespace: str, tasks: None
) -> None:
    found: list[str] = []
    cursor = ""
    while True:
        body = await ask(gateway, token, f"namespace={namespace}&limit=1{cursor}")
        found += names(body)
        if body["next"] is None:
            break
        cursor = f"&cursor={body['next']}"
    assert sorted(found) == ["book-flight", "pay-rent", "review-budget", "water-plants"]
    for other in (f"limit=1&tag=home{cursor}", "cursor=made-up"):
        problem = await ask(gateway, token, f"namespace={namespace}&{other}", 400)
        assert problem["errors"][0]["path"] == "cursor"


async def test_a_deleted_task_is_history(
    gateway: RunningGateway, token: str, namespace: str, mirror: Mirror
) -> None:
    await mirror.delete(await mirror.make(namespace, "pay-rent", PLAIN))
    assert names(await ask(gateway, token, f"namespace={namespace}")) == []
    (item,) = (await ask(gateway, token, f"namespace={namespace}&archived=true"))["items"]
    assert item["archived"]["reason"] == "deleted"


MISTAKES = (  # the query, the parameter at fault, what is said of it
    ("colour=red", "colour", "is no parameter here; accepted: .*assignee.*cursor"),
    ("sort=colour", "sort", "'colour' is none of archived, -archived, completed, -completed, .*due, -due"),
    ("sort=priority", "sort", "add completed=false"),
    ("limit=1000", "limit", "<= 200"),
    ("q=%26", "q", "has nothing in it that could be found"),
    ("namespace=A_b", "namespace", "small letters, digits"),
    ("dueFrom=tomorrow", "dueFrom", "is not a date"),
    ("dueFrom=2026-01-01&timeZone=Berlin", "timeZone", "Europe/Berlin"),
    ("hasDue=false&dueTo=2026-01-01", "hasDue", "excludes every range"),
    ("q=a&q=b", "q", "may be given once"),
    ("completed=perhaps", "completed", "Expected `bool"),
    ("q=%00", "q", "has a character that no task has"),
    ("project=a%00b", "project", "no task has"),
)


async def test_a_mistake_is_named_with_what_is_accepted(gateway: RunningGateway, token: str) -> None:
    for query, path, said in MISTAKES:
        problem = await ask(gateway, token, query, 400)
        assert problem["errors"][0]["path"].startswith(path), problem
        assert re.search(said, problem["errors"][0]["detail"]), problem


async def test_who_may_list_one_namespace_sees_that_one_and_is_told_to_name_it(
    gateway: RunningGateway, token: str, namespace: str, tasks: None
) -> None:
    everywhere = await ask(gateway, token, "", 403)
    assert "You may not list todotasks in all namespaces" in everywhere["detail"]
    assert "name the namespaces that you may list: namespace=" in everywhere["detail"]
    both = await ask(gateway, token, f"namespace={namespace}&namespace=default", 403)
    assert "in namespace default" in both["detail"]
    assert len((await ask(gateway, token, f"namespace={namespace}"))["items"]) == 4


async def test_who_may_read_nothing_learns_nothing(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, tasks: None
) -> None:
    nobody = person(kubectl, namespace, "nobody", role=None)
    problem = await ask(gateway, nobody, f"namespace={namespace}&q=rent", 403)
    assert "rent" not in problem["detail"]


async def test_who_may_list_everywhere_names_no_namespace(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, tasks: None
) -> None:
    token = person(kubectl, namespace, "boss", role=None)
    kubectl(
        *("create", "clusterrolebinding", f"{namespace}-boss", "--clusterrole=view"),
        f"--serviceaccount={namespace}:boss",
    )
    try:
        body = await ask(gateway, token, "q=landlord&limit=200")
        assert "review-budget" in names(body)
    finally:
        kubectl("delete", "clusterrolebinding", f"{namespace}-boss")


async def test_the_same_answer_again_is_not_sent_again(
    gateway: RunningGateway, token: str, namespace: str, tasks: None
) -> None:
    path = f"/v1/tasks?namespace={namespace}"
    async with gateway("GET", path, token) as answer:
        etag = answer.headers["ETag"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"].startswith("application/json")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with gateway("GET", path, token, headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304
        assert await answer.read() == b""


async def test_without_a_mirror_it_says_what_is_missing(plane: Plane, token: str) -> None:
    async with running_gateway(plane.kubeconfig) as bare:
        problem = await ask(bare, token, "", 503)
        assert "TODO_DATABASE_URL" in problem["detail"]
