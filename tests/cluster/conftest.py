"""A real node (tests/support/node) with the chart installed: only `make test-cluster` runs what is here.

cluster      the cluster, its DNS and metrics
installed    the chart is installed in it and every part is Ready
"""

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.node import images, requirements
from tests.support.node.cluster import Cluster
from tests.support.programs import built_path
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress

ROOT = Path(__file__).parents[2]
CHART = ROOT / "manifests" / "chart"
NAMESPACE = "todotasks-system"
PARTS = ("operator", "webhook", "gateway", "notifier", "audit")
PARTS_READY = 240  # seconds; on two busy cores
LEASE = "5s"  # shorter than the default, so that a crash is waited for less long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(scope="session")
def cluster(
    test_home: Path, control_plane_binaries: Binaries, kafka_jars: Path, progress: Progress
) -> Iterator[Cluster]:
    if not os.environ.get("TEST_CLUSTER"):
        pytest.skip("a node takes minutes: `make test-cluster` runs it")
    if (reason := requirements.why_not()) is not None:
        pytest.skip(f"a node cannot run here: {reason}")
    made = Cluster(Folder.open(test_home / "node"), control_plane_binaries, kafka_jars, progress)
    try:
        made.start()
        yield made
    except Exception:
        for machine in made.machines:
            print(machine.logs())
        raise
    finally:
        made.stop()


@dataclass(frozen=True)
class Helm:
    """helm with the cluster's kubeconfig, in our namespace."""

    kubeconfig: Path

    def __call__(self, *arguments: str, timeout: float = 600) -> str:
        answer = subprocess.run(
            [str(built_path("helm")), *arguments, f"--namespace={NAMESPACE}"],
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert answer.returncode == 0, f"helm {' '.join(arguments)}: {answer.stdout}\n{answer.stderr}"
        return answer.stdout


@pytest.fixture(scope="session")
def helm(cluster: Cluster) -> Helm:
    return Helm(cluster.plane.kubeconfig)


VALUES = (
    "--set=imagePrefix=localhost/",
    f"--set=imageTag={images.TAG}",
    f"--set=settings.TODO_LEASE_DURATION={LEASE}",
)


@pytest.fixture(scope="session")
def installed(cluster: Cluster, helm: Helm, progress: Progress) -> Cluster:
    make_secrets(cluster)
    with progress.step("helm install"):
        helm("install", "todotasks", str(CHART), *VALUES)
    with progress.step("every part is Ready"):
        wait_for_parts(cluster)
    return cluster


def make_secrets(cluster: Cluster) -> None:
    """What docs/install.md asks for, by its names; the namespace is labelled as it says."""
    secret = {
        "todotasks-database": {"TODO_DATABASE_URL": cluster.postgres.bridge_url},
        "todotasks-kafka": {"TODO_KAFKA_BOOTSTRAP": cluster.kafka.address},
        "todotasks-smtp": {"TODO_SMTP_URL": cluster.smtp.address},
        "todotasks-gateway": {"TODO_SESSION_KEYS": Fernet.generate_key().decode()},
        "todotasks-audit-key": {"key.pem": signing_key()},
    }
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": NAMESPACE, "labels": {"pod-security.kubernetes.io/enforce": "restricted"}},
    }
    documents: list[dict[str, Any]] = [namespace]
    for name, data in secret.items():
        metadata = {"name": name, "namespace": NAMESPACE}
        documents.append({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": data})
    for document in documents:
        cluster.apply(json.dumps(document))


def signing_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )


def wait_for_parts(cluster: Cluster) -> None:
    try:
        for part in PARTS:
            cluster.kubectl(
                "rollout",
                "status",
                f"deployment/todotasks-{part}",
                f"--namespace={NAMESPACE}",
                f"--timeout={PARTS_READY}s",
                timeout=PARTS_READY + 10,
            )
    except Exception:
        print(describe(cluster.kubectl))
        raise


def describe(kubectl: Kubectl) -> str:
    """What a person would look at when a part is not Ready."""
    said = [kubectl("get", "pods", "--all-namespaces", "--output=wide")]
    said.append(kubectl("get", "events", f"--namespace={NAMESPACE}", "--sort-by=.lastTimestamp"))
    for part in PARTS:
        try:
            said.append(kubectl("logs", f"deployment/todotasks-{part}", "-n", NAMESPACE, "--tail=15"))
        except Exception as error:
            said.append(str(error))
    return "\n".join(said)


@pytest.fixture
def home_namespace(installed: Cluster) -> str:
    """A namespace of people, which is gone with the cluster."""
    name = f"home-{secrets.token_hex(3)}"
    installed.kubectl("create", "namespace", name)
    return name
