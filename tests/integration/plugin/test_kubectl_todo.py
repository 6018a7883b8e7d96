"""`kubectl todo` through the real kubectl, against the real API server, as a person with a role."""

import json
import stat
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.integration.plugin.conftest import Terminal, There
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed

SpecOf = Callable[..., dict[str, Any]]


def test_a_sentence_makes_what_an_expert_would_write(ana: Terminal, spec_of: SpecOf) -> None:
    said = ana.ok("remind me to water the plants every 3 days at 7pm starting tomorrow #home p1")
    assert "every 3 days at 19:00, Europe/Berlin" in said
    spec = spec_of("water-the-plants", "recurrencerule")
    assert spec["rrule"] == "FREQ=DAILY;INTERVAL=3"
    assert spec["timeZone"] == "Europe/Berlin"
    assert spec["template"]["spec"]["title"] == "water the plants"
    assert spec["template"]["spec"]["priority"] == "Urgent"
    assert spec["template"]["spec"]["tags"] == ["home"]
    assert "water the plants" in ana.ok("rules")


def test_a_number_of_the_last_list_and_undo_work_across_calls(ana: Terminal, spec_of: SpecOf) -> None:
    ana.ok("add", "buy milk tomorrow")
    ana.ok("add", "pay rent on friday p2")
    listed = ana.ok("list").splitlines()
    number = next(line.split()[0] for line in listed if "pay rent" in line)
    assert "Completed" in ana.ok("done", number)
    assert spec_of("pay-rent")["completed"] is True
    assert spec_of("buy-milk").get("completed", False) is False
    assert "pay rent" in ana.ok("undo")
    assert spec_of("pay-rent").get("completed", False) is False


def test_the_table_says_dates_from_where_the_person_stands(ana: Terminal) -> None:
    ana.ok("add", "buy milk tomorrow at 3pm #home")
    table = ana.ok("list")
    header, row = table.splitlines()[-2:]
    assert header.split() == ["#", "TITLE", "DUE", "PRIORITY", "TAGS"]
    assert row.split()[1:] == ["buy", "milk", "tomorrow", "15:00", "Medium", "#home"]
    assert "\x1b" not in table, "colours are for terminals"
    assert "\x1b[" in ana.ok("list", "--color")
    assert "buy-milk" in ana.ok("list", "-o", "wide")


def test_a_dry_run_changes_nothing(ana: Terminal, kubectl: Kubectl, namespace: str) -> None:
    assert "nothing was changed" in ana.ok("--dry-run", "buy", "milk", "tomorrow")
    document = yaml.safe_load(ana.ok("--dry-run=server", "-o", "yaml", "buy milk tomorrow"))
    assert document["kind"] == "TodoTask"
    assert document["spec"]["title"] == "buy milk"
    assert "managedFields" not in document["metadata"]
    assert kubectl("get", "tt", "-n", namespace, "-o", "name") == ""


def test_the_command_that_is_printed_does_the_same(ana: Terminal, spec_of: SpecOf) -> None:
    command = ana.ok("--dry-run", "-o", "kubectl", "add", "buy $(milk) tomorrow #home")
    subprocess.run(["bash", "-c", command], env=ana.environment, check=True, capture_output=True)
    spec = spec_of("buy-milk")
    assert spec["title"] == "buy $(milk)"
    assert spec["tags"] == ["home"]


def test_output_for_programs_is_that_of_kubectl(ana: Terminal) -> None:
    assert ana.ok("-o", "name", "buy milk") == "todotask.todotasks.dev/buy-milk\n"
    found = json.loads(ana.ok("list", "-o", "json"))
    assert (found["kind"], [item["spec"]["title"] for item in found["items"]]) == ("List", ["buy milk"])
    assert yaml.safe_load(ana.ok("show", "1", "-o", "yaml"))["items"][0]["metadata"]["name"] == "buy-milk"
    assert ana.ok("list", "-o", "name") == "todotask.todotasks.dev/buy-milk\n"


def test_more_than_one_delete_waits_for_a_yes(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    def names() -> list[str]:
        return kubectl("get", "tt", "-n", namespace, "-o", "name").split()

    for title in ("one", "two", "three", "four"):
        there(f"water plant {title}")
    ana.ok("list")
    asked = ana("rm", "1", "2")
    assert asked.code == 2
    assert "kubectl todo yes" in asked.err
    assert len(names()) == 4
    assert "Deleted" in ana.ok("yes")
    assert len(names()) == 2
    ana.ok("list")
    kept = ana("rm", "1-2", answer="n")
    assert kept.code == 0
    assert "[y/N]" in kept.err
    assert len(names()) == 2
    assert ana("rm", "1-2", "--yes").code == 0
    assert names() == []


def test_a_title_that_fits_two_tasks_is_asked_about(ana: Terminal, there: There, spec_of: SpecOf) -> None:
    there("call mom about dinner")
    there("call mom about the car")
    said = ana("done", "call", "mom", answer="2")
    assert said.code == 0, said
    done = [
        spec_of(name).get("completed", False) for name in ("call-mom-about-dinner", "call-mom-about-the-car")
    ]
    assert sorted(done) == [False, True]


def test_who_may_only_look_is_told_which_right_is_missing(
    terminal: Callable[[str], Terminal], kubectl: Kubectl, namespace: str
) -> None:
    viewer = terminal("view")
    refused = viewer("buy milk")
    assert refused.code == 1
    assert refused.out == ""
    assert "create" in refused.err
    assert "todotasks" in refused.err
    assert viewer("list").code == 0
    with pytest.raises(KubectlFailed):
        kubectl("get", "tt", "buy-milk", "-n", namespace)


def test_a_wrong_call_says_what_is_accepted(ana: Terminal) -> None:
    for words, message in (
        (("done",), "done: expected TASK"),
        (("list", "-o", "xml"), "wide"),
        (("list", "--time-zone", "Mars/Base"), "Mars/Base"),
        (("completion", "tcsh"), "bash, zsh, fish"),
    ):
        said = ana(*words)
        assert said.code == 2, said
        assert message in said.err


def test_an_api_server_that_is_not_there_is_named(ana: Terminal) -> None:
    config = yaml.safe_load(ana.kubeconfig.read_text())
    config["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:9"
    ana.kubeconfig.write_text(yaml.safe_dump(config))
    said = ana("list")
    assert said.code == 1
    assert "127.0.0.1:9" in said.err
    assert "Traceback" not in said.err


def test_a_hostile_title_is_shown_without_its_controls(
    ana: Terminal, kubectl: Kubectl, namespace: str
) -> None:
    title = "[bold]not markup[/] evil"  # the API server refuses what controls a terminal or turns text around
    manifest = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "evil", "namespace": namespace},
        "spec": {"title": title},
    }
    kubectl("create", "-f", "-", input_text=json.dumps(manifest))
    for words in (("list",), ("show", "evil"), ("done", "evil")):
        shown = ana.ok(*words)
        assert not {"\x1b", "\u202e"} & set(shown)
        assert "[bold]not markup[/]" in shown


