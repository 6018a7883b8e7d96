"""Each rule through the real API server, as a person meets it: kubectl, its message, its warnings."""

import subprocess
import time

import pytest

from tests.integration.crds.namespaced import Namespaced, document
from tests.integration.webhook.cases import CASES, Case, task


def said(here: Namespaced, *arguments: str, input_text: str = "") -> tuple[int, str]:
    """kubectl's exit code and what it said beside the result: errors and warnings."""
    answer = subprocess.run(
        [
            str(here.kubectl.binary),
            "--kubeconfig",
            str(here.kubectl.kubeconfig),
            "-n",
            here.namespace,
            *arguments,
        ],
        input=input_text,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return answer.returncode, answer.stderr


def known(here: Namespaced, case: Case) -> None:
    """Until the webhook's watch has what the case rests on: a dry run is judged by it too."""
    for name, spec in case.objects.items():
        here.create("TodoTask", name, spec)


def until(here: Namespaced, kind: str, spec: dict[str, object], text: str) -> tuple[int, str]:
    """Ask until the answer has the text: what a watch tells comes some milliseconds later."""
    deadline = time.monotonic() + 10
    while True:
        code, words = said(
            here, "create", "--dry-run=server", "-f", "-", input_text=document(kind, "x-new", spec)
        )
        if text in words or time.monotonic() > deadline:
            return code, words
        time.sleep(0.05)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_cannot_work_is_refused_and_its_nearest_neighbour_accepted(here: Namespaced, case: Case) -> None:
    known(here, case)
    code, words = until(here, case.kind, case.wrong, case.said)
    assert case.said in words
    if case.warns:
        assert code == 0
        assert "Warning: " in words
    else:
        assert code == 1
        assert f'The {case.kind} "x-new" is invalid: ' in words
    # A watch may still be on its way to what the neighbour rests on: ask until it is quiet.
    deadline = time.monotonic() + 10
    while True:
        code, words = said(
            here, "create", "--dry-run=server", "-f", "-", input_text=document(case.kind, "x-new", case.right)
        )
        if (code == 0 and not words) or time.monotonic() > deadline:
            break
    assert (code, words) == (0, "")


def test_all_mistakes_are_said_at_once(here: Namespaced) -> None:
    """What the schema says comes first; what it cannot say comes all together."""
    spec = task(timeZone="Mars/Olympus", dependsOn=["b-one"])
    here.create("TodoTask", "b-one", task(dependsOn=["x-new"]))
    until(here, "TodoTask", spec, "would be a cycle")
    _, words = said(here, "create", "-f", "-", input_text=document("TodoTask", "x-new", spec))
    for path in ("* spec.timeZone: ", "* spec.dependsOn: would be a cycle: x-new → b-one → x-new"):
        assert path in words
    assert "not found" in said(here, "get", "todotask", "x-new")[1]


def test_a_change_is_judged_as_a_create_is(here: Namespaced) -> None:
    here.create("TodoTask", "two", task(dependsOn=["one"]))
    deadline = time.monotonic() + 10
    patch = [
        "patch",
        "todotask",
        "one",
        "--type=merge",
        "--dry-run=server",
        "-p",
        '{"spec":{"dependsOn":["two"]}}',
    ]
    while (answer := said(here, *patch))[0] == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "spec.dependsOn: would be a cycle: one → two → one" in answer[1]


def test_the_status_and_what_changes_nothing_are_not_asked_about(here: Namespaced, webhook: object) -> None:
    def asked() -> float:
        lines = webhook.metrics().splitlines()  # type: ignore[attr-defined]
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            # Deletes of other tests' namespaces come at any time.
            if line.startswith("todotasks_webhook_reviews_total") and 'operation="UPDATE"' in line
        )

    here("annotate", "todotask", "one", "example.com/a=b")
    before = asked()
    here("annotate", "todotask", "one", "example.com/a=b", "--overwrite")
    here("patch", "todotask", "one", "--type=merge", "-p", '{"spec":{"title":"One"}}')
    here.status("todotask", "one", {"observedGeneration": 1})
    assert asked() == before
    here("patch", "todotask", "one", "--type=merge", "-p", '{"spec":{"title":"Two"}}')
    assert asked() == before + 1
