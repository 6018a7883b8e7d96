"""What is planned is accepted by the API server, and the printed command makes the very same object."""

import os
import subprocess
from typing import Any

import msgspec
import pytest
import yaml

from tests.support.plane import Plane
from tests.unit.edits.test_kubectl import HOSTILE
from tests.unit.edits.test_sentences import CASES, said
from tests.unit.edits.worlds import HERE, ZONE, showing, the_world
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.edits.model.command import (
    CreateRule,
    CreateTask,
    ScheduleFields,
    TaskFields,
)
from todotasks.edits.model.edit import Edit
from todotasks.edits.model.kubectl import command_line
from todotasks.edits.model.names import renamed
from todotasks.edits.plan.dispatch import plan
from todotasks.kube import KubeClient
from todotasks.kube.errors import KubeError
from todotasks.kube.resources import RECURRENCERULES, REMINDERS, TODOTASKS

RESOURCES = {"todotasks": TODOTASKS, "recurrencerules": RECURRENCERULES, "reminders": REMINDERS}


async def test_the_edits_of_every_sentence_are_accepted(kube: KubeClient, namespace: str) -> None:
    """All tried without being done, against the same world, without the preconditions of the imagined one."""
    for document in yaml.safe_load_all((HERE / "world.yaml").read_text()):
        document["metadata"].pop("ownerReferences", None)  # of an owner that has another uid here
        document.pop("status", None)
        resource = next(r for r in RESOURCES.values() if r.kind == document["kind"])
        await kube.create(resource, document, namespace)
    refused = []
    for case in CASES:
        world = the_world(zone=case.get("zone", ZONE))
        world = showing(world, *case["shown"]) if "shown" in case else world
        for edit in [edit for one in said(case["say"], world, confirmed=True) for edit in one.edits]:
            try:
                await try_out(kube, edit, namespace)
            except KubeError as error:
                refused.append((case["say"], str(error)))
    assert refused == []


async def try_out(kube: KubeClient, edit: Edit, namespace: str) -> None:
    resource = RESOURCES[edit.resource]
    if edit.manifest is not None:
        metadata = {**edit.manifest["metadata"], "namespace": namespace}
        await kube.create(resource, {**edit.manifest, "metadata": metadata}, namespace, dry_run=True)
    elif edit.patch is not None:
        await kube.patch(resource, edit.name, edit.patch, namespace, dry_run=True)


# Some of those that the API server takes as a title: one line without control characters.
REFUSED = {*map(chr, (*range(32), *range(0x2028, 0x202F), *range(0x2066, 0x206A)))}
TITLES = [title for title in HOSTILE if not REFUSED & set(title)][::2]


async def test_the_printed_command_makes_the_same_object(
    kube: KubeClient, plane: Plane, kubectl: Kubectl, namespace: str
) -> None:
    """All titles in one script, as somebody would paste them; then all patched the same way."""
    world = the_world(namespace=namespace, tasks=(), rules=())
    specs: dict[str, Any] = {}
    creations, patches = [], []
    for number, title in enumerate(TITLES):
        fields = TaskFields(title, notes=f"about\n{title}", tags=("yes", "1e3"), due="2026-03-06T15:00")
        (made,) = plan(CreateTask(fields), world).edits
        made = renamed(made, f"hostile-{number}")
        creations.append(made.kubectl)
        specs[made.name] = (made.manifest or {})["spec"]
        project = {"spec": {"project": title[:60]}}
        patch = msgspec.structs.replace(made, verb="patch", manifest=None, patch=project)
        patches += [command_line(patch)] if number % 3 == 0 else []
    (rule,) = plan(CreateRule(TaskFields("yes"), ScheduleFields(rrule="FREQ=DAILY;BYHOUR=9")), world).edits
    run([*creations, rule.kubectl], plane, kubectl)
    for name, spec in specs.items():
        made_spec = (await kube.get(TODOTASKS, name, namespace))["spec"]
        assert made_spec == {"priority": "Medium", "completed": False, **spec}
    there = (await kube.get(RECURRENCERULES, rule.name, namespace))["spec"]
    assert there["template"]["spec"]["title"] == "yes"
    assert (there["rrule"], there["start"]) == ("FREQ=DAILY", "2026-03-05T09:00")
    run(patches, plane, kubectl)
    for number, title in list(enumerate(TITLES))[::3]:
        assert (await kube.get(TODOTASKS, f"hostile-{number}", namespace))["spec"]["project"] == title[:60]


def run(commands: list[str], plane: Plane, kubectl: Kubectl) -> None:
    environ = {**os.environ, "KUBECONFIG": str(plane.kubeconfig)}
    environ["PATH"] = f"{kubectl.binary.parent}{os.pathsep}{environ['PATH']}"
    script = "\n".join(["set -e", *commands, ""])
    answer = subprocess.run(
        ["bash"], input=script, env=environ, capture_output=True, text=True, timeout=240, check=False
    )
    if answer.returncode:
        pytest.fail(answer.stderr)
