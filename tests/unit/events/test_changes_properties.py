"""What holds for any two states of a task."""

from typing import Any

import msgspec
from hypothesis import given

from tests.unit.events.build import NOW, tasks
from tests.unit.events.validators import problems
from todotasks.api import TodoTask
from todotasks.events import decode, encode, task_events, task_snapshot, types
from todotasks.events.state import difference, merge_patch, task_state


def apply_patch(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2, word for word."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = apply_patch(result.get(name), value)
    return result


def wishes(task: TodoTask) -> dict[str, Any]:
    """What a person decides of a task, as JSON."""
    state = msgspec.json.decode(msgspec.json.encode(task_state(task)))
    meta = state["metadata"]
    return {"spec": state["spec"], **{f: meta[f] for f in ("labels", "annotations") if f in meta}}


@given(tasks(100), tasks(101))
def test_previous_is_a_merge_patch_back_to_the_state_before(old: TodoTask, new: TodoTask) -> None:
    changed, previous = difference(task_state(old), task_state(new))
    back = apply_patch(task_state(new), msgspec.json.decode(msgspec.json.encode(previous)))
    restored = {"spec": back["spec"]}
    restored |= {f: back["metadata"][f] for f in ("labels", "annotations") if f in back["metadata"]}
    assert msgspec.json.decode(msgspec.json.encode(restored)) == wishes(old)
    assert bool(changed) == (wishes(old) != wishes(new))


@given(tasks(100), tasks(101))
def test_every_event_and_snapshot_fits_its_schema(old: TodoTask, new: TodoTask) -> None:
    for event in [
        *task_events(None, new, now=NOW),
        *task_events(old, new, now=NOW),
        *task_events(new, None, now=NOW, coalesced=True),
        decode(task_snapshot(new, now=NOW)),
    ]:
        assert problems(event) == []


@given(tasks(100), tasks(101))
def test_events_survive_the_wire(old: TodoTask, new: TodoTask) -> None:
    for event in task_events(old, new, now=NOW):
        assert decode(encode(event)) == event


@given(tasks(100), tasks(101))
def test_two_states_differ_by_events_exactly_if_somebody_decided_something(
    old: TodoTask, new: TodoTask
) -> None:
    events = task_events(old, new, now=NOW)
    assert bool(events) == (wishes(old) != wishes(new))
    turned = [event.type for event in events if event.type != types.TASK_UPDATED]
    if old.spec.completed == new.spec.completed:
        assert turned == []
    else:
        assert turned == [types.TASK_COMPLETED if new.spec.completed else types.TASK_REOPENED]


@given(tasks(100), tasks(100))
def test_a_merge_patch_between_equals_is_empty(one: TodoTask, other: TodoTask) -> None:
    state = task_state(one)
    assert merge_patch(state, state) == {}
    assert apply_patch(state, merge_patch(state, task_state(other))) == task_state(other)
