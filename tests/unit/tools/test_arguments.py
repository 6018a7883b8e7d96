"""The tools' schemas and the check of a call: every command has a tool, every mistake says what would do."""

import json
from contextlib import suppress
from typing import Any, get_args

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.edits.model.command import (
    Changes,
    Command,
    Complete,
    CreateRule,
    CreateTask,
    Delete,
    DeleteReminder,
    Filter,
    Help,
    ListTasks,
    NotOurs,
    ScheduleFields,
    SetReminder,
    SetRule,
    Target,
    TaskFields,
    Update,
)
from todotasks.tools.arguments import ArgumentsError, read_call, read_command
from todotasks.tools.schema import arguments_schema, call_schema
from todotasks.tools.table import BY_NAME, TOOLS, Confirm, Explain, Tool

EXAMPLES: dict[str, tuple[dict[str, Any], Any]] = {
    "search": ({"filter": {"tags": ["home"]}, "limit": 5}, ListTasks(Filter(tags=("home",)), limit=5)),
    "create": ({"title": "milk", "due": "2026-03-06"}, CreateTask(TaskFields("milk", due="2026-03-06"))),
    "schedule": (
        {"task": {"title": "rent"}, "schedule": {"rrule": "FREQ=MONTHLY", "start": "2026-03-01"}},
        CreateRule(TaskFields("rent"), ScheduleFields(rrule="FREQ=MONTHLY", start="2026-03-01")),
    ),
    "edit": (
        {"target": {"names": ["rent"]}, "changes": {"priority": "High"}},
        Update(Target(names=("rent",)), Changes(priority="High")),
    ),
    "complete": ({"target": {"title": "rent"}}, Complete(Target(title="rent"))),
    "delete": ({"target": {"ordinals": [2, -1]}}, Delete(Target(ordinals=(2, -1)))),
}


def test_every_command_that_asks_for_something_has_one_tool() -> None:
    made = [tool.arguments for tool in TOOLS if tool.command is not None]
    assert len(set(made)) == len(made)
    of_editors = {SetRule, SetReminder, DeleteReminder}  # all fields of an object, which words do not say
    wanted = set(get_args(Command)) - {Help, NotOurs, CreateTask} - of_editors | {TaskFields}
    assert set(made) == wanted


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_schema_is_valid_complete_and_an_object(tool: Tool) -> None:
    schema = call_schema(tool)
    jsonschema_rs.meta.validate(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert "action" not in schema["properties"]
    references = set(json.dumps(schema).split('"#/$defs/')[1:])
    assert {reference.split('"')[0] for reference in references} <= set(schema.get("$defs", {}))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_call_that_the_schema_accepts_becomes_its_command(name: str) -> None:
    arguments, command = EXAMPLES[name]
    jsonschema_rs.validate(call_schema(BY_NAME[name]), arguments)
    assert read_call(name, arguments).command == command
    assert read_command(name, arguments) == command


@pytest.mark.parametrize(
    ("name", "arguments", "without"),
    [
        ("search", {"filter": None, "limit": 5}, {"limit": 5}),
        ("search", {"filter": {"tags": None, "due": None, "completed": None}}, {"filter": {}}),
        ("search", {"namespace": None, "timeZone": None, "sort": None, "cursor": None}, {}),
        (
            "create",
            {"title": "milk", "tags": None, "due": None, "reminders": None, "dryRun": None, "parent": None},
            {"title": "milk"},
        ),
        (
            "edit",
            {"target": {"names": ["x"], "filter": None}, "changes": {"priority": "High", "clear": None}},
            {"target": {"names": ["x"]}, "changes": {"priority": "High"}},
        ),
    ],
)
def test_null_is_nothing_said_and_the_schema_says_so(
    name: str, arguments: dict[str, Any], without: dict[str, Any]
) -> None:
    jsonschema_rs.validate(call_schema(BY_NAME[name]), arguments)
    assert read_call(name, arguments) == read_call(name, without)


def test_null_where_something_must_be_said_is_refused() -> None:
    assert not jsonschema_rs.is_valid(call_schema(BY_NAME["create"]), {"title": None})
    with pytest.raises(ArgumentsError, match="missing required field `title`"):
        read_call("create", {"title": None})
    with pytest.raises(ArgumentsError, match="tags"):
        read_call("create", {"title": "x", "tags": [None]})


def test_options_stand_beside_the_command() -> None:
    call = read_call("complete", {"target": {"title": "rent"}, "namespace": "home", "dryRun": True})
    assert (call.options.namespace, call.options.dry_run) == ("home", True)
    assert call.command == Complete(Target(title="rent"))


def test_the_time_zone_of_a_new_task_is_the_tasks() -> None:
    call = read_call("create", {"title": "milk", "timeZone": "Europe/Berlin"})
    assert call.command == CreateTask(TaskFields("milk", time_zone="Europe/Berlin"))


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("create", {}, "arguments: object missing required field `title`"),
        ("create", {"title": ""}, "title: expected `str` of length >= 1"),
        ("create", {"title": "x", "prio": 1}, "prio: there is no such field; accepted are assignee, "),
        ("create", {"title": "x", "priority": "p1"}, "accepted are High, Low, Medium, Urgent"),
        ("edit", {"target": {"titl": "x"}, "changes": {}}, "target.titl: there is no such field"),
        (
            "edit",
            {"target": {"title": "x"}, "changes": {"reminders": [{"befor": "1d"}]}},
            "changes.reminders[0].befor: there is no such field; accepted are at, before, channels",
        ),
        ("search", {"dryRun": True}, "dryRun: there is no such field"),
        ("search", {"limit": 500}, "limit: expected `int` <= 200"),
        ("complete", {"target": {"title": "x"}, "action": "delete"}, "action: there is no such field"),
        ("destroy", {}, "'destroy' is no tool; there are search, "),
    ],
)
def test_a_mistake_is_named_with_its_path_and_what_would_do(
    name: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(ArgumentsError) as refused:
        read_call(name, arguments)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["undo", "explain", "confirm", "destroy"])
def test_the_model_is_not_offered_what_is_the_persons_own(name: str) -> None:
    with pytest.raises(ArgumentsError):
        read_command(name, {})


def test_the_model_cannot_say_where() -> None:
    with pytest.raises(ArgumentsError, match="namespace"):
        read_command("complete", {"target": {"title": "x"}, "namespace": "kube-system"})


def test_explain_and_confirm_are_no_commands() -> None:
    assert read_call("explain", {"text": "every monday"}).arguments == Explain(text="every monday")
    assert read_call("confirm", {"question": "ab", "answer": 2}).arguments == Confirm("ab", 2)
    assert read_call("confirm", {"question": "ab"}).arguments == Confirm("ab", "yes")


_FIELDS = sorted({field for tool in TOOLS for field in arguments_schema(tool)["properties"]})
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(_FIELDS) | st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.sampled_from([tool.name for tool in TOOLS]), st.dictionaries(st.sampled_from(_FIELDS), _JSON))
def test_any_json_is_a_call_or_a_plain_refusal(name: str, arguments: dict[str, Any]) -> None:
    with suppress(ArgumentsError):
        read_call(name, arguments)
