"""`kubectl todo` where people expect of it what kubectl does: its flags, pipes, lists of all namespaces."""

import socket
import subprocess

import pytest

from tests.integration.plugin.conftest import Terminal, There
from tests.support.imports import HEAVY, NEVER
from todo_cli.local.controlplane.kubectl import Kubectl


def piped(ana: Terminal, line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env=ana.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_pipe_that_is_closed_early_is_no_error(ana: Terminal, there: There) -> None:
    there("buy milk")
    for line in (
        "kubectl todo list | true",
        "kubectl todo show milk | true",
        "kubectl todo list -o yaml | head -1",
    ):
        done = piped(ana, line)
        assert (done.returncode, done.stderr) == (0, ""), line
    assert piped(ana, "kubectl todo show nosuch | true").returncode == 1, "what failed has failed"


@pytest.mark.parametrize(
    "words", ["list", "list -o yaml", "list -A", "show milk", "--help", "help", "done nosuch"]
)
def test_a_full_disk_is_said_and_a_closed_pipe_is_not(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str, words: str
) -> None:
    there("buy milk")
    command = f"kubectl todo --kubeconfig {kubectl.kubeconfig} -n {namespace} {words}"
    full = piped(ana, f"{command} > /dev/full")
    closed = piped(ana, f"{command} 2>/dev/null | true")
    if words == "done nosuch":  # nothing is printed there
        assert (full.returncode, closed.returncode) == (1, 1)
        return
    assert (full.returncode, closed.returncode) == (1, 0)
    assert full.stderr == "Error: standard output cannot be written: No space left on device\n"


def test_formats_of_kubectl_are_printed_by_kubectl(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    there("buy milk", tags=["home"])
    there("fix the roof")
    names = "{.items[*].metadata.name}"
    assert ana.ok("list", "-o", f"jsonpath={names}").split() == ["buy-milk", "fix-the-roof"]
    assert ana.ok("list", "#home", f"-o=jsonpath={names}") == "buy-milk", "a List also where it is one"
    assert ana.ok("list", "-o", "custom-columns=N:.metadata.name,T:.spec.title").splitlines() == [
        "N              T", "buy-milk       buy milk", "fix-the-roof   fix the roof",
    ]  # fmt: skip
    assert ana.ok("list", "-o", "go-template={{len .items}}") == "2"
    assert ana.ok("show", "buy-milk", "-o", "jsonpath={.spec.title}") == "buy milk"
    assert ana.ok("done", "buy-milk", "-o", "jsonpath={.spec.completed}") == "true"
    admin = ("--kubeconfig", str(kubectl.kubeconfig), "-A")
    assert namespace in ana.ok("list", *admin, "-o", "jsonpath={.items[*].metadata.namespace}")
    assert ana("list", "-o", "jsonpath={").code == 1
    wrong = ana("list", "-o", "table")
    assert (wrong.code, "jsonpath=…" in wrong.err) == (2, True)


def test_flags_of_kubectls_own_workings_are_taken_and_have_no_effect(ana: Terminal, there: There) -> None:
    there("buy milk")
    flags = (
        *("-v=6", "-v", "6", "--v=6", "--vmodule=x=1", "--cache-dir=/nowhere"),
        *("--log-flush-frequency=5s", "--profile=none", "--profile-output=x", "--disable-compression"),
        *("--match-server-version=false", "--warnings-as-errors", "--insecure-skip-tls-verify=false"),
    )
    assert "buy milk" in ana.ok(*flags, "list")
    assert "buy milk" in ana.ok("list", *flags)


@pytest.mark.parametrize("folder", ["/proc/nowhere", "/dev/null"])
def test_where_nothing_can_be_kept_it_is_done_and_said(ana: Terminal, folder: str) -> None:
    said = ana("add", "buy milk", XDG_STATE_HOME=folder)
    assert said.code == 0
    assert "Created “buy milk”" in said.out
    assert f"Note: the next call knows nothing of this one (numbers, undo): {folder}" in said.err
    assert "buy milk" in ana("list", XDG_STATE_HOME=folder).out


def test_what_a_locale_cannot_write_is_a_question_mark_and_a_document_is_utf_8(ana: Terminal) -> None:
    ana.ok("add", "Grüße 明天")
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    assert "Gr??e ??" in ana("list", **ascii_only).out
    assert "Gr??e ??" in ana("show", "1", **ascii_only).out
    assert "Grüße 明天" in ana("list", "-o", "yaml", **ascii_only).out
    posix = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert ana("add", "ein Paket für Jörg", **posix).code == 0
    assert "Paket für Jörg" in ana.ok("list")
    done = piped(ana, "kubectl todo add $'caf\\xe9'")
    assert (done.returncode, "is no UTF-8: nothing was done" in done.stderr) == (2, True)


def test_why_an_api_server_is_not_reached_is_said(ana: Terminal) -> None:
    refused = ana("list", "-s", "https://127.0.0.1:9", "--request-timeout=1s")
    assert refused.code == 1
    assert "The API server is https://127.0.0.1:9: cannot connect" in refused.err
    stranger = ana("list", "--certificate-authority", "/etc/ssl/certs/ca-certificates.crt")
    assert "shows a certificate that is not trusted here" in stranger.err
    assert "certificate verify failed" in stranger.err
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        at = f"http://127.0.0.1:{silent.getsockname()[1]}"
        late = ana("list", "-s", at, "--request-timeout=1s")
    assert "did not answer in time. Nothing was done" in late.err


def test_flags_of_kubectl_mean_what_they_mean_there(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    there("buy milk")
    refused = ana("list", "--as", "nobody-special")
    assert refused.code == 1
    assert "impersonate" in refused.err
    admin = ("--kubeconfig", str(kubectl.kubeconfig), "-n", namespace)
    assert "buy milk" in ana.ok("list", *admin, "--as", "root", "--as-group", "system:masters")
    as_stranger = ana("list", *admin, "--as=stranger")
    assert as_stranger.code == 1
    assert "stranger" in as_stranger.err
    assert ana("list", "--token", "wrong").code == 1
    away = ana("list", "--server", "https://127.0.0.1:9", "--request-timeout", "1s")
    assert away.code == 1
    assert "127.0.0.1:9" in away.err
    assert ana("list", "--insecure-skip-tls-verify", "--tls-server-name", "x").code == 0


def test_a_list_of_all_namespaces_names_them(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    other = f"{namespace}-b"
    kubectl("create", "namespace", other)
    admin = ("--kubeconfig", str(kubectl.kubeconfig))
    there("buy milk")
    ana.ok(*admin, "-n", other, "add", "fix the roof #house")
    lines = ana.ok(*admin, "list", "-A").splitlines()
    assert lines[0].split() == ["NAMESPACE", "TITLE", "DUE", "PRIORITY", "TAGS", "NAME"]
    mine = [line.split()[0] for line in lines[1:] if line.split()[0] in {namespace, other}]
    assert mine == sorted([namespace, other])
    assert "fix the roof" in ana.ok(*admin, "list", "#house", "-A")
    refused = ana("list", "-A")
    assert refused.code == 1
    assert "You may not list todotasks in all namespaces" in refused.err
    assert ana(*admin, "done", "milk", "-A").code == 2


def test_a_limit_counts_over_all_namespaces(ana: Terminal, kubectl: Kubectl, namespace: str) -> None:
    admin = ("--kubeconfig", str(kubectl.kubeconfig))
    other = f"zzz-{namespace}"[:63]
    kubectl("create", "namespace", other)
    tag = f"#only-{namespace}"
    for number in range(3):
        ana.ok("add", f"some day {number} {tag}")
    ana.ok(*admin, "-n", other, "add", f"put out the fire yesterday {tag}")
    for words in (("list", tag), ("list", "open", tag)):
        _, *rows, more = ana.ok(*admin, *words, "-A", "--limit", "2").splitlines()
        assert [row.split()[0] for row in rows] == [namespace, other], "the most pressing of all is there"
        assert "put out the fire" in rows[1]
        assert more.strip() == "… and 2 more: --limit"
    assert "more: --limit" not in ana.ok(*admin, "list", tag, "-A", "--limit", "4")
    names = ana.ok(*admin, "list", tag, "-A", "--limit", "1", "-o", "name").splitlines()
    assert names == ["todotask.todotasks.dev/put-out-the-fire"]
    last = ana.ok(*admin, "list", tag, "-A", "--limit", "1", "--sort", "title", "-o", "name").splitlines()
    assert last == ["todotask.todotasks.dev/put-out-the-fire"]
    kubectl("delete", "namespace", other, "--wait=false")


def test_what_is_next_everywhere_is_the_most_pressing_of_all(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    admin = ("--kubeconfig", str(kubectl.kubeconfig))
    other = f"zzz-{namespace}"[:63]
    kubectl("create", "namespace", other)
    for number in range(6):
        there(f"some day {number}")
    ana.ok(*admin, "-n", other, "add", "put out the fire yesterday p1")
    assert ana.ok(*admin, "next", "-A").splitlines()[1].split()[0] == other
    names = ana.ok(*admin, "next", "-A", "-o", "name").splitlines()
    assert names[0] == "todotask.todotasks.dev/put-out-the-fire"
    assert "canary" not in ana.ok(*admin, "list", "-A"), "the operator's own task is nobody's"
    kubectl("delete", "namespace", other, "--wait=false")


def test_showing_one_keeps_the_numbers_of_the_list(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    for title in ("wash the car", "water the plants", "sort the mail"):
        there(title)
    listed = [line.split(maxsplit=1) for line in ana.ok("list").splitlines()[2:]]
    ana.ok("show", "2")
    done = ana.ok("done", "2", "3", "--yes")
    for number, title in listed:
        assert (title.split("  ")[0].strip() in done) == (number != "1")


def test_what_is_shown_has_notes_in_lines_parts_and_what_it_waits_for(
    ana: Terminal, kubectl: Kubectl, namespace: str
) -> None:
    for name, spec in {
        "receipts": "{title: Collect the receipts}",
        "taxes": '{title: Taxes, notes: "one\\n- two", dependsOn: [receipts]}',
        "form": "{title: Fill the form, parent: taxes}",
    }.items():
        kubectl(
            "apply", "-f", "-",
            input_text="apiVersion: todotasks.dev/v1\nkind: TodoTask\n"
            f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n",
        )  # fmt: skip
    shown = ana.ok("show", "taxes")
    assert "Parts\n  [ ] Fill the form (form)" in shown
    assert "Waits for\n  [ ] Collect the receipts (receipts)" in shown
    assert "Notes\n  one\n  - two\n" in shown


def test_the_namespaces_zone_counts_as_in_the_chat(ana: Terminal, kubectl: Kubectl, namespace: str) -> None:
    kubectl("annotate", "namespace", namespace, "todotasks.dev/time-zone=Asia/Tokyo")
    admin = ("--kubeconfig", str(kubectl.kubeconfig), "-n", namespace)
    assert "(Asia/Tokyo)" in ana.ok(*admin, "call mom tomorrow at 5pm")
    assert "tomorrow 17:00" in ana.ok(*admin, "list")
    said = ana.ok(*admin, "--time-zone", "Europe/Berlin", "call dad tomorrow at 5pm")
    assert "(Europe/Berlin)" in said


def test_neither_kubectls_verbs_nor_slips_make_tasks(
    ana: Terminal, there: There, kubectl: Kubectl, namespace: str
) -> None:
    there("buy milk")
    ana.ok("list")
    for words in (
        ("get",),
        ("get", "tt"),
        ("version",),
        ("config", "view"),
        ("logs",),
        ("lst",),
        ("delte", "1"),
    ):
        said = ana(*words, "--yes")
        assert (said.code, said.out) == (2, ""), words
    assert kubectl("get", "tt", "-n", namespace, "-o", "name").split() == ["todotask.todotasks.dev/buy-milk"]


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (("list",), set[str]()),
        (("today",), set[str]()),
        (("show", "1"), set[str]()),
        (("done", "1"), {"todotasks.recurrence.rule"}),
    ],
    ids=" ".join,
)
def test_a_whole_call_imports_none_of_the_heavy_modules_that_it_does_not_need(
    ana: Terminal, words: tuple[str, ...], needed: set[str]
) -> None:
    ana.ok("add", "buy milk today #home")
    ana.ok("list")
    said = ana(*words, PYTHONPROFILEIMPORTTIME="1")
    assert said.code == 0, said
    assert "buy milk" in said.out
    assert _imported(said.err) & (HEAVY | NEVER) <= needed


def test_a_completion_imports_none_of_the_heavy_modules(ana: Terminal, there: There) -> None:
    there("buy milk", tags=["home"])
    done = piped(ana, "PYTHONPROFILEIMPORTTIME=1 kubectl_complete-todo done ''")
    assert "buy-milk\tbuy milk" in done.stdout
    assert not _imported(done.stderr) & (HEAVY | NEVER)


def _imported(told: str) -> set[str]:
    """From what Python tells of its imports: `import time: self | cumulative | name`."""
    return {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}
