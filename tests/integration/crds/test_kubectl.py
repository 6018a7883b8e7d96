"""kubectl treats the four kinds as it treats a built-in one."""

import subprocess
from typing import Any

import pytest
import yaml

from tests.integration.crds.cases import NO_DAY, RESOURCES, SMALLEST, Spec, channel, reminder, rule, task
from tests.integration.crds.namespaced import Namespaced, document
from tests.support import crds
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
from todotasks.kube import KubeClient


@pytest.fixture
def ctl(kube: KubeClient, kubectl: Kubectl) -> Kubectl:
    """kubectl, once the API server takes all four kinds."""
    return kubectl


@pytest.fixture
def k(ctl: Kubectl, namespace: str) -> Namespaced:
    return Namespaced(ctl, namespace)


def condition(type_: str, status: str, generation: int = 1) -> dict[str, Any]:
    return {
        "type": type_,
        "status": status,
        "reason": "Tested",
        "message": "",
        "observedGeneration": generation,
        "lastTransitionTime": "2026-11-21T09:00:00Z",
    }


# ── get ──────────────────────────────────────────────────────────────────────────────────────────────
def test_get_shows_what_a_task_is_about(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task(due="2999-12-01", priority="High"))
    k.create("TodoTask", "late", task(title="File the tax return", due="2026-05-31T18:00", completed=True))
    k.status("tt", "late", {"conditions": [condition("Overdue", "False")]})
    header, late, rent = k.table("todotasks")
    assert header == ["NAME", "TITLE", "PRIORITY", "DUE", "DONE", "OVERDUE", "AGE"]
    assert late[:6] == ["late", "File the tax return", "Medium", "2026-05-31T18:00", "true", "False"]
    assert rent[:6] == ["rent", "Pay the rent", "High", "2999-12-01", "false", ""]


def test_get_shows_which_schedule_a_rule_has(k: Namespaced) -> None:
    k.create("RecurrenceRule", "cron", rule(cron="0 9 * * 1-5"))
    k.create("RecurrenceRule", "rrule", rule(rrule="FREQ=MONTHLY;BYDAY=2TU", suspend=True))
    k.create("RecurrenceRule", "simple", rule(simple={"frequency": "Daily"}))
    words = "On weekdays at 09:00, Europe/Berlin"
    seen = {"schedule": words, "next": "2999-01-01T09:00:00+01:00", "timeZone": "Europe/Berlin"}
    k.status("rr", "cron", {"nextScheduleTime": "2999-01-01T08:00:00Z", "activeCount": 2, **seen})
    k.status("rr", "simple", {"schedule": "Every 3 days", "next": "2999-01-01"})
    header, *rows = k.table("rr")
    assert header == ["NAME", "SCHEDULE", "NEXT", "SUSPENDED", "ACTIVE", "AGE"]
    assert [row[:5] for row in rows] == [
        ["cron", words, "2999-01-01T09:00:00+01:00", "false", "2"],
        ["rrule", "", "", "true", ""],
        ["simple", "Every 3 days", "2999-01-01", "false", ""],
    ]


def test_get_shows_when_a_reminder_fires_and_when_it_did(k: Namespaced) -> None:
    k.create("Reminder", "tomorrow", reminder())
    seen = {"next": "2999-01-01T10:00:00+01:00", "firedAt": "2020-01-01T09:00:00Z"}
    k.status("rem", "tomorrow", {"fireTime": "2999-01-01T09:00:00Z", **seen})
    header, row = k.table("rem")
    assert header == ["NAME", "TASK", "FIRES", "FIRED", "AGE"]
    assert row[:3] == ["tomorrow", "pay-rent", "2999-01-01T10:00:00+01:00"], "in the task's zone"
    assert row[3].endswith("d"), "so many years and days ago"


def test_get_shows_where_a_channel_leads(k: Namespaced) -> None:
    k.create("NotificationChannel", "chat", channel(apprise={}, secretRef={"name": "slack-url"}))
    k.create("NotificationChannel", "hook", channel(webhook={"url": "https://example.com/hook"}))
    k.create(
        "NotificationChannel",
        "mail",
        channel(email={"to": ["ana@example.com", "ben@example.com"]}, default=True),
    )
    header, *rows = k.table("nch")
    assert header == ["NAME", "TARGET", "DEFAULT", "READY", "AGE"]
    assert [row[:4] for row in rows] == [
        ["chat", "slack-url", "false", ""],
        ["hook", "https://example.com/hook", "false", ""],
        ["mail", '["ana@example.com","ben@example.com"]', "true", ""],
    ]


