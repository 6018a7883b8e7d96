"""What of the tasks reaches a rule: its occurrences, the names it needs, and refusals."""

import msgspec
import pytest

from tests.unit.operator.build import NOW, a_task
from tests.unit.operator.build_rules import UID, a_rule, at, settled, told
from todo_operator.index.refusals import FIRST_AFTER
from todo_operator.index.rule_kind import RuleKind
from todo_operator.index.task_kind import TaskKind
from todotasks.api import ObjectKey

RENT = ObjectKey("home", "rent")
FIRST = "rent-29920860"  # of 2026-11-21T09:00Z


class World:
    """Tasks and rules, wired as the informer does it."""

    def __init__(self) -> None:
        self.tasks = TaskKind()
        self.rules = RuleKind(self.tasks.cache)
        self.rules.set_zone("home", None)
        self.version = 10

    def put(self, name: str, **changes):
        self.version += 1
        task = a_task(name=name, uid=f"uid-{name}", resource_version=self.version, **changes)
        return self.rules.follow("TodoTask", self.tasks.put(task))

    def remove(self, name: str):
        return self.rules.follow("TodoTask", self.tasks.remove(ObjectKey("home", name), f"uid-{name}"))

    def plan(self, now=NOW):
        return self.rules.decide(RENT, now).plan


@pytest.fixture
def world():
    found = World()
    found.rules.put(settled(a_rule(), at("11-21T09:00"), at("11-20T09:00")))
    return found


def test_an_occurrence_concerns_its_rule_when_it_comes_is_completed_and_goes(world):
    assert world.put(FIRST, rule=UID, scheduled="2026-11-21T09:00:00Z") == {RENT}
    assert world.put(FIRST, rule=UID, scheduled="2026-11-21T09:00:00Z", title="Another") == set()
    assert world.put(FIRST, rule=UID, scheduled="2026-11-21T09:00:00Z", completed=True) == {RENT}
    assert world.remove(FIRST) == {RENT}


def test_tasks_of_nobody_and_of_unknown_rules_concern_no_rule(world):
    assert world.put("errand") == world.put("other-1", rule="uid-other") == set()
    assert world.remove("other-1") == set()


def test_an_occurrence_without_its_annotation_is_placed_by_its_name(world):
    world.put(FIRST, rule=UID)
    [active] = world.plan().status.active
    assert (active.name, active.scheduled_time) == (FIRST, at("11-21T09:00"))


def test_a_taken_name_stalls_and_its_rule_hears_when_it_is_free(world):
    assert world.put(FIRST) == set()
    assert told(world.plan(), "Stalled") == "True NameTaken"
    assert world.remove(FIRST) == {RENT}
    assert [create.key.name for create in world.plan().creates] == [FIRST]


def test_a_taken_name_of_a_part_stalls_too(world):
    template = {"spec": {"title": "Rent"}, "subtasks": [{"title": "Look"}]}
    rule = settled(a_rule(template=template), at("11-21T09:00"))
    world.rules.put(msgspec.structs.replace(rule, resource_version=99))
    world.put(f"{FIRST}-0")
    assert told(world.plan(), "Stalled") == "True NameTaken"
    world.put(f"{FIRST}-0", parent=FIRST)
    assert len(world.plan().creates) == 1


def test_an_orphan_is_no_occurrence_any_more(world):
    world.put(FIRST, rule=UID, scheduled="2026-11-21T09:00:00Z")
    assert world.put(FIRST) == {RENT}


def test_a_refusal_is_told_until_an_edit_or_until_it_is_tried_again(world):
    world.rules.refused(RENT, '"rent-1": no room', NOW)
    plan = world.plan(NOW)
    assert (told(plan, "Stalled"), plan.creates) == ("True Refused", ())
    assert plan.requeue_at == NOW + FIRST_AFTER
    assert len(world.plan(NOW + FIRST_AFTER).creates) == 1
    world.rules.refused(RENT, '"rent-1": no room', NOW + FIRST_AFTER)
    assert world.plan(NOW + FIRST_AFTER).requeue_at == NOW + 3 * FIRST_AFTER, "each time twice as late"
    world.rules.refused(RENT, '"rent-1": no room', NOW)
    edited = settled(a_rule(generation=2, resource_version=50), at("11-21T09:00"))
    world.rules.put(edited)
    assert len(world.plan(NOW).creates) == 1


def test_a_refused_rule_that_is_asked_for_a_look_looks_at_once(world):
    world.rules.refused(RENT, '"rent-1": not valid', NOW)
    assert world.plan(NOW).creates == ()
    asked = settled(a_rule(resource_version=50, asked="now, please"), at("11-21T09:00"))
    world.rules.put(asked)
    assert len(world.plan(NOW).creates) == 1


def test_old_news_and_buried_rules_change_nothing(world):
    assert world.rules.put(a_rule(resource_version=7)) == frozenset()
    assert world.rules.remove(RENT, UID) == {RENT}
    assert world.rules.put(a_rule(resource_version=100)) == frozenset()
    assert world.rules.decide(RENT, NOW) is None


def test_it_waits_for_the_zone_of_its_namespace_and_follows_it():
    rules = RuleKind(TaskKind().cache)
    rules.put(a_rule())
    assert not rules.decide(RENT, NOW).plan.writes
    assert rules.set_zone("home", "Asia/Tokyo") == {RENT}
    plan = rules.decide(RENT, NOW).plan
    assert plan.status.next_schedule_time == at("11-22T00:00")
    rules.put(a_rule(name="zoned", uid="z", timeZone="UTC"))
    assert rules.set_zone("home", "UTC") == {RENT}


def test_a_list_without_it_removes_it(world):
    assert world.rules.sweep(set(), 7) == {RENT}
    assert len(world.rules) == 0


def test_the_lead_time_is_looked_for_ahead(world):
    world.rules.put(settled(a_rule(leadTime="1d", resource_version=80), at("11-22T09:00")))
    assert world.plan(NOW).requeue_at == at("11-22T09:00")


@pytest.mark.parametrize("completed", [False, True])
def test_an_owner_counts_in_its_own_namespace_only(world, completed):
    """Whoever may write tasks may write any uid into their ownerReferences."""
    forged = a_task(
        namespace="elsewhere",
        name=FIRST,
        uid="uid-forged",
        rule=UID,
        scheduled="2026-11-21T09:00:00Z",
        completed=completed,
        resource_version=99,
    )
    assert world.rules.follow("TodoTask", world.tasks.put(forged)) == set()
    world.rules.put(settled(a_rule(history_limit=0, generation=2, resource_version=50), at("11-22T09:00")))
    plan = world.plan()
    assert plan.prunes == ()
    assert plan.status is None or plan.status.active_count == 0
    gone = world.tasks.remove(ObjectKey("elsewhere", FIRST), "uid-forged")
    assert world.rules.follow("TodoTask", gone) == set()
