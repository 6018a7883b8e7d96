"""Real nodes (tests/support/node) with the chart installed: only `make test-cluster` runs what is here.

A file has a cluster of its own, with as many nodes as its `NODES` says (one, where it says nothing).

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

from tests.cluster.looking import NAMESPACE, PARTS, describe
from tests.support.node import images, requirements
from tests.support.node.cluster import Cluster
from tests.support.programs import built_path
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress

ROOT = Path(__file__).parents[2]
CHART = ROOT / "manifests" / "chart"
PARTS_READY = 240  # seconds; on two busy cores
LEASE = "15s"  # the default: a busy machine loses a shorter one, and who has lost it is started anew


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(scope="module")
def cluster(
    test_home: Path,
    control_plane_binaries: Binaries,
    kafka_jars: Path,
    progress: Progress,
    request: pytest.FixtureRequest,
) -> Iterator[Cluster]:
    if not os.environ.get("TEST_CLUSTER"):
        pytest.skip("a node takes minutes: `make test-cluster` runs it")
    nodes = getattr(request.module, "NODES", 1)
    if (reason := requirements.why_not(nodes)) is not None:
        pytest.skip(f"a node cannot run here: {reason}")
    folder = Folder.open(test_home / f"node-{request.path.stem}")
    made = Cluster(folder, control_plane_binaries, kafka_jars, progress, nodes=nodes)
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
    """helm as who has the kubeconfig, in one namespace."""

    kubeconfig: Path
    namespace: str = NAMESPACE

    def __call__(self, *arguments: str, timeout: float = 600) -> str:
        answer = subprocess.run(
            [str(built_path("helm")), *arguments, f"--namespace={self.namespace}"],
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig)},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert answer.returncode == 0, f"helm {' '.join(arguments)}: {answer.stdout}\n{answer.stderr}"
        return answer.stdout


@pytest.fixture(scope="module")
def helm(cluster: Cluster) -> Helm:
    return Helm(cluster.plane.kubeconfig)


def values(tag: str = images.TAG) -> tuple[str, ...]:
    return (
        "--set=imagePrefix=localhost/",
        f"--set=imageTag={tag}",
        f"--set=settings.TODO_LEASE_DURATION={LEASE}",
    )


@pytest.fixture(scope="module")
def installed(cluster: Cluster, helm: Helm, progress: Progress) -> Cluster:
    make_namespace(cluster, NAMESPACE)
    make_secrets(cluster, cluster.kubectl, NAMESPACE)
    with progress.step("helm install"):
        helm("install", "todotasks", str(CHART), *values())
    with progress.step("every part is Ready"):
        wait_for_parts(cluster)
    return cluster


def make_namespace(cluster: Cluster, name: str, **annotations: str) -> None:
    """Labelled as docs/install.md says."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    metadata = {"name": name, "labels": labels, "annotations": annotations}
    cluster.apply(json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}))


def make_secrets(cluster: Cluster, kubectl: Kubectl, namespace: str) -> None:
    """What docs/install.md asks for, by its names."""
    secret = {
        "todotasks-database": {"TODO_DATABASE_URL": cluster.postgres.bridge_url},
        "todotasks-kafka": {"TODO_KAFKA_BOOTSTRAP": cluster.kafka.address},
        "todotasks-smtp": {"TODO_SMTP_URL": cluster.smtp.address},
        "todotasks-gateway": {"TODO_SESSION_KEYS": Fernet.generate_key().decode()},
        "todotasks-audit-key": {"key.pem": signing_key()},
    }
    documents: list[dict[str, Any]] = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": namespace},
            "stringData": data,
        }
        for name, data in secret.items()
    ]
    items = {"apiVersion": "v1", "kind": "List", "items": documents}
    kubectl("apply", "--server-side", "-f", "-", input_text=json.dumps(items))


def signing_key() -> str:
    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        .decode()
    )


def wait_for_parts(cluster: Cluster, namespace: str = NAMESPACE, parts: tuple[str, ...] = PARTS) -> None:
    try:
        for part in parts:
            cluster.kubectl(
                "rollout",
                "status",
                f"deployment/todotasks-{part}",
                f"--namespace={namespace}",
                f"--timeout={PARTS_READY}s",
                timeout=PARTS_READY + 10,
            )
    except Exception:
        print(describe(cluster.kubectl, namespace, parts))
        raise


@pytest.fixture
def home_namespace(cluster: Cluster) -> str:
    """A namespace of people, which is gone with the cluster."""
    name = f"home-{secrets.token_hex(3)}"
    cluster.kubectl("create", "namespace", name)
    return name
