"""The chart on a real node: Ready, works from end to end, is rolled, fails over, goes, leaves the tasks."""

import asyncio
import email
import email.policy
import json
import os
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import yaml

from tests.cluster import permissions
from tests.cluster.conftest import NAMESPACE, PARTS, ROOT, Helm, wait_for_parts
from tests.support import programs
from tests.support.node import files, images
from tests.support.node.cluster import Cluster
from todo_cli.local.progress import Progress

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
SOON = 60.0  # seconds; everything here takes a few, on an idle machine
CLIENTS = 8
PRODUCTION = ROOT / "manifests" / "overlays" / "production"


def pods(cluster: Cluster, part: str) -> list[dict[str, Any]]:
    selector = f"--selector=app.kubernetes.io/name=todotasks-{part}"
    found: list[dict[str, Any]] = cluster.get("pods", f"--namespace={NAMESPACE}", selector)["items"]
    return found


def gateway_url(cluster: Cluster) -> str:
    service = cluster.get("service", "todotasks-gateway", f"--namespace={NAMESPACE}")
    return f"http://{service['spec']['clusterIP']}"


def token(cluster: Cluster) -> str:
    return cluster.plane.apiserver.pki.token_of("todotasks-admin")


def make_task(cluster: Cluster, namespace: str, name: str, **spec: Any) -> None:
    document = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"title": f"The task {name}", **spec},
    }
    cluster.apply(json.dumps(document))


def wait_ready(cluster: Cluster, namespace: str, name: str) -> None:
    cluster.wait(f"todotask/{name}", "condition=Ready", namespace=namespace)


def test_every_pod_runs_restricted_and_none_was_started_twice(installed: Cluster) -> None:
    for part in PARTS:
        for pod in pods(installed, part):
            (status,) = pod["status"]["containerStatuses"]
            assert (status["ready"], status["restartCount"]) == (True, 0), pod["metadata"]["name"]
            assert pod["spec"]["securityContext"]["runAsNonRoot"] is True


def test_verify_passes_inside(installed: Cluster, helm: Helm) -> None:
    assert "Succeeded" in helm("test", "todotasks", "--logs", "--timeout=3m")


def test_the_page_answers_through_the_service(installed: Cluster) -> None:
    with urllib.request.urlopen(gateway_url(installed) + "/", timeout=30) as answer:
        assert answer.status == 200
        assert b"<html" in answer.read()


def test_a_sentence_becomes_a_task_through_the_service(installed: Cluster, home_namespace: str) -> None:
    body = json.dumps({"text": "buy milk tomorrow at 9am", "namespace": home_namespace}).encode()
    request = urllib.request.Request(
        gateway_url(installed) + "/v1/chat",
        data=body,
        headers={"Authorization": f"Bearer {token(installed)}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
    (task,) = installed.get("todotasks", f"--namespace={home_namespace}")["items"]
    assert task["spec"]["title"].lower() == "buy milk"
    wait_ready(installed, home_namespace, task["metadata"]["name"])


def test_a_mail_arrives(installed: Cluster, home_namespace: str) -> None:
    channel = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "NotificationChannel",
        "metadata": {"name": "mail", "namespace": home_namespace},
        "spec": {"email": {"to": ["ana@example.com"]}},
    }
    installed.apply(json.dumps(channel))
    make_task(installed, home_namespace, "rent")
    reminder = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "Reminder",
        "metadata": {"name": "rent-now", "namespace": home_namespace},
        "spec": {
            "taskRef": {"name": "rent"},
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3)),
            "channels": ["mail"],
        },
    }
    installed.apply(json.dumps(reminder))
    until(lambda: mails(installed.smtp.mail, "The task rent"), "the mail")
    (mail,) = mails(installed.smtp.mail, "The task rent")
    assert mail["X-Envelope-To"] == "ana@example.com"


