"""What the production overlay tells a cluster about our parts is what their code does."""

import re
import tomllib
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from chat_gateway.base.settings import GatewaySettings
from todo_cli.local.parts import LINKED, PARTS
from todo_consumers.audit.settings import AuditSettings
from todo_consumers.notifier.settings import NotifierSettings
from todo_webhook.settings import WebhookSettings
from todotasks.settings import KAFKA_PREFIX, Settings, settings_of
from todotasks.telemetry import start_health_server

ROOT = Path(__file__).parents[3]
PRODUCTION = ROOT / "manifests" / "overlays" / "production"
INSTALL = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
SETTINGS = {
    "operator": Settings,
    "webhook": WebhookSettings,
    "gateway": GatewaySettings,
    "notifier": NotifierSettings,
    "audit": AuditSettings,
}
EVERY_SETTING = {one.name: one for kind in SETTINGS.values() for one in settings_of(kind)}


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


DEPLOYMENTS = {path.parent.name: read(path) for path in sorted(PRODUCTION.glob("*/deployment.yaml"))}
CONFIG = read(PRODUCTION / "settings.yaml")["data"]
each_part = pytest.mark.parametrize("part", DEPLOYMENTS)


def pod(part: str) -> dict[str, Any]:
    spec: dict[str, Any] = DEPLOYMENTS[part]["spec"]["template"]["spec"]
    return spec


def container(part: str) -> dict[str, Any]:
    (one,) = pod(part)["containers"]
    result: dict[str, Any] = one
    return result


def test_there_is_a_deployment_of_each_part() -> None:
    assert DEPLOYMENTS.keys() == {part.name for part in PARTS} == SETTINGS.keys()


@each_part
def test_a_part_runs_under_its_own_service_account(part: str) -> None:
    (spec,) = (one for one in PARTS if one.name == part)
    assert pod(part)["serviceAccountName"] == spec.service_account
    shipped = read(ROOT / "manifests" / "base" / "serviceaccounts" / f"{part}.yaml")
    assert shipped["metadata"]["name"] == spec.service_account


@each_part
def test_a_part_is_given_the_backing_services_that_it_needs(part: str) -> None:
    (spec,) = (one for one in PARTS if one.name == part)
    secrets = {one["secretRef"]["name"] for one in container(part)["envFrom"] if "secretRef" in one}
    wanted = {
        {
            "TODO_DATABASE_URL": "todotasks-database",
            "TODO_KAFKA_BOOTSTRAP": "todotasks-kafka",
            "TODO_SMTP_URL": "todotasks-smtp",
        }[name]
        for name in spec.settings
    }
    assert secrets - {"todotasks-gateway", "todotasks-mail-links"} == wanted
    assert ("todotasks-mail-links" in secrets) == (part in LINKED)


@each_part
def test_ports_are_those_that_the_settings_name(part: str) -> None:
    ports = {one["name"]: one["containerPort"] for one in container(part)["ports"]}
    wanted = {"health": int(CONFIG["TODO_HEALTH_PORT"])}
    if part == "webhook":
        wanted["https"] = int(CONFIG["TODO_WEBHOOK_PORT"])
    if part == "gateway":
        wanted["http"] = int(CONFIG["TODO_GATEWAY_PORT"])
    assert ports == wanted


@each_part
async def test_probes_ask_for_what_the_health_server_answers(part: str) -> None:
    probes = [
        container(part)[kind]["httpGet"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")
    ]
    server = await start_health_server(0, live=lambda: None, ready=lambda: None, host="127.0.0.1")
    annotations = DEPLOYMENTS[part]["spec"]["template"]["metadata"]["annotations"]
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as http:
            for path in [*(probe["path"] for probe in probes), annotations["prometheus.io/path"]]:
                async with http.get(path) as answer:
                    assert answer.status == 200, path
    finally:
        await server.close()
    assert {probe["port"] for probe in probes} == {"health"}
    assert annotations["prometheus.io/port"] == CONFIG["TODO_HEALTH_PORT"]


@each_part
def test_only_the_standby_of_the_operator_counts_as_ready_by_being_well(part: str) -> None:
    wanted = "/healthz" if part == "operator" else "/readyz"
    assert container(part)["readinessProbe"]["httpGet"]["path"] == wanted


def test_each_setting_exists_and_has_a_value_that_its_parser_takes() -> None:
    given = CONFIG | {
        one["name"]: one["value"] for part in DEPLOYMENTS for one in container(part)["env"] if "value" in one
    }
    for name, value in given.items():
        setting = EVERY_SETTING[name]
        assert not setting.parser.secret, f"{name} belongs into a Secret"
        setting.parser.parse(value)


@each_part
def test_a_part_knows_its_namespace_from_its_pod_so_that_it_may_be_any(part: str) -> None:
    (own,) = (one for one in container(part)["env"] if one["name"] == "TODO_NAMESPACE")
    assert own["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.namespace"}}
    assert own["name"] in EVERY_SETTING


