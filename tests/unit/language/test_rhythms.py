"""Recurring tasks in everyday words: a title, how often, when, until when, in any order."""

import pytest
from bench.language import following
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.language.saying import NOW, fields

TITLES = [
    "water the plants", "pay rent", "call mom", "take out the trash", "clean the garage", "feed the cat",
    "send timesheet", "change filters", "date night", "yoga class", "team standup", "backup laptop",
]  # fmt: skip
RHYTHMS = {
    "every day": "FREQ=DAILY", "every other day": "FREQ=DAILY;INTERVAL=2",
    "every 3 days": "FREQ=DAILY;INTERVAL=3",
    "every monday": "FREQ=WEEKLY;BYDAY=MO", "mondays": "FREQ=WEEKLY;BYDAY=MO",
    "every mon and thu": "FREQ=WEEKLY;BYDAY=MO,TH", "each tuesday": "FREQ=WEEKLY;BYDAY=TU",
    "on weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every 2 weeks": "FREQ=WEEKLY;INTERVAL=2",
    "every other friday": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "every month": "FREQ=MONTHLY",
    "on the 1st of every month": "FREQ=MONTHLY;BYMONTHDAY=1", "every 15th": "FREQ=MONTHLY;BYMONTHDAY=15",
    "every first monday of the month": "FREQ=MONTHLY;BYDAY=1MO",
    "the last friday of every month": "FREQ=MONTHLY;BYDAY=-1FR",
    "every second tuesday of the month": "FREQ=MONTHLY;BYDAY=2TU",
    "every 3 months": "FREQ=MONTHLY;INTERVAL=3",
    "on the 1st and 15th of each month": "FREQ=MONTHLY;BYMONTHDAY=1,15", "every year": "FREQ=YEARLY",
    "every april 5": "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=5", "every weekend": "FREQ=WEEKLY;BYDAY=SA,SU",
    "tuesdays and thursdays": "FREQ=WEEKLY;BYDAY=TU,TH", "every mon, wed, fri": "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "once a month": "FREQ=MONTHLY", "every sunday and wednesday": "FREQ=WEEKLY;BYDAY=SU,WE",
}  # fmt: skip
HOURS = {
    "": "",
    "at 9am": ";BYHOUR=9;BYMINUTE=0",
    "at 18:30": ";BYHOUR=18;BYMINUTE=30",
    "at 7:15 pm": ";BYHOUR=19;BYMINUTE=15",
    "at noon": ";BYHOUR=12;BYMINUTE=0",
}
ENDS = {"": "", "for 10 times": ";COUNT=10", "until june 30": ";UNTIL=20260630", "#home": "", "p1": ""}
ORDERS = ["{title} {rhythm} {hour} {end}", "{title} {hour} {rhythm} {end}", "{rhythm} {hour} {title} {end}"]
BEGINNINGS = ["", "add ", "remind me to ", "new task: ", "i need to ", "please add a task to "]


@given(
    st.sampled_from(TITLES),
    st.sampled_from(sorted(RHYTHMS)),
    st.sampled_from(sorted(HOURS)),
    st.sampled_from(sorted(ENDS)),
    st.sampled_from(ORDERS),
    st.sampled_from(BEGINNINGS),
)
@settings(max_examples=500, deadline=None)
def test_a_recurring_task_is_read_in_full(
    title: str, rhythm: str, hour: str, end: str, order: str, beginning: str
) -> None:
    begin = beginning if order.startswith("{title}") else ""
    found = fields(begin + " ".join(order.format(title=title, rhythm=rhythm, hour=hour, end=end).split()))
    assert (found["action"], found["title"]) == ("recurrence-create", title)
    start = NOW.replace(hour=8)
    assert following(found["rrule"], start) == following(RHYTHMS[rhythm] + HOURS[hour] + ENDS[end], start)


@pytest.mark.parametrize(
    ("text", "title", "rrule"),
    [
        ("daily feed the cat", "feed the cat", "FREQ=DAILY"),
        ("daily standup", "daily standup", "FREQ=DAILY"),  # an adjective stays
        ("weekly review meeting", "weekly review meeting", "FREQ=WEEKLY"),
        ("standup mon-fri 9:30", "standup", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=30"),
        ("party every year at christmas", "party", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"),
    ],
)
def test_a_frequency_in_the_title_is_kept_where_it_names_the_task(text: str, title: str, rrule: str) -> None:
    found = fields(text)
    assert (found["title"], found["rrule"]) == (title, rrule)


def test_a_stretch_of_days_without_a_time_does_not_repeat() -> None:
    assert fields("vacation monday to friday")["rrule"] is None
