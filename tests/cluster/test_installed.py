"""The chart on two real nodes: works end to end, is rolled and drained, fails over, leaves the tasks."""

import asyncio
import os
import re
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster import permissions
from tests.cluster.conftest import ROOT, Helm, wait_for_parts
from tests.cluster.load import CLIENTS, Load
from tests.cluster.looking import (
    NAMESPACE,
    PARTS,
    ask,
    gateway_url,
    holder,
    in_seconds,
    mails,
    make,
    make_task,
    names,
    pods,
    token,
    until,
    wait_ready,
    well,
)
from tests.support import programs
from tests.support.api import api_of
from tests.support.node import files, images
from tests.support.node.cluster import Cluster
from todo_cli.local.progress import Progress

NODES = 2
CHANNELS = "notificationchannels"
KINDS = ("todotasks", "recurrencerules", "reminders", CHANNELS)
# What is granted, and why a run of a few minutes does not ask for it.
ELSEWHERE = "only where the server cannot send a list as a watch"
NOT_ASKED_FOR = {
    **{f"todotasks-gateway: list {kind}.todotasks.dev": ELSEWHERE for kind in KINDS},
    **{f"todotasks-webhook: list {kind}.todotasks.dev": ELSEWHERE for kind in ("todotasks", CHANNELS)},
    "todotasks-webhook: list namespaces": ELSEWHERE,
    "todotasks-gateway: list namespaces": "when deleted tasks of all namespaces are asked for",
    "todotasks-operator: list namespaces": ELSEWHERE,
    "todotasks-gateway: impersonate users": "a right to a header, no request of its own",
    "todotasks-notifier: patch notificationchannels.todotasks.dev/status": "when a channel stops working",
    **{f"todotasks-operator: get {kind}.todotasks.dev": "when two writers meet" for kind in KINDS},
    "todotasks-operator: get events": "of a leader before",
    "todotasks-operator: patch events": "the second of a kind",
    "todotasks-operator: patch reminders.todotasks.dev": "when a task's reminder changes",
    **{
        f"todotasks-operator: update {kind}.todotasks.dev/finalizers": "OpenShift asks for it"
        for kind in ("todotasks", "recurrencerules")
    },
    **{
        f"todotasks-relay: {verb} leases.coordination.k8s.io": "it runs in the operator here"
        for verb in ("create", "get", "watch", "update")
    },
    "todotasks-webhook: update secrets": "when its certificate ends",
    **{
        f"todotasks-webhook: {verb} mutatingwebhookconfigurations.admissionregistration.k8s.io": "before 1.36"
        for verb in ("get", "update")
    },
}
MOST_MB = 120  # that an image has over its base
PRODUCTION = ROOT / "manifests" / "overlays" / "production"


def test_every_pod_runs_restricted_and_none_was_started_twice(installed: Cluster) -> None:
    for part in PARTS:
        until(lambda part=part: well(installed, part), f"every Pod of {part}, Ready")
        for pod in pods(installed, part):
            (status,) = pod["status"]["containerStatuses"]
            assert status["restartCount"] == 0, pod["metadata"]["name"]
            assert pod["spec"]["securityContext"]["runAsNonRoot"] is True


@pytest.mark.parametrize("target", images.TARGETS)
def test_an_image_is_no_more_than_120_mb_over_its_base(cluster: Cluster, target: str) -> None:
    assert 10 < images.over_base(target) <= MOST_MB


MAINS = {
    "operator": "todo_operator.process.main",
    "webhook": "todo_webhook.main",
    "gateway": "chat_gateway.server.main",
    "notifier": "todo_consumers.notifier.main",
    "audit": "todo_consumers.audit.main",
    "cli": "todo_cli.commands.verify",
}


@pytest.mark.parametrize("target", images.TARGETS)
def test_a_start_compiles_nothing(cluster: Cluster, target: str) -> None:
    """Nobody may write in the image: what is not compiled there is compiled again at each start of a Pod."""
    said = images.run_python(target, "-v", "-c", f"import {MAINS[target]}")
    read = re.findall(r"# code object from '?(.+?)'?$", said, re.MULTILINE)
    assert len(read) > 100
    assert [source for source in read if source.endswith(".py")] == []


def test_verify_passes_inside(installed: Cluster, helm: Helm) -> None:
    assert "Succeeded" in helm("test", "todotasks", "--logs", "--timeout=3m")


def test_the_page_answers_through_the_service(installed: Cluster) -> None:
    with urllib.request.urlopen(gateway_url(installed) + "/", timeout=30) as answer:
        assert answer.status == 200
        assert b"<html" in answer.read()


def test_a_sentence_becomes_a_task_through_the_service(installed: Cluster, home_namespace: str) -> None:
    message = {"text": "buy milk tomorrow at 9am", "namespace": home_namespace}
    ask(gateway_url(installed) + "/v1/chat", token(installed), message)
    (task,) = installed.get("todotasks", f"--namespace={home_namespace}")["items"]
    assert task["spec"]["title"].lower() == "buy milk"
    wait_ready(installed, home_namespace, task["metadata"]["name"])


