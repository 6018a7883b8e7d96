"""The order in which the relay sends: strict within a lane, free between lanes."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from todo_operator.relay.lanes import Lanes
from todotasks.store import OutboxRow


def row(seq: int, key: str = "a", topic: str = "t", value: bytes | None = b"") -> OutboxRow:
    return OutboxRow(seq, f"id-{seq}", topic, key, value, {})


def lanes(*rows: OutboxRow, capacity: int = 100, max_bytes: int = 2**20) -> Lanes:
    made = Lanes(capacity, max_bytes)
    made.take(rows)
    return made


def seqs(made: Lanes) -> list[int]:
    """All that may go now."""
    found = []
    while (one := made.next()) is not None:
        found.append(one.seq)
    return found


def test_the_second_message_of_a_key_waits_for_the_first() -> None:
    made = lanes(row(1), row(2))
    assert seqs(made) == [1]
    made.done(row(1))
    assert seqs(made) == [2]


def test_other_keys_and_other_topics_do_not_wait() -> None:
    assert seqs(lanes(row(1), row(2), row(3, "b"), row(4, topic="u"))) == [1, 3, 4]


def test_what_came_back_goes_before_the_later_ones_of_its_key() -> None:
    made = lanes(row(1), row(2), row(3, "b"))
    assert seqs(made) == [1, 3]
    made.retry(row(1))
    assert seqs(made) == [1]


def test_the_oldest_goes_first() -> None:
    assert seqs(lanes(row(9, "c"), row(3, "b"), row(5, "a"))) == [3, 5, 9]


def test_an_older_row_that_came_late_goes_before_a_younger_one_that_still_waits() -> None:
    made = lanes(row(5))
    made.take([row(3)])
    assert seqs(made) == [3]
    made.done(row(3))
    assert seqs(made) == [5]


def test_a_row_is_taken_once_however_often_it_comes() -> None:
    made = lanes(row(1), row(1))
    assert len(made) == 1
    assert seqs(made) == [1]
    made.take([row(1)])
    assert seqs(made) == []
    made.done(row(1))
    assert len(made) == 0


def test_room_ends_with_the_number_of_rows() -> None:
    assert lanes(row(1), row(2), capacity=3).room == 1
    assert lanes(row(1), row(2), capacity=2).room == 0


def test_room_ends_with_the_bytes() -> None:
    made = lanes(row(1, value=b"x" * 5000), capacity=100, max_bytes=5000)
    assert made.room == 0
    assert made.next() is not None
    made.done(row(1, value=b"x" * 5000))
    assert made.room == 100


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("tu")), max_size=30),
    answers=st.randoms(use_true_random=False),
)
def test_whatever_fails_each_key_arrives_in_order_and_all_arrive(
    rows: list[tuple[str, str]], answers: object
) -> None:
    chance = answers.random  # type: ignore[attr-defined]
    made = Lanes(1000, 2**30)
    todo = [row(seq, key, topic) for seq, (key, topic) in enumerate(rows, 1)]
    on_the_way: list[OutboxRow] = []
    arrived: list[OutboxRow] = []
    while len(arrived) < len(rows):
        if todo and chance() < 0.5:
            made.take([todo.pop(0)])
        elif (one := made.next()) is not None:
            on_the_way.append(one)
        elif on_the_way:
            one = on_the_way.pop(int(chance() * len(on_the_way)))
            if chance() < 0.3:
                made.retry(one)
            else:
                made.done(one)
                arrived.append(one)
        else:
            assert todo, "the lanes keep back what nobody has on the way"
    for lane in {(one.topic, one.key) for one in arrived}:
        order = [one.seq for one in arrived if (one.topic, one.key) == lane]
        assert order == sorted(order)
    assert len(made) == 0
    assert made.on_their_way == 0
