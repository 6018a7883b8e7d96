"""When the API server is asked again for what it did not want."""

from datetime import timedelta

import msgspec
import pytest

from tests.unit.operator.build import NOW, a_task
from todo_operator.index.refusals import AT_LEAST_EVERY, FIRST_AFTER, Refusals

SECOND = timedelta(seconds=1)


@pytest.fixture
def refusals() -> Refusals:
    return Refusals()


def test_nothing_was_refused_of_whom_nothing_is_known(refusals):
    assert refusals.current(a_task(), NOW) is None


def test_it_is_asked_again_ever_more_seldom_but_at_least_every_five_minutes(refusals):
    now, pauses = NOW, []
    for _ in range(12):
        refusal = refusals.note(a_task(), "no room", now)
        pauses.append(refusal.until - now)
        assert refusals.current(a_task(), refusal.until - SECOND) is refusal
        assert refusals.current(a_task(), refusal.until) is None
        now = refusal.until
    assert pauses[:3] == [FIRST_AFTER, 2 * FIRST_AFTER, 4 * FIRST_AFTER]
    assert pauses[-1] == AT_LEAST_EVERY
    assert pauses == sorted(pauses)


@pytest.mark.parametrize(
    "change",
    [
        {"generation": 2},  # an edit
        {"asked": "now"},  # a look was asked for
        {"uid": "another"},  # another object of the same name
    ],
)
def test_whoever_is_another_one_now_need_not_wait_and_begins_anew(refusals, change):
    refusals.note(a_task(), "no room", NOW)
    other = msgspec.structs.replace(a_task(), **change)
    assert refusals.current(other, NOW) is None
    assert refusals.note(other, "no room", NOW).until == NOW + FIRST_AFTER


def test_a_clock_that_is_set_back_does_not_make_it_wait_longer(refusals):
    refusals.note(a_task(), "no room", NOW)
    assert refusals.current(a_task(), NOW - timedelta(days=1)) is None


def test_once_it_was_made_the_next_refusal_is_the_first_one(refusals):
    refusals.note(a_task(), "no room", NOW)
    refusals.forget(a_task().key)
    assert refusals.current(a_task(), NOW) is None
    assert refusals.note(a_task(), "no room", NOW).until == NOW + FIRST_AFTER
