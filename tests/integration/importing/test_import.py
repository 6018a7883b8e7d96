"""`todotasks import` against a real API server: a dry run stores nothing, the second import makes nothing."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.plane import Plane
from tests.unit.importing.test_formats import FILES

TODOTASKS = Path(sys.executable).parent / "todotasks"


def imports(plane: Plane, namespace: str, *arguments: str, fails: bool = False) -> dict[str, Any]:
    where = ["--kubeconfig", str(plane.kubeconfig), "--namespace", namespace]
    done = subprocess.run(
        [str(TODOTASKS), "import", "--json", *where, *arguments],
        capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "TZ": "Europe/Berlin"},
    )  # fmt: skip
    assert done.returncode == (1 if fails else 0), done.stderr + done.stdout
    said = json.loads(done.stdout)
    assert isinstance(said, dict)
    return said


def counted(said: dict[str, Any]) -> Counter[str]:
    return Counter(each["result"] for each in said["objects"])


def stored(plane: Plane, namespace: str) -> dict[str, Any]:
    """Everything that is there, by kind and name, with its resourceVersion."""
    found = {}
    for plural in ("todotasks", "recurrencerules"):
        for each in plane.api("GET", f"/apis/todotasks.dev/v1/namespaces/{namespace}/{plural}")["items"]:
            found[f"{plural}/{each['metadata']['name']}"] = each["metadata"]["resourceVersion"]
    return found


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    made = []
    for name, data in FILES.values():
        (tmp_path / name).write_bytes(data)
        made.append(str(tmp_path / name))
    return made


def test_every_format_is_taken_by_the_api_server_once(plane: Plane, namespace: str, files: list[str]) -> None:
    dry = imports(plane, namespace, *files)
    assert set(counted(dry)) == {"made"}
    assert stored(plane, namespace) == {}, "a dry run stores nothing"

    first = imports(plane, namespace, "--apply", *files)
    assert counted(first) == counted(dry)
    there = stored(plane, namespace)
    assert len(there) == len(first["objects"])

    again = imports(plane, namespace, "--apply", *files)
    assert set(counted(again)) == {"there"}
    assert stored(plane, namespace) == there, "nothing is written a second time"


def test_an_interrupted_import_is_completed_and_what_people_changed_stays(
    plane: Plane, namespace: str, files: list[str]
) -> None:
    imports(plane, namespace, "--apply", files[0])
    first = stored(plane, namespace)
    key = next(name for name in first if name.startswith("todotasks/"))
    path = f"/apis/todotasks.dev/v1/namespaces/{namespace}/{key}"
    task = plane.api("GET", path)
    plane.api("PUT", path, {**task, "spec": {**task["spec"], "title": "renamed here"}})

    said = imports(plane, namespace, "--apply", *files)
    assert counted(said)["there"] == len(first)
    assert plane.api("GET", path)["spec"]["title"] == "renamed here"


def test_a_name_that_another_object_has_is_said_and_keeps_no_other_from_being_made(
    plane: Plane, namespace: str, files: list[str]
) -> None:
    dry = imports(plane, namespace, files[-1])
    name = next(each["name"] for each in dry["objects"] if each["kind"] == "TodoTask")
    body = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": name},
        "spec": {"title": "mine"},
    }
    plane.api("POST", f"/apis/todotasks.dev/v1/namespaces/{namespace}/todotasks", body)

    said = imports(plane, namespace, "--apply", files[-1], fails=True)
    assert counted(said) == {"made": len(dry["objects"]) - 1, "refused": 1}
    (refused,) = (each for each in said["objects"] if each["result"] == "refused")
    assert refused["message"] == f"another object is called {name}"


def test_what_the_api_server_refuses_is_said_in_its_words_in_the_dry_run(
    plane: Plane, namespace: str, tmp_path: Path
) -> None:
    file = tmp_path / "odd.ics"
    file.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VTODO\r\nUID:1\r\nDTSTAMP:20261101T100000Z\r\n"
        "SUMMARY:Too soon\r\nDUE:18990101T100000Z\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    )
    said = imports(plane, namespace, str(file), fails=True)
    assert counted(said) == {"refused": 1}
    assert "there is no such day in the calendar of the years 1900 to 2999" in said["objects"][0]["message"]
