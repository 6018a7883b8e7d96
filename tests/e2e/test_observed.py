"""A system seen from outside: traces by a collector, metrics by a real Prometheus, alerts by their causes.

In order: quiet while all is well, then harm by harm. What takes long to be noticed is of the long form
(`TEST_SOAK=600`, the seconds of the quiet time before; `make test-cluster`).
"""

import json
import os
import re
import signal
import ssl
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme

from tests.e2e.observed import HOME, MOST_WAITING, PARTS, Observed, broken_webhook
from tests.e2e.stream import read_topic
from tests.support.jaeger import Jaeger
from tests.support.otlp_receiver import OtlpReceiver
from tests.support.prometheus import EVERY, Prometheus
from tests.support.todotasks import Todotasks
from todo_cli.commands import figures
from todo_cli.local.backing import kafka
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.processes import process
from todotasks import __version__

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "manifests" / "monitoring" / "rules" / "todotasks.yaml").read_text(encoding="utf-8")
SOAK = float(os.environ.get("TEST_SOAK") or 20.0)  # seconds
long_form = pytest.mark.skipif(SOAK < 60, reason="is noticed late: TEST_SOAK=600, make test-cluster")
PATIENCE = 90.0  # seconds, on a busy machine
# A processor that is busy with other tests holds loops up for seconds, which is no fault of ours.
OF_THE_MACHINE = {"TodotasksEventLoopHeldUp"}

pytestmark = pytest.mark.timeout(SOAK + 600)


@pytest.fixture(scope="module")
def receiver() -> Iterator[OtlpReceiver]:
    with OtlpReceiver() as listening:
        yield listening


@pytest.fixture(scope="module")
def observed(test_home: Path, control_plane_binaries: Binaries, receiver: OtlpReceiver) -> Iterator[Observed]:
    if (missing := kafka.why_not()) is not None:
        pytest.skip(f"librdkafka's own broker is not what is promised about: {missing}")
    settings = {
        "TODO_AUDIT_HEAD_EVERY": "1s",
        "TODO_NOTIFIER_ALLOW_PRIVATE": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "500",  # milliseconds
    }
    todotasks = Todotasks(test_home / "observed", settings)
    run = todotasks.start()
    try:
        run.wait_for("What to type next", timeout=300)
        kubectl = Kubectl(control_plane_binaries.kubectl.path, todotasks.data_dir / "kubeconfig")
        system = Observed(todotasks, run, kubectl)
        kubectl("create", "namespace", HOME)
        system.apply(
            {
                "apiVersion": "todotasks.dev/v1",
                "kind": "NotificationChannel",
                "metadata": {"name": "mail", "namespace": HOME},
                "spec": {"email": {"to": ["ana@example.com"]}, "default": True},
            }
        )
        system.prometheus = Prometheus(test_home / "prometheus", system.targets, RULES)
        try:
            system.prometheus.wait_ready()
            system.prometheus.wait_for("count(up == 1) == 5", PATIENCE)
            yield system
        finally:
            system.prometheus.stop()
    finally:
        run.signal(signal.SIGINT)
        todotasks.kill_everything()


# ── while all is well ────────────────────────────────────────────────────────────────────────────────
def test_a_healthy_system_that_is_used_is_quiet(observed: Observed) -> None:
    """The rules as they are, and the same with their minutes made seconds."""
    began = time.monotonic()
    with observed.used():
        time.sleep(SOAK)
    took = time.monotonic() - began
    assert observed.prometheus.fired(took, form="") == set()
    assert observed.prometheus.fired(took) - OF_THE_MACHINE == set()


def test_every_query_of_the_dashboards_has_an_answer(observed: Observed) -> None:
    due = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4))
    with observed.used():
        observed.create("a-mail", due=due, reminders=[{"before": "1s"}])
        observed.prometheus.wait_for('todotasks_notifier_attempts_total{result="delivered"}', PATIENCE)
        time.sleep(4 * EVERY)  # a rate needs two samples
        silent = {}
        for path in sorted((ROOT / "manifests" / "monitoring" / "dashboards").glob("*.json")):
            for panel in json.loads(path.read_text())["panels"]:
                for target in panel["targets"]:
                    query = target["expr"].replace("$__rate_interval", "1m")
                    if not observed.prometheus.query(query):
                        silent[f"{path.stem}: {panel['title']}"] = query
    assert silent == {}


