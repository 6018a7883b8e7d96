"""Conversations of five turns and more through POST /v1/chat of a real gateway, with PostgreSQL behind it.

After each turn kubectl says what is there. And each command that a reply prints is run by bash, with the
person's own kubeconfig, in a second namespace: at the end the two are alike.
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from tests.e2e.conversations.talking import (
    CASES,
    Calendar,
    Talk,
    late_morning_zone,
    run_in,
    what_is_there,
)
from tests.support.api import api_of
from tests.support.gateway import RunningGateway, running_gateway
from tests.support.people import token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl

ROLES = {"alice": "edit", "bob": "view"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gateway(plane: Plane, postgres_url: str) -> AsyncIterator[RunningGateway]:
    plane.heal()
    async with running_gateway(plane.kubeconfig, database_url=postgres_url) as running:
        yield running


class Scene:
    """Two namespaces that begin alike, and a person with the same role in both. In the second one only the
    commands are run that the replies print."""

    def __init__(self, kubectl: Kubectl, namespace: str, case: dict[str, Any], calendar: Calendar) -> None:
        self.namespace, self.mirror = namespace, f"mirror-{namespace}"[:63].rstrip("-")
        self._kubectl = kubectl
        who = case.get("as", "alice")
        manifests: list[dict[str, Any]] = [manifest("v1", "ServiceAccount", who, namespace)]
        annotations = {"todotasks.dev/time-zone": calendar.zone} if case.get("zone_of_namespace") else {}
        for name in (self.mirror, namespace):
            manifests.append(manifest("v1", "Namespace", name, annotations=annotations))
            manifests.append(binding(who, ROLES[who], namespace, name))
            for each in calendar.fill(case.get("given", [])):
                kind, spec = each["kind"], each["spec"]
                manifests.append(manifest("todotasks.dev/v1", kind, each["name"], name, spec=spec))
        manifests.sort(key=lambda each: each["kind"] != "Namespace")
        body = json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests})
        kubectl("apply", "--server-side", "-f", "-", input_text=body)
        self.token = token_of(kubectl, f"{namespace}:{who}")

    def kubeconfig(self, path: Path) -> Path:
        """The person's own: the cluster's, with their token and no other power."""
        document = yaml.safe_load(self._kubectl.kubeconfig.read_text())
        for user in document["users"]:
            user["user"] = {"token": self.token}
        path.write_text(yaml.safe_dump(document))
        return path

    def both(self) -> tuple[str, str]:
        return self.namespace, self.mirror

    def end(self) -> None:
        api_of(self._kubectl.kubeconfig).delete_namespace(self.mirror)


def manifest(version: str, kind: str, name: str, namespace: str = "", **more: Any) -> dict[str, Any]:
    annotations = more.pop("annotations", {})
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), "annotations": annotations}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **more}


def binding(who: str, role: str, home: str, namespace: str) -> dict[str, Any]:
    return manifest(
        "rbac.authorization.k8s.io/v1",
        "RoleBinding",
        who,
        namespace,
        roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
        subjects=[{"kind": "ServiceAccount", "name": who, "namespace": home}],
    )


@pytest.fixture
def stage(kubectl: Kubectl, namespace: str) -> Iterator[Callable[..., Scene]]:
    made: list[Scene] = []

    def make(case: dict[str, Any], calendar: Calendar) -> Scene:
        made.append(Scene(kubectl, namespace, case, calendar))
        return made[-1]

    yield make
    for scene in made:
        scene.end()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_a_conversation(
    case: dict[str, Any],
    gateway: RunningGateway,
    kubectl: Kubectl,
    stage: Callable[..., Scene],
    tmp_path: Path,
) -> None:
    calendar = Calendar(late_morning_zone())
    scene = stage(case, calendar)
    own = scene.kubeconfig(tmp_path / "kubeconfig")
    talk = Talk(gateway, scene.token, scene.namespace, case["name"][:60], calendar.zone)
    for turn in calendar.fill(case["turns"]):
        if "behind" in turn:
            for namespace in scene.both():
                patch_behind(kubectl, turn["behind"], namespace)
            continue
        answer = await talk.say(turn["say"])
        check_answer(turn, answer)
        for done in answer.get("edits", ()):
            if done["result"] == "done":
                run_in(scene.mirror, done["kubectl"], scene.namespace, own, kubectl.binary)
        there = what_is_there(kubectl, scene.namespace)
        for kind in ("tasks", "rules", "reminders"):
            if kind in turn:
                assert there[kind] == turn[kind], turn["say"]
    assert what_is_there(kubectl, scene.mirror) == what_is_there(kubectl, scene.namespace)


def patch_behind(kubectl: Kubectl, change: dict[str, Any], namespace: str) -> None:
    patch = json.dumps({"spec": change["spec"]})
    kubectl("patch", "todotask", change["name"], "-n", namespace, "--type=merge", "-p", patch)


def check_answer(turn: dict[str, Any], answer: dict[str, Any]) -> None:
    said = f"{turn['say']!r} → {answer}"
    if "reply" in turn:
        assert turn["reply"] in answer["reply"], said
    if "did" in turn:
        done = [told(edit) for edit in answer.get("edits", ())]
        assert len(done) == len(turn["did"]), said
        assert all(map(fnmatchcase, done, turn["did"])), said
    elif "problem" not in turn:
        assert not answer.get("edits"), said
    assert (answer.get("problem") or {}).get("reason") == turn.get("problem"), said
    assert (answer.get("question") or {}).get("kind") == turn.get("asks"), said
    assert answer.get("needsConfirmation", False) == (turn.get("asks") == "confirm"), said
    if "of" in turn:
        titles = [row["title"] for row in answer["question"]["rows"]]
        assert sorted(titles) == sorted(turn["of"]), said
    if "lists" in turn:
        titles = [row["title"] for row in answer["listing"]["rows"]]
        wanted = turn["lists"]
        assert (sorted(titles) == sorted(wanted)) if turn.get("any_order") else titles == wanted, said
    if "count" in turn:
        assert len(answer["listing"]["rows"]) == turn["count"], said
    if "undo" in turn:
        assert answer.get("undo", False) is turn["undo"], said
    if "remark" in turn:
        assert any(turn["remark"] in remark for remark in answer.get("remarks", ())), said
    assert answer["reading"], said


def told(done: dict[str, Any]) -> str:
    result = "" if done["result"] == "done" else f" {done['result']}"
    return f"{done['verb']} {done['name']}{result}"
