"""Rows as the JSON that `json_to_recordset` reads. Pure.

Raises ValueError for what is no JSON; text is cleaned of what PostgreSQL refuses (see `text`).
"""

import msgspec

from todotasks.store.rows import PRIORITY_RANKS, ObjectRow, OutboxMessage, TaskRow
from todotasks.store.text import clean_json, clean_value, fold, trigrams

_encoder = msgspec.json.Encoder()

PLAIN_TITLE = 200  # characters of the title that a refused row keeps


def _encode(row: dict[str, object]) -> bytes:
    try:
        encoded = _encoder.encode(row)
    except UnicodeEncodeError:
        # Lone surrogates, which only text made by a program can have.
        encoded = _encoder.encode({key: clean_value(value) for key, value in row.items()})
    return clean_json(encoded)


def encode_task(row: TaskRow) -> bytes:
    fields = {name: getattr(row, name) for name in row.__struct_fields__}
    fields["tags"] = list(row.tags)
    fields["doc"] = msgspec.Raw(row.doc)
    fields["priority_rank"] = PRIORITY_RANKS.get(row.priority, PRIORITY_RANKS["Medium"])
    fields["trigrams"] = trigrams(row.title)
    # Sent only where folding changes more than the case, which PostgreSQL does by itself.
    if not row.title.isascii():
        fields["folded_title"] = fold(row.title)
    if row.notes is not None and not row.notes.isascii():
        fields["folded_notes"] = fold(row.notes)
    return _encode(fields)


def plain_task(row: TaskRow) -> TaskRow:
    """The row with only what can hardly be refused: identity, state, times and the document."""
    return msgspec.structs.replace(
        row, title=row.title[:PLAIN_TITLE], notes=None, tags=(), project=None, assignee=None, parent=None
    )


def encode_object(row: ObjectRow) -> bytes:
    fields: dict[str, object] = {name: getattr(row, name) for name in row.__struct_fields__}
    fields["doc"] = msgspec.Raw(row.doc)
    return _encode(fields)


def encode_message(numbered: tuple[int, OutboxMessage]) -> bytes:
    n, message = numbered
    # bytes are encoded as base64, so any value survives
    return _encode({"n": n, **message._asdict()})