def test_a_mail_arrives(installed: Cluster, home_namespace: str) -> None:
    make(installed, "NotificationChannel", home_namespace, "mail", email={"to": ["ana@example.com"]})
    make_task(installed, home_namespace, "rent")
    about = {"taskRef": {"name": "rent"}, "channels": ["mail"]}
    make(installed, "Reminder", home_namespace, "rent-now", **about, at=in_seconds(3))
    until(lambda: mails(installed.smtp.mail, "The task rent"), "the mail")
    (mail,) = mails(installed.smtp.mail, "The task rent")
    assert mail["X-Envelope-To"] == "ana@example.com"


def test_the_operator_makes_and_takes_away(installed: Cluster, home_namespace: str) -> None:
    rule = {"simple": {"frequency": "Daily"}, "leadTime": "2d", "template": {"spec": {"title": "Plants"}}}
    make(installed, "RecurrenceRule", home_namespace, "plants", **rule)
    make_task(installed, home_namespace, "rent", due="2040-01-01T10:00", reminders=[{"before": "1d"}])
    make_task(installed, home_namespace, "gone", completed=True, ttlSecondsAfterCompleted=0)

    def there(plural: str) -> set[str]:
        return {one["metadata"]["name"] for one in installed.get(plural, f"-n={home_namespace}")["items"]}

    until(lambda: len(there("todotasks") - {"rent", "gone"}) > 0, "the task of the rule")
    until(lambda: "gone" not in there("todotasks"), "the end of a task that is done and kept no longer")
    until(lambda: there("reminders"), "the reminder of the task")
    make_task(installed, home_namespace, "rent", due="2040-01-01T10:00")
    until(lambda: not there("reminders"), "the end of a reminder that the task does not ask for any more")


def test_the_record_of_who_did_what_is_whole(installed: Cluster) -> None:
    verdict = ask(gateway_url(installed) + "/v1/audit/verify", token(installed))
    assert verdict["holds"], verdict


