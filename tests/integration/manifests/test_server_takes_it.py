"""A real API server takes every manifest that we ship, strictly; its Pod Security lets our parts in."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube import KubeClient

ROOT = Path(__file__).parents[3]
MANIFESTS = ROOT / "manifests"
FOLDERS = [
    folder
    for folder in sorted(path.parent for path in MANIFESTS.rglob("kustomization.yaml"))
    if folder.relative_to(MANIFESTS).parts[0] not in {"components", "backing", "dapr"}
    if folder.parent.name != "gitops" or folder.name == "household"  # the rest has kinds of others
]
PRODUCTION = MANIFESTS / "overlays" / "production"


def dry_run(kubectl: Kubectl, documents: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    """What kubectl says, warnings of the server included."""
    command = [
        str(kubectl.binary),
        *("apply", "--dry-run=server", "--validate=strict", "--server-side", "--force-conflicts", "-f", "-"),
        # As kubectl's own manager it would also try to take over what another test applied the old way, and warn.
        "--field-manager=todotasks-tests",
    ]
    return subprocess.run(
        command,
        input=yaml.safe_dump_all(documents),
        env={**os.environ, "KUBECONFIG": str(kubectl.kubeconfig)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rendered(kubectl: Kubectl, folder: Path) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(kubectl("kustomize", str(folder))) if one]


def without_namespaces_to_come(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A dry run makes no namespace, so what would be in a new one is tried in `default`."""
    new = {one["metadata"]["name"] for one in documents if one["kind"] == "Namespace"} - {"todotasks-system"}
    for one in documents:
        if one["metadata"].get("namespace") in new:
            one["metadata"]["namespace"] = "default"
    return documents


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(MANIFESTS)))
def test_the_server_takes_every_object_strictly(kube: KubeClient, kubectl: Kubectl, folder: Path) -> None:
    documents = without_namespaces_to_come(rendered(kubectl, folder))
    answer = dry_run(kubectl, documents)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("(server dry run)") == len(documents)
    assert "Warning" not in answer.stderr


def test_a_field_that_does_not_exist_is_refused(kube: KubeClient, kubectl: Kubectl) -> None:
    (deployment, *_) = (one for one in rendered(kubectl, PRODUCTION) if one["kind"] == "Deployment")
    deployment["spec"]["template"]["spec"]["serviceAcountName"] = "todotasks-operator"
    answer = dry_run(kubectl, [deployment])
    assert answer.returncode != 0
    assert "serviceAcountName" in answer.stderr


def pods(kubectl: Kubectl) -> list[dict[str, Any]]:
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                **one["spec"]["template"]["metadata"],
                "name": "tried",
                "namespace": "todotasks-system",
            },
            "spec": one["spec"]["template"]["spec"],
        }
        for one in rendered(kubectl, PRODUCTION)
        if one["kind"] == "Deployment"
    ]


def test_restricted_pod_security_lets_each_part_in(kube: KubeClient, kubectl: Kubectl) -> None:
    tried = pods(kubectl)
    assert len(tried) == 5
    for pod in tried:
        answer = dry_run(kubectl, [pod])
        assert answer.returncode == 0, answer.stderr


def test_restricted_pod_security_is_what_refuses_a_part_that_could_be_root(
    kube: KubeClient, kubectl: Kubectl
) -> None:
    for field in ("runAsNonRoot", "seccompProfile"):
        pod = pods(kubectl)[0]
        del pod["spec"]["securityContext"][field]
        answer = dry_run(kubectl, [pod])
        assert "violates PodSecurity" in answer.stderr
