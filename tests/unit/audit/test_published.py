"""What of the published heads is kept: enough to prove by, bounded, and what was contradicted for ever."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from todotasks.audit import Signer
from todotasks.audit.heads import Head
from todotasks.audit.published import (
    MOST_CONTRADICTED,
    NEWEST,
    dump_heads,
    load_contradicted,
    load_heads,
    thinned,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SIGNER, _ = Signer.generate()


def a_head(seq: int, closes: str | None = None) -> Head:
    return Head(seq=seq, hash=seq.to_bytes(32, "big"), signed_at=NOW, key_id="k", closes=closes)


def test_after_a_hundred_thousand_heads_some_of_every_age_are_left_and_all_closing_ones() -> None:
    kept: list[Head] = []
    for number in range(1, 20_000):
        seq = number * 37
        kept = thinned([*kept, a_head(seq, f"month-{number}" if number % 1_000 == 0 else None)])
    assert len(kept) < 700
    newest = 19_999 * 37
    assert [head.closes for head in kept if head.closes] == [
        f"month-{n}" for n in range(1_000, 20_000, 1_000)
    ]
    ages = sorted(newest - head.seq for head in kept)
    assert ages[NEWEST // 2] <= NEWEST * 37, "the newest are all there"
    for age in ages[:-1]:
        later = next(each for each in ages if each > age)
        assert later - age <= max(age / 4, 38), f"between {age} and {later} rows ago there is no head"
    assert min(head.seq for head in kept) < newest / 8


@given(st.lists(st.integers(1, 10_000_000), unique=True, min_size=1, max_size=600))
def test_thinning_is_bounded_stable_and_adds_nothing(seqs: list[int]) -> None:
    heads = [a_head(seq) for seq in seqs]
    kept = thinned(heads)
    assert set(kept) <= set(heads)
    assert len(kept) <= NEWEST + 16 * 2 * 24
    assert thinned(kept) == kept
    assert kept[-1].seq == max(seqs)


def test_what_was_contradicted_stays_a_witness_however_many_heads_come_after_it() -> None:
    lost = SIGNER.sign(500, b"x" * 32, NOW)
    data = dump_heads([], {}, [lost])
    for number in range(1, 1_500):
        heads, keys = load_heads(data)
        agreeing = [head for head in heads if head != lost]
        data = dump_heads([*agreeing, a_head(number * 10)], keys, load_contradicted(data))
    assert load_contradicted(data) == [lost]
    assert lost in load_heads(data)[0], "whoever verifies is given it"
    many = [SIGNER.sign(seq, b"y" * 32, NOW) for seq in range(1, MOST_CONTRADICTED + 50)]
    assert len(load_contradicted(dump_heads([], {}, many))) == MOST_CONTRADICTED


def test_what_cannot_be_read_counts_as_not_there() -> None:
    assert load_heads({"heads.json": "{", "keys.json": "[", "contradicted.json": "7"}) == ([], {})
