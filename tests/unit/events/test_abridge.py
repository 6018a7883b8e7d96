"""Events that are too large for Kafka."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.events.build import NOW, a_rule, a_task, tasks
from tests.unit.events.validators import problems
from todotasks.api import TodoTask
from todotasks.api.recurrence_rule import TaskTemplate
from todotasks.events import abridge, decode, encode, rule_events, task_events, task_snapshot
from todotasks.events.data import TaskChanged
from todotasks.events.examples import examples

BLOB = "x" * 200_000


def test_annotations_go_first_and_the_rest_stays() -> None:
    (event,) = task_events(None, a_task(annotations={"blob": BLOB}, notes="Kept"), now=NOW)
    value = abridge(encode(event), 10_000)
    assert value is not None
    cut = decode(value)
    assert (cut.id, cut.sequence, cut.type) == (event.id, event.sequence, event.type)
    data = msgspec.json.decode(cut.data)
    assert data["abridged"] == ["task.metadata.annotations"]
    assert data["task"]["spec"]["notes"] == "Kept"
    assert problems(cut) == []


def test_the_state_before_goes_before_the_state_itself() -> None:
    (event,) = task_events(a_task(notes=BLOB), a_task(101, notes="Short"), now=NOW)
    value = abridge(encode(event), 10_000)
    assert value is not None
    data = decode(value).read(TaskChanged)
    assert (data.abridged, data.previous, data.changed) == (("previous",), {}, ("spec.notes",))
    assert data.task.spec.notes == "Short"


def test_long_texts_are_cut_where_leaving_out_fields_was_not_enough() -> None:
    value = abridge(task_snapshot(a_task(title=BLOB, notes=BLOB), now=NOW), 5_000)
    assert value is not None
    data = msgspec.json.decode(decode(value).data)
    assert data["task"]["spec"]["title"].startswith("xxx")
    assert data["abridged"] == ["task.spec.notes", "text"]


def test_a_rule_gives_up_its_template_and_still_fits_its_schema() -> None:
    template = TaskTemplate(spec=a_task(notes=BLOB).spec)
    (event,) = rule_events(None, a_rule(template=template), now=NOW)
    value = abridge(encode(event), 5_000)
    assert value is not None
    assert problems(decode(value)) == []


@pytest.mark.parametrize("value", [b"not an event", b"x" * 100])
def test_what_is_no_event_cannot_be_cut(value: bytes) -> None:
    assert abridge(value, 10) is None


@pytest.mark.parametrize("event", [*examples()], ids=lambda event: event.type)
def test_nothing_is_left_when_there_is_nothing_to_leave_out(event: object) -> None:
    assert abridge(encode(event), 100) is None  # type: ignore[arg-type]


@settings(max_examples=50)
@given(tasks(), st.integers(600, 3000))
def test_what_is_cut_fits_the_limit_and_its_schema(task: TodoTask, limit: int) -> None:
    (event, *_) = task_events(None, task, now=NOW)
    value = abridge(encode(event), limit)
    if value is not None:
        assert len(value) <= limit
        assert problems(decode(value)) == []
