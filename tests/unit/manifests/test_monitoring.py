"""Alerts and dashboard ask for metrics that there are; each alert fires on its condition alone."""

import importlib
import json
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import prometheus_client
import pytest
import yaml

ROOT = Path(__file__).parents[3]
RULES = ROOT / "manifests" / "monitoring" / "rules" / "todotasks.yaml"
DASHBOARDS = sorted((ROOT / "manifests" / "monitoring" / "dashboards").glob("*.json"))
MANIFESTS = ROOT / "manifests"
OBSERVABILITY = MANIFESTS / "backing" / "observability"
RUNBOOKS = ROOT / "docs" / "runbooks"
ALERTS: dict[str, dict[str, Any]] = {
    rule["alert"]: rule
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
PACKAGES = ("todotasks", "todo_operator", "todo_webhook", "chat_gateway", "todo_consumers")

# Samples a minute apart. What is no rate is a plain level: 0x90 stays at 0.
HEALTHY = {
    'todotasks_lease_held{lease="todotasks-operator",instance="a"}': "1x90",
    'todotasks_lease_held{lease="todotasks-operator",instance="b"}': "0x90",
    **{
        f'todotasks_build_info{{component="{part}",instance="{part}"}}': "1x90"
        for part in ("operator", "webhook", "gateway", "notifier", "audit")
    },
    "todotasks_outbox_age_seconds": "0 2 1 30 1x86",
    "todotasks_notifier_oldest_seconds": "0 200 100 0x87",
    'todotasks_watch_age_seconds{watch="todotasks"}': "1 60 69 5x87",
    'todotasks_recorder_lag_seconds{kind="TodoTask"}': "0 5 0x88",
    'todotasks_recorder_dead_letters_total{kind="TodoTask"}': "3x90",
    "todotasks_queue_delayed": "0 3 0 3 0 3 0x84",
    'todotasks_consumer_lag{group="g",topic="task-updates",partition="0"}': "0 5000 4000 3000 2000 1000 0x84",
    'todotasks_canary_seconds{leg="kafka"}': "1x90",
    'todotasks_event_loop_lag_seconds_bucket{le="0.1",instance="a"}': "0+120x90",
    'todotasks_event_loop_lag_seconds_bucket{le="+Inf",instance="a"}': "0+120x90",
    "todotasks_audit_conflicts_total": "0x90",
    "todotasks_audit_tip": "0+5x90",
    "todotasks_audit_signed": "0+5x90",
    "todotasks_webhook_certificate_expiry_seconds": "7776000x90",
    'todotasks_webhook_records_total{outcome="delivered"}': "0+5x90",
    'todotasks_gateway_request_seconds_count{status="200",route="/v1/tasks"}': "0+600x90",
    'todotasks_gateway_request_seconds_count{status="404",route="/v1/tasks"}': "0+600x90",
}
# What is otherwise when it hurts. `_` is a sample that is not there: a labelled counter begins at 1.
FIRING: dict[str, dict[str, str]] = {
    "TodotasksNobodyLeads": {'todotasks_lease_held{lease="todotasks-operator",instance="a"}': "0x90"},
    "TodotasksPartIsMissing": {
        'todotasks_build_info{component="notifier",instance="notifier"}': "1x40 stale"
    },
    "TodotasksOutboxGrowsOld": {"todotasks_outbox_age_seconds": "0+60x90"},
    "TodotasksRemindersAreLate": {"todotasks_notifier_oldest_seconds": "0+60x90"},
    "TodotasksWatchIsSilent": {'todotasks_watch_age_seconds{watch="todotasks"}': "0+60x90"},
    "TodotasksRecorderLags": {'todotasks_recorder_lag_seconds{kind="TodoTask"}': "11x90"},
    "TodotasksDeadLetters": {'todotasks_relay_dead_letters_total{topic="t"}': "_x80 1x10"},
    "TodotasksStoreRefusesRows": {'todotasks_store_refused_total{table="tasks"}': "_x80 1x10"},
    "TodotasksConsumerFallsBehind": {
        'todotasks_consumer_lag{group="g",topic="task-updates",partition="0"}': "0+500x90"
    },
    "TodotasksReconcilesFail": {"todotasks_queue_delayed": "1x90"},
    "TodotasksEventLoopHeldUp": {
        'todotasks_event_loop_lag_seconds_bucket{le="0.1",instance="a"}': "0+100x90",
        'todotasks_event_loop_lag_seconds_bucket{le="2.5",instance="a"}': "0+120x90",
    },
    "TodotasksCanaryIsSlow": {'todotasks_canary_seconds{leg="kafka"}': "60x90"},
    "TodotasksAuditConflict": {"todotasks_audit_conflicts_total": "0x80 1x10"},
    "TodotasksAuditUnsigned": {"todotasks_audit_signed": "0x90"},
    "TodotasksWebhookFails": {'todotasks_webhook_failures_total{where="rules"}': "_x80 1x10"},
    "TodotasksWebhookCertificateEnds": {"todotasks_webhook_certificate_expiry_seconds": "900000x90"},
    "TodotasksWebhookLosesRecords": {
        'todotasks_webhook_records_total{outcome="dropped"}': "_x80 4x10",
    },
    "TodotasksGatewayErrors": {
        'todotasks_gateway_request_seconds_count{status="503",route="/v1/tasks"}': "0+100x90"
    },
}


def names_in(query: str) -> set[str]:
    return set(re.findall(r"\btodotasks_[a-z_]+\b", query))


def sample_names() -> set[str]:
    """Every name under which a metric of ours is exposed, as the registry itself says."""
    for package in PACKAGES:
        module = importlib.import_module(package)
        for found in pkgutil.walk_packages(module.__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    collectors = prometheus_client.REGISTRY._collector_to_names
    return {name for names in collectors.values() for name in names if name.startswith("todotasks_")}


def queries() -> dict[str, str]:
    asked = {
        f"{path.stem}: {panel['title']} {target['refId']}": target["expr"]
        for path in DASHBOARDS
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]
        for target in panel["targets"]
    }
    return asked | {f"alert {name}": rule["expr"] for name, rule in ALERTS.items()}


def test_alerts_and_panels_ask_for_metrics_that_the_code_exposes() -> None:
    there = sample_names()
    assert "todotasks_reconcile_total" in there
    missing = {where: names_in(query) - there for where, query in queries().items()}
    assert {where: names for where, names in missing.items() if names} == {}
    assert all(names_in(query) for query in queries().values())


def test_the_dashboards_are_those_of_the_table_and_each_is_shipped() -> None:
    checked = subprocess.run([sys.executable, ROOT / "scripts" / "monitoring.py", "--check"], check=False)
    assert checked.returncode == 0
    kustomization = yaml.safe_load((ROOT / "manifests/monitoring/kustomization.yaml").read_text())
    shipped = {file for one in kustomization["configMapGenerator"] for file in one["files"]}
    assert {f"dashboards/{path.name}" for path in DASHBOARDS} < shipped


def test_every_metric_of_ours_is_on_a_dashboard() -> None:
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in sample_names()}
    asked = {name for query in queries().values() for name in names_in(query)}
    shown = {re.sub(r"_(bucket|count|sum)$", "", name) for name in asked}
    # Under a counter's own name without `_total` the registry knows it too.
    unseen = {name for name in families - shown if f"{name}_total" not in shown}
    assert unseen == set()


