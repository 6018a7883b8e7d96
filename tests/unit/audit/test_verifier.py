"""The verifier against every kind of tampering: each is found, and named for what it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from todotasks.audit import (
    GENESIS,
    Entry,
    Flaw,
    Head,
    Row,
    Signer,
    Verdict,
    Verifier,
    canonical,
    entry_of,
    link,
)
from todotasks.audit.verifier import columns_of
from todotasks.events.examples import examples

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SIGNER, _ = Signer.generate()
OTHER, _ = Signer.generate()
KEYS = {SIGNER.key_id: SIGNER.public}


@dataclass
class Log:
    """Rows as a database has them, and the heads that were published of it."""

    rows: list[Row] = field(default_factory=list)
    published: list[Head] = field(default_factory=list)
    stored: list[Head] = field(default_factory=list)

    def add(self, name: str, *, signer: Signer | None = None, closes: str | None = None) -> None:
        seq = self.rows[-1].seq + 1 if self.rows else 1
        record = record_of(name)
        previous = self.rows[-1].hash if self.rows else GENESIS
        body = canonical(record)
        digest = link(previous, seq, seq * 1000, body)
        self.rows.append(Row(seq, seq * 1000, body, digest, columns_of(body)))
        if signer is not None:
            head = signer.sign(seq, digest, NOW + timedelta(seconds=seq), closes)
            self.published.append(head)
            self.stored.append(head)

    def verify(self) -> Verdict:
        verifier = Verifier(self.published, KEYS, stored=self.stored)
        verifier.feed(self.rows)
        return verifier.verdict()


def record_of(name: str) -> dict[str, Any]:
    entry = Entry(
        id=f"id-{name}", at=NOW, source="observed", action="task.created", namespace="home", name=name
    )
    built: dict[str, Any] = msgspec.to_builtins(entry)
    return built


def a_log(count: int = 30, head_every: int = 10) -> Log:
    log = Log()
    for number in range(1, count + 1):
        log.add(f"task-{number}", signer=SIGNER if number % head_every == 0 else None)
    return log


def rechain(log: Log, begin: int = 0) -> None:
    """Makes all hashes anew, as somebody who knows how but has no key."""
    previous = log.rows[begin - 1].hash if begin else GENESIS
    for index in range(begin, len(log.rows)):
        row = log.rows[index]
        digest = link(previous, row.seq, row.recorded_at, row.body)
        log.rows[index] = row._replace(hash=digest, columns=columns_of(row.body))
        previous = digest


def change(log: Log) -> None:
    record = msgspec.json.decode(log.rows[14].body)
    log.rows[14] = log.rows[14]._replace(body=canonical({**record, "actor": "somebody-else"}))


def change_with_its_hash(log: Log) -> None:
    change(log)
    row = log.rows[14]
    digest = link(log.rows[13].hash, row.seq, row.recorded_at, row.body)
    log.rows[14] = row._replace(hash=digest, columns=columns_of(row.body))


def change_a_column(log: Log) -> None:
    columns = ("id-task-15", "observed", "task.created", "mallory", *log.rows[14].columns[4:])
    log.rows[14] = log.rows[14]._replace(columns=columns)


def change_the_time(log: Log) -> None:
    log.rows[14] = log.rows[14]._replace(recorded_at=1)


def delete(log: Log) -> None:
    del log.rows[14]


def delete_and_renumber(log: Log) -> None:
    del log.rows[14]
    for index in range(14, len(log.rows)):
        log.rows[index] = log.rows[index]._replace(seq=log.rows[index].seq - 1)


def reorder(log: Log) -> None:
    log.rows[14], log.rows[15] = log.rows[15], log.rows[14]


def reorder_and_renumber(log: Log) -> None:
    first, second = log.rows[14], log.rows[15]
    log.rows[14], log.rows[15] = second._replace(seq=first.seq), first._replace(seq=second.seq)


def insert(log: Log) -> None:
    row = log.rows[14]
    log.rows.insert(15, row._replace(body=canonical(record_of("planted"))))


def insert_and_renumber(log: Log) -> None:
    insert(log)
    for index in range(15, len(log.rows)):
        log.rows[index] = log.rows[index]._replace(seq=index + 1)


def truncate(log: Log) -> None:
    del log.rows[25:]


def truncate_to_nothing(log: Log) -> None:
    log.rows.clear()


def fork_from_a_backup(log: Log) -> None:
    """Restored as it was at row 14, and gone on with other things."""
    del log.rows[14:]
    for number in range(15, 41):
        log.add(f"other-{number}")


def fork_and_truncate(log: Log) -> None:
    del log.rows[14:]
    for number in range(15, 18):
        log.add(f"other-{number}")


def rewrite_everything(log: Log) -> None:
    change(log)
    rechain(log)


def rewrite_everything_with_heads_of_another_key(log: Log) -> None:
    """The heads in the database are made anew too; the published ones cannot be."""
    change(log)
    rechain(log)
    log.stored = [OTHER.sign(seq, log.rows[seq - 1].hash, NOW) for seq in (10, 20, 30)]


def make_up_a_head(log: Log) -> None:
    log.published.append(msgspec.structs.replace(log.published[0], seq=17))


def behead(log: Log) -> None:
    del log.rows[:10]


def behead_with_a_made_up_closing(log: Log) -> None:
    del log.rows[:5]
    closing = OTHER.sign(5, log.rows[0].hash, NOW, "audit_log_202610")
    log.stored.append(msgspec.structs.replace(closing, key_id=SIGNER.key_id))


@pytest.mark.parametrize(
    ("tamper", "flaw", "seq"),
    [
        (change, Flaw.ALTERED, 15),
        (change_with_its_hash, Flaw.ALTERED, 16),
        (change_a_column, Flaw.ALTERED, 15),
        (change_the_time, Flaw.ALTERED, 15),
        (delete, Flaw.MISSING, 15),
        (delete_and_renumber, Flaw.ALTERED, 15),
        (reorder, Flaw.MISSING, 15),
        (reorder_and_renumber, Flaw.ALTERED, 15),
        (insert, Flaw.ALTERED, 16),
        (insert_and_renumber, Flaw.ALTERED, 16),
        (truncate, Flaw.TRUNCATED, 26),
        (truncate_to_nothing, Flaw.TRUNCATED, 1),
        (fork_from_a_backup, Flaw.FORKED, 20),
        (fork_and_truncate, Flaw.TRUNCATED, 18),
        (rewrite_everything, Flaw.FORKED, 20),
        (rewrite_everything_with_heads_of_another_key, Flaw.UNSIGNED, 10),
        (make_up_a_head, Flaw.UNSIGNED, 17),
        (behead, Flaw.BEHEADED, 11),
        (behead_with_a_made_up_closing, Flaw.UNSIGNED, 5),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_each_kind_of_tampering_is_found_and_named(
    tamper: Callable[[Log], None], flaw: Flaw, seq: int
) -> None:
    log = a_log()
    assert log.verify().holds
    tamper(log)
    finding = log.verify().finding
    assert finding is not None
    assert (finding.flaw, finding.seq) == (flaw, seq), finding.message


def test_what_lies_behind_the_newest_head_rests_on_the_chain_alone() -> None:
    """Stated, not hidden: such a change cannot be found, and `vouched` says how far the heads reach."""
    log = a_log(35)
    log.rows[33] = log.rows[33]._replace(body=canonical(record_of("planted")))
    rechain(log, 33)
    verdict = log.verify()
    assert verdict.holds
    assert (verdict.vouched, verdict.last) == (30, 35)


def test_a_month_that_was_dropped_with_its_closing_head_is_no_flaw() -> None:
    log = Log()
    for number in range(1, 21):
        last = number == 10
        log.add(f"t{number}", signer=SIGNER if last else None, closes="audit_log_202608" if last else None)
    del log.rows[:10]
    verdict = log.verify()
    assert verdict.holds
    assert (verdict.first, verdict.rows) == (11, 10)


@given(st.integers(0, 29), st.data())
def test_no_single_bit_of_any_row_can_be_changed_unseen(index: int, data: st.DataObject) -> None:
    log = a_log()
    row = log.rows[index]
    which = data.draw(st.sampled_from(["seq", "recorded_at", "hash", "body"]))
    if which == "hash":
        place = data.draw(st.integers(0, 255))
        flipped = bytearray(row.hash)
        flipped[place // 8] ^= 1 << place % 8
        log.rows[index] = row._replace(hash=bytes(flipped))
    elif which == "body":
        place = data.draw(st.integers(0, len(row.body) * 8 - 1))
        bent = bytearray(row.body)
        bent[place // 8] ^= 1 << place % 8
        log.rows[index] = row._replace(body=bytes(bent))
    else:
        log.rows[index] = row._replace(**{which: getattr(row, which) + data.draw(st.integers(1, 2**31))})
    assert not log.verify().holds


@pytest.mark.parametrize("event", [*examples()], ids=lambda event: event.type)
def test_every_type_of_event_has_an_entry_that_survives_jsonb(event: Any) -> None:
    entry = entry_of(event)
    record = msgspec.to_builtins(entry)
    reordered = dict(reversed(record.items()))
    assert canonical(msgspec.json.decode(msgspec.json.encode(reordered))) == canonical(record)
    assert entry.id == event.id


def test_an_attempt_says_who_and_a_deletion_leaves_that_to_its_attempt() -> None:
    entries = {entry.action: entry for entry in map(entry_of, examples())}
    assert entries["update"].actor == "ada@example.com"
    assert entries["update"].source == "attempt"
    assert entries["task.deleted"].actor is None
    assert entries["task.updated"].actor == "ada@example.com"
    assert entries["task.overdue"].actor == "system"
    assert entries["gap"].detail["dropped"] == 12