@pytest.mark.parametrize("kind", RESOURCES)
def test_get_wide_shows_every_column(k: Namespaced, kind: str) -> None:
    k.create(kind, "one", SMALLEST[kind])
    columns = [
        column["name"].upper() for column in crds.version(crds.load()[kind])["additionalPrinterColumns"]
    ]
    narrow, wide = (k.table(RESOURCES[kind].plural, *options) for options in ([], ["-o", "wide"]))
    assert wide[0] == ["NAME", *sorted(columns, key=lambda name: is_wide(kind, name))]
    assert len(narrow[0]) < len(wide[0])
    assert "<invalid>" not in str(wide)
    assert "<unknown>" not in str(narrow)


def is_wide(kind: str, column: str) -> bool:
    found = crds.version(crds.load()[kind])["additionalPrinterColumns"]
    return any(c["name"].upper() == column and c.get("priority") for c in found)


def test_a_moment_to_come_is_not_printed_as_invalid(k: Namespaced) -> None:
    moment = "2999-01-01T09:00:00Z"
    for kind, spec in SMALLEST.items():
        k.create(kind, "one", spec)
        fields = crds.version(crds.load()[kind])["schema"]["openAPIV3Schema"]["properties"]["status"][
            "properties"
        ]
        past = {"completionTime", "firedAt", "lastScheduleTime"}
        times = [
            name for name, field in fields.items() if field.get("format") == "date-time" and name not in past
        ]
        if times:
            k.status(RESOURCES[kind].plural, "one", dict.fromkeys(times, moment))
        assert "<invalid>" not in k("get", RESOURCES[kind].plural, "-o", "wide")


def test_short_names_and_the_category_find_the_kinds(k: Namespaced) -> None:
    for kind, spec in SMALLEST.items():
        k.create(kind, "one", spec)
    assert k.names("todo") == [
        "notificationchannel/one",
        "recurrencerule/one",
        "reminder/one",
        "todotask/one",
    ]
    assert k.names("tt,rr,rem,nch") == k.names("todo")


def test_all_does_not_mean_the_todo_list(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task())
    assert "rent" not in k("get", "all")
    k("delete", "all", "--all")
    assert k.names("tt") == ["todotask/rent"]


# ── selectors ────────────────────────────────────────────────────────────────────────────────────────
def test_field_selectors_find_tasks(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task(priority="Urgent", project="Flat", assignee="ana", due="2026-12-01"))
    k.create("TodoTask", "call", task(completed=True, parent="rent"))
    found = {
        selector: [name.split("/")[1] for name in k.names("tt", "--field-selector", selector)]
        for selector in (
            "spec.completed=false",
            "spec.completed!=false",
            "spec.priority=Urgent",
            "spec.priority!=Urgent",
            "spec.project=Flat",
            "spec.assignee=ana",
            "spec.assignee=",
            "spec.parent=rent",
            "spec.due=2026-12-01",
            "spec.due=",
            "spec.completed=false,spec.priority=Low",
            "metadata.name=call",
        )
    }
    assert found == {
        "spec.completed=false": ["rent"],
        "spec.completed!=false": ["call"],
        "spec.priority=Urgent": ["rent"],
        "spec.priority!=Urgent": ["call"],
        "spec.project=Flat": ["rent"],
        "spec.assignee=ana": ["rent"],
        "spec.assignee=": ["call"],
        "spec.parent=rent": ["call"],
        "spec.due=2026-12-01": ["rent"],
        "spec.due=": ["call"],
        "spec.completed=false,spec.priority=Low": [],
        "metadata.name=call": ["call"],
    }


@pytest.mark.parametrize("kind", RESOURCES)
def test_each_selectable_field_can_be_selected(k: Namespaced, kind: str) -> None:
    for field in crds.version(crds.load()[kind])["selectableFields"]:
        k("get", RESOURCES[kind].plural, "--field-selector", f"{field['jsonPath'][1:]}=x")


def test_a_field_that_cannot_be_selected_is_named(k: Namespaced) -> None:
    with pytest.raises(KubectlFailed, match=r"field label not supported: spec\.title"):
        k("get", "tt", "--field-selector", "spec.title=x")


def test_label_selectors_find_tasks(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task(tags=["home"]), {"team": "a"})
    k.create("TodoTask", "call", task(), {"team": "b"})
    assert k.names("tt", "-l", "tag.todotasks.dev/home") == ["todotask/rent"]
    assert k.names("tt", "-l", "team in (b, c)") == ["todotask/call"]


