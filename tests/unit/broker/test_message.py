"""Batches, and how patient a retry is."""

from hypothesis import given
from hypothesis import strategies as st

from todotasks.broker import Batch, Message

places = st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 2), st.integers(0, 1000))


def message(topic: str, partition: int, offset: int) -> Message:
    return Message(topic, partition, offset, "key", b"", {}, 0)


@given(st.lists(places, max_size=50))
def test_a_batch_goes_on_behind_its_last_message_of_each_partition(found: list[tuple[str, int, int]]) -> None:
    offsets = Batch([message(*place) for place in found]).next_offsets()
    assert set(offsets) == {(topic, partition) for topic, partition, _ in found}
    for (topic, partition), offset in offsets.items():
        assert offset == 1 + max(o for t, p, o in found if (t, p) == (topic, partition))
