"""The chain: each row's hash covers its number, the hash before, and all that it records. Pure."""

import hashlib
from typing import Any, NamedTuple

GENESIS = hashlib.sha256(b"todotasks audit log v1").digest()  # what the first row follows


def link(previous: bytes, seq: int, recorded_at: int, body: bytes) -> bytes:
    """The hash of a row. `recorded_at` in microseconds since 1970; `body` as `canonical` writes it.

    Every part has a fixed length or comes last, so no two different rows are the same bytes.
    """
    head = previous + seq.to_bytes(8, "big") + recorded_at.to_bytes(8, "big", signed=True)
    return hashlib.sha256(head + body).digest()


class Row(NamedTuple):
    """A row as it is stored. `columns` are what the table repeats of the record for queries."""

    seq: int
    recorded_at: int
    body: bytes  # what was recorded, as `canonical` wrote it
    hash: bytes
    columns: tuple[Any, ...]
