"""What a client knows, in Python and in JavaScript: the same messages come to the same in both."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.page import modules
from todotasks.live.replica import Change, Event, Fired, OutOfStep, Replica, Synced

SCRIPT = Path(__file__).with_name("replicas.mjs")
SEQUENCES = 300


def an_object(uid: str, version: int, title: str = "") -> dict[str, Any]:
    metadata = {"name": uid, "namespace": "home", "uid": uid, "resourceVersion": str(version)}
    return {"metadata": metadata, "spec": {"title": title or uid}}


def changed(type: str, uid: str, version: int, title: str = "") -> dict[str, Any]:
    return {"type": type, "kind": "TodoTask", "object": an_object(uid, version, title)}


def a_replica(*objects: dict[str, Any]) -> Replica:
    replica = Replica()
    replica.apply("snapshot", {"kind": "TodoTask", "objects": list(objects)})
    replica.apply("ready", {"resumed": False})
    return replica


def said(events: list[Event]) -> list[str]:
    return [
        f"{each.type} {each.object['spec']['title']}{' pending' if each.pending else ''}"
        for each in events
        if isinstance(each, Change)
    ]


def test_a_first_snapshot_adds_what_is_there_when_it_is_complete() -> None:
    replica = Replica()
    assert replica.apply("snapshot", {"kind": "TodoTask", "objects": [an_object("a", 1)]}) == []
    assert not replica.ready
    events = replica.apply("ready", {"resumed": False})
    assert said(events) == ["ADDED a"]
    assert events[-1] == Synced(False)


def test_a_reset_tells_the_differences_and_nothing_that_stayed() -> None:
    replica = a_replica(an_object("a", 1), an_object("b", 2), an_object("c", 3))
    assert replica.apply("reset", {"reason": "TooOld", "detail": ""}) == []
    replica.apply("snapshot", {"kind": "TodoTask", "objects": [an_object("a", 1), an_object("b", 5, "b2")]})
    assert said(replica.apply("ready", {"resumed": False})) == ["DELETED c", "MODIFIED b2"]


def test_a_snapshot_that_broke_off_and_began_anew_is_not_mixed_with_the_one_before() -> None:
    replica = a_replica()
    replica.apply("snapshot", {"kind": "TodoTask", "objects": [an_object("ghost", 1)]})
    replica.apply("reset", {"reason": "TooSlow", "detail": ""})
    assert said(replica.apply("ready", {"resumed": False})) == []


def test_what_is_told_again_or_is_older_is_passed_over() -> None:
    replica = a_replica(an_object("a", 5))
    assert said(replica.apply("change", changed("MODIFIED", "a", 4, "old"))) == []
    assert said(replica.apply("change", changed("MODIFIED", "a", 5))) == []
    assert said(replica.apply("change", changed("DELETED", "b", 6))) == []
    assert said(replica.apply("change", changed("DELETED", "a", 4))) == []
    assert said(replica.apply("change", changed("DELETED", "a", 7))) == ["DELETED a"]


def test_a_patch_is_applied_to_what_is_there_and_is_out_of_step_where_nothing_is() -> None:
    replica = a_replica(an_object("a", 5))
    patch = {"metadata": {"resourceVersion": "6"}, "spec": {"title": "new", "tags": ["x"]}}
    data = {"type": "MODIFIED", "kind": "TodoTask", "metadata": an_object("a", 6)["metadata"], "patch": patch}
    assert said(replica.apply("change", data)) == ["MODIFIED new"]
    assert replica.objects["a"]["spec"] == {"title": "new", "tags": ["x"]}
    with pytest.raises(OutOfStep):
        replica.apply("change", {**data, "metadata": an_object("b", 6)["metadata"]})


def test_an_edit_shows_at_once_and_is_taken_back_when_it_is_refused() -> None:
    replica = a_replica(an_object("a", 5))
    handle, events = replica.begin_edit("a", {"spec": {"title": "mine"}})
    assert said(events) == ["MODIFIED mine pending"]
    assert said(replica.apply("change", changed("MODIFIED", "a", 6, "theirs"))) == ["MODIFIED mine pending"]
    assert said(replica.drop_edit("a", handle)) == ["MODIFIED theirs"]
    assert said(replica.drop_edit("a", handle)) == []


def test_a_confirmed_edit_stays_until_the_stream_has_its_version() -> None:
    replica = a_replica(an_object("a", 5))
    handle, _ = replica.begin_edit("a", {"spec": {"title": "mine"}})
    assert said(replica.confirm_edit("a", handle, 8)) == []
    assert said(replica.apply("change", changed("MODIFIED", "a", 7, "theirs"))) == ["MODIFIED mine pending"]
    assert said(replica.apply("change", changed("MODIFIED", "a", 8, "mine"))) == ["MODIFIED mine"]


def test_a_stream_that_is_faster_than_the_answer_ends_the_edit_with_the_answer() -> None:
    replica = a_replica(an_object("a", 5))
    handle, _ = replica.begin_edit("a", {"spec": {"title": "mine"}})
    replica.apply("change", changed("MODIFIED", "a", 8, "mine"))
    assert said(replica.confirm_edit("a", handle, 8)) == ["MODIFIED mine"]


def test_an_object_that_goes_takes_its_edits_along() -> None:
    replica = a_replica(an_object("a", 5))
    handle, _ = replica.begin_edit("a", {"spec": {"title": "mine"}})
    assert said(replica.apply("change", changed("DELETED", "a", 6))) == ["DELETED mine"]
    assert replica.confirm_edit("a", handle, 8) == replica.drop_edit("a", handle) == []
    with pytest.raises(KeyError):
        replica.begin_edit("a", {})


def test_a_reminder_that_is_told_again_fired_once() -> None:
    replica = a_replica()
    data = {"reminder": {"uid": "r"}, "firedAt": "2027-01-01T09:00:00Z"}
    assert replica.apply("fired", data) == [Fired(data)]
    assert replica.apply("fired", data) == []
    assert len(replica.apply("fired", {**data, "firedAt": "2027-01-01T10:00:00Z"})) == 1


def test_a_message_of_an_unknown_name_is_nothing() -> None:
    assert a_replica().apply("fireworks", {"x": 1}) == []


# ── both languages ───────────────────────────────────────────────────────────────────────────────────
def a_sequence(seed: int) -> list[list[Any]]:
    """Steps for both: apply, begin, confirm, drop; edits are named by their number."""
    chance = random.Random(seed)
    steps: list[list[Any]] = []
    version, edits = 10, 0
    for _ in range(chance.randrange(5, 40)):
        uid = chance.choice("abcd")
        version += chance.randrange(3)
        match chance.randrange(9):
            case 0:
                found = [an_object(each, version - chance.randrange(5)) for each in chance.sample("abcd", 2)]
                steps.append(["apply", "snapshot", {"kind": "TodoTask", "objects": found}])
            case 1:
                steps.append(["apply", "ready", {"resumed": chance.random() < 0.5}])
            case 2:
                steps.append(["apply", "reset", {"reason": "TooOld", "detail": ""}])
            case 3 | 4:
                type = chance.choice(["ADDED", "MODIFIED", "DELETED"])
                steps.append(["apply", "change", changed(type, uid, version, f"v{version}")])
            case 5:
                patch = {
                    "metadata": {"resourceVersion": str(version)},
                    "spec": chance.choice(
                        [{"x": {"y": 1}}, {"x": None}, {"title": None, "x": [None]}, {"__proto__": {"z": 1}}]
                    ),
                }
                metadata = an_object(uid, version)["metadata"]
                steps.append(
                    [
                        "apply",
                        "change",
                        {"type": "MODIFIED", "kind": "TodoTask", "metadata": metadata, "patch": patch},
                    ]
                )
            case 6:
                steps.append(["begin", uid, {"spec": {"title": f"edit {edits}"}}])
                edits += 1
            case 7:
                steps.append(
                    ["confirm", chance.randrange(edits + 1), chance.choice([0, version, version + 2])]
                )
            case _:
                steps.append(["drop", chance.randrange(edits + 1)])
    return steps


def in_python(steps: list[list[Any]]) -> list[Any]:
    replica, handles, out = Replica(), [], []  # type: ignore[var-annotated]
    for name, *given in steps:
        try:
            match name:
                case "apply":
                    told = replica.apply(*given)
                case "begin":
                    handles.append((given[0], None))
                    handle, told = replica.begin_edit(*given)
                    handles[-1] = (given[0], handle)
                case _:
                    uid, handle = handles[given[0]] if given[0] < len(handles) else ("", None)
                    if handle is None:
                        continue
                    if name == "confirm":
                        told = replica.confirm_edit(uid, handle, given[1] or None)
                    else:
                        told = replica.drop_edit(uid, handle)
        except OutOfStep:
            out.append("out of step")
        except KeyError:
            out.append("no such object")
        else:
            out.append([as_json(each) for each in told])
    return [*out, replica.objects, replica.ready]


def as_json(event: Event) -> dict[str, Any]:
    match event:
        case Change():
            return {"name": "change", "detail": event._asdict()}
        case Fired():
            return {"name": "fired", "detail": event.data}
        case Synced():
            return {"name": "synced", "detail": event._asdict()}


def test_python_and_javascript_make_the_same_of_the_same_messages() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js, which is not on the PATH")
    sequences = [a_sequence(seed) for seed in range(SEQUENCES)]
    answer = subprocess.run(
        [node, str(SCRIPT)],
        input=json.dumps(sequences),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr[-2_000:]
    theirs = json.loads(answer.stdout)
    assert len(theirs) == SEQUENCES
    for seed, (steps, found) in enumerate(zip(sequences, theirs, strict=True)):
        assert found == json.loads(json.dumps(in_python(steps))), f"seed {seed}"


def test_the_types_of_live_js_hold() -> None:
    if shutil.which("node") is None:
        pytest.skip("needs Node.js, which is not on the PATH")
    tsc = modules() / ".bin" / "tsc"
    options = ["--noEmit", "--allowJs", "--checkJs", "--strict", "--noUncheckedIndexedAccess"]
    options += ["--target", "es2022", "--module", "es2022", "--lib", "es2022,dom,dom.iterable"]
    module = Path(__file__).parents[3] / "chat-gateway/chat_gateway/page/static/live.js"
    answer = subprocess.run([tsc, *options, str(module)], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
