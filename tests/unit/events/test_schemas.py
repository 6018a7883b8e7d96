"""The published contract: complete, as the types say it, and never changed in a way that breaks somebody.

`baseline/` holds each schema as it was published last. After a compatible change (the tests below say
whether it is one) copy the files of `core/todotasks/events/schemas` there.
"""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.events.compatibility import breaking_changes
from tests.unit.events.validators import problems, validator
from todotasks.broker import topics
from todotasks.events import EVENT_TYPES, CloudEvent, reference, schema, types
from todotasks.events.__main__ import main
from todotasks.events.examples import examples

ROOT = Path(__file__).parents[3]
BASELINE = Path(__file__).parent / "baseline"
REGENERATE = "run `python -m todotasks.events` in the root of the repository"


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_published_schema_is_what_the_types_say(name: str) -> None:
    entry = EVENT_TYPES[name]
    published = (ROOT / "core/todotasks/events/schemas" / schema.file_name(entry)).read_bytes()
    assert published == schema.render(schema.build(entry)), REGENERATE


def test_there_is_a_schema_for_each_type_and_none_besides() -> None:
    files = {path.name for path in (ROOT / "core/todotasks/events/schemas").glob("*")}
    assert files == {schema.file_name(entry) for entry in EVENT_TYPES.values()}, REGENERATE


def test_the_page_on_events_is_what_the_code_says() -> None:
    assert (ROOT / "docs/events.md").read_text(encoding="utf-8") == reference.render(), REGENERATE


def test_the_command_writes_exactly_what_is_committed(tmp_path: Path) -> None:
    (tmp_path / "core/todotasks/events").mkdir(parents=True)
    main(tmp_path)
    for path in tmp_path.rglob("*.*"):
        assert path.read_bytes() == (ROOT / path.relative_to(tmp_path)).read_bytes(), REGENERATE


def test_the_command_refuses_to_write_beside_a_repository(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not the root of the repository"):
        main(tmp_path)


def test_the_examples_are_one_of_each_type_in_order() -> None:
    assert [
        event.type for event in sorted(examples(), key=lambda e: list(EVENT_TYPES).index(e.type))
    ] == list(EVENT_TYPES)


@pytest.mark.parametrize("event", [*examples()], ids=lambda event: event.type)
def test_every_type_fits_its_schema_and_reads_as_its_data(event: CloudEvent) -> None:
    assert problems(event) == []
    data = event.read(EVENT_TYPES[event.type].data)
    assert event.dataschema == schema.load(event.type)["$id"]
    assert msgspec.json.decode(msgspec.json.encode(data)).keys() == msgspec.json.decode(event.data).keys()


@pytest.mark.parametrize(
    "broken",
    [
        {"title": 7},
        {"priority": "Someday"},
        {"completed": None},
        {"tags": "home"},
    ],
)
def test_the_schemas_do_refuse(broken: dict[str, Any]) -> None:
    (event, *_) = examples()
    data = msgspec.json.decode(event.data)
    data["task"]["spec"] |= broken
    assert not validator(event.type).is_valid(data)


def test_a_time_without_its_offset_is_refused() -> None:
    (event, *_) = examples()
    data = msgspec.json.decode(event.data)
    data["task"]["metadata"]["creationTimestamp"] = "2026-03-01T09:00:00"
    assert not validator(event.type).is_valid(data)


def test_the_topics_are_those_that_the_broker_makes() -> None:
    ours = (types.TOPIC_TASK_EVENTS, types.TOPIC_REMINDERS, types.TOPIC_TASK_UPDATES)
    assert ours == (topics.TASK_EVENTS, topics.REMINDERS, topics.TASK_UPDATES)
    assert topics.TOPICS[types.TOPIC_TASK_UPDATES].compacted


# ── compatibility ────────────────────────────────────────────────────────────────────────────────────
def test_no_published_type_is_gone() -> None:
    assert {path.stem for path in BASELINE.glob("*.json")} <= set(EVENT_TYPES)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_no_published_schema_changes_in_a_way_that_breaks_somebody(name: str) -> None:
    baseline = BASELINE / f"{name}.json"
    assert baseline.exists(), f"{name} is new: copy its schema to {BASELINE.relative_to(ROOT)}"
    found = breaking_changes(msgspec.json.decode(baseline.read_bytes()), schema.load(name))
    assert found == [], f"make it a new type ({name[:-1]}{int(name[-1]) + 1}) instead"


def _spec(changed: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = changed["$defs"]["TodoTaskSpec"]
    return spec


def _remove_required(changed: dict[str, Any]) -> None:
    del _spec(changed)["properties"]["title"]
    _spec(changed)["required"].remove("title")


def _remove_optional(changed: dict[str, Any]) -> None:
    del _spec(changed)["properties"]["notes"]


def _rename(changed: dict[str, Any]) -> None:
    _spec(changed)["properties"]["remarks"] = _spec(changed)["properties"].pop("notes")


def _require(changed: dict[str, Any]) -> None:
    _spec(changed)["required"].append("notes")


def _require_new(changed: dict[str, Any]) -> None:
    changed["properties"]["mood"] = {"type": "string"}
    changed["required"].append("mood")


def _narrow_enum(changed: dict[str, Any]) -> None:
    _spec(changed)["properties"]["priority"]["enum"].remove("Urgent")


def _widen_enum(changed: dict[str, Any]) -> None:
    _spec(changed)["properties"]["priority"]["enum"].append("Someday")


def _change_type(changed: dict[str, Any]) -> None:
    _spec(changed)["properties"]["title"] = {"type": "integer"}


def _change_items(changed: dict[str, Any]) -> None:
    _spec(changed)["properties"]["tags"]["items"] = {"type": "integer"}


def _drop_format(changed: dict[str, Any]) -> None:
    del changed["$defs"]["Metadata"]["properties"]["creationTimestamp"]["format"]


def _forget_required(changed: dict[str, Any]) -> None:
    changed["required"].remove("task")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_remove_required, "data.task.spec.title: was removed"),
        (_remove_optional, "data.task.spec.notes: was removed"),
        (_rename, "data.task.spec.notes: was removed"),
        (_require, "data.task.spec.notes: is newly required"),
        (_require_new, "data.mood: is newly required"),
        (_narrow_enum, "data.task.spec.priority: the value 'Urgent' was removed"),
        (_widen_enum, "data.task.spec.priority: the value 'Someday' is new"),
        (_change_type, "data.task.spec.title: type was 'string', is 'integer'"),
        (_change_items, "data.task.spec.tags[]: type was 'string', is 'integer'"),
        (_drop_format, "data.task.metadata.creationTimestamp: format was 'date-time', is None"),
        (_forget_required, "data.task: may now be missing"),
    ],
)
def test_a_change_that_breaks_somebody_is_refused(change: Callable[[Any], None], said: str) -> None:
    old = schema.load(types.TASK_UPDATED)
    new = copy.deepcopy(old)
    change(new)
    assert breaking_changes(old, new) == [said]


def _add_optional(changed: dict[str, Any]) -> None:
    _spec(changed)["properties"]["mood"] = {"type": "string"}


def _say_it_better(changed: dict[str, Any]) -> None:
    changed["description"] = "In other words."


@pytest.mark.parametrize("change", [_add_optional, _say_it_better])
def test_what_only_adds_is_accepted(change: Callable[[Any], None]) -> None:
    old = schema.load(types.TASK_UPDATED)
    new = copy.deepcopy(old)
    change(new)
    assert breaking_changes(old, new) == []
