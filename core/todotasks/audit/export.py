"""Entries as lines: JSON for programs, CSV for spreadsheets. Pure.

A cell that a spreadsheet would read as a formula (`=`, `+`, `-`, `@`, also behind blanks) gets an apostrophe
in front: titles and user names are written by anybody. So CSV is for reading; what has to be exact is in the
JSON lines.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

COLUMNS = (
    *("seq", "at", "recordedAt", "source", "action", "actor", "namespace", "name", "kind", "uid", "version"),
    *("title", "changed", "groups", "coalesced", "trace", "id", "hash", "relatedSeq", "relatedActor"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")


def as_jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def as_csv(rows: Iterable[Mapping[str, Any]], *, header: bool = True) -> bytes:
    """RFC 4180; lists with blanks between."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if header:
        writer.writerow(COLUMNS)
    for row in rows:
        related = row.get("related") or {}
        flat = {**row, "relatedSeq": related.get("seq"), "relatedActor": related.get("actor")}
        writer.writerow([harmless(_cell(flat.get(column))) for column in COLUMNS])
    return text.getvalue().encode("utf-8", "replace")


def harmless(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.lstrip(" \u00a0\u200b\ufeff").startswith(_FORMULA) else cell


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
