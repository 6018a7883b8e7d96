"""The decision tables of Kubernetes' CronJob controller, as far as they speak of what our rules do, too.

A Job is a task here: active is open, succeeded is completed; tasks do not fail. Where we differ, `DIFFERS`
says why.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.unit.operator.build_rules import a_rule, an_occurrence, at, events, made, observed, settled, told
from tests.unit.recurrence.corpora import cases
from todo_operator.reconcile.rule.checks import ObservedRule
from todo_operator.reconcile.rule.decide import reconcile
from todotasks.recurrence import Rule

DIFFERS = {
    "k8s-0053": "upstream estimates and finds nothing missed; the one of 12:30 was, and we make it",
    "k8s-0056": "@every has no place in a calendar and is refused; write an rrule such as FREQ=HOURLY",
}


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)


def seen(case: dict[str, Any], *occurrences: Any) -> ObservedRule:
    """The rule as our status would have it: CronJobs have no `nextScheduleTime`, it follows from the rest."""
    given, state = case["spec"], case["state"]
    spec: dict[str, Any] = {"cron": given.get("schedule", "0 * * * *")}
    for name in ("concurrencyPolicy", "suspend", "startingDeadlineSeconds"):
        if given.get(name) is not None:
            spec[name] = given[name]
    rule = a_rule(created=instant(state["creationTimestamp"]), **spec)
    last = instant(state.get("lastScheduleTime"))
    found = observed(rule, *occurrences)
    if last is not None and isinstance(found.schedule, Rule):
        found = observed(settled(rule, found.schedule.next_after(last), last), *occurrences)
    return found


def of_type(name: str) -> list[Any]:
    return [
        param for param in cases("k8s_cronjob_controller") if param.values[0] is None or is_of(param, name)
    ]


def is_of(param: Any, name: str) -> bool:
    return bool(param.values[0]["type"] == name)


def skip_what_differs(case: dict[str, Any]) -> None:
    if case["id"] in DIFFERS:
        pytest.skip(DIFFERS[case["id"]])


@pytest.mark.parametrize("case", of_type("controller-sync"))
def test_what_is_made_deleted_and_open(case):
    state, expected = case["state"], case["expected"]
    now = instant(case["now"])
    there = []
    created = instant(state["jobCreatedAt"])
    if created is not None:
        scheduled = created.replace(second=0, microsecond=0)
        there = [an_occurrence(scheduled, done=None if state["activeJobs"] else created)]
    # A task that the cache does not show yet is asked for again, and the name answers "done before".
    visible = there if state["jobVisibleInLister"] else []
    plan = reconcile(seen(case, *visible), now)
    names = {o.name for o in there}
    assert len({create.key.name for create in plan.creates} - names) == expected["create"]
    assert len(plan.prunes) == expected["delete"]
    assert (plan.status.active_count if plan.status else 0) == expected["active"]
    if expected["warnings"]:
        stalled = told(plan, "Stalled") == "True InvalidSchedule"
        assert stalled or any(event.happening == "recurrence.missed" for event in events(plan))


@pytest.mark.parametrize("case", of_type("most-recent-missed"))
def test_the_latest_missed_one(case):
    skip_what_differs(case)
    plan = reconcile(seen(case), instant(case["now"]))
    expected = case["expected"]
    if expected.get("error"):
        assert told(plan, "Stalled").startswith("True ")
        return
    latest = instant(expected["mostRecentMissed"])
    assert made(plan) == ([] if latest is None else [latest.strftime("%m-%dT%H:%M")])


@pytest.mark.parametrize("case", of_type("requeue-after"))
def test_when_it_looks_again(case):
    now = instant(case["now"])
    plan = reconcile(seen(case), now)
    assert plan.requeue_at - now == timedelta(seconds=case["expected"]["requeueAfterSeconds"])


@pytest.mark.parametrize("case", of_type("history-limit"))
def test_which_completed_ones_go(case):
    jobs = [job for job in case["state"]["jobs"] if job["succeeded"] or not job["finished"]]
    tasks = [
        an_occurrence(instant(job["startTime"]), done=instant(job["startTime"]) if job["finished"] else None)
        for job in jobs
    ]
    limit = case["spec"]["successfulJobsHistoryLimit"]
    rule = settled(a_rule(historyLimit=limit), at("11-21T09:00"))
    plan = reconcile(observed(rule, *tasks), at("11-20T00:00"))
    every = case["state"]["jobs"]
    gone = [every[n]["startTime"] for n in case["expected"]["deleteIndices"] if every[n]["succeeded"]]
    names = {t.name: job["startTime"] for t, job in zip(tasks, jobs, strict=True)}
    assert [names[prune.key.name] for prune in plan.prunes] == gone


def test_every_difference_is_one():
    """An entry of `DIFFERS` that has become wrong is taken out."""
    for param in of_type("most-recent-missed"):
        case = param.values[0]
        if case is not None and case["id"] in DIFFERS:
            expected = instant(case["expected"]["mostRecentMissed"])
            plan = reconcile(seen(case), instant(case["now"]))
            assert made(plan) != ([] if expected is None else [expected.strftime("%m-%dT%H:%M")])
