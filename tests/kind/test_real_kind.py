"""The same manifests on a real kind cluster, where Docker runs. Elsewhere these tests say why they skip."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_kind import KindCluster

from tests.conftest import install
from tests.support.plane import docker_runs
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl

CLUSTER = "todotasks-real-kind"


@pytest.fixture(scope="module")
def real_kind(
    tmp_path_factory: pytest.TempPathFactory, control_plane_binaries: Binaries
) -> Iterator[Kubectl]:
    kind = shutil.which("kind")
    if kind is None:
        pytest.skip("needs kind on the PATH (https://kind.sigs.k8s.io)")
    if not docker_runs():
        pytest.skip("needs a running Docker: `docker info` fails here")
    kubeconfig = tmp_path_factory.mktemp("kind") / "kubeconfig"
    kubectl = control_plane_binaries.kubectl.path
    cluster = KindCluster(CLUSTER, kubeconfig, kind_path=Path(kind), kubectl_path=kubectl)
    cluster.create()
    try:
        yield Kubectl(kubectl, kubeconfig)
    finally:
        cluster.delete()


def test_the_manifests_apply_to_a_real_cluster_and_a_task_is_stored(real_kind: Kubectl) -> None:
    install(real_kind)
    task = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "real", "namespace": "default"},
        "spec": {"title": "On a real cluster"},
    }
    real_kind("apply", "--server-side", "-f", "-", input_text=json.dumps(task))
    stored = json.loads(real_kind("get", "todotask", "real", "--output=json"))
    assert stored["spec"]["title"] == "On a real cluster"


def test_applying_twice_changes_nothing(real_kind: Kubectl) -> None:
    install(real_kind)
    before = real_kind("get", "crds", "--output=jsonpath={.items[*].metadata.resourceVersion}")
    install(real_kind)
    after = real_kind("get", "crds", "--output=jsonpath={.items[*].metadata.resourceVersion}")
    assert before == after
