"""What the language tests share: one moment to read from, and `read` for the words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from todotasks.language import Context, Reading, parse
from todotasks.language.reading.serialize import as_object

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 10, 0, tzinfo=BERLIN)  # a Wednesday


def read(text: str, now: datetime = NOW, **context: Any) -> Reading:
    return parse(text, now, BERLIN, Context(**context))


def fields(text: str, **context: Any) -> dict[str, Any]:
    return as_object(read(text, **context))
