"""Rows as the JSON that `json_to_recordset` reads. Pure.

Raises ValueError for what is no JSON; text is cleaned of what PostgreSQL refuses (see `text`).
"""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from todotasks.store.rows import PRIORITY_RANKS, DeadLetter, ObjectRow, OutboxMessage, TaskRow
from todotasks.store.text import clean_json, clean_value
from todotasks.text.alike import trigrams
from todotasks.text.analysis import ANALYSIS, document, vocabulary

CACHED_NOTES = 2_000  # characters; longer notes are read at each write
PLAIN_TITLE = 200  # characters of the title that a refused row keeps
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_encoder = msgspec.json.Encoder()


class IndexedText(NamedTuple):
    """A task's texts, made ready. `lexemes` are one text, as no lexeme has a space: cheaper than an array on
    both sides, and taken apart only where the texts have changed."""

    hash: int  # tells whether the texts, or how they are read, changed
    lexemes: str
    words: frozenset[str]  # for the vocabulary


def indexed_text(row: TaskRow) -> IndexedText:
    if row.notes is not None and len(row.notes) > CACHED_NOTES:
        return _indexed(row.title, row.notes, row.tags)
    return _cached(row.title, row.notes, row.tags)


def _indexed(title: str, notes: str | None, tags: tuple[str, ...]) -> IndexedText:
    lexemes = document(title, notes, tags)
    return IndexedText(
        search_hash(title, notes, tags), " ".join(sorted(lexemes)), frozenset(vocabulary(lexemes))
    )


# A task is written again within seconds of its creation: its status.
_cached = lru_cache(maxsize=4096)(_indexed)


def encode_task(row: TaskRow) -> bytes:
    text = indexed_text(row)
    return _encode(
        {
            "uid": row.uid,
            "namespace": row.namespace,
            "name": row.name,
            "resource_version": row.resource_version,
            "generation": row.generation,
            "title": row.title,
            "priority_rank": PRIORITY_RANKS.get(row.priority, PRIORITY_RANKS["Medium"]),
            "tags": row.tags,
            "project": row.project,
            "assignee": row.assignee,
            "parent": row.parent,
            "completed": row.completed,
            "overdue": row.overdue,
            "blocked": row.blocked,
            "all_day": row.all_day,
            "due_time": row.due_time,
            "completion_time": row.completion_time,
            "created_at": row.created_at or _EPOCH,
            "updated_at": row.updated_at,
            "doc": msgspec.Raw(row.doc),
            "search_hash": text.hash,
            "lexemes": text.lexemes,
        }
    )


def plain_task(row: TaskRow) -> TaskRow:
    """The row with only what can hardly be refused: identity, state, times and the document."""
    return msgspec.structs.replace(
        row, title=row.title[:PLAIN_TITLE], notes="", tags=(), project=None, assignee=None, parent=None
    )


def encode_object(row: ObjectRow) -> bytes:
    return _encode(
        {
            "uid": row.uid,
            "kind": row.kind,
            "namespace": row.namespace,
            "name": row.name,
            "resource_version": row.resource_version,
            "doc": msgspec.Raw(row.doc),
        }
    )


def encode_message(numbered: tuple[int, OutboxMessage]) -> bytes:
    n, message = numbered
    return _encode(
        {
            "n": n,
            "id": message.id,
            "topic": message.topic,
            "key": message.key,
            "value": message.value,  # bytes are encoded as base64, so any value survives
            "headers": message.headers,
        }
    )


def encode_word(word: str) -> bytes:
    return _encode({"word": word, "trigrams": trigrams(word)})


def _encode(row: dict[str, object]) -> bytes:
    try:
        encoded = _encoder.encode(row)
    except UnicodeEncodeError:
        # Lone surrogates, which only text made by a program can have.
        encoded = _encoder.encode({key: clean_value(value) for key, value in row.items()})
    return clean_json(encoded)


def search_hash(title: str, notes: str | None, tags: Sequence[str]) -> int:
    """Tells whether the searchable text, or how it is read, changed."""
    rest = "\0".join([str(ANALYSIS), notes or "", *tags])
    return zlib.crc32(title.encode("utf-8", "replace")) << 31 ^ zlib.crc32(rest.encode("utf-8", "replace"))


def encode_letter(letter: DeadLetter) -> bytes:
    return _encode(letter._asdict())
