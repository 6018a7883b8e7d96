"""One namespace on a real node: the overlay, then the chart, by who rules that and nothing beyond."""

import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.cluster import permissions
from tests.cluster.conftest import CHART, ROOT, Helm, make_namespace, make_secrets, values, wait_for_parts
from tests.cluster.looking import (
    ask,
    gateway_url,
    in_seconds,
    mails,
    make,
    make_task,
    pods,
    until,
    wait_ready,
    well,
)
from tests.support.node import images
from tests.support.node.cluster import Cluster
from tests.support.people import grant, person, token_of
from todo_cli.local.controlplane import kubeconfig
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
from todo_cli.local.progress import Progress

TEAM = "team-a"
PARTS = ("operator", "gateway", "notifier", "audit")
ZONE = "todotasks.dev/time-zone"


@dataclass(frozen=True)
class Lead:
    """Who rules the team's namespace: bound there to the cluster's own role `admin`."""

    kubectl: Kubectl
    token: str


@pytest.fixture(scope="module")
def lead(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Lead:
    cluster.kubectl("apply", "--server-side", "-k", str(ROOT / "manifests" / "cluster"))
    crds = "customresourcedefinitions"
    cluster.kubectl("wait", crds, "--all", "--for=condition=Established", "--timeout=60s")
    make_namespace(cluster, TEAM, **{ZONE: "America/New_York"})
    make_namespace(cluster, "people")
    account = person(cluster.kubectl, "lead", "people")
    until(lambda: "bind" in verbs_of(cluster, "admin"), "what todotasks-installer adds to the role admin")
    grant(cluster.kubectl, "admin", account, TEAM)
    token = token_of(cluster.kubectl, account, 3600)
    path = tmp_path_factory.mktemp("lead") / "kubeconfig"
    kubeconfig.write(
        path, cluster=cluster.kubectl.cluster(), user="lead", credentials={"token": token}, namespace=TEAM
    )
    return Lead(Kubectl(cluster.kubectl.binary, path), token)


def verbs_of(cluster: Cluster, role: str) -> set[str]:
    return {verb for rule in cluster.get("clusterrole", role)["rules"] or [] for verb in rule["verbs"]}


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kustomization for the team, as docs/install.md has it."""
    folder = tmp_path_factory.mktemp("team")
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": TEAM,
        "resources": [os.path.relpath(ROOT / "manifests" / "overlays" / "namespaced", folder)],
        "images": [
            {"name": f"todotasks-{part}", "newName": f"localhost/todotasks-{part}", "newTag": images.TAG}
            for part in PARTS
        ],
    }
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    return folder


@pytest.fixture(scope="module")
def team(cluster: Cluster, lead: Lead, overlay: Path, progress: Progress) -> Cluster:
    make_secrets(cluster, lead.kubectl, TEAM)
    with progress.step("kubectl apply by who rules one namespace"):
        lead.kubectl("apply", "--server-side", "-k", str(overlay))
    with progress.step("every part is Ready"):
        wait_for_parts(cluster, TEAM, PARTS)
    return cluster


def test_the_lead_rules_nothing_beyond_the_namespace(team: Cluster, lead: Lead) -> None:
    for question in (("namespaces",), ("clusterroles",), ("todotasks", "--all-namespaces")):
        with pytest.raises(KubectlFailed, match="is forbidden"):
            lead.kubectl("get", *question)


def test_every_pod_runs_restricted_and_none_was_started_twice(team: Cluster) -> None:
    for part in PARTS:
        until(lambda part=part: well(team, part, TEAM), f"every Pod of {part}, Ready")
        for pod in pods(team, part, TEAM):
            (status,) = pod["status"]["containerStatuses"]
            assert status["restartCount"] == 0, (pod["metadata"]["name"], status["lastState"])


def test_a_sentence_becomes_a_task_that_is_in_the_list_and_in_the_stream(team: Cluster, lead: Lead) -> None:
    url = gateway_url(team, TEAM)
    ask(f"{url}/v1/chat", lead.token, {"text": "buy milk tomorrow at 9am", "namespace": TEAM})
    (task,) = (
        one for one in team.get("todotasks", f"-n={TEAM}")["items"] if one["spec"]["title"] == "buy milk"
    )
    wait_ready(team, TEAM, task["metadata"]["name"])
    listed = ask(f"{url}/v1/tasks?namespace={TEAM}", lead.token)["items"]
    assert "buy milk" in {one["spec"]["title"] for one in listed}
    request = urllib.request.Request(
        f"{url}/v1/stream?namespace={TEAM}&kind=todotasks", headers={"Authorization": f"Bearer {lead.token}"}
    )
    with urllib.request.urlopen(request, timeout=30) as stream:
        assert any(b"buy milk" in line for line in stream)


def test_times_are_read_in_the_zone_of_the_namespace_also_when_it_changes(team: Cluster) -> None:
    def due(at: str) -> None:
        team.wait("todotask/rent", f"jsonpath={{.status.dueTime}}={at}", namespace=TEAM)

    make_task(team, TEAM, "rent", due="2040-01-01T10:00")
    due("2040-01-01T15:00:00Z")
    team.kubectl("annotate", "namespace", TEAM, f"{ZONE}=Europe/Berlin", "--overwrite")
    due("2040-01-01T09:00:00Z")


def test_a_mail_arrives(team: Cluster) -> None:
    make(team, "NotificationChannel", TEAM, "mail", email={"to": ["ana@example.com"]})
    about = {"taskRef": {"name": "rent"}, "channels": ["mail"]}
    make(team, "Reminder", TEAM, "rent-now", **about, at=in_seconds(3))
    until(lambda: mails(team.smtp.mail, "The task rent"), "the mail")


def test_what_is_elsewhere_is_left_alone(team: Cluster) -> None:
    make_task(team, "people", "foreign")
    make_task(team, TEAM, "own")
    wait_ready(team, TEAM, "own")
    assert team.get("todotask", "foreign", "-n=people")["status"]["observedGeneration"] == -1


def test_the_lead_may_verify_the_record(team: Cluster, lead: Lead) -> None:
    verdict = ask(gateway_url(team, TEAM) + "/v1/audit/verify", lead.token)
    assert verdict["holds"], verdict


def test_no_account_is_refused_anything(team: Cluster) -> None:
    def at_work() -> set[str]:
        return {one.account for one in permissions.used(team.plane.audited(), TEAM)}

    wanted = {f"todotasks-{part}" for part in PARTS}
    until(
        lambda: at_work() == wanted, "requests of each part; the audit publishes its heads once a minute", 90
    )
    assert permissions.refused(team.plane.audited(), TEAM) == set()


def test_the_chart_takes_over_from_the_overlay_and_verify_passes_inside(
    team: Cluster, lead: Lead, overlay: Path, progress: Progress
) -> None:
    make_task(team, TEAM, "kept")
    wait_ready(team, TEAM, "kept")
    lead.kubectl("delete", "-k", str(overlay))
    until(lambda: not any(pods(team, part, TEAM) for part in PARTS), "the end of every Pod")
    asked = len(team.plane.audited())
    helm = Helm(lead.kubectl.kubeconfig, TEAM)
    with progress.step("helm install by who rules one namespace"):
        helm("install", "todotasks", str(CHART), "--set=namespaced=true", *values())
    with progress.step("every part is Ready"):
        wait_for_parts(team, TEAM, PARTS)
    assert "Succeeded" in helm("test", "todotasks", "--logs", "--timeout=3m")
    make_task(team, TEAM, "kept", completed=True)
    team.wait("todotask/kept", "jsonpath={.status.completionTime}", namespace=TEAM)
    assert team.get("todotask", "foreign", "-n=people")["status"]["observedGeneration"] == -1
    assert permissions.refused(team.plane.audited()[asked:], TEAM) == set()