def test_each_part_serves_the_metrics_that_the_page_says_it_does(observed: Observed) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| \w+ \| [^|]*\| ([^|]+) \|", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE
    )
    assert len(rows) > 80
    for part in PARTS:
        promised = {name for name, of in rows if of == "every part" or part in of.split(", ")}
        typed = re.findall(r"^# TYPE (todotasks_\w+) ", observed.metrics(part), re.MULTILINE)
        served = {name for name in typed if not name.endswith("_created")}
        assert (part, promised - served, served - promised) == (part, set(), set())


def test_status_says_of_each_part_its_version_and_what_waits_in_it(observed: Observed) -> None:
    services = {each["name"]: each for each in observed.todotasks.status()["services"]}
    assert {part: services[part]["version"] for part in PARTS} == dict.fromkeys(PARTS, __version__)
    assert {part: set(services[part]["lag"]) for part in PARTS} == {
        part: set(waits) for part, waits in figures.WAITS.items()
    }
    table = observed.todotasks("status").stdout
    assert re.search(rf"✓ +gateway +{re.escape(__version__)} ", table), table


# ── one message, from the chat to the mail ───────────────────────────────────────────────────────────
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
STEPS = {  # who does what, and below what it is drawn
    ("todotasks-gateway", "POST /v1/chat"): None,
    ("todotasks-gateway", "edit create todotasks"): "POST /v1/chat",
    ("todotasks-gateway", "kube create"): "edit create todotasks",
    ("todotasks-webhook", "admission"): "kube create",  # the API server passes the header on
    ("todotasks-operator", "record task.created.v1"): "edit create todotasks",
    ("todotasks-operator", "record reminder.due.v1"): "edit create todotasks",
    ("todotasks-operator", "publish task-events"): "record task.created.v1",
    ("todotasks-operator", "publish reminders"): "record reminder.due.v1",
    ("todotasks-audit", "audit"): "publish",
    ("todotasks-notifier", "process reminder.due"): "publish reminders",
    ("todotasks-notifier", "deliver"): "edit create todotasks",
}


def test_a_message_is_one_tree_from_the_chat_to_the_mail(observed: Observed, receiver: OtlpReceiver) -> None:
    answer = observed.say("remind me in 15 seconds to send the report", Traceparent=f"00-{TRACE}-{CALLER}-01")
    assert [done["result"] for done in answer["edits"]] == ["done"], answer
    name = answer["edits"][0]["name"]

    spans = receiver.wait_for(
        TRACE, lambda found: STEPS.keys() <= {(span.service, span.name) for span in found}, PATIENCE
    )
    by_id = {span.id: span for span in spans}
    roots = [span for span in spans if span.parent not in by_id]
    assert [(root.name, root.parent) for root in roots] == [("POST /v1/chat", CALLER)]
    for (service, what), above in STEPS.items():
        found = [span for span in spans if (span.service, span.name) == (service, what)]
        assert found, (service, what)
        if above is not None:
            assert any(by_id[span.parent].name.startswith(above) for span in found), (service, what)
    said = {value for span in spans for value in span.attributes.values()}
    assert f"{HOME}/{name}" in said
    assert not any("the report" in value for value in said)  # a title is nobody's but its owner's

    # The events say it, too; and the next change, which nobody traced, does not.
    observed.kubectl("-n", HOME, "patch", "tt", name, "--type=merge", "-p", '{"spec":{"priority":"High"}}')
    observed.prometheus.wait_for("todotasks_outbox_depth == 0", PATIENCE)
    events = {
        event["type"].split(".")[3]: event.get("traceparent", "")
        for event in until_told(observed, f"{HOME}/{name}", "updated")
    }
    assert events["created"].split("-")[1] == TRACE
    assert events["updated"] == ""


