"""The samples: a first screen that is full, on whichever day it is looked at."""

from collections import Counter
from datetime import date, timedelta

import pytest

from todo_cli.local.samples import CHANNEL, objects


@pytest.mark.parametrize("today", [date(2026, 11, 23) + timedelta(days=day) for day in range(8)])
def test_on_every_day_something_is_late_due_and_coming(today: date) -> None:
    dues = [each["spec"]["due"][:10] for each in objects(today, "UTC") if "due" in each["spec"]]
    kinds = Counter((due > today.isoformat()) - (due < today.isoformat()) for due in dues)
    assert kinds[-1] >= 1 and kinds[0] >= 3 and kinds[1] >= 5


def test_reminders_have_a_channel_that_sends_them_before_there_is_a_reminder() -> None:
    made = objects(date(2026, 11, 23), "Europe/Berlin")
    assert made[0]["kind"] == "NotificationChannel"
    assert made[0]["metadata"]["name"] == CHANNEL and made[0]["spec"]["default"] is True
    assert any(each["spec"].get("reminders") for each in made)


def test_what_a_sample_names_is_there() -> None:
    made = objects(date(2026, 11, 23), "UTC")
    names = Counter((each["kind"], each["metadata"]["name"]) for each in made)
    assert set(names.values()) == {1}
    for each in made:
        spec = each["spec"]
        for name in (*spec.get("dependsOn", ()), *([spec["parent"]] if "parent" in spec else [])):
            assert ("TodoTask", name) in names
