"""The chart gives the objects of the production overlay, and its values change what they say."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.manifests.test_server_takes_it import NAMESPACED, PRODUCTION, dry_run, rendered
from tests.support.programs import program
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube import KubeClient

HOOK = "helm.sh/hook"
MANIFESTS = Path(__file__).parents[3] / "manifests"
CHART, COMPONENTS = MANIFESTS / "chart", MANIFESTS / "components"


def run_helm(*arguments: str, namespace: str = "todotasks-system") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program("helm"), "template", "todotasks", str(CHART), "--namespace", namespace, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def chart(*arguments: str, namespace: str = "todotasks-system", tests: bool = False) -> list[dict[str, Any]]:
    """What the chart installs; with `tests`, instead, what `helm test` makes for its time."""
    answer = run_helm(*arguments, namespace=namespace)
    assert answer.returncode == 0, answer.stderr
    documents = [one for one in yaml.safe_load_all(answer.stdout) if one]
    return [one for one in documents if tests == (HOOK in one["metadata"].get("annotations", {}))]


def by_name(documents: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Without the namespace, which is nobody's in a chart."""
    return {(one["kind"], one["metadata"]["name"]): one for one in documents if one["kind"] != "Namespace"}


def one_space(value: Any) -> Any:
    """Texts with single spaces: kustomize writes folded texts (CEL) anew, with line ends where none were."""
    if isinstance(value, dict):
        return {key: one_space(one) for key, one in value.items()}
    if isinstance(value, list):
        return [one_space(one) for one in value]
    return " ".join(value.split()) if isinstance(value, str) else value


def container(documents: list[dict[str, Any]], part: str) -> dict[str, Any]:
    deployment = by_name(documents)["Deployment", f"todotasks-{part}"]
    (one,) = deployment["spec"]["template"]["spec"]["containers"]
    result: dict[str, Any] = one
    return result


@pytest.mark.parametrize(
    ("values", "overlay"),
    [((), PRODUCTION), (("--set", "namespaced=true"), NAMESPACED)],
    ids=["production", "namespaced"],
)
def test_chart_and_overlay_give_the_same_objects(
    kubectl: Kubectl, values: tuple[str, ...], overlay: Path
) -> None:
    ours, theirs = by_name(chart(*values)), by_name(rendered(kubectl, overlay))
    assert ours.keys() == theirs.keys()
    for key, wanted in theirs.items():
        if key[0] == "CustomResourceDefinition":
            wanted["metadata"].setdefault("annotations", {})["helm.sh/resource-policy"] = "keep"
        assert one_space(ours[key]) == one_space(wanted), key


@pytest.mark.parametrize(
    ("value", "component"), [("kafka.strimzi", "strimzi"), ("postgres.cloudNativePG", "cloudnative-pg")]
)
def test_chart_and_component_give_the_same_parts(
    kubectl: Kubectl, tmp_path: Path, value: str, component: str
) -> None:
    folder = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [os.path.relpath(PRODUCTION, tmp_path)],
        "components": [os.path.relpath(COMPONENTS / component, tmp_path)],
    }
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(folder))
    ours, theirs = by_name(chart("--set", f"{value}=true")), by_name(rendered(kubectl, tmp_path))
    assert ours.keys() == theirs.keys()
    for (kind, name), wanted in theirs.items():
        if kind == "Deployment":
            assert ours[kind, name]["spec"] == wanted["spec"], name
        if kind == "Secret":
            assert ours[kind, name]["data"] == wanted["data"], name


@pytest.mark.parametrize("file", sorted(CHART.glob("values-*.yaml")), ids=lambda file: file.stem)
def test_the_server_takes_what_the_values_for_a_cloud_give(
    kube: KubeClient, kubectl: Kubectl, file: Path
) -> None:
    documents = chart("--values", str(file))
    assert container(documents, "gateway")["image"].startswith(
        yaml.safe_load(file.read_text()).get("imagePrefix", "todotasks-")
    )
    answer = dry_run(kubectl, documents)
    assert answer.returncode == 0, answer.stderr


def test_the_server_takes_what_the_chart_gives(kube: KubeClient, kubectl: Kubectl) -> None:
    answer = dry_run(kubectl, chart())
    assert answer.returncode == 0, answer.stderr


def test_the_server_takes_what_helm_test_makes(kube: KubeClient, kubectl: Kubectl) -> None:
    documents = chart(tests=True)
    assert {one["kind"] for one in documents} == {
        "ServiceAccount",
        "Role",
        "RoleBinding",
        "NetworkPolicy",
        "Pod",
    }
    (pod,) = (one for one in documents if one["kind"] == "Pod")
    pod["spec"]["serviceAccountName"] = "todotasks-operator"  # its own is made in a dry run only
    answer = dry_run(kubectl, documents)
    assert answer.returncode == 0, answer.stderr
    assert "Warning" not in answer.stderr


def test_the_crds_stay_when_the_release_goes() -> None:
    crds = [one for one in chart() if one["kind"] == "CustomResourceDefinition"]
    assert len(crds) == 4
    assert {one["metadata"]["annotations"]["helm.sh/resource-policy"] for one in crds} == {"keep"}


@pytest.mark.parametrize(
    ("value", "kind"),
    [("crds.enabled", "CustomResourceDefinition"), ("networkPolicies.enabled", "NetworkPolicy")],
)
def test_what_is_switched_off_is_left_out(value: str, kind: str) -> None:
    assert kind in {one["kind"] for one in chart()}
    assert kind not in {one["kind"] for one in chart("--set", f"{value}=false")}


def test_values_reach_the_parts() -> None:
    documents = chart(
        *("--set", "imagePrefix=registry.example.com/team/"),
        *("--set", "imageTag=1.2.3"),
        *("--set", "replicas.notifier=5"),
        *("--set-json", f"resources={json.dumps({'gateway': {'requests': {'cpu': '2'}}})}"),
        *("--set", "settings.TODO_LOG_LEVEL=debug"),
    )
    assert container(documents, "gateway")["image"] == "registry.example.com/team/todotasks-gateway:1.2.3"
    assert container(documents, "gateway")["resources"] == {"requests": {"cpu": "2"}}
    named = by_name(documents)
    assert named["Deployment", "todotasks-notifier"]["spec"]["replicas"] == 5
    settings = named["ConfigMap", "todotasks-settings"]["data"]
    assert (settings["TODO_LOG_LEVEL"], settings["TODO_LOG_FORMAT"]) == ("debug", "json")


def test_pods_are_rolled_when_settings_change() -> None:
    """They read the ConfigMap at their start."""

    def templates(level: str) -> dict[str, dict[str, Any]]:
        documents = by_name(chart("--set", f"settings.TODO_LOG_LEVEL={level}"))
        return {
            name: one["spec"]["template"] for (kind, name), one in documents.items() if kind == "Deployment"
        }

    first, again, other = templates("debug"), templates("debug"), templates("info")
    assert len(first) == 5
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_another_namespace_is_meant_everywhere() -> None:
    answer = run_helm(namespace="todo")
    assert answer.returncode == 0
    assert "todotasks-system" not in answer.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        "namespaced=1",
        "replica.operator=2",
        "replicas.gateway=2",
        "imagePrefix=no-slash",
        "settings.LOG=debug",
        "crds.enabled=x",
    ],
)
def test_a_value_that_would_do_nothing_is_refused(wrong: str) -> None:
    answer = run_helm("--set", wrong)
    assert answer.returncode != 0
    assert "values don't meet the specifications of the schema" in answer.stderr
