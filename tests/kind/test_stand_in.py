"""The stand-in for kind speaks as kind does, as far as pytest-kind and people use it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import STAND_IN
from tests.support import home
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed

Kind = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def kind_home(test_home: Path) -> Iterator[Path]:
    """A place of its own, so that only this module's clusters are in it."""
    place = test_home / "stand-in"
    yield place
    home.remove(place)


@pytest.fixture(scope="module")
def kind(kind_home: Path, control_plane_binaries: Binaries) -> Kind:
    environ = {**os.environ, "TODO_KIND_HOME": str(kind_home), "TODO_KIND_PYTHON": sys.executable}

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(STAND_IN), *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=False)

    return run


def test_a_cluster_is_created_listed_used_and_deleted(
    kind: Kind, tmp_path: Path, control_plane_binaries: Binaries
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    assert kind("get", "clusters").stdout == ""
    created = kind("create", "cluster", "--name=one", f"--kubeconfig={kubeconfig}", "--image=any")
    assert created.returncode == 0, created.stderr
    assert kind("get", "clusters").stdout == "one\n"
    assert kind("get", "kubeconfig", "--name=one").stdout == kubeconfig.read_text()
    kubectl = Kubectl(control_plane_binaries.kubectl.path, kubeconfig)
    assert "todotasks.todotasks.dev" in kubectl("get", "crds", "-o", "name")

    again = kind("create", "cluster", "--name=one", f"--kubeconfig={kubeconfig}")
    assert again.returncode == 1
    assert "already exist" in again.stderr

    assert kind("delete", "cluster", "--name=one").returncode == 0
    assert kind("get", "clusters").stdout == ""
    with pytest.raises(KubectlFailed):
        kubectl("get", "namespaces")


def test_deleting_a_cluster_that_is_not_there_is_fine_as_with_kind(kind: Kind) -> None:
    assert kind("delete", "cluster", "--name=never-made").returncode == 0


def test_what_has_no_nodes_loads_no_images(kind: Kind) -> None:
    refused = kind("load", "docker-image", "--name", "one", "some/image:1")
    assert refused.returncode == 1
    assert "no nodes" in refused.stderr
