"""The proof: walks the rows once, in order, against the heads that were published, and says the first flaw.

What each kind of tampering looks like from here:

    a row changed            its hash does not follow                          Altered
    a row taken out          a number is missing                               Missing
    rows put in, swapped     a number twice, or the hash does not follow       Altered
    the end cut off          a published head has a number that is not there   Truncated
    an older backup put back and gone on with: a head's row has another hash   Forked
    all hashes made anew     the same: without the key no head can be made     Forked
    the beginning cut off    the first row follows no signed closing head      Beheaded
    a head made up           its signature is of no key that is trusted        Unsigned
    a column made different  it says something else than the record            Altered

What it cannot see: rows behind the newest published head that were changed by somebody who made the hashes
anew as well; everything, if the signing key is known to whoever rewrites the log.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from todotasks.audit.chain import GENESIS, Row, link
from todotasks.audit.heads import Head, head_is_signed


class Flaw(StrEnum):
    ALTERED = "Altered"
    MISSING = "Missing"
    TRUNCATED = "Truncated"
    FORKED = "Forked"
    BEHEADED = "Beheaded"
    UNSIGNED = "Unsigned"


class Finding(NamedTuple):
    """The first thing that is wrong: where, and what that means."""

    flaw: Flaw
    seq: int
    message: str


class Verdict(NamedTuple):
    """`vouched` is the number of the last row that a published head covers; `rows` behind it rest on "
    "the chain alone."""

    rows: int
    first: int
    last: int
    heads: int
    vouched: int
    finding: Finding | None

    @property
    def holds(self) -> bool:
        return self.finding is None


class _Columns(msgspec.Struct, frozen=True, gc=False):
    """The part of an entry that the table repeats, in its order."""

    id: str = ""
    source: str = ""
    action: str = ""
    actor: str | None = None
    namespace: str = ""
    name: str = ""
    kind: str = ""
    uid: str | None = None
    version: int | None = None
    title: str | None = None


_DECODER = msgspec.json.Decoder(_Columns)


def columns_of(body: bytes) -> tuple[Any, ...]:
    """What the table repeats of a record. Raises `msgspec.DecodeError` where it is none."""
    found = _DECODER.decode(body)
    return (
        found.id,
        found.source,
        found.action,
        found.actor,
        found.namespace,
        found.name,
        found.kind,
        found.uid,
        found.version,
        found.title,
    )


def _columns_of_any(body: bytes) -> tuple[Any, ...] | None:
    try:
        return columns_of(body)
    except msgspec.DecodeError:
        return None  # equal to nothing


class Verifier:
    """Feed it rows in the order of their numbers, then ask for the verdict."""

    def __init__(
        self,
        published: Iterable[Head],
        keys: dict[str, Ed25519PublicKey],
        *,
        stored: Iterable[Head] = (),
        whole: bool = True,
    ) -> None:
        """`published` from outside of the database; `stored` are the heads in it, believed only where signed.

        `whole` False: only a span is walked, so neither beginning nor end is judged.
        """
        self._keys, self._whole = keys, whole
        self._published = {head.seq: head for head in published}
        self._closing = {head.seq: head for head in (*stored, *self._published.values()) if head.closes}
        self._stored = {head.seq: head for head in stored}
        self._rows = self._first = self._last = self._vouched = self._heads = 0
        self._previous: bytes | None = None
        self._finding: Finding | None = None
        for head in sorted((*self._published.values(), *self._stored.values()), key=lambda each: each.seq):
            if not head_is_signed(head, keys):
                self._found(
                    Flaw.UNSIGNED,
                    head.seq,
                    f"the head at row {head.seq} is not signed by a key that is trusted (it names key "
                    f"{head.key_id})",
                )
                break

    def feed(self, rows: Sequence[Row]) -> bool:
        """Whether to go on: False after the first flaw."""
        for seq, recorded_at, body, digest, columns in rows:
            if self._finding is not None:
                return False
            if self._previous is None:
                if not self._begin(seq):
                    return False
            elif seq != self._last + 1:
                word = "twice or out of order" if seq <= self._last else "missing"
                flaw = Flaw.ALTERED if seq <= self._last else Flaw.MISSING
                self._found(
                    flaw, self._last + 1, f"row {self._last + 1} is {word}: after {self._last} comes {seq}"
                )
                return False
            assert self._previous is not None
            wanted = link(self._previous, seq, recorded_at, body)
            if wanted != digest:
                self._altered(seq)
                return False
            if columns != _columns_of_any(body):
                self._found(Flaw.ALTERED, seq, f"row {seq}: a column says something else than the record")
                return False
            self._previous, self._last = digest, seq
            self._rows += 1
            self._first = self._first or seq
            head = self._published.get(seq) or self._stored.get(seq)
            if head is not None and not self._agrees(head, digest):
                return False
        return self._finding is None

    def verdict(self) -> Verdict:
        """After the last row."""
        if self._finding is None and self._whole:
            beyond = [seq for seq in self._published if seq > self._last]
            if beyond:
                self._found(
                    Flaw.TRUNCATED,
                    self._last + 1,
                    f"the log ends at row {self._last}, and a head of row {max(beyond)} was published: "
                    f"the end is cut off",
                )
        return Verdict(self._rows, self._first, self._last, self._heads, self._vouched, self._finding)

    def _begin(self, seq: int) -> bool:
        """What the first row has to follow."""
        if seq == 1:
            self._previous = GENESIS
            return True
        before = seq - 1
        if self._whole:
            closing = self._closing.get(before)
            if closing is not None and head_is_signed(closing, self._keys):
                self._previous = closing.hash
                return True
            message = (
                f"the log begins at row {seq}, and no signed closing head of row {before} says that what was "
                "before was dropped when its time was over"
            )
        else:
            known = self._published.get(before) or self._stored.get(before)
            if known is not None:
                self._previous = known.hash
                return True
            message = f"a span can begin behind a head only; row {before} has none"
        self._found(Flaw.BEHEADED, seq, message)
        return False

    def _altered(self, seq: int) -> None:
        """Told apart by the heads: whether one row was touched, or the whole chain behind a head is "
        "another."""
        earlier = max((each for each in self._published if each < seq), default=0)
        self._found(
            Flaw.ALTERED,
            seq,
            f"row {seq} does not follow row {seq - 1}: it was altered, put in, or moved"
            + (f"; the head of row {earlier} before it holds" if earlier else ""),
        )

    def _agrees(self, head: Head, digest: bytes) -> bool:
        if head.hash != digest:
            good = self._vouched
            self._found(
                Flaw.FORKED,
                head.seq,
                f"row {head.seq} has another hash than the head published at "
                f"{head.signed_at:%Y-%m-%dT%H:%M:%SZ}: everything "
                f"behind row {good} was replaced (an older backup gone on with, or the hashes made anew "
                f"without the key)",
            )
            return False
        self._heads += 1
        self._vouched = head.seq
        return True

    def _found(self, flaw: Flaw, seq: int, message: str) -> None:
        if self._finding is None:
            self._finding = Finding(flaw, seq, message)


Progress = Callable[[int, int], None]
