"""The audit log as values: entries, the chain of their hashes, signed heads, and the proof that nothing
was altered.

`entry` and `chain` are pure, `heads` signs and checks; who keeps the rows is `todotasks.store.audit`. It
may import `todotasks.events` and nothing that does I/O.
"""

from todotasks.audit.chain import GENESIS, Row, link
from todotasks.audit.entry import Entry, Source, canonical, entry_of
from todotasks.audit.heads import BadKey, Head, Signer, head_is_signed, key_id, read_public_key
from todotasks.audit.verifier import Finding, Flaw, Verdict, Verifier

__all__ = [
    "GENESIS",
    "BadKey",
    "Entry",
    "Finding",
    "Flaw",
    "Head",
    "Row",
    "Signer",
    "Source",
    "Verdict",
    "Verifier",
    "canonical",
    "entry_of",
    "head_is_signed",
    "key_id",
    "link",
    "read_public_key",
]
