"""What must hold for every rule, not only for those somebody thought of."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.operator.build_rules import a_rule, after, an_occurrence, made, observed, run
from todo_operator.reconcile.rule.decide import reconcile
from todotasks.api import RecurrenceRuleStatus

START = datetime(2026, 10, 20, tzinfo=UTC)
instants = st.integers(0, 12 * 1440).map(lambda n: START + timedelta(minutes=n))
schedules = st.sampled_from(
    [
        {"cron": "0 9 * * *"},
        {"cron": "*/30 * * * *"},
        {"cron": "30 2 * * *"},
        {"rrule": "FREQ=DAILY"},
        {"rrule": "FREQ=DAILY;INTERVAL=2", "start": "2026-10-01"},
        {"rrule": "FREQ=HOURLY;INTERVAL=5"},
        {"rrule": "FREQ=DAILY;COUNT=5", "start": "2026-10-22T10:00"},
        {"cron": "0 9 * * *", "until": "2026-10-24"},
        {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"},
        {"cron": "soon"},
    ]
)
zones = st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Chatham"])
rules = st.builds(
    lambda schedule, zone, lead, limit, deadline, **rest: a_rule(
        **schedule,
        timeZone=zone,
        **({"leadTime": lead} if lead else {}),
        **({"historyLimit": limit} if limit is not None else {}),
        **({"startingDeadlineSeconds": deadline} if deadline is not None else {}),
        **rest,
    ),
    schedule=schedules,
    zone=zones,
    lead=st.sampled_from([None, "1h", "2d"]),
    limit=st.sampled_from([None, 0, 2]),
    deadline=st.sampled_from([None, 60, 90_000]),
    basis=st.sampled_from(["Schedule", "Completion"]),
    concurrencyPolicy=st.sampled_from(["Allow", "Forbid", "Replace"]),
    missedPolicy=st.sampled_from(["Latest", "All", "Skip"]),
    suspend=st.booleans(),
    created=instants,
)
statuses = st.builds(
    RecurrenceRuleStatus,
    observed_generation=st.integers(-1, 2),
    last_schedule_time=st.one_of(st.none(), instants),
    next_schedule_time=st.one_of(st.none(), instants),
    occurrences=st.integers(0, 9),
)
occurrences = st.builds(an_occurrence, instants, st.one_of(st.none(), instants))
situations = st.builds(
    lambda rule, status, tasks: observed(
        msgspec.structs.replace(rule, status=status, generation=2), *{o.name: o for o in tasks}.values()
    ),
    rules,
    statuses,
    st.lists(occurrences, max_size=4),
)


@settings(deadline=None)
@given(situations, instants)
def test_applying_a_plan_leaves_nothing_to_do(seen, now):
    plan = reconcile(seen, now)
    seen = after(seen, plan)
    for _ in range(20):  # more within the lead time than are made in one go, or history that was held back
        if plan.requeue_at is None or plan.requeue_at > now:
            break
        plan = reconcile(seen, now)
        seen = after(seen, plan)
    again = reconcile(seen, now)
    assert (again.status, again.emits, again.creates, again.prunes) == (None, (), (), ())
    assert again.requeue_at is None or again.requeue_at > now


@settings(deadline=None)
@given(situations, instants)
def test_the_status_survives_the_api_server(seen, now):
    status = reconcile(seen, now).status
    if status is not None:
        assert msgspec.json.decode(msgspec.json.encode(status), type=RecurrenceRuleStatus) == status


@settings(deadline=None)
@given(situations, instants)
def test_every_generation_is_observed_and_stalled_and_ready_never_contradict_each_other(seen, now):
    status = reconcile(seen, now).status or seen.rule.status
    assert status.observed_generation == seen.rule.generation
    by_type = {c.type: c.status for c in status.conditions}
    assert ("Stalled" in by_type) == (by_type["Ready"] == "False")


@settings(deadline=None, max_examples=40)
@given(schedules, zones, st.lists(instants, max_size=4), st.sampled_from([None, "1h", "1d"]))
def test_no_look_more_or_less_makes_another_task(schedule, zone, looks, lead):
    """Restarts and resyncs between the alarms change nothing of what is made, nor does the clock."""
    end = START + timedelta(days=8)
    rule = a_rule(**schedule, timeZone=zone, created=START, **({"leadTime": lead} if lead else {}))
    _, expected = run(observed(rule), START, end)
    seen, now, found = observed(rule), START, []
    for stop in [*sorted(look for look in looks if look <= end), end]:
        seen, more = run(seen, now, stop)
        found += more
        plan = reconcile(seen, stop)
        found += made(plan)
        seen, now = after(seen, plan), stop
        assert made(reconcile(seen, now - timedelta(days=3))) == []
    assert found == expected


@settings(deadline=None, max_examples=40)
@given(schedules, zones, instants)
def test_all_makes_after_downtime_what_would_have_been_made_without(schedule, zone, back):
    rule = a_rule(**schedule, timeZone=zone, created=START, missedPolicy="All")
    first = after(observed(rule), reconcile(observed(rule), START))
    _, expected = run(first, START, back)
    late = made(reconcile(first, back))
    if len(late) < 100:
        assert late == expected
    else:
        assert late == expected[-100:]