# ── explain and describe ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", RESOURCES)
def test_explain_knows_every_field(ctl: Kubectl, kind: str) -> None:
    said = ctl("explain", RESOURCES[kind].plural, "--recursive")
    missing = [
        node.path
        for node in crds.all_nodes()
        if node.kind == kind
        and not node.path.endswith(("[]", ".*"))
        and node.path.rsplit(".", 1)[-1] not in said
    ]
    assert missing == []


def test_explain_says_what_a_field_takes(ctl: Kubectl) -> None:
    said = " ".join(ctl("explain", "tt.spec.due").split())
    assert "FIELD: due <string>" in said
    assert "Examples: 2026-11-21, 2026-11-21T17:00:00+01:00, 2026-11-21T17:00." in said
    said = " ".join(ctl("explain", "todotasks.spec.priority").split())
    assert "ENUM: Low Medium High Urgent" in said


def test_explain_marks_what_is_required(ctl: Kubectl) -> None:
    assert "-required-" in ctl("explain", "tt.spec.title") or "-required-" in ctl("explain", "tt.spec")


def test_describe_shows_the_whole_object(k: Namespaced) -> None:
    k.create(
        "TodoTask", "rent", task(tags=["home"], due="2026-12-01", links=[{"url": "https://example.com"}])
    )
    said = k("describe", "tt", "rent")
    for part in (
        "Kind:         TodoTask",
        "  Due:        2026-12-01",
        "  Title:  Pay the rent",
        "    URL:     https://example.com",
        "  Observed Generation:  -1",
    ):
        assert f"{part}\n" in said


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────
def test_create_without_a_name_makes_one(k: Namespaced) -> None:
    made = yaml.safe_load(document("TodoTask", "x", task()))
    made["metadata"] = {"generateName": "chore-"}
    said = k("create", "-f", "-", "-o", "name", input_text=yaml.safe_dump(made))
    assert said.startswith("todotask.todotasks.dev/chore-")


def test_apply_of_what_is_there_already_changes_nothing(k: Namespaced) -> None:
    text = document("TodoTask", "rent", task(due="2026-12-01"))
    assert "created" in k("apply", "-f", "-", input_text=text)
    before = k.json("tt", "rent")["metadata"]["resourceVersion"]
    assert "unchanged" in k("apply", "-f", "-", input_text=text)
    assert k.json("tt", "rent")["metadata"]["resourceVersion"] == before


def test_an_unquoted_date_is_a_date(k: Namespaced) -> None:
    k("apply", "-f", "-", input_text=document("TodoTask", "rent", task(due="2026-12-01")).replace("'", ""))
    assert k.json("tt", "rent")["spec"]["due"] == "2026-12-01"


def test_server_side_apply_merges_what_two_people_own(k: Namespaced) -> None:
    def apply(manager: str, spec: Spec, *options: str) -> str:
        return k(
            "apply",
            "--server-side",
            f"--field-manager={manager}",
            *options,
            "-f",
            "-",
            input_text=document("TodoTask", "rent", spec),
        )

    apply("ana", task(tags=["home"], links=[{"url": "https://a.example"}]))
    apply(
        "ben",
        {"title": "Pay the rent", "tags": ["money"], "links": [{"url": "https://b.example", "title": "B"}]},
    )
    spec = k.json("tt", "rent")["spec"]
    assert spec["tags"] == ["home", "money"]
    assert [link["url"] for link in spec["links"]] == ["https://a.example", "https://b.example"]
    with pytest.raises(KubectlFailed, match=r'conflict with "ana": \.spec\.title'):
        apply("ben", task(title="Pay it"))
    apply("ben", task(title="Pay it"), "--force-conflicts")
    assert k.json("tt", "rent")["spec"]["title"] == "Pay it"


def test_what_git_leaves_out_stays_as_people_set_it(k: Namespaced) -> None:
    text = document("TodoTask", "rent", task(due="2026-12-01"))
    k("apply", "--server-side", "--field-manager=git", "-f", "-", input_text=text)
    k("patch", "tt", "rent", "--type=merge", "-p", '{"spec": {"completed": true}}')
    k("apply", "--server-side", "--field-manager=git", "-f", "-", input_text=text)
    assert k.json("tt", "rent")["spec"]["completed"] is True


def test_a_dry_run_on_the_server_stores_nothing(k: Namespaced) -> None:
    text = document("TodoTask", "rent", task())
    assert "created (server dry run)" in k("apply", "--dry-run=server", "-f", "-", input_text=text)
    assert k.names("tt") == []


