"""The chart on a real node: Ready, works from end to end, is rolled, fails over, goes, leaves the tasks."""

import asyncio
import email
import email.policy
import json
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp

from tests.cluster.conftest import CHART, NAMESPACE, PARTS, VALUES, Helm, wait_for_parts
from tests.support import programs
from tests.support.node import files
from tests.support.node.cluster import Cluster
from todo_cli.local.progress import Progress

SOON = 60.0  # seconds; everything here takes a few, on an idle machine
CLIENTS = 8


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

    asking = [asyncio.create_task(ask(keep=number % 2 == 0)) for number in range(CLIENTS)]
    await asyncio.to_thread(
        installed.kubectl, "rollout", "restart", "deployment/todotasks-gateway", f"--namespace={NAMESPACE}"
    )
    await asyncio.to_thread(wait_for_parts, installed)
    await asyncio.to_thread(until, lambda: not before & names(installed, "gateway"), "the old Pods' end")
    over.set()
    await asyncio.gather(*asking)
    progress.say(f"  while both Pods of the gateway were replaced: {dict(answers)}")
    assert set(answers) == {"200"}
    assert answers["200"] > CLIENTS


def names(cluster: Cluster, part: str) -> set[str]:
    return {pod["metadata"]["name"] for pod in pods(cluster, part)}


def test_the_autoscaler_of_the_gateway_knows_its_cpu(installed: Cluster) -> None:
    def known() -> bool:
        found = installed.get("horizontalpodautoscaler", "todotasks-gateway", f"--namespace={NAMESPACE}")
        metrics = found["status"].get("currentMetrics") or [{}]
        return "averageUtilization" in metrics[0].get("resource", {}).get("current", {})

    until(known, "the CPU that the gateway uses, by metrics-server", 180)


def test_nothing_was_refused_to_an_account_of_ours(installed: Cluster) -> None:
    refused = {
        f"{event['user']['username']}: {event['verb']} {event.get('objectRef', event['requestURI'])}"
        for event in installed.plane.audited()
        if event["user"]["username"].startswith(f"system:serviceaccount:{NAMESPACE}:")
        and event.get("responseStatus", {}).get("code") == 403
    }
    assert refused == set()


def test_upgrade_uninstall_and_install_again_keep_the_tasks(
    installed: Cluster, helm: Helm, home_namespace: str
) -> None:
    make_task(installed, home_namespace, "kept")
    helm("upgrade", "todotasks", str(CHART), *VALUES, "--set=settings.TODO_LOG_LEVEL=debug", "--wait")
    helm("uninstall", "todotasks", "--wait", "--timeout=3m")
    assert pods(installed, "operator") == []
    kept = installed.get("todotask", "kept", f"--namespace={home_namespace}")
    assert kept["spec"]["title"] == "The task kept"
    assert "deletionTimestamp" not in kept["metadata"]
    helm("install", "todotasks", str(CHART), *VALUES)
    wait_for_parts(installed)
    make_task(installed, home_namespace, "kept", completed=True)
    installed.wait("todotask/kept", "jsonpath={.status.completionTime}", namespace=home_namespace)


def until(seen: Any, what: str, seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"not seen in {seconds:.0f} s: {what}"
        time.sleep(0.2)