def test_a_real_jaeger_shows_the_one_tree(observed: Observed, receiver: OtlpReceiver, tmp_path: Path) -> None:
    jaeger = Jaeger(tmp_path / "jaeger.log")
    try:
        jaeger.wait_ready()
        receiver.forward_to = jaeger.otlp
        trace = TRACE[::-1]
        given = f"00-{trace}-{CALLER}-01"
        answer = observed.say("remind me in 8 seconds to call the bank", Traceparent=given)
        assert [done["result"] for done in answer["edits"]] == ["done"], answer
        deadline = time.monotonic() + PATIENCE
        missing: set[tuple[str, str]] = set(STEPS)
        while missing:
            assert time.monotonic() < deadline, missing
            time.sleep(0.5)
            spans = jaeger.trace(trace)
            missing = STEPS.keys() - {(span["service"], span["operationName"]) for span in spans}
    finally:
        receiver.forward_to = None
        jaeger.stop()
    known = {span["spanID"] for span in spans}
    above = {span["operationName"]: [one["spanID"] for one in span["references"]] for span in spans}
    roots = [name for name, parents in above.items() if not known & set(parents)]
    assert roots == ["POST /v1/chat"]


def test_a_trace_that_somebody_made_up_changes_nothing_but_where_spans_are_drawn(
    observed: Observed, receiver: OtlpReceiver
) -> None:
    """Anybody may write the annotation. What is none is not passed on; what is one is drawn by, no more."""
    made_up = {
        "nonsense": "'; DROP TABLE tasks; --",
        "zeros": f"00-{'0' * 32}-{CALLER}-01",
        "long": "00-" + "a" * 20_000,
        "another": "00-11111111111111111111111111111111-2222222222222222-01",
    }
    for name, trace in made_up.items():
        observed.create(f"forged-{name}", annotations={"todotasks.dev/traceparent": trace})
    told = {}
    for name in made_up:
        [event] = [
            one
            for one in until_told(observed, f"{HOME}/forged-{name}", "created")
            if one["type"].endswith("task.created.v1")
        ]
        told[name] = event.get("traceparent")
    assert told == {"nonsense": None, "zeros": None, "long": None, "another": made_up["another"]}
    drawn = receiver.wait_for("1" * 32, lambda found: len(found) >= 3, PATIENCE)
    assert {span.name for span in drawn} <= {
        "admission", "record task.created.v1", "record task.snapshot.v1", "publish task-events",
        "publish task-updates", "audit",
    }  # fmt: skip


