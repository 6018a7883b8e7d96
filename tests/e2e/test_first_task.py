"""What a new user does first, with real processes: a task becomes Ready, is recorded, ends."""

import json
import time
from typing import Any

from click.testing import CliRunner

from tests.e2e.stream import read_topic
from tests.e2e.system import Servers
from todo_cli.main import main

PATIENCE = 180.0  # seconds, on a busy machine


def run(servers: Servers, *arguments: str) -> tuple[int, str]:
    result = CliRunner(env=servers.environment).invoke(main, list(arguments))
    return result.exit_code, result.stdout


def test_verify_sees_each_step_of_one_task(running: Servers) -> None:
    running.part("operator").wait_ready()
    code, output = run(
        running, "verify", "--json", "--kubeconfig", str(running.plane.kubeconfig), "--data-dir", "nowhere"
    )
    report = json.loads(output)
    assert [step for step in report["steps"] if step["problem"]] == []
    assert code == 0
    assert [step["what"] for step in report["steps"]] == [
        "Kafka has `task-events`",
        "created",
        "condition Ready=True",
        "mirrored",
        "event task.created",
        "condition Completed=True",
        "mirrored as completed",
        "event task.completed",
        "archived in the mirror",
        "event task.deleted",
    ]


def test_verify_names_what_is_owed_when_the_operator_is_not_there(running: Servers) -> None:
    running.part("operator").wait_ready()  # once, for the topics and the schema
    running.stop_parts()
    code, output = run(
        running,
        *("verify", "--json", "--timeout", "1", "--data-dir", "nowhere"),
        *("--kubeconfig", str(running.plane.kubeconfig)),
    )
    steps = {step["what"]: step for step in json.loads(output)["steps"]}
    assert code == 1
    assert steps["created"]["problem"] == ""
    assert steps["condition Ready=True"]["problem"] == "not seen within 1 s"
    assert steps["condition Ready=True"]["owed_by"] == "operator (reconcile)"


def test_events_prints_one_line_for_each_happening(running: Servers) -> None:
    running.part("operator").wait_ready()
    run(running, "verify", "--kubeconfig", str(running.plane.kubeconfig), "--data-dir", "nowhere")
    code, output = run(running, "events", "--subject", "default/", "--data-dir", "nowhere")
    assert code == 0
    wanted = [
        event
        for event in read_topic(running.kafka.address, "task-events")
        if event["subject"].startswith("default/")
    ]
    assert len(output.splitlines()) == len(wanted) > 0
    assert "task.created.v1" in output


def test_a_thousand_tasks_are_ready_and_deleted_at_once(running: Servers) -> None:
    """`kubectl` as a user has it: apply a file of a thousand, wait, delete them all."""
    running.part("operator").wait_ready()
    kubectl = running.plane.kubectl
    kubectl("create", "namespace", "thousand")
    manifests = [
        {
            "apiVersion": "todotasks.dev/v1",
            "kind": "TodoTask",
            "metadata": {"name": f"task-{number}", "namespace": "thousand"},
            "spec": {"title": f"Task {number}"},
        }
        for number in range(1000)
    ]
    path = running.folder / "thousand.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests}))
    kubectl("create", "-f", str(path), timeout=PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while (seen := sum(map(is_ready, running.plane.api.list_("todotasks", "thousand")))) < 1000:
        assert time.monotonic() < deadline, f"{seen} of 1000 are Ready"
        time.sleep(1.0)
    # By one request, as a namespace's end or a clean-up script does it.
    running.plane.kubectl(
        "delete", "--raw", "/apis/todotasks.dev/v1/namespaces/thousand/todotasks", timeout=PATIENCE
    )

    deadline = time.monotonic() + PATIENCE
    while running.mirror("thousand") or running.outbox_depth():
        assert time.monotonic() < deadline, running.parts[0].tail()
        time.sleep(0.5)
    deleted = {
        event["id"]
        for event in read_topic(running.kafka.address, "task-events")
        if event["subject"].startswith("thousand/") and event["type"].endswith("task.deleted.v1")
    }
    assert len(deleted) == 1000
    tombstones = [
        found for found in read_topic(running.kafka.address, "task-updates") if "tombstone" in found
    ]
    assert len(tombstones) >= 1000


def is_ready(task: dict[str, Any]) -> bool:
    conditions = task.get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