def test_every_query_of_the_dashboards_is_promql(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: scripts/system-packages --install installs Debian's prometheus")
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$__rate_interval", "5m")}
        for number, query in enumerate(queries().values())
    ]
    path = tmp_path / "rules.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    said = subprocess.run([promtool, "check", "rules", path], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_page_of_metrics_has_each_one_with_its_words_labels_and_parts() -> None:
    checked = subprocess.run([sys.executable, ROOT / "scripts" / "metrics.py", "--check"], check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_has_a_page_that_says_what_to_do(name: str) -> None:
    assert ALERTS[name]["annotations"]["runbook"] == f"docs/runbooks/{name}.md"
    assert ALERTS[name]["labels"]["severity"] in ("critical", "warning")
    page = (RUNBOOKS / f"{name}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {name}\n")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == ["How urgent", "Look", "Do", "It is over when"]
    assert f"[{name}]({name}.md)" in (RUNBOOKS / "README.md").read_text(encoding="utf-8")


def test_no_page_is_of_an_alert_that_there_is_not() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"} == ALERTS.keys()


def test_a_page_names_metrics_and_log_lines_that_there_are() -> None:
    there = sample_names()
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("operator", "consumers", "webhook", "chat-gateway")
        for path in (ROOT / folder).rglob("*.py")
    )
    for path in RUNBOOKS.glob("*.md"):
        page = path.read_text(encoding="utf-8")
        named = {name for name in names_in(page) if not name.startswith("todotasks_notifier_reports")}
        assert {name for name in named if not {name, f"{name}_total"} & there} == set(), path.name
        for asked in re.findall(r"grep (?:-E )?'?([\w|]+)'?$", page, re.MULTILINE):
            assert all(f'"{word}' in code for word in asked.split("|")), (path.name, asked)