def until_told(observed: Observed, subject: str, happening: str) -> list[dict[str, Any]]:
    """The events of a task, once there is one of this happening."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = [
            event
            for event in read_topic(observed.service("kafka").address, "task-events")
            if event.get("subject") == subject
        ]
        if any(event["type"].endswith(f"task.{happening}.v1") for event in found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.5)


# ── what an outage tells ─────────────────────────────────────────────────────────────────────────────
def test_an_operator_and_a_notifier_that_hang_are_told(observed: Observed) -> None:
    alerts = {"TodotasksNobodyLeads", "TodotasksPartIsMissing"}
    with observed.frozen("operator"), observed.frozen("notifier"):
        observed.prometheus.wait_firing(alerts, PATIENCE)
        missing = observed.prometheus.query('ALERTS{alertname="TodotasksPartIsMissing",form="short"}')
        assert {one["metric"]["component"] for one in missing} == {"operator", "notifier"}
    observed.prometheus.wait_quiet(alerts, PATIENCE)


@long_form
def test_a_postgresql_that_hangs_is_told_by_who_needs_it(observed: Observed) -> None:
    alerts = {"TodotasksRecorderLags", "TodotasksConsumerFallsBehind", "TodotasksGatewayErrors"}
    event = next(iter(read_topic(observed.service("kafka").address, "task-events")))
    with observed.frozen("postgres"):
        observed.create("recorded-later")
        observed.produce("task-events", json.dumps(event).encode(), times=5_000)
        deadline = time.monotonic() + PATIENCE
        while not alerts <= (firing := observed.prometheus.firing()):
            assert time.monotonic() < deadline, f"{alerts - firing} do not fire; {firing} do"
            observed.search_many()
    with observed.used():
        observed.prometheus.wait_quiet(alerts, PATIENCE)


@long_form
def test_a_kafka_that_hangs_is_told_while_it_hangs(observed: Observed) -> None:
    """For as long as the canary does not come back, not once it has."""
    alerts = {"TodotasksOutboxGrowsOld", "TodotasksCanaryIsSlow"}
    with observed.frozen("kafka"):
        observed.create("told-later")
        observed.prometheus.wait_firing(alerts, 120 + PATIENCE)
    observed.prometheus.wait_quiet(alerts, 120 + PATIENCE)


@long_form
def test_an_api_server_that_hangs_is_told_by_who_watches(observed: Observed) -> None:
    with observed.frozen("kube-apiserver"):
        observed.prometheus.wait_firing({"TodotasksWatchIsSilent"}, 120 + PATIENCE)
    observed.prometheus.wait_quiet({"TodotasksWatchIsSilent", "TodotasksNobodyLeads"}, 120 + PATIENCE)


# ── what a fault tells ───────────────────────────────────────────────────────────────────────────────
def test_a_message_that_nobody_can_read_is_told(observed: Observed) -> None:
    observed.produce("reminders", b"no event")
    observed.prometheus.wait_firing({"TodotasksDeadLetters"}, PATIENCE)


def test_a_row_that_postgresql_refuses_is_told(observed: Observed) -> None:
    observed.sql("ALTER TABLE tasks ADD CONSTRAINT of_the_test CHECK (title <> 'refused') NOT VALID")
    try:
        observed.create("refused")
        observed.prometheus.wait_firing({"TodotasksStoreRefusesRows"}, PATIENCE)
    finally:
        observed.sql("ALTER TABLE tasks DROP CONSTRAINT of_the_test")


@long_form
def test_a_status_that_the_api_server_never_takes_is_told(observed: Observed) -> None:
    policy = "observed-no-status"
    observed.kubectl("create", "namespace", "stuck")
    observed.apply(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": policy},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {
                    "resourceRules": [
                        {
                            "apiGroups": ["todotasks.dev"],
                            "apiVersions": ["v1"],
                            "operations": ["UPDATE"],
                            "resources": ["todotasks/status"],
                        }
                    ]
                },
                "validations": [{"expression": "request.namespace != 'stuck'"}],
            },
        },
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": policy},
            "spec": {"policyName": policy, "validationActions": ["Deny"]},
        },
    )
    try:
        deadline, number = time.monotonic() + PATIENCE, 0
        while "TodotasksReconcilesFail" not in (firing := observed.prometheus.firing()):
            assert time.monotonic() < deadline, firing
            if number % 10 == 0:  # a policy is in force some seconds after it is there
                observed.create(f"stuck-{number}", namespace="stuck")
            number += 1
            time.sleep(1)
    finally:
        observed.kubectl("delete", f"validatingadmissionpolicybinding/{policy}")
    observed.kubectl("delete", "namespace", "stuck", "--wait=false")
    observed.prometheus.wait_quiet({"TodotasksReconcilesFail"}, PATIENCE)


def test_a_reminder_that_waits_for_its_server_is_told(observed: Observed) -> None:
    nobody = {"webhook": {"url": "http://127.0.0.1:9/"}}
    observed.apply(
        {
            "apiVersion": "todotasks.dev/v1",
            "kind": "NotificationChannel",
            "metadata": {"name": "nobody", "namespace": HOME},
            "spec": nobody,
        }
    )
    due = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3))
    observed.create("unheard", due=due, reminders=[{"before": "1s", "channels": ["nobody"]}])
    observed.prometheus.wait_for('todotasks_notifier_waiting{state="Retrying"} > 0', PATIENCE)
    observed.sql("UPDATE deliveries SET created_at = created_at - interval '1 hour' WHERE channel = 'nobody'")
    observed.prometheus.wait_firing({"TodotasksRemindersAreLate"}, PATIENCE)
    observed.sql("DELETE FROM deliveries WHERE channel = 'nobody'")
    observed.prometheus.wait_quiet({"TodotasksRemindersAreLate"}, PATIENCE)


@long_form
def test_a_process_without_a_processor_is_told(observed: Observed) -> None:
    record = observed.service("notifier").process
    deadline = time.monotonic() + PATIENCE
    while "TodotasksEventLoopHeldUp" not in observed.prometheus.firing():
        assert time.monotonic() < deadline
        process.send(record, signal.SIGSTOP)
        time.sleep(3)
        process.send(record, signal.SIGCONT)
        time.sleep(1)


def test_a_webhook_whose_rules_certificate_and_kafka_fail_is_told(observed: Observed, tmp_path: Path) -> None:
    alerts = {"TodotasksWebhookFails", "TodotasksWebhookCertificateEnds", "TodotasksWebhookLosesRecords"}
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", not_after=datetime.now(UTC) + timedelta(days=10))
    (tmp_path / "tls.crt").write_bytes(issued.cert_chain_pems[0].bytes())
    (tmp_path / "tls.key").write_bytes(issued.private_key_pem.bytes())
    tls = ssl.create_default_context()
    authority.configure_trust(tls)
    hooks = json.loads(
        observed.kubectl("get", "validatingwebhookconfigurations", "todotasks.dev", "-o", "json")
    )
    path = urlsplit(hooks["webhooks"][0]["clientConfig"]["url"]).path  # with the secret that it ends in
    with broken_webhook(observed, tmp_path) as (address, health):
        observed.prometheus.scrape(observed.targets | {"broken webhook": health})
        for number in range(MOST_WAITING + 5):
            review = {
                "apiVersion": "admission.k8s.io/v1",
                "kind": "AdmissionReview",
                "request": {
                    "uid": str(number),
                    "operation": "CREATE",
                    "kind": {"group": "todotasks.dev", "version": "v1", "kind": "TodoTask"},
                    "object": {"metadata": {"name": "a", "namespace": HOME}, "spec": {"title": "a"}},
                },
            }
            request = urllib.request.Request(f"{address}{path}", data=json.dumps(review).encode())
            with urllib.request.urlopen(request, timeout=10, context=tls) as answer:
                assert json.load(answer)["response"]["allowed"]
        observed.prometheus.wait_firing(alerts, PATIENCE)
    observed.prometheus.scrape(observed.targets)


def test_heads_that_cannot_be_published_are_told(observed: Observed) -> None:
    binding = "rolebinding/todotasks-audit-heads"
    kept = observed.kubectl("-n", "todotasks-system", "get", binding, "-o", "json")
    observed.kubectl("-n", "todotasks-system", "delete", binding)
    try:
        deadline, number = time.monotonic() + PATIENCE, 0
        while "TodotasksAuditUnsigned" not in (firing := observed.prometheus.firing()):
            assert time.monotonic() < deadline, firing
            observed.create(f"unsigned-{number}")
            number += 1
            time.sleep(1)
    finally:
        document = json.loads(kept)
        document["metadata"] = {key: document["metadata"][key] for key in ("name", "namespace")}
        observed.apply(document)
    observed.prometheus.wait_quiet({"TodotasksAuditUnsigned"}, PATIENCE)


def test_a_log_that_is_not_what_was_published_of_it_is_told(observed: Observed) -> None:
    """The last of all: such a log is never whole again."""
    name = "configmap/todotasks-audit-heads"
    found = json.loads(observed.kubectl("-n", "todotasks-system", "get", name, "-o", "json"))
    heads = json.loads(found["data"]["heads.json"])
    later = [{**heads[-1], "seq": heads[-1]["seq"] + ahead, "hash": "AAAA"} for ahead in range(1, 400)]
    found["data"]["heads.json"] = json.dumps(heads + later)
    found["metadata"] = {key: found["metadata"][key] for key in ("name", "namespace")}
    observed.apply(found)
    observed.create("after-the-restore")
    observed.prometheus.wait_firing({"TodotasksAuditConflict"}, PATIENCE)


def test_each_alert_of_the_rules_was_made_to_fire(observed: Observed) -> None:
    """By causing its condition; those of the long form only there."""
    all_of_them = set(re.findall(r"alert: (\w+)", RULES))
    only_long = {
        "TodotasksRecorderLags",
        "TodotasksConsumerFallsBehind",
        "TodotasksGatewayErrors",
        "TodotasksOutboxGrowsOld",
        "TodotasksCanaryIsSlow",
        "TodotasksWatchIsSilent",
        "TodotasksReconcilesFail",
        "TodotasksEventLoopHeldUp",
    }
    wanted = all_of_them if SOAK >= 60 else all_of_them - only_long
    assert wanted - observed.prometheus.fired(86_400) == set()
