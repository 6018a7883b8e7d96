"""The chart on two real nodes: works end to end, is rolled and drained, fails over, leaves the tasks."""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.cluster import permissions
from tests.cluster.conftest import PARTS_READY, ROOT, Helm, wait_for_parts
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
            assert status["restartCount"] == 0, (pod["metadata"]["name"], status["lastState"])
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


def test_a_name_of_a_service_is_known_on_each_node_and_leads_to_it(
    installed: Cluster, home_namespace: str
) -> None:
    """By the cluster's DNS, whose one Pod is on one of them; the gateway's Pods may be on the other."""
    name = f"todotasks-gateway.{NAMESPACE}"
    ask_it = f"import urllib.request; print(urllib.request.urlopen('http://{name}/', timeout=30).status)"
    for machine in installed.machines:
        installed.apply(json.dumps(asker(machine.name, home_namespace, ask_it)))
    for machine in installed.machines:
        pod = f"ask-from-{machine.name}"
        installed.wait(f"pod/{pod}", "jsonpath={.status.phase}=Succeeded", namespace=home_namespace)
        assert installed.kubectl("logs", pod, f"--namespace={home_namespace}").strip() == "200"


def asker(node: str, namespace: str, script: str) -> dict[str, Any]:
    """A Pod on this very node that runs a script of Python, once."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"ask-from-{node}", "namespace": namespace},
        "spec": {
            "nodeName": node,
            "restartPolicy": "Never",
            "containers": [
                {"name": "ask", "image": images.name_of("cli"), "command": ["python3", "-c", script]}
            ],
        },
    }


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


def holder_beside_a_standby(installed: Cluster) -> str:
    until(lambda: well(installed, "operator") and holder(installed), "a holder and a standby")
    return holder(installed)


def test_the_standby_takes_over_from_an_operator_that_is_deleted(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    first = holder_beside_a_standby(installed)
    started = time.monotonic()
    installed.kubectl("delete", "pod", first, f"--namespace={NAMESPACE}", "--wait=false")
    until(lambda: holder(installed) not in ("", first), "another holder")
    progress.say(f"  deleted: another operator holds the Lease after {time.monotonic() - started:.1f} s")
    make_task(installed, home_namespace, "after-delete")
    wait_ready(installed, home_namespace, "after-delete")
    progress.say(f"  and a task that was made then is Ready after {time.monotonic() - started:.1f} s")
    wait_for_parts(installed)


def test_an_operator_that_is_killed_is_started_anew_and_goes_on(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    """By the kubelet, in its Pod, under its name: so it need not wait for the end of its own Lease."""
    first = holder_beside_a_standby(installed)
    started = time.monotonic()
    tell(installed, *container_of(installed, first), "kill", "--signal=SIGKILL")
    make_task(installed, home_namespace, "after-kill")
    wait_ready(installed, home_namespace, "after-kill")
    progress.say(f"  killed: a task that was made then is Ready after {time.monotonic() - started:.1f} s")
    until(lambda: well(installed, "operator"), "both, Ready again")
    assert first in names(installed, "operator")


def test_the_standby_takes_over_from_an_operator_that_hangs(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    first = holder_beside_a_standby(installed)
    started = time.monotonic()
    machine, container = container_of(installed, first)
    tell(installed, machine, container, "pause")
    try:
        until(lambda: holder(installed) not in ("", first), "another holder", 120)
        progress.say(f"  hangs: another operator holds the Lease after {time.monotonic() - started:.1f} s")
        make_task(installed, home_namespace, "after-pause")
        wait_ready(installed, home_namespace, "after-pause")
        progress.say(f"  and a task that was made then is Ready after {time.monotonic() - started:.1f} s")
    finally:
        with contextlib.suppress(AssertionError):  # its probe has had it killed meanwhile
            tell(installed, machine, container, "resume")
    until(lambda: well(installed, "operator"), "both, Ready again", 180)
    assert holder(installed) != first


def container_of(cluster: Cluster, name: str) -> tuple[str, str]:
    """The node that an operator's Pod is on, and the container in it."""
    (pod,) = (one for one in pods(cluster, "operator") if one["metadata"]["name"] == name)
    (status,) = pod["status"]["containerStatuses"]
    return pod["spec"]["nodeName"], status["containerID"].removeprefix("containerd://")


def tell(cluster: Cluster, node: str, container: str, *command: str) -> None:
    """`ctr tasks kill`, `pause` or `resume`."""
    (machine,) = (one for one in cluster.machines if one.name == node)
    ctr, options = str(programs.built_path("ctr")), (f"--address={files.SOCKET}", "--namespace=k8s.io")
    machine.enter(ctr, *options, "tasks", *command, container)


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


def test_each_part_is_content_with_the_memory_that_it_asks_for(
    installed: Cluster, progress: Progress
) -> None:
    """After all that was done to it so far, as metrics-server says; docs/sizing.md has the figures."""

    def used() -> dict[str, float]:
        found = installed.get("pods.metrics.k8s.io", f"--namespace={NAMESPACE}")["items"]
        most: dict[str, float] = {}
        for pod in found:
            (container,) = pod["containers"]
            mib = int(container["usage"]["memory"].removesuffix("Ki")) / 1024
            most[container["name"]] = max(mib, most.get(container["name"], 0.0))
        return most

    until(lambda: used().keys() >= set(PARTS), "a figure for each part", 90)
    progress.say(
        "  MiB, the largest Pod of each part: " + ", ".join(f"{k} {v:.0f}" for k, v in used().items())
    )
    for part, mib in used().items():
        deployment = installed.get("deployment", f"todotasks-{part}", f"--namespace={NAMESPACE}")
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert mib <= float(container["resources"]["requests"]["memory"].removesuffix("Mi")), part


async def test_the_autoscaler_adds_a_gateway_while_many_ask(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    """And the Service leads to the new one as well; it is taken away ten minutes later."""
    before, over = names(installed, "gateway"), asyncio.Event()
    asking = [asyncio.create_task(parse(installed, home_namespace, over)) for _ in range(CLIENTS)]
    started = time.monotonic()
    try:
        await asyncio.to_thread(until, lambda: names(installed, "gateway") - before, "another Pod", 300)
        added = time.monotonic() - started
        await asyncio.to_thread(
            until, lambda: well(installed, "gateway"), "every gateway, Ready", PARTS_READY
        )
    finally:
        over.set()
        answers = sum(await asyncio.gather(*asking), Counter[int]())
    progress.say(f"  another gateway after {added:.0f} s of sentences; answers {dict(answers)}")
    assert answers.keys() <= {200, 429}
    assert answers[200] > CLIENTS


async def parse(cluster: Cluster, namespace: str, over: asyncio.Event) -> Counter[int]:
    """Long sentences to be read, each over a connection of its own: how many got which answer."""
    answers: Counter[int] = Counter()
    text = "remind me to water the plants every 3 days at 7pm and to call the plumber on friday; " * 5
    url, headers = f"{gateway_url(cluster)}/v1/parse", {"Authorization": f"Bearer {token(cluster)}"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        while not over.is_set():
            async with session.post(
                url, json={"text": text, "namespace": namespace}, headers=headers
            ) as answer:
                await answer.read()
                answers[answer.status] += 1
    return answers


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
