"""Where the programs of the control plane are looked for, and in which order."""

import re
from pathlib import Path

import pytest

from todo_cli.local.controlplane import binaries
from todo_cli.local.errors import ToolMissing
from todo_cli.local.progress import silent

ALL = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")


def programs(folder: Path, *names: str, version: str = "v1.36.3") -> Path:
    """Programs that say a version and do nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(f"#!/bin/sh\necho Kubernetes {version}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine on which there is nothing."""
    return {"HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "path"), "XDG_CACHE_HOME": ""}


def cached(machine: dict[str, str], *names: str) -> None:
    for name in names:
        programs(binaries.cached_path(name, machine).parent, name)


def test_the_assets_folder_comes_first(machine: dict[str, str], tmp_path: Path) -> None:
    programs(tmp_path / "path", *ALL)
    cached(machine, *ALL)
    machine["KUBEBUILDER_ASSETS"] = str(programs(tmp_path / "assets", *ALL))
    found = binaries.obtain(silent(), machine)
    assert found.apiserver == binaries.Binary(tmp_path / "assets" / "kube-apiserver", "KUBEBUILDER_ASSETS")
    assert found.kubectl.path == tmp_path / "assets" / "kubectl"


def test_what_setup_envtest_leaves_out_is_taken_from_the_cache(
    machine: dict[str, str], tmp_path: Path
) -> None:
    machine["KUBEBUILDER_ASSETS"] = str(programs(tmp_path / "assets", "etcd", "kube-apiserver", "kubectl"))
    cached(machine, "kube-controller-manager")
    assert binaries.obtain(silent(), machine).controllers.source == "the cache"


def test_an_assets_folder_without_an_api_server_is_a_mistake_and_not_passed_over(
    machine: dict[str, str], tmp_path: Path
) -> None:
    machine["KUBEBUILDER_ASSETS"] = str(programs(tmp_path / "assets", "etcd"))
    cached(machine, *ALL)
    with pytest.raises(ToolMissing, match="no kube-apiserver in it"):
        binaries.obtain(silent(), machine)


def test_an_api_server_that_is_too_old_is_refused_where_it_was_asked_for(
    machine: dict[str, str], tmp_path: Path
) -> None:
    machine["KUBEBUILDER_ASSETS"] = str(programs(tmp_path / "assets", *ALL, version="v1.28.0"))
    with pytest.raises(ToolMissing, match=r"is version 1\.28; todotasks needs 1\.32 or newer"):
        binaries.obtain(silent(), machine)


def test_an_api_server_that_is_too_old_on_the_path_is_passed_over(
    machine: dict[str, str], tmp_path: Path
) -> None:
    programs(tmp_path / "path", *ALL, version="v1.28.0")
    cached(machine, *ALL)
    assert binaries.obtain(silent(), machine).apiserver.source == "the cache"


def test_the_path_comes_before_the_cache_but_its_kubectl_does_not(
    machine: dict[str, str], tmp_path: Path
) -> None:
    programs(tmp_path / "path", *ALL)
    cached(machine, *ALL)
    found = binaries.obtain(silent(), machine)
    assert found.apiserver.source == found.etcd.source == "PATH"
    assert found.kubectl.source == "the cache"


def test_without_anything_and_without_go_it_says_what_to_install(machine: dict[str, str]) -> None:
    with pytest.raises(
        ToolMissing, match=r"Install Go 1\.26 or newer .* or point KUBEBUILDER_ASSETS"
    ) as raised:
        binaries.obtain(silent(), machine)
    assert "todotasks up --kubeconfig" in str(raised.value)


def test_for_somebody_elses_cluster_kubectl_may_come_from_the_path(
    machine: dict[str, str], tmp_path: Path
) -> None:
    programs(tmp_path / "path", "kubectl")
    assert binaries.obtain_kubectl(silent(), machine).source == "PATH"


def test_the_cache_is_by_version() -> None:
    path = binaries.cached_path("kube-apiserver", {"XDG_CACHE_HOME": "/cache"})
    assert re.fullmatch(r"/cache/todotasks/controlplane/v1\.\d+\.\d+/kube-apiserver", str(path))


def test_the_version_is_stamped_as_a_semantic_version() -> None:
    flags = binaries.linker_flags("v1.36.3")
    assert "-X k8s.io/component-base/version.gitVersion=v1.36.3" in flags
    assert "version.gitMajor=1 " in flags
    assert "version.gitMinor=36 " in flags


def test_what_setup_envtest_has_fetched_is_found_and_the_newest_taken(machine: dict[str, str]) -> None:
    store = Path(machine["HOME"]) / ".local" / "share" / "kubebuilder-envtest" / "k8s"
    for folder, version in (
        ("1.28.3-linux-amd64", "v1.28.3"),
        ("1.33.0-x", "v1.33.0"),
        ("1.34.1-x", "v1.34.1"),
    ):
        programs(store / folder, "etcd", "kube-apiserver", "kubectl", version=version)
    programs(store / "1.35.0-x", "kube-apiserver", version="v1.35.0")  # half fetched
    cached(machine, "kube-controller-manager")
    found = binaries.obtain(silent(), machine)
    assert found.apiserver == binaries.Binary(store / "1.34.1-x" / "kube-apiserver", "setup-envtest")
    assert found.etcd.path == store / "1.34.1-x" / "etcd"
    assert found.kubectl.path == store / "1.34.1-x" / "kubectl"
    assert found.controllers.source == "the cache"


def test_what_setup_envtest_was_told_to_keep_elsewhere_is_found_by_the_same_variable(
    machine: dict[str, str], tmp_path: Path
) -> None:
    machine["XDG_DATA_HOME"] = str(tmp_path / "data")
    folder = programs(tmp_path / "data" / "kubebuilder-envtest" / "k8s" / "1.36.0-x", *ALL)
    assert binaries.obtain(silent(), machine).apiserver.path.parent == folder


def test_the_own_cache_comes_before_what_setup_envtest_has_fetched(machine: dict[str, str]) -> None:
    programs(Path(machine["HOME"]) / ".local/share/kubebuilder-envtest/k8s/1.36.9-x", *ALL, version="v1.36.9")
    cached(machine, *ALL)
    assert binaries.obtain(silent(), machine).apiserver.source == "the cache"
