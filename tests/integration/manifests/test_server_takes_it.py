"""A real API server takes every manifest that we ship, strictly; its Pod Security lets our parts in."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.people import person
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
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
NAMESPACED = MANIFESTS / "overlays" / "namespaced"
CLUSTER = MANIFESTS / "cluster"


def dry_run(kubectl: Kubectl, documents: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    """What kubectl says, warnings of the server included."""
    command = [
        str(kubectl.binary),
        *("apply", "--dry-run=server", "--validate=strict", "--server-side", "--force-conflicts", "-f", "-"),
        # As kubectl's own manager it would try to take over what another test applied the old way, and warn.
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


def in_namespace(kubectl: Kubectl, folder: Path, namespace: str) -> list[dict[str, Any]]:
    """The namespaced overlay in another namespace, as a kustomization of a team says it."""
    overlay = {"namespace": namespace, "resources": [os.path.relpath(NAMESPACED, folder)]}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump({"kind": "Kustomization", **overlay}))
    return rendered(kubectl, folder)


def test_the_namespaced_overlay_is_of_one_namespace_alone(kubectl: Kubectl, tmp_path: Path) -> None:
    documents = in_namespace(kubectl, tmp_path, "team-a")
    assert {one["metadata"].get("namespace") for one in documents} == {"team-a"}
    assert "todotasks-system" not in yaml.safe_dump_all(documents)
    parts = {one["metadata"]["name"] for one in documents if one["kind"] == "Deployment"}
    assert parts == {f"todotasks-{part}" for part in ("operator", "gateway", "notifier", "audit")}


def test_what_the_cluster_gives_and_what_a_team_installs_are_all_that_production_has(
    kubectl: Kubectl,
) -> None:
    def names(folder: Path) -> set[tuple[str, str]]:
        return {
            (one["kind"].replace("ClusterRoleBinding", "RoleBinding"), one["metadata"]["name"])
            for one in rendered(kubectl, folder)
        }

    both = names(CLUSTER) | names(NAMESPACED)
    left_out = names(PRODUCTION) - both
    assert {name for _, name in left_out} == {
        "todotasks-system",  # the namespace is the team's own
        "todotasks-webhook",
        "todotasks-webhook-tls",
        "todotasks-mail-link",
        "todotasks-gateway-mail-link",
        "mail-links.todotasks.dev",
        "todotasks.dev",  # the webhook's configuration
    }
    added = both - names(PRODUCTION)
    assert {name for _, name in added} == {"todotasks-installer", "todotasks-gateway-namespace"}


def test_who_rules_a_namespace_may_install_into_it_and_needs_what_the_cluster_gives(
    kube: KubeClient, kubectl: Kubectl, namespace: str, tmp_path: Path
) -> None:
    account = person(kubectl, "lead", namespace, "admin")
    documents = in_namespace(kubectl, tmp_path, namespace)

    def install() -> str:  # no dry run: a binding of a Role that is not stored is refused
        as_lead = f"--as=system:serviceaccount:{account}"
        return kubectl("apply", as_lead, "--server-side", "-f", "-", input_text=yaml.safe_dump_all(documents))

    with pytest.raises(KubectlFailed, match="attempting to grant RBAC permissions not currently held"):
        install()
    options = ("--server-side", "--force-conflicts", "--field-manager=todotasks-tests")
    kubectl("apply", *options, "-k", str(CLUSTER))
    try:
        until_admin(kubectl, lambda verbs: "bind" in verbs)
        assert install().count("serverside-applied") == len(documents)
    finally:
        kubectl("delete", "clusterrole", "todotasks-installer")


def until_admin(kubectl: Kubectl, holds: Callable[[set[str]], bool]) -> None:
    """The cluster's role `admin` is put together anew by a controller."""
    deadline = time.monotonic() + 30
    while not holds(verbs_of_admin(kubectl)):
        assert time.monotonic() < deadline, "the role admin has not changed"
        time.sleep(0.1)
    time.sleep(0.5)  # the authorizer hears of it a moment later


def verbs_of_admin(kubectl: Kubectl) -> set[str]:
    rules = json.loads(kubectl("get", "clusterrole", "admin", "--output=json"))["rules"] or []
    return {verb for rule in rules for verb in rule["verbs"]}


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
