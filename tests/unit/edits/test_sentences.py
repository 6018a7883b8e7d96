"""What people say and what comes of it: words, grammar, commands, plan, the whole way, without any I/O."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.unit.edits.worlds import HERE, NOW, ZONE, showing, the_world
from todotasks.edits.model.edit import Edit
from todotasks.edits.model.plan import Plan
from todotasks.edits.model.world import World
from todotasks.edits.plan.dispatch import plan
from todotasks.edits.targets.rows import title_of
from todotasks.edits.understand.from_reading import commands_of
from todotasks.language import Context, parse

CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "sentences.yaml").read_text())
SINGULAR = {"todotasks": "todotask", "recurrencerules": "recurrencerule", "reminders": "reminder"}


def said(text: str, world: World, *, confirmed: bool = False) -> list[Plan]:
    recent = tuple(one.title for one in world.touched or world.shown)
    reading = parse(text, NOW, ZoneInfo(world.zone), Context(recent=recent))
    if any(each.hangs_on_titles for each in reading.commands):
        open_ones = [task for task in world.tasks if not task.spec.completed]
        titles = tuple(title_of(thing) for thing in (*open_ones, *world.rules))
        reading = parse(text, NOW, ZoneInfo(world.zone), Context(recent=recent, titles=titles))
    world = replace(world, language=reading.language)
    commands = commands_of(reading, zone=world.zone)
    return [plan(command, world, confirmed=confirmed) for command in commands]


def as_case(edit: Edit) -> dict[str, Any]:
    """An edit as the table has it."""
    if edit.verb == "create":
        assert edit.manifest is not None
        return {"create": {**edit.manifest, "metadata": {"name": edit.name}}}
    place = f"{SINGULAR[edit.resource]} {edit.name}"
    return {"delete": place} if edit.verb == "delete" else {"patch": place, **(edit.patch or {})}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["say"])
def test_a_sentence_becomes_the_edits_an_expert_would_write(case: dict[str, Any]) -> None:
    world = the_world(zone=case.get("zone", ZONE))
    if "shown" in case:
        world = showing(world, *case["shown"])
    plans = said(case["say"], world)
    edits = [as_case(edit) for one in plans for edit in one.edits]
    wanted = [
        {"create": {"apiVersion": "todotasks.dev/v1", **each["create"]}} if "create" in each else each
        for each in case.get("edits", [])
    ]
    assert edits == wanted, plans
    assert [list(e["create"].get("spec", {})) for e in edits if "create" in e] == [
        list(e["create"]["spec"]) for e in wanted if "create" in e
    ], "the keys stand in the order in which people write them"
    for one in plans:
        assert not (one.edits and (one.question or one.problem))
        if "asks" in case:
            assert one.question is not None
            rows = [row.name for row in one.question.rows]
            assert {one.question.kind: rows} == case["asks"]
        else:
            assert one.question is None, one.question
        assert (one.problem.reason if one.problem else None) == case.get("problem")
        if "yes" in case:
            agreed = [
                as_case(edit) for each in said(case["say"], world, confirmed=True) for edit in each.edits
            ]
            assert agreed == case["yes"]
        if "reply" in case:
            assert one.reply == case["reply"]
        if "rows" in case:
            assert one.listing is not None
            assert [row.name for row in one.listing.rows] == case["rows"]
        if "remark" in case:
            assert case["remark"] in one.remarks


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.get("edits") or c.get("yes")], ids=lambda case: case["say"]
)
def test_every_edit_is_bound_to_what_was_seen_and_says_its_kubectl_command(case: dict[str, Any]) -> None:
    world = the_world(zone=case.get("zone", ZONE))
    if "shown" in case:
        world = showing(world, *case["shown"])
    seen = {t.metadata.uid for t in (*world.tasks, *world.rules, *world.reminders)}
    for edit in (e for one in said(case["say"], world, confirmed="yes" in case) for e in one.edits):
        assert edit.kubectl.startswith(f"kubectl {edit.verb} ")
        assert edit.namespace == "home"
        assert (edit.verb == "create") == (edit.uid is None)
        assert edit.uid is None or (edit.uid in seen and edit.resource_version == "7")
