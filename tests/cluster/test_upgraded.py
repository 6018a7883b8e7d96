"""An earlier commit's chart is upgraded to this one while people work: nothing fails, nothing is lost."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cluster import before
from tests.cluster.conftest import CHART, Helm, make_namespace, make_secrets, values, wait_for_parts
from tests.cluster.load import CLIENTS, Load
from tests.cluster.looking import (
    NAMESPACE,
    PARTS,
    ask,
    gateway_url,
    in_seconds,
    mails,
    make,
    make_task,
    names,
    token,
    until,
    wait_ready,
)
from tests.support.node.cluster import Cluster
from todo_cli.local.progress import Progress

CRDS = "customresourcedefinitions"


@pytest.fixture(scope="module")
def earlier(
    cluster: Cluster, helm: Helm, progress: Progress, tmp_path_factory: pytest.TempPathFactory
) -> Cluster:
    """The cluster with the chart and the images of then."""
    root = before.sources(tmp_path_factory.mktemp("before"))
    archive = before.built(root, progress)
    for machine in cluster.machines:
        machine.import_images(archive)
    make_namespace(cluster, NAMESPACE)
    make_secrets(cluster, cluster.kubectl, NAMESPACE)
    with progress.step(f"helm install of {before.COMMIT[:12]}"):
        helm("install", "todotasks", str(root / "manifests" / "chart"), *values(before.TAG))
    with progress.step("every part is Ready"):
        wait_for_parts(cluster)
    return cluster


@dataclass(frozen=True)
class Upgraded:
    """What was there before, and what people saw meanwhile."""

    home: str
    load: Load
    objects: dict[str, dict[str, Any]]
    crds: dict[str, str]


def stored(cluster: Cluster, namespace: str) -> dict[str, dict[str, Any]]:
    kinds = "todotasks,recurrencerules,reminders,notificationchannels"
    found = cluster.get(kinds, f"--namespace={namespace}")["items"]
    return {one["metadata"]["uid"]: one for one in found}


def uids_of_crds(cluster: Cluster) -> dict[str, str]:
    found = cluster.get(CRDS)["items"]
    return {one["metadata"]["name"]: one["metadata"]["uid"] for one in found}


@pytest.fixture(scope="module")
async def upgraded(earlier: Cluster, helm: Helm, progress: Progress) -> Upgraded:
    home = "home-before"
    earlier.kubectl("create", "namespace", home)
    make(earlier, "NotificationChannel", home, "mail", email={"to": ["ana@example.com"]})
    make_task(earlier, home, "rent", due="2040-01-01T10:00", reminders=[{"before": "1d"}], tags=["money"])
    rule = {"simple": {"frequency": "Daily"}, "leadTime": "2d", "template": {"spec": {"title": "Plants"}}}
    make(earlier, "RecurrenceRule", home, "plants", **rule)
    wait_ready(earlier, home, "rent")
    until(lambda: len(stored(earlier, home)) >= 5, "the task of the rule, the reminder of the task")
    about = {"taskRef": {"name": "rent"}, "channels": ["mail"]}
    make(earlier, "Reminder", home, "meanwhile", **about, at=in_seconds(25))
    objects, crds = stored(earlier, home), uids_of_crds(earlier)
    old = {name for part in PARTS for name in names(earlier, part)}

    async with Load(earlier, "default") as load:
        await asyncio.to_thread(until, lambda: load.answers["200"] > CLIENTS, "answers before the upgrade")
        with progress.step("helm upgrade under load") as step:
            await asyncio.to_thread(helm, "upgrade", "todotasks", str(CHART), *values())
            await asyncio.to_thread(wait_for_parts, earlier)
            await asyncio.to_thread(until, lambda: not old & set(all_pods(earlier)), "the old Pods' end")
            step.result = str(load)
    return Upgraded(home, load, objects, crds)


def all_pods(cluster: Cluster) -> list[str]:
    return [one["metadata"]["name"] for one in cluster.get("pods", f"--namespace={NAMESPACE}")["items"]]


def test_no_request_failed(upgraded: Upgraded) -> None:
    assert set(upgraded.load.answers) == {"200"}
    assert upgraded.load.answers["200"] > CLIENTS


async def test_every_task_that_was_made_meanwhile_is_in_the_stream_in_the_mirror_and_ready(
    upgraded: Upgraded,
) -> None:
    assert len(upgraded.load.made) > 10
    await upgraded.load.settled()


def test_the_crds_and_all_that_was_stored_before_are_still_there(
    upgraded: Upgraded, earlier: Cluster
) -> None:
    assert uids_of_crds(earlier) == upgraded.crds
    after = stored(earlier, upgraded.home)
    assert upgraded.objects.keys() <= after.keys()
    for uid, was in upgraded.objects.items():
        assert after[uid]["spec"] == was["spec"], was["metadata"]["name"]


def test_a_task_from_before_is_valid_and_can_be_completed(upgraded: Upgraded, earlier: Cluster) -> None:
    patch = json.dumps({"spec": {"completed": True}})
    earlier.kubectl("patch", "todotask", "rent", f"-n={upgraded.home}", "--type=merge", f"--patch={patch}")
    earlier.wait("todotask/rent", "jsonpath={.status.completionTime}", namespace=upgraded.home)


def test_a_reminder_that_was_due_meanwhile_came_once(upgraded: Upgraded, earlier: Cluster) -> None:
    until(lambda: mails(earlier.smtp.mail, "The task rent"), "the mail")
    fired = earlier.get("reminder", "meanwhile", f"-n={upgraded.home}")["status"]["firedCount"]
    assert (len(mails(earlier.smtp.mail, "The task rent")), fired) == (1, 1)


def test_the_record_of_who_did_what_is_whole(upgraded: Upgraded, earlier: Cluster) -> None:
    url = gateway_url(earlier)
    verdict = ask(f"{url}/v1/audit/verify", token(earlier))
    assert verdict["holds"], verdict

    def recorded() -> int:
        stats = ask(f"{url}/v1/audit/stats?namespace=default&by=action", token(earlier))
        counts = {group["key"]: group["count"] for group in stats["groups"]}
        return int(counts.get("task.created", 0))

    until(lambda: recorded() >= len(upgraded.load.made), "an entry for each task that was made")


async def test_an_upgrade_that_cannot_work_harms_nobody_and_is_taken_back(
    upgraded: Upgraded, earlier: Cluster, helm: Helm, progress: Progress
) -> None:
    """As .github/workflows/deploy.yml does: upgrade, wait, and where that fails back to what ran before."""
    revision = json.loads(helm("history", "todotasks", "--output=json"))[-1]["revision"]
    async with Load(earlier, upgraded.home) as load:
        with pytest.raises(AssertionError, match="helm upgrade"):
            await asyncio.to_thread(
                helm, "upgrade", "todotasks", str(CHART), *values("nowhere"), "--wait", "--timeout=45s"
            )
        with progress.step("helm rollback under load") as step:
            await asyncio.to_thread(helm, "rollback", "todotasks", str(revision), "--wait", "--timeout=4m")
            await asyncio.to_thread(wait_for_parts, earlier)
            step.result = str(load)
    await load.settled()
    assert set(load.answers) == {"200"}
    assert "Succeeded" in await asyncio.to_thread(helm, "test", "todotasks", "--timeout=3m")