def test_a_dry_run_on_the_server_says_what_is_wrong(k: Namespaced) -> None:
    with pytest.raises(KubectlFailed) as error:
        k(
            "apply",
            "--dry-run=server",
            "-f",
            "-",
            input_text=document("TodoTask", "rent", task(due="2026-02-30")),
        )
    assert f'spec.due: Invalid value: "2026-02-30": {NO_DAY}' in str(error.value)


def test_a_misspelled_field_is_not_dropped_silently(k: Namespaced) -> None:
    with pytest.raises(KubectlFailed, match=r'unknown field "spec\.dew"'):
        k("apply", "-f", "-", input_text=document("TodoTask", "rent", task(dew="2026-12-01")))


def test_diff_shows_what_an_apply_would_change(k: Namespaced) -> None:
    k("apply", "-f", "-", input_text=document("TodoTask", "rent", task()))
    assert k("diff", "-f", "-", input_text=document("TodoTask", "rent", task())) == ""
    with pytest.raises(KubectlFailed) as error:  # exit code 1 is "there are differences"
        k("diff", "-f", "-", input_text=document("TodoTask", "rent", task(priority="High")))
    assert "-  priority: Medium\n+  priority: High" in str(error.value)


def test_delete_by_name_by_label_and_by_category(k: Namespaced) -> None:
    for name in ("a", "b", "c"):
        k.create("TodoTask", name, task(), {"team": "blue" if name == "b" else "red"})
    k("delete", "tt", "a")
    k("delete", "tt", "-l", "team=blue")
    assert k.names("tt") == ["todotask/c"]
    k.create("Reminder", "r", reminder())
    k("delete", "todo", "--all")
    assert k.names("todo") == []


# ── status and wait ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", RESOURCES)
def test_a_new_object_has_been_observed_by_nobody(k: Namespaced, kind: str) -> None:
    k.create(kind, "one", SMALLEST[kind])
    found = k.json(RESOURCES[kind].plural, "one")
    assert found["status"] == {"observedGeneration": -1}
    assert found["metadata"]["generation"] == 1


def test_the_status_is_changed_by_its_own_door_only(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task())
    k("patch", "tt", "rent", "--type=merge", "-p", '{"status": {"observedGeneration": 7}}')
    assert k.json("tt", "rent")["status"] == {"observedGeneration": -1}
    k.status("tt", "rent", {"observedGeneration": 1})
    found = k.json("tt", "rent")
    assert found["status"] == {"observedGeneration": 1}
    assert found["metadata"]["generation"] == 1


def test_a_status_of_the_wrong_shape_is_refused(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task())
    for bad, why in (
        ({**condition("Ready", "True"), "reason": "not a word"}, "reason in body should match"),
        ({**condition("Ready", "True"), "reason": ""}, "reason in body should be at least 1 chars long"),
        ({**condition("is ready", "True")}, "type in body should match"),
        ({**condition("Ready", "yes")}, 'supported values: "True", "False", "Unknown"'),
        ({**condition("Ready", "True"), "message": "m" * 1025}, "may not be more than 1024 bytes"),
        ({"type": "Ready", "status": "True"}, "lastTransitionTime: Required value"),
    ):
        with pytest.raises(KubectlFailed) as error:
            k.status("tt", "rent", {"conditions": [bad]})
        assert why in str(error.value)


def test_wait_returns_once_the_condition_is_about_the_present_generation(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task())
    k.status("tt", "rent", {"observedGeneration": 1, "conditions": [condition("Ready", "True")]})
    assert "condition met" in k("wait", "tt/rent", "--for=condition=Ready", "--timeout=5s")
    k("patch", "tt", "rent", "--type=merge", "-p", '{"spec": {"priority": "High"}}')
    with pytest.raises(KubectlFailed, match="timed out"):
        k("wait", "tt/rent", "--for=condition=Ready", "--timeout=1s")
    k.status("tt", "rent", {"observedGeneration": 2, "conditions": [condition("Ready", "True", 2)]})
    k("wait", "tt/rent", "--for=condition=Ready", "--timeout=5s")


def test_a_watch_prints_each_change(k: Namespaced) -> None:
    k.create("TodoTask", "rent", task())
    command = [str(k.kubectl.binary), "--kubeconfig", str(k.kubectl.kubeconfig), "-n", k.namespace]
    with subprocess.Popen(
        [*command, "get", "tt", "-w", "-o", "name"], stdout=subprocess.PIPE, text=True
    ) as watch:
        try:
            assert watch.stdout is not None
            assert watch.stdout.readline() == "todotask.todotasks.dev/rent\n"
            k.create("TodoTask", "call", task())
            assert watch.stdout.readline() == "todotask.todotasks.dev/call\n"
        finally:
            watch.terminate()