def test_what_is_remembered_is_readable_by_nobody_else(ana: Terminal) -> None:
    ana.ok("add", "buy milk")
    files = list((ana.home / "state" / "todotasks").rglob("*.json"))
    assert files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_edit_opens_the_very_task_in_kubectl_edit(ana: Terminal, there: There, spec_of: SpecOf) -> None:
    there("buy milk")
    ana.ok("list")
    said = ana("edit", "1", KUBE_EDITOR="sed -i /title:/s/milk/bread/")
    assert said.code == 0, said
    assert spec_of("buy-milk")["title"] == "buy bread"


def test_an_edit_in_a_dry_run_changes_nothing(ana: Terminal, there: There, spec_of: SpecOf) -> None:
    there("buy milk")
    ana.ok("list")
    editor = "sed -i /title:/s/milk/bread/"
    said = ana("--dry-run", "edit", "1", KUBE_EDITOR=editor)
    assert said.code == 0, said
    assert "(server dry run)" in said.out
    shown = ana("--dry-run", "-o", "yaml", "edit", "1", KUBE_EDITOR=editor)
    assert "title: buy bread" in shown.out, shown
    assert spec_of("buy-milk")["title"] == "buy milk"
    refused = ana("--dry-run", "edit", "1", KUBE_EDITOR="sed -i '/title:/s/buy.*/\"\"/'")
    assert refused.code != 0, "what the API server would refuse is refused"
    same = ana("--dry-run", "edit", "1", KUBE_EDITOR="true")
    assert (same.code, same.out) == (0, "")


def test_an_edit_prints_the_edited_task_as_it_was_asked_for(
    ana: Terminal, there: There, spec_of: SpecOf
) -> None:
    there("buy milk")
    ana.ok("list")
    said = ana("-o", "yaml", "edit", "1", KUBE_EDITOR="sed -i /title:/s/milk/bread/")
    assert said.code == 0, said
    assert said.out.startswith("apiVersion: todotasks.dev/v1") and "title: buy bread" in said.out
    assert spec_of("buy-milk")["title"] == "buy bread"


def test_next_leaves_out_what_is_blocked(ana: Terminal, kubectl: Kubectl, namespace: str) -> None:
    ana.ok("add", "buy milk tomorrow")
    ana.ok("add", "bake a cake today")
    blocked = {"status": {"conditions": [
        {"type": "Blocked", "status": "True", "reason": "DependenciesOpen", "message": "waits",
         "lastTransitionTime": "2026-01-01T00:00:00Z"}
    ]}}  # fmt: skip
    kubectl(
        "patch", "tt", "bake-a-cake", "-n", namespace, "--subresource=status", "--type=merge",
        "-p", json.dumps(blocked),
    )  # fmt: skip
    shown = ana.ok("next")
    assert "buy milk" in shown
    assert "bake" not in shown


# ── completion ───────────────────────────────────────────────────────────────────────────────────────
def complete(ana: Terminal, *words: str) -> list[str]:
    """As a shell asks kubectl, and kubectl the plugin."""
    done = subprocess.run(
        [str(ana.kubectl), "__complete", "todo", *words],
        env=ana.environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_kubectl_completes_verbs_names_tags_and_values(ana: Terminal, there: There, namespace: str) -> None:
    there("buy milk", tags=["home"])
    ana.ok("add", "water the plants every day")
    verbs = complete(ana, "sn")
    assert [line.split("\t")[0] for line in verbs] == ["snooze", ":4"]
    assert complete(ana, "done", "") == ["buy-milk\tbuy milk", ":4"]
    assert complete(ana, "done", "x") == [":4"]
    assert complete(ana, "stop", "") == ["water-the-plants\twater the plants", ":4"]
    assert complete(ana, "list", "#") == ["#home", ":4"]
    assert complete(ana, "list", "-o", "k") == ["kubectl", ":4"]
    assert complete(ana, "list", "--abs") == ["--absolute", ":4"]


def test_completion_without_a_cluster_is_silent(ana: Terminal) -> None:
    ana.kubeconfig.write_text("{}")
    assert complete(ana, "done", "") == [":4"]


def test_the_script_for_bash_completes_the_plugin_by_itself(ana: Terminal, there: There) -> None:
    there("buy milk")
    script = (
        "source <(kubectl-todo completion bash); COMP_WORDS=(kubectl-todo done ''); COMP_CWORD=2; "
        '_kubectl_todo; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script], env=ana.environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["buy-milk"]
