"""The printed command: whatever a title says, the shell and the YAML reader get it as data."""

import json
import shlex
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from todotasks.edits.model.edit import Edit
from todotasks.edits.model.kubectl import command_line

HOSTILE = (
    "$(rm -rf /)",
    "`reboot`",
    "it's \"quoted\" \\ and 'more'",
    "a; kubectl delete ns home",
    "a\nEOF\nkubectl delete ns home",
    "EOF",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "\u2066hidden\u2069",
    "=HYPERLINK('http://x')",
    "- list",
    "{a: b}",
    "key: value",
    "# no comment",
    "yes",
    "null",
    "~",
    "1e3",
    "0o17",
    "12:30",
    "2026-03-04",
    "<<",
    "=",
    "!!python/object",
    "*alias",
    "%TAG",
    "tab\there",
    " spaces ",
    "crème brûlée 🎂",
    "水やり",
    "\u2028line",
)


def creation(title: str, notes: str | None = None) -> Edit:
    spec: dict[str, Any] = {"title": title} | ({"notes": notes} if notes is not None else {})
    manifest = {
        "apiVersion": "todotasks.dev/v1",
        "kind": "TodoTask",
        "metadata": {"name": "a", "namespace": "home"},
        "spec": spec,
    }
    return Edit("create", "todotasks", "home", "a", title, manifest=manifest)


def patching(title: str) -> Edit:
    return Edit("patch", "todotasks", "home", "a", title, patch={"spec": {"title": title}})


def read_create(command: str) -> Any:
    """What bash would hand to kubectl: everything up to the first line that is the mark alone."""
    first, _, rest = command.partition("\n")
    assert first == "kubectl create -f - <<'EOF'"
    lines = rest.split("\n")
    assert lines.index("EOF") == len(lines) - 1, "the text ends where the command does"
    return yaml.safe_load("\n".join([*lines[:-1], ""]))


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_only_data_in_a_create(title: str) -> None:
    edit = creation(title)
    assert read_create(command_line(edit)) == edit.manifest


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_is_one_word_of_a_patch(title: str) -> None:
    words = shlex.split(command_line(patching(title)))
    assert words[:7] == ["kubectl", "patch", "todotask", "a", "-n", "home", "--type=merge"]
    assert words[7] == "-p"
    assert json.loads(words[8]) == {"spec": {"title": title}}
    assert len(words) == 9


@pytest.mark.parametrize("title", [t for t in HOSTILE if any(c in t for c in "\x1b\u202e\u2066\u2028")])
def test_what_a_terminal_would_obey_or_hide_is_written_as_an_escape(title: str) -> None:
    for command in (command_line(creation(title)), command_line(patching(title))):
        assert command.replace("\n", "").isprintable()


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1), st.none() | st.text(st.characters(codec="utf-8")))
def test_any_text_reads_back_as_itself(title: str, notes: str | None) -> None:
    edit = creation(title, notes)
    assert read_create(command_line(edit)) == edit.manifest
    assert json.loads(shlex.split(command_line(patching(title)))[8]) == {"spec": {"title": title}}


def test_a_manifest_looks_as_if_a_person_had_written_it() -> None:
    edit = Edit(
        "create",
        "recurrencerules",
        "home",
        "standup",
        manifest={
            "apiVersion": "todotasks.dev/v1",
            "kind": "RecurrenceRule",
            "metadata": {"name": "standup", "namespace": "home"},
            "spec": {
                "rrule": "FREQ=WEEKLY;BYDAY=MO,TU",
                "start": "2026-03-05T09:30",
                "leadTime": "1d",
                "template": {
                    "spec": {"title": "Café: stand up", "notes": "one\ntwo", "tags": ["home", "p1"]}
                },
            },
        },
    )
    assert command_line(edit) == (
        "kubectl create -f - <<'EOF'\n"
        "apiVersion: todotasks.dev/v1\n"
        "kind: RecurrenceRule\n"
        "metadata:\n"
        "  name: standup\n"
        "  namespace: home\n"
        "spec:\n"
        "  rrule: FREQ=WEEKLY;BYDAY=MO,TU\n"
        '  start: "2026-03-05T09:30"\n'
        "  leadTime: 1d\n"
        "  template:\n"
        "    spec:\n"
        '      title: "Café: stand up"\n'
        "      notes: |-\n"
        "        one\n"
        "        two\n"
        "      tags:\n"
        "        - home\n"
        "        - p1\n"
        "EOF"
    )


def test_a_delete_names_the_object_and_its_namespace() -> None:
    edit = Edit("delete", "recurrencerules", "home", "standup")
    assert command_line(edit) == "kubectl delete recurrencerule standup -n home"
