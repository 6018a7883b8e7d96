"""What the page of events says of Kafka is what the broker makes."""

from pathlib import Path

from todotasks.broker.topics import PARTITIONS, TASK_EVENTS, dlq

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"


def test_the_page_names_the_partitions_and_the_dead_letters_as_they_are() -> None:
    text = PAGE.read_text()
    assert PARTITIONS == 6 and "six partitions" in text
    assert dlq(TASK_EVENTS) == f"{TASK_EVENTS}.dlq" and "`<topic>.dlq`" in text


def test_the_sample_consumer_is_python() -> None:
    sample = PAGE.read_text().split("```python\n")[1].split("```")[0]
    compile(sample, "docs/events.md", "exec")
