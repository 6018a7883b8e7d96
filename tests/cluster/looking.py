"""What tests on a node look at: Pods, the gateway behind its Service, tasks, mails; `until` waits for it."""

import email
import email.policy
import json
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.node.cluster import Cluster
from todo_cli.local.controlplane.kubectl import Kubectl

NAMESPACE = "todotasks-system"
PARTS = ("operator", "webhook", "gateway", "notifier", "audit")
SOON = 60.0  # seconds; everything here takes a few, on an idle machine


def until(seen: Callable[[], Any], what: str, seconds: float = SOON) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline, f"not seen in {seconds:.0f} s: {what}"
        time.sleep(0.2)


# ── Pods ─────────────────────────────────────────────────────────────────────────────────────────────
def pods(cluster: Cluster, part: str, namespace: str = NAMESPACE) -> list[dict[str, Any]]:
    selector = f"--selector=app.kubernetes.io/name=todotasks-{part}"
    found: list[dict[str, Any]] = cluster.get("pods", f"--namespace={namespace}", selector)["items"]
    return found


def well(cluster: Cluster, part: str, namespace: str = NAMESPACE) -> bool:
    """Whether every Pod is Ready; the autoscaler adds one to the gateway's first a moment later."""
    found = [pod["status"].get("containerStatuses") for pod in pods(cluster, part, namespace)]
    return bool(found) and all(statuses and statuses[0]["ready"] for statuses in found)


def names(cluster: Cluster, part: str) -> set[str]:
    return {pod["metadata"]["name"] for pod in pods(cluster, part)}


def holder(cluster: Cluster) -> str:
    """The Pod that works: the holder's name in the Lease begins with its own."""
    lease = cluster.get("lease", "todotasks-operator", f"--namespace={NAMESPACE}")
    named = str(lease["spec"].get("holderIdentity") or "")
    return next((name for name in names(cluster, "operator") if name in named), "")


def describe(kubectl: Kubectl, namespace: str, parts: tuple[str, ...] = PARTS) -> str:
    """What a person would look at when a part is not Ready."""
    said = [kubectl("get", "pods", "--all-namespaces", "--output=wide")]
    said.append(kubectl("get", "events", f"--namespace={namespace}", "--sort-by=.lastTimestamp"))
    for part in parts:
        try:
            said.append(kubectl("logs", f"deployment/todotasks-{part}", "-n", namespace, "--tail=15"))
        except Exception as error:
            said.append(str(error))
    return "\n".join(said)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────
def gateway_url(cluster: Cluster, namespace: str = NAMESPACE) -> str:
    service = cluster.get("service", "todotasks-gateway", f"--namespace={namespace}")
    return f"http://{service['spec']['clusterIP']}"


def token(cluster: Cluster) -> str:
    return cluster.plane.apiserver.pki.token_of("todotasks-admin")


def ask(url: str, token: str, body: Any = None) -> Any:
    """What the gateway answers; raises for all but 200."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
        return json.load(answer)


def make_task(cluster: Cluster, namespace: str, name: str, **spec: Any) -> None:
    make(cluster, "TodoTask", namespace, name, title=f"The task {name}", **spec)


def make(cluster: Cluster, kind: str, namespace: str, name: str, **spec: Any) -> None:
    document = {
        "apiVersion": "todotasks.dev/v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": spec,
    }
    cluster.apply(json.dumps(document))


def wait_ready(cluster: Cluster, namespace: str, name: str) -> None:
    cluster.wait(f"todotask/{name}", "condition=Ready", namespace=namespace)


def mails(folder: Path, words: str) -> list[email.message.EmailMessage]:
    read = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in folder.glob("*.eml")
    ]
    return [mail for mail in read if words in str(mail["Subject"])]  # type: ignore[misc]


def in_seconds(seconds: float) -> str:
    """A moment, as Kubernetes writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
