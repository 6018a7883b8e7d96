"""What the folder manifests/ holds renders and applies, every sample of it."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.samples import objects
from todotasks.kube import KubeClient

MANIFESTS = Path(__file__).parents[3] / "manifests"
FOLDERS = sorted(path.parent for path in MANIFESTS.rglob("kustomization.yaml"))
COMPONENTS = MANIFESTS / "components"


def documents(text: str) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(text) if document]


@pytest.mark.parametrize(
    "folder",
    [folder for folder in FOLDERS if COMPONENTS not in folder.parents],
    ids=lambda folder: str(folder.relative_to(MANIFESTS)),
)
def test_each_folder_renders(kubectl: Kubectl, folder: Path) -> None:
    assert documents(kubectl("kustomize", str(folder)))


@pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if COMPONENTS in folder.parents], ids=lambda folder: folder.name
)
def test_each_component_can_be_added(kubectl: Kubectl, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "manifests").symlink_to(MANIFESTS)
    (tmp_path / "crds").symlink_to(MANIFESTS.parent / "crds")
    overlay = tmp_path / "overlay"
    overlay.mkdir()
    (overlay / "kustomization.yaml").write_text(
        yaml.safe_dump(
            {
                "apiVersion": "kustomize.config.k8s.io/v1beta1",
                "kind": "Kustomization",
                "resources": ["../manifests/default"],
                "components": [f"../manifests/components/{folder.name}"],
            }
        )
    )
    default = documents(kubectl("kustomize", str(MANIFESTS / "default")))
    assert documents(kubectl("kustomize", str(overlay))) not in ([], default)


def test_the_default_is_the_crds_and_the_base(kubectl: Kubectl) -> None:
    kinds = [document["kind"] for document in documents(kubectl("kustomize", str(MANIFESTS / "default")))]
    assert kinds.count("CustomResourceDefinition") == 4
    assert kinds.count("ServiceAccount") == 6
    assert kinds.count("MutatingAdmissionPolicy") == 3
    assert kinds.count("ValidatingAdmissionPolicy") == 1


def test_each_file_of_a_folder_is_in_its_kustomization() -> None:
    for folder in FOLDERS:
        listed = set(yaml.safe_load((folder / "kustomization.yaml").read_text()).get("resources", []))
        there = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
        assert there <= listed, folder


def test_applying_the_default_again_changes_nothing(kube: KubeClient, kubectl: Kubectl) -> None:
    def versions() -> dict[str, str]:
        names = "crd,clusterroles,clusterrolebindings,mutatingadmissionpolicies"
        found = yaml.safe_load(
            kubectl(
                "get",
                names,
                "-l",
                "app.kubernetes.io/part-of=todotasks",
                "-o",
                "yaml",
                "--show-managed-fields=false",
            )
        )
        return {
            f"{item['kind']}/{item['metadata']['name']}": item["metadata"].get("generation", 0)
            for item in found["items"]
        }

    before = versions()
    assert len([name for name in before if name.startswith("CustomResourceDefinition/")]) == 4
    kubectl.apply(MANIFESTS / "base")
    assert versions() == before


@pytest.mark.parametrize("folder", ["samples", "gitops/household"])
def test_each_sample_applies(kube: KubeClient, kubectl: Kubectl, namespace: str, folder: str) -> None:
    rendered = documents(kubectl("kustomize", str(MANIFESTS / folder)))
    ours = [document for document in rendered if document["apiVersion"] == "todotasks.dev/v1"]
    for document in ours:
        document["metadata"]["namespace"] = namespace
    said = kubectl("apply", "-f", "-", input_text=yaml.safe_dump_all(ours))
    assert said.count(" created") == len(ours)
    kubectl("get", "todo", "-n", namespace, "-o", "wide")


def test_the_samples_around_today_apply(kubectl: Kubectl, namespace: str) -> None:
    made = objects(date.today(), "Europe/Berlin")
    body = {"apiVersion": "v1", "kind": "List", "items": made}
    said = kubectl("apply", "-n", namespace, "-f", "-", input_text=json.dumps(body))
    assert len(re.findall(r" created$", said, re.MULTILINE)) == len(made)


def test_there_is_a_sample_of_each_kind(kubectl: Kubectl) -> None:
    kinds = {document["kind"] for document in documents(kubectl("kustomize", str(MANIFESTS / "samples")))}
    assert kinds == {"NotificationChannel", "RecurrenceRule", "Reminder", "TodoTask"}


def test_what_git_holds_leaves_alone_what_people_click(kubectl: Kubectl) -> None:
    for document in documents(kubectl("kustomize", str(MANIFESTS / "gitops" / "household"))):
        spec = document.get("spec", {})
        assert not {"completed", "snoozeUntil"} & spec.keys()


def test_the_namespace_of_the_parts_is_restricted(kubectl: Kubectl) -> None:
    (namespace,) = documents(kubectl("kustomize", str(MANIFESTS / "base" / "namespace")))
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_example_of_the_documentation_applies(kube: KubeClient, kubectl: Kubectl, namespace: str) -> None:
    page = (MANIFESTS.parent / "docs" / "tasks.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert kubectl("apply", "-n", namespace, "-f", "-", input_text=example).count(" created") == 2
