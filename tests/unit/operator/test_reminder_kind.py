"""Tasks, reminders and channels follow each other."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.operator.build import NOW, a_task, hours
from tests.unit.operator.build_reminders import DUE, a_reminder
from tests.unit.operator.build_rules import a_rule
from todo_operator.index.refusals import FIRST_AFTER
from todo_operator.index.registry import make_kinds
from todo_operator.index.reminder_kind import ReminderKind
from todo_operator.index.rule_kind import RuleKind
from todo_operator.index.task_kind import TaskKind
from todo_operator.reconcile.channel import read_channel_facts
from todotasks.api import ObjectKey, TaskReminder, find_condition

TASK = ObjectKey("home", "pay-rent")
REMINDER = ObjectKey("home", "rent-soon")


@pytest.fixture
def kinds() -> dict[str, Any]:
    made = make_kinds()
    for kind in made.values():
        kind.set_zone("home", None)
    return made


def follow(kinds: dict[str, Any], who: str, whom: str, *keys: ObjectKey) -> Any:
    return kinds[who].follow(whom, set(keys))


def test_a_reminder_follows_the_times_of_its_task_and_nothing_else_of_it(kinds):
    tasks, reminders = kinds["TodoTask"], kinds["Reminder"]
    tasks.put(a_task(due=DUE))
    reminders.put(a_reminder(before_due="1h"))
    tasks.put(a_task(due=DUE, title="Pay the rent", resource_version=8))
    assert follow(kinds, "Reminder", "TodoTask", TASK) == set()
    tasks.put(a_task(due=DUE + hours(1), resource_version=9))
    assert follow(kinds, "Reminder", "TodoTask", TASK) == {REMINDER}
    assert follow(kinds, "Reminder", "TodoTask", TASK) == set()


def test_a_task_follows_its_reminders_also_when_one_is_gone(kinds):
    tasks, reminders = kinds["TodoTask"], kinds["Reminder"]
    tasks.put(a_task(due=DUE))
    reminders.put(a_reminder(before_due="1h"))
    assert follow(kinds, "TodoTask", "Reminder", REMINDER) == {TASK}
    assert tasks.decide(TASK, NOW).plan.status.next_reminder_time == DUE - hours(1)
    reminders.remove(REMINDER, "uid-r")
    assert follow(kinds, "TodoTask", "Reminder", REMINDER) == {TASK}
    assert tasks.decide(TASK, NOW).plan.status.next_reminder_time is None


def test_reminders_follow_the_channels_of_their_namespace(kinds):
    kinds["TodoTask"].put(a_task(due=DUE))
    kinds["Reminder"].put(a_reminder(before_due="1h"))
    metadata = {"name": "mail", "namespace": "home", "uid": "uid-c", "resourceVersion": "3", "generation": 1}
    spec = {"webhook": {"url": "https://example.com"}, "default": True}
    kinds["NotificationChannel"].put(read_channel_facts({"metadata": metadata, "spec": spec}))
    key = ObjectKey("home", "mail")
    assert follow(kinds, "Reminder", "NotificationChannel", key) == {REMINDER}
    assert follow(kinds, "Reminder", "NotificationChannel", key) == set()
    assert kinds["Reminder"].decide(REMINDER, DUE).plan.emits[0].channels == ("mail",)


def test_nothing_is_decided_before_the_zone_of_the_namespace_is_known():
    kinds = make_kinds()
    kinds["Reminder"].put(a_reminder(at=NOW))
    decision = kinds["Reminder"].decide(REMINDER, NOW)
    assert decision is not None
    assert decision.plan.status is None
    assert kinds["Reminder"].set_zone("home", None) == {REMINDER}


def test_another_hour_for_all_day_tasks_concerns_the_namespace_and_nonsense_means_the_usual_one(kinds):
    reminders = kinds["Reminder"]
    assert isinstance(reminders, ReminderKind)
    reminders.put(a_reminder(before_due="1h"))
    assert reminders.set_all_day_time("home", "07:30") == {REMINDER}
    assert reminders.set_all_day_time("home", "07:30") == set()
    assert reminders.set_all_day_time("home", "early") == {REMINDER}


def test_another_hour_for_all_day_tasks_concerns_the_rules_too(kinds):
    rules = RuleKind(TaskKind().cache)
    rules.set_zone("home", None)
    rules.put(a_rule())
    assert rules.set_all_day_time("home", "07:30") == {ObjectKey("home", "rent")}
    assert rules.set_all_day_time("home", "07:30") == set()
    assert rules.set_all_day_time("work", "07:30") == set()
    assert rules.set_all_day_time("home", None) == {ObjectKey("home", "rent")}


def test_a_refused_reminder_is_said_in_its_tasks_condition_and_does_not_keep_it_waiting(kinds):
    tasks = kinds["TodoTask"]
    assert isinstance(tasks, TaskKind)
    tasks.put(a_task(due=DUE, reminders=(TaskReminder(before="1h"),)))
    assert len(tasks.decide(TASK, NOW).plan.creates) == 1
    tasks.refused(TASK, "exceeded quota", NOW)
    plan = tasks.decide(TASK, NOW + timedelta(seconds=1)).plan
    assert (plan.creates, plan.requeue_at) == ((), NOW + FIRST_AFTER)
    assert told(plan, "Stalled") == "True ReminderRefused"
    assert told(plan, "Overdue") == "False NotYetDue"
    assert "exceeded quota" in find_condition(plan.status.conditions, "Ready").message
    retried = tasks.decide(TASK, NOW + FIRST_AFTER).plan
    assert len(retried.creates) == 1


def test_a_task_that_wants_its_refused_reminder_no_more_is_ready(kinds):
    tasks = kinds["TodoTask"]
    tasks.put(a_task(due=DUE, reminders=(TaskReminder(before="1h"),)))
    tasks.refused(TASK, "exceeded quota", NOW)
    tasks.put(a_task(due=DUE, generation=2, resource_version=99))
    assert told(tasks.decide(TASK, NOW).plan, "Ready") == "True Scheduled"


def told(plan: Any, type_: str) -> str:
    found = find_condition(plan.status.conditions, type_)
    return f"{found.status} {found.reason}" if found else "absent"
