"""The envelope against the CloudEvents SDK, which stands for everybody else's reading of the standard."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.events.build import NOW, UID, a_task, instants, texts
from todotasks.events import (
    ANNOTATION_LAST_ACTOR,
    EVENT_TYPES,
    HEADERS,
    CloudEvent,
    EventError,
    decode,
    encode,
    event_id,
    sequence,
    task_events,
    types,
)
from todotasks.events.envelope import new_event
from todotasks.events.examples import examples


def as_the_sdk_reads_it(event: CloudEvent) -> tuple[dict[str, object], object]:
    headers = {name: value.encode() for name, value in HEADERS.items()}
    message = KafkaMessage(headers=headers, key=event.partitionkey, value=encode(event))
    read = from_structured(message, JSONFormat())
    return dict(read.get_attributes()), read.get_data()


@pytest.mark.parametrize("event", [*examples()], ids=lambda event: event.type)
def test_the_sdk_reads_every_type_as_we_do(event: CloudEvent) -> None:
    attributes, data = as_the_sdk_reads_it(event)
    ours = {
        name: value
        for name in event.__struct_fields__
        if name != "data" and (value := getattr(event, name)) is not None
    }
    assert attributes == ours
    assert data == msgspec.json.decode(event.data)


@given(actor=texts, title=texts, time=instants)
def test_the_sdk_accepts_whatever_people_write(actor: str, title: str, time: datetime) -> None:
    task = a_task(title=title, annotations={ANNOTATION_LAST_ACTOR: actor})
    (event,) = task_events(task, None, now=time)
    attributes, _ = as_the_sdk_reads_it(event)
    assert attributes["time"] == time


envelopes = st.builds(
    new_event,
    st.sampled_from(list(EVENT_TYPES)),
    id=texts.filter(bool),
    plural=st.sampled_from(["todotasks", "reminders"]),
    subject=texts.filter(bool),
    key=texts.filter(bool),
    time=instants,
    data=st.dictionaries(texts, st.integers(-(2**53), 2**53) | texts | st.none(), max_size=3),
    resource_version=st.integers(0, 2**64).map(str) | st.just("opaque"),
    annotations=st.none() | st.dictionaries(st.just(ANNOTATION_LAST_ACTOR), texts),
)


@given(envelopes)
def test_decode_is_the_inverse_of_encode(event: CloudEvent) -> None:
    assert decode(encode(event)) == event


def test_unknown_attributes_are_skipped() -> None:
    (event,) = task_events(None, a_task(), now=NOW)
    assert decode(encode(event).replace(b'{"specversion"', b'{"tomorrow":{"a":1},"specversion"')) == event


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"[]",
        b"not json",
        b'{"specversion":"0.3"}',
        b'{"specversion":"1.0","id":"x"}',
        b'\xff{"specversion":"1.0"}',
    ],
)
def test_what_is_no_event_of_ours_says_so(value: bytes) -> None:
    with pytest.raises(EventError, match="not a structured CloudEvent"):
        decode(value)


def test_data_of_another_type_says_which_event_it_was() -> None:
    (event,) = task_events(None, a_task(), now=NOW)
    with pytest.raises(EventError, match=f"task.created.v1 {UID}:100"):
        event.read(EVENT_TYPES[types.TASK_OVERDUE].data)


def test_the_id_of_what_time_brought_about_is_made_of_the_instant_in_any_zone() -> None:
    berlin = timezone(timedelta(hours=1))
    at = datetime(2026, 3, 1, 18, 0, tzinfo=berlin)
    assert event_id(UID, at, types.TASK_OVERDUE) == f"{UID}:2026-03-01T17:00:00Z:task.overdue.v1"
    assert event_id(UID, at.astimezone(UTC), types.TASK_OVERDUE) == event_id(UID, at, types.TASK_OVERDUE)


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_sequences_sort_as_their_numbers(one: int, other: int) -> None:
    assert (str(sequence(str(one))) < str(sequence(str(other)))) == (one < other)


def test_a_version_that_is_no_number_gives_no_sequence() -> None:
    assert sequence("opaque") is None