def test_the_page_of_the_installation_names_each_secret_with_names_of_settings() -> None:
    secrets = {
        one["secretRef"]["name"]
        for part in DEPLOYMENTS
        for one in container(part)["envFrom"]
        if "secretRef" in one
    }
    mounted = {
        volume["secret"]["secretName"]
        for part in DEPLOYMENTS
        for volume in pod(part)["volumes"]
        if "secret" in volume
    }
    assert {name for name in secrets | mounted if f"`{name}`" not in INSTALL} == set()
    named = set(re.findall(r"\bTODO_[A-Z_]+\b", INSTALL))
    assert {
        name for name in named if name not in EVERY_SETTING and not name.startswith(KAFKA_PREFIX)
    } == set()


@each_part
def test_the_key_of_the_audit_is_mounted_where_its_setting_says(part: str) -> None:
    files = {one["value"] for one in container(part)["env"] if one["name"].endswith("_FILE")}
    mounts = {mount["mountPath"]: mount for mount in container(part)["volumeMounts"]}
    assert all(str(Path(file).parent) in mounts for file in files)
    assert bool(files) == (part == "audit")


@each_part
def test_a_budget_never_forbids_what_one_replica_could_give(part: str) -> None:
    """A PodDisruptionBudget over a single Pod would hold up the drain of its node for ever."""
    replicas = DEPLOYMENTS[part]["spec"].get("replicas")
    scaled = (PRODUCTION / part / "horizontalpodautoscaler.yaml").exists()
    assert (replicas is None) == scaled
    assert (PRODUCTION / part / "poddisruptionbudget.yaml").exists() == (replicas != 1)


@each_part
def test_names_and_labels_of_a_part_fit_together(part: str) -> None:
    name = f"todotasks-{part}"
    label = {"app.kubernetes.io/name": name}
    for path in sorted((PRODUCTION / part).glob("*.yaml")):
        document = read(path)
        if document["kind"] == "Kustomization":
            continue
        assert document["metadata"]["name"] == name, path
        spec = document["spec"]
        if "scaleTargetRef" in spec:
            assert spec["scaleTargetRef"]["name"] == name
            continue
        chosen = spec.get("selector") or spec["podSelector"]
        assert chosen in (label, {"matchLabels": label}), path
    assert DEPLOYMENTS[part]["spec"]["template"]["metadata"]["labels"] == label


@each_part
def test_the_network_lets_in_what_the_part_serves(part: str) -> None:
    policy = read(PRODUCTION / part / "networkpolicy.yaml")["spec"]
    let_in = {port["port"] for rule in policy["ingress"] for port in rule["ports"]}
    assert let_in == {one["name"] for one in container(part)["ports"]}


def test_services_point_at_ports_that_the_parts_have() -> None:
    services = [ROOT / "manifests" / "webhook" / "service.yaml", *PRODUCTION.glob("*/service.yaml")]
    for path in services:
        service = read(path)
        part = service["metadata"]["name"].removeprefix("todotasks-")
        ports = {one["name"] for one in container(part)["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


@each_part
def test_each_image_has_a_target_in_the_dockerfile_that_starts_the_part(part: str) -> None:
    (spec,) = (one for one in PARTS if one.name == part)
    assert container(part)["image"] == f"todotasks-{part}"
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stage = re.search(rf"^FROM \S+ AS {part}$(.*?)(?=^FROM |\Z)", dockerfile, re.MULTILINE | re.DOTALL)
    assert stage is not None
    assert f'ENTRYPOINT ["{spec.script}"]' in stage[1]
    assert spec.script in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert f"USER {pod(part)['securityContext']['runAsUser']}" in dockerfile
