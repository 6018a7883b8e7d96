"""Chat and preview where more tasks are open than are listed: the words are looked up in the mirror."""

from typing import Any

import msgspec
import pytest

from tests.integration.gateway.mirror import Mirror
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.api import TodoTask
from todotasks.edits.session.look import MOST_SEEN

THERE = {
    "buy-milk": "Buy milk", "tax": "Submit tax return", "schulz": "Call Dr Schulz", "weber": "Call Dr Weber",
}  # fmt: skip


@pytest.fixture
def gateway(stored: RunningGateway) -> RunningGateway:
    return stored


@pytest.fixture
async def mirror(mirror: Mirror, namespace: str) -> Mirror:
    """A few tasks at the API server, and hundreds that only the mirror has: a list would not find those."""
    made = [await mirror.make(namespace, name, title=title) for name, title in THERE.items()]
    await mirror.make(namespace, "passport", title="Renew passport", completed=True)
    await mirror.write(*(_another(made[0], number) for number in range(MOST_SEEN + 1)))
    return mirror


def _another(task: TodoTask, number: int) -> TodoTask:
    replace = msgspec.structs.replace
    metadata = replace(task.metadata, name=f"other-{number}", uid=f"{task.metadata.uid}-{number}")
    return replace(task, metadata=metadata, spec=replace(task.spec, title=f"Inspect pump {number}"))


async def post(gateway: RunningGateway, token: str, path: str, namespace: str, text: str) -> dict[str, Any]:
    async with gateway("POST", path, token, json={"text": text, "namespace": namespace}) as answer:
        body: dict[str, Any] = await answer.json(content_type=None)
        assert answer.status == 200, body
        return body


@pytest.mark.parametrize(
    ("text", "name", "spec"),
    [
        ("got the milk", "buy-milk", {"completed": True}),
        ("tax return sumbitted", "tax", {"completed": True}),
        ("the passport isn't renewed after all", "passport", {"completed": False}),
        ("the tax return is urgent", "tax", {"priority": "Urgent"}),
    ],
)
async def test_a_report_finds_its_task_among_very_many(
    gateway: RunningGateway,
    mirror: Mirror,
    token: str,
    namespace: str,
    text: str,
    name: str,
    spec: dict[str, Any],
) -> None:
    answer = await post(gateway, token, "/v1/chat", namespace, text)
    (edit,) = answer["edits"]
    assert (edit["name"], edit["patch"], edit["result"]) == (name, {"spec": spec}, "done"), answer["reply"]


async def test_two_that_fit_are_asked_for_and_what_has_no_task_is_new(
    gateway: RunningGateway, mirror: Mirror, token: str, namespace: str
) -> None:
    asked = await post(gateway, token, "/v1/chat", namespace, "called the doctor dr")
    assert {row["title"] for row in asked["question"]["rows"]} == {"Call Dr Schulz", "Call Dr Weber"}
    new = await post(gateway, token, "/v1/chat", namespace, "buy oat milk")
    assert [edit["verb"] for edit in new["edits"]] == ["create"]


async def test_the_preview_says_what_would_be_done_to_which_task(
    gateway: RunningGateway, mirror: Mirror, token: str, namespace: str
) -> None:
    preview = await post(gateway, token, "/v1/parse", namespace, "got the milk")
    (reading,) = preview["readings"]
    assert (reading["action"], reading["targets"], reading["asks"]) == ("complete", ["Buy milk"], False)
    assert {"action", "targets", "score", "why"} == set(reading["candidates"][0])
    guessed = await post(
        gateway, token, "/v1/parse", namespace, "complete the fiscal paperwork tax stuff zzz"
    )
    assert guessed["asks"] and guessed["readings"][0]["targets"] == ["Submit tax return"]


async def test_the_mirror_tells_nobody_of_tasks_that_they_may_not_list(
    gateway: RunningGateway, mirror: Mirror, namespace: str, kubectl: Kubectl
) -> None:
    nobody = person(kubectl, namespace, "mallory", None)
    preview = await post(gateway, nobody, "/v1/parse", namespace, "got the milk")
    assert [reading["targets"] for reading in preview["readings"]] == [[]]
    assert "Buy milk" not in str(preview)


async def test_without_postgresql_the_list_of_the_api_server_is_compared(
    mirror: Mirror, token: str, namespace: str, plane: Plane
) -> None:
    async with running_gateway(plane.kubeconfig) as without:
        answer = await post(without, token, "/v1/chat", namespace, "got the milk")
    assert [edit["name"] for edit in answer["edits"]] == ["buy-milk"], answer["reply"]