def fires(tmp_path: Path, series: dict[str, str]) -> dict[str, int]:
    """How many of each alert promtool sees firing in the end."""
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: scripts/system-packages --install installs Debian's prometheus")
    alerts = {name: {"eval_time": "90m", "alertname": name, "exp_alerts": []} for name in ALERTS}
    test = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": values} for name, values in series.items()],
                "alert_rule_test": list(alerts.values()),
            }
        ],
    }
    path = tmp_path / "alerts_test.yaml"
    path.write_text(yaml.safe_dump(test))
    answer = subprocess.run(
        [promtool, "test", "rules", str(path)], capture_output=True, text=True, check=False
    )
    said = answer.stdout + answer.stderr
    # No alert was expected, so each that fires is a complaint with its name.
    found = {name: len(re.findall(rf"alertname: {name},", said)) for name in ALERTS}
    result = {name: count for name, count in found.items() if count}
    assert answer.returncode == (1 if result else 0), said
    return result


def test_a_healthy_system_is_quiet(tmp_path: Path) -> None:
    assert fires(tmp_path, HEALTHY) == {}


def test_each_alert_has_a_condition_here() -> None:
    assert FIRING.keys() == ALERTS.keys()


@pytest.mark.parametrize("name", FIRING)
def test_an_alert_fires_on_its_condition_alone(name: str, tmp_path: Path) -> None:
    assert fires(tmp_path, HEALTHY | FIRING[name]).keys() == {name}


OF_THE_CHART = {"memory_limiter", "batch", "otlp"}  # what the collector's chart configures by itself


def test_the_collectors_pipelines_name_what_is_configured() -> None:
    values = yaml.safe_load((OBSERVABILITY / "collector-values.yaml").read_text())
    config = values["config"]
    for name, pipeline in config["service"]["pipelines"].items():
        for kind, named in (pipeline or {}).items():
            unknown = set(named) - set(config.get(kind, {})) - OF_THE_CHART
            assert not unknown, (name, kind, unknown)


def test_logs_and_traces_lead_to_one_another() -> None:
    sources = yaml.safe_load((OBSERVABILITY / "grafana-datasources.yaml").read_text())["datasources"]
    loki, tempo = (next(one for one in sources if one["type"] == kind) for kind in ("loki", "tempo"))
    assert {field["datasourceUid"] for field in loki["jsonData"]["derivedFields"]} == {tempo["uid"]}
    assert tempo["jsonData"]["tracesToLogsV2"]["datasourceUid"] == loki["uid"]


def test_the_parts_send_their_traces_to_the_name_that_the_collector_gets() -> None:
    values = yaml.safe_load((OBSERVABILITY / "collector-values.yaml").read_text())
    component = (MANIFESTS / "components" / "tracing" / "kustomization.yaml").read_text()
    assert f"http://{values['fullnameOverride']}.observability:4318" in component