def test_the_standby_takes_over_from_an_operator_that_is_deleted(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    until(lambda: holder(installed), "a holder")
    first = holder(installed)
    started = time.monotonic()
    installed.kubectl("delete", "pod", first, f"--namespace={NAMESPACE}", "--wait=false")
    until(lambda: holder(installed) not in ("", first), "another holder")
    progress.say(f"  deleted: another operator holds the Lease after {time.monotonic() - started:.1f} s")
    make_task(installed, home_namespace, "after-delete")
    wait_ready(installed, home_namespace, "after-delete")
    progress.say(f"  and a task that was made then is Ready after {time.monotonic() - started:.1f} s")
    wait_for_parts(installed)


def test_the_standby_takes_over_from_an_operator_that_is_killed(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    until(lambda: holder(installed), "a holder")
    (first,) = (pod for pod in pods(installed, "operator") if pod["metadata"]["name"] == holder(installed))
    lease = installed.get("lease", "todotasks-operator", f"--namespace={NAMESPACE}")["spec"]["holderIdentity"]
    started = time.monotonic()
    kill(installed, first)
    until(
        lambda: (
            installed.get("lease", "todotasks-operator", f"--namespace={NAMESPACE}")["spec"]["holderIdentity"]
            not in ("", lease)
        ),
        "another holder",
    )
    progress.say(f"  killed: another operator holds the Lease after {time.monotonic() - started:.1f} s")
    make_task(installed, home_namespace, "after-kill")
    wait_ready(installed, home_namespace, "after-kill")
    progress.say(f"  and a task that was made then is Ready after {time.monotonic() - started:.1f} s")
    wait_for_parts(installed)


def kill(cluster: Cluster, pod: dict[str, Any]) -> None:
    """SIGKILL to the first process of its container."""
    ctr = str(programs.built_path("ctr"))
    options = (f"--address={files.SOCKET}", "--namespace=k8s.io")
    (status,) = pod["status"]["containerStatuses"]
    container = status["containerID"].removeprefix("containerd://")
    (machine,) = (one for one in cluster.machines if one.name == pod["spec"]["nodeName"])
    machine.enter(ctr, *options, "tasks", "kill", "--signal=SIGKILL", container)


async def test_the_gateway_is_rolled_under_load_without_a_failed_request(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    before = names(installed, "gateway")
    async with Load(installed, home_namespace) as load:
        await asyncio.to_thread(restart, installed, "gateway")
        await asyncio.to_thread(until, lambda: not before & names(installed, "gateway"), "the old Pods' end")
    progress.say(f"  while both Pods of the gateway were replaced: {load}")
    await load.settled()
    assert set(load.answers) == {"200"}
    assert load.answers["200"] > CLIENTS


def restart(cluster: Cluster, part: str) -> None:
    cluster.kubectl("rollout", "restart", f"deployment/todotasks-{part}", f"--namespace={NAMESPACE}")
    wait_for_parts(cluster)


async def test_nodes_are_drained_one_after_the_other_under_load(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    """As a cluster is upgraded. When the first is drained, all Pods are on the second; when that is drained,
    both of each part must go, and the budgets let them go one after the other only.
    """
    budgets = Budgets(installed)
    async with Load(installed, home_namespace) as load:
        for machine in reversed(installed.machines):
            watching = asyncio.create_task(budgets.watch(over := asyncio.Event()))
            started = time.monotonic()
            said = await asyncio.to_thread(drain, installed, machine.name)
            seconds = time.monotonic() - started
            held_back = said.count("violate the pod's disruption budget")
            progress.say(f"  {machine.name} drained in {seconds:.0f} s, {held_back} evictions held back")
            assert not [pod for pod in ours(installed) if pod["spec"]["nodeName"] == machine.name]
            await asyncio.to_thread(wait_for_parts, installed)
            over.set()
            await watching
            await asyncio.to_thread(installed.kubectl, "uncordon", machine.name)
    progress.say(f"  while each of two nodes was drained: {load}; budgets looked at {budgets.looked} times")
    await load.settled()
    assert held_back > 0
    assert budgets.broken == set()
    assert set(load.answers) == {"200"}
    assert load.answers["200"] > CLIENTS


def drain(cluster: Cluster, node: str) -> str:
    """What kubectl says: an eviction that a budget forbids is told, and tried again after five seconds."""
    answer = subprocess.run(
        [
            str(cluster.kubectl.binary),
            *("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=300s"),
        ],
        env={**os.environ, "KUBECONFIG": str(cluster.plane.kubeconfig)},
        capture_output=True,
        text=True,
        timeout=310,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout + answer.stderr


def ours(cluster: Cluster) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cluster.get("pods", f"--namespace={NAMESPACE}")["items"]
    return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]


class Budgets:
    """How many Pods of each part are well, by the PodDisruptionBudgets' own count, again and again."""

    def __init__(self, cluster: Cluster) -> None:
        self._api = api_of(cluster.plane.kubeconfig)
        self.looked = 0
        self.broken: set[str] = set()

    async def watch(self, over: asyncio.Event) -> None:
        while not over.is_set():
            found = await asyncio.to_thread(
                self._api, "GET", f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets"
            )
            assert len(found["items"]) == len(PARTS) - 1  # of the audit there is one only, and no budget
            for budget in found["items"]:
                status = budget["status"]
                if status["currentHealthy"] < status["desiredHealthy"]:
                    self.broken.add(f"{budget['metadata']['name']}: {status}")
            self.looked += 1
            await asyncio.sleep(0.5)


def test_the_autoscaler_of_the_gateway_knows_its_cpu(installed: Cluster) -> None:
    def known() -> bool:
        found = installed.get("horizontalpodautoscaler", "todotasks-gateway", f"--namespace={NAMESPACE}")
        metrics = found["status"].get("currentMetrics") or [{}]
        return "averageUtilization" in metrics[0].get("resource", {}).get("current", {})

    until(known, "the CPU that the gateway uses, by metrics-server", 180)


def test_the_accounts_have_what_they_ask_for_and_ask_for_what_they_have(installed: Cluster) -> None:
    events = installed.plane.audited()
    assert permissions.refused(events) == set()
    kinds = ("clusterroles", "roles", "clusterrolebindings", "rolebindings")
    found = [installed.get(kind, "--all-namespaces")["items"] for kind in kinds]
    unused = permissions.granted(found[0] + found[1], found[2] + found[3]) - permissions.used(events)
    assert {str(one) for one in unused} <= set(NOT_ASKED_FOR)


def test_uninstall_leaves_the_tasks_and_the_overlay_takes_them_over(
    installed: Cluster, helm: Helm, home_namespace: str, tmp_path: Path
) -> None:
    make_task(installed, home_namespace, "kept")
    wait_ready(installed, home_namespace, "kept")
    helm("uninstall", "todotasks", "--wait", "--timeout=3m")
    until(lambda: not any(pods(installed, part) for part in PARTS), "the end of every Pod")
    kept = installed.get("todotask", "kept", f"--namespace={home_namespace}")
    assert kept["spec"]["title"] == "The task kept"
    assert "deletionTimestamp" not in kept["metadata"]
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [os.path.relpath(PRODUCTION, tmp_path)],
        "images": [
            {"name": f"todotasks-{part}", "newName": f"localhost/todotasks-{part}", "newTag": images.TAG}
            for part in PARTS
        ],
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    installed.kubectl("apply", "--server-side", "--force-conflicts", "-k", str(tmp_path))
    wait_for_parts(installed)
    make_task(installed, home_namespace, "kept", completed=True)
    installed.wait("todotask/kept", "jsonpath={.status.completionTime}", namespace=home_namespace)
