"""What is for the operators of others (Prometheus, KEDA): a server with their kinds takes it strictly."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.integration.manifests.test_server_takes_it import MANIFESTS, dry_run, rendered
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.broker.topics import TOPICS
from todotasks.kube import KubeClient

# Component -> the module that has the kinds, and where in it.
KINDS = {
    "prometheus-operator": (
        "github.com/prometheus-operator/prometheus-operator@v0.85.0",
        "example/prometheus-operator-crd/monitoring.coreos.com_{}.yaml",
        ("podmonitors", "prometheusrules"),
    ),
    "keda": (
        "github.com/kedacore/keda/v2@v2.21.0",
        "config/crd/bases/keda.sh_{}.yaml",
        ("scaledobjects",),
    ),
}
COMPONENTS = MANIFESTS / "components"


def module_folder(module: str) -> Path:
    """The sources of a Go module, from Go's own cache or by its proxy; what they must hold, Go checks."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("needs Go, which fetches the kinds of others with their modules")
    said = subprocess.run(
        [go, "mod", "download", "-json", module],
        env={**os.environ, "GOWORK": "off", "GOFLAGS": "-mod=mod"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if said.returncode:
        pytest.skip(f"{module} cannot be had here: {said.stderr.strip()[:200]}")
    return Path(json.loads(said.stdout)["Dir"])


@pytest.mark.parametrize("component", KINDS)
def test_the_server_takes_the_component_strictly(
    kube: KubeClient, kubectl: Kubectl, component: str, tmp_path: Path
) -> None:
    module, path, kinds = KINDS[component]
    folder = module_folder(module)
    for kind in kinds:
        kubectl("apply", "--server-side", "-f", str(folder / path.format(kind)))
        kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", str(folder / path.format(kind)))
    documents = [
        one
        for file in sorted((COMPONENTS / component).glob("*.yaml"))
        for one in yaml.safe_load_all(file.read_text())
        if file.name != "kustomization.yaml"
    ]
    answer = dry_run(kubectl, documents)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.count("(server dry run)") == len(documents)
    documents[0]["spec"]["misspelt"] = 1
    refused = dry_run(kubectl, documents)
    assert refused.returncode != 0
    assert "misspelt" in refused.stderr


def with_components(kubectl: Kubectl, folder: Path, *components: str) -> list[dict[str, object]]:
    """The production overlay with these; kustomize wants paths that are relative."""
    overlay = os.path.relpath(MANIFESTS / "overlays" / "production", folder)
    named = [os.path.relpath(COMPONENTS / each, folder) for each in components]
    (folder / "kustomization.yaml").write_text(
        yaml.safe_dump({"kind": "Kustomization", "resources": [overlay], "components": named})
    )
    return rendered(kubectl, folder)


def test_the_overlay_takes_all_of_them(kubectl: Kubectl, tmp_path: Path) -> None:
    documents = with_components(kubectl, tmp_path, "prometheus-operator", "keda", "tracing")
    kinds = [one["kind"] for one in documents]
    assert (kinds.count("ScaledObject"), kinds.count("PodMonitor"), kinds.count("PrometheusRule")) == (
        2,
        1,
        1,
    )
    [settings] = [one for one in documents if one["metadata"]["name"] == "todotasks-settings"]  # type: ignore[index]
    assert settings["data"]["OTEL_EXPORTER_OTLP_ENDPOINT"].startswith("http://")  # type: ignore[index]


def test_every_pod_of_ours_is_scraped_and_may_send_traces() -> None:
    """By the names of the Deployments of the overlay."""
    deployments = (MANIFESTS / "overlays" / "production").rglob("deployment.yaml")
    ours = {yaml.safe_load(path.read_text())["metadata"]["name"] for path in deployments}
    for file in ("prometheus-operator/podmonitor.yaml", "tracing/networkpolicy.yaml"):
        text = (COMPONENTS / file).read_text()
        assert set(re.findall(r"- (todotasks-\w+)$", text, re.MULTILINE)) == ours


def test_what_scales_by_a_backlog_asks_for_topics_and_groups_that_there_are() -> None:
    for name in ("notifier", "audit"):
        scaled = yaml.safe_load((COMPONENTS / "keda" / f"{name}.yaml").read_text())
        assert scaled["spec"]["scaleTargetRef"]["name"] == f"todotasks-{name}"
        for trigger in scaled["spec"]["triggers"]:
            topic = trigger["metadata"]["topic"]
            assert scaled["spec"]["maxReplicaCount"] <= TOPICS[topic].partitions
            assert trigger["metadata"]["consumerGroup"] == f"todotasks-{name}"