def test_the_operator_makes_and_takes_away(installed: Cluster, home_namespace: str) -> None:
    rule = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "RecurrenceRule",
        "metadata": {"name": "plants", "namespace": home_namespace},
        "spec": {
            "simple": {"frequency": "Daily"},
            "leadTime": "2d",
            "template": {"spec": {"title": "Plants"}},
        },
    }
    installed.apply(json.dumps(rule))
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
    request = urllib.request.Request(
        gateway_url(installed) + "/v1/audit/verify", headers={"Authorization": f"Bearer {token(installed)}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        verdict = json.load(answer)
    assert verdict["holds"], verdict


def mails(folder: Path, words: str) -> list[email.message.EmailMessage]:
    read = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in folder.glob("*.eml")
    ]
    return [mail for mail in read if words in str(mail["Subject"])]  # type: ignore[misc]


def holder(cluster: Cluster) -> str:
    """The Pod that works: the holder's name in the Lease begins with its own."""
    lease = cluster.get("lease", "todotasks-operator", f"--namespace={NAMESPACE}")
    named = str(lease["spec"].get("holderIdentity") or "")
    return next(
        (pod["metadata"]["name"] for pod in pods(cluster, "operator") if pod["metadata"]["name"] in named), ""
    )


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
    (status,) = first["status"]["containerStatuses"]
    started = time.monotonic()
    kill(installed, status["containerID"].removeprefix("containerd://"))
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


def kill(cluster: Cluster, container: str) -> None:
    """SIGKILL to a container's first process."""
    ctr = str(programs.built_path("ctr"))
    options = (f"--address={files.SOCKET}", "--namespace=k8s.io")
    cluster.machines[0].enter(ctr, *options, "tasks", "kill", "--signal=SIGKILL", container)


async def test_the_gateway_is_rolled_under_load_without_a_failed_request(
    installed: Cluster, home_namespace: str, progress: Progress
) -> None:
    make_task(installed, home_namespace, "seen")
    url = f"{gateway_url(installed)}/v1/tasks?namespace={home_namespace}"
    headers = {"Authorization": f"Bearer {token(installed)}"}
    before = {pod["metadata"]["name"] for pod in pods(installed, "gateway")}
    answers: Counter[str] = Counter()
    over = asyncio.Event()

    async def ask(keep: bool) -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=not keep)) as session:
            while not over.is_set():
                try:
                    async with session.get(url, headers=headers) as answer:
                        await answer.read()
                        answers[str(answer.status)] += 1
                except aiohttp.ClientError as error:
                    answers[repr(error)] += 1

    watched: set[str] = set()
    asking = [asyncio.create_task(ask(keep=number % 2 == 0)) for number in range(CLIENTS)]
    watching = asyncio.create_task(watch(installed, home_namespace, watched))
    made = asyncio.create_task(make_tasks_until(over, installed, home_namespace))
    await asyncio.to_thread(
        installed.kubectl, "rollout", "restart", "deployment/todotasks-gateway", f"--namespace={NAMESPACE}"
    )
    await asyncio.to_thread(wait_for_parts, installed)
    await asyncio.to_thread(until, lambda: not before & names(installed, "gateway"), "the old Pods' end")
    over.set()
    await asyncio.gather(*asking)
    wanted = await made
    await asyncio.to_thread(until, lambda: wanted <= watched, "every task that was made, in the stream")
    watching.cancel()
    progress.say(
        f"  while both Pods of the gateway were replaced: {dict(answers)}, {len(wanted)} tasks in a stream"
    )
    assert set(answers) == {"200"}
    assert answers["200"] > CLIENTS


async def make_tasks_until(over: asyncio.Event, cluster: Cluster, namespace: str) -> set[str]:
    names: set[str] = set()
    while not over.is_set():
        names.add(name := f"made-{len(names)}")
        await asyncio.to_thread(make_task, cluster, namespace, name)
        await asyncio.sleep(0.3)
    return names


async def watch(cluster: Cluster, namespace: str, seen: set[str]) -> None:
    """As a browser does: it goes on behind the last cursor when it is cut off."""
    headers = {"Authorization": f"Bearer {token(cluster)}"}
    kinds = "&kind=".join(("todotasks", "recurrencerules", "reminders", "notificationchannels"))
    url = f"{gateway_url(cluster)}/v1/stream?namespace={namespace}&kind={kinds}"
    no_limit = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(timeout=no_limit, read_bufsize=2**20) as session:
        while True:
            try:
                async with session.get(url, headers=headers) as answer:
                    answer.raise_for_status()
                    async for line in answer.content:
                        field, _, value = line.decode().rstrip("\n").partition(": ")
                        if field == "id":
                            headers["Last-Event-ID"] = value
                        elif field == "data":
                            data = json.loads(value)
                            objects = (data.get("objects") or [data["object"]]) if "kind" in data else []
                            seen |= {one["metadata"]["name"] for one in objects}
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)


def names(cluster: Cluster, part: str) -> set[str]:
    return {pod["metadata"]["name"] for pod in pods(cluster, part)}


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


def until(seen: Any, what: str, seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"not seen in {seconds:.0f} s: {what}"
        time.sleep(0.2)
