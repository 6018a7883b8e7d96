"""Text as PostgreSQL can keep it and as a search can find it. Pure.

PostgreSQL takes neither NUL characters nor lone surrogates, in text as little as in jsonb; Kubernetes lets
the first through. They become U+FFFD, the replacement character, so that nothing is silently shortened.

`fold` and `trigrams` are used for what is stored and for what is searched; both sides must agree, which is
why the database has no functions of its own for it (nor `pg_trgm`, which the bundled server lacks).
"""

import json
import re
import unicodedata
from typing import Any

REPLACEMENT = "\ufffd"
MAX_TRIGRAMS = 600  # a title has at most 512 characters; more comes only from damaged rows

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_WORD = re.compile(r"\w+")
# In encoded JSON: an escaped NUL or any escaped surrogate. May be a false alarm (an escaped backslash
# before it), which only costs the slow path.
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def clean(text: str) -> str:
    """`text` without what PostgreSQL refuses."""
    return _UNFIT.sub(REPLACEMENT, text)


def clean_value(value: Any) -> Any:
    """A JSON value with every string (keys too) cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): clean_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean_value(item) for item in value]
    return value


def clean_json(encoded: bytes) -> bytes:
    """JSON that PostgreSQL takes as jsonb; the very same bytes when nothing had to be changed.

    Raises ValueError when it is no JSON at all.
    """
    if not _SUSPICIOUS.search(encoded):
        return encoded
    value = clean_value(json.loads(encoded))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def fold(text: str) -> str:
    """Lower case without accents: "Café" and "CAFE" are found by "cafe"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def trigrams(text: str) -> list[str]:
    """The three-letter pieces of each word, padded as pg_trgm pads: "  c", " ca", "cat", "at "."""
    found: dict[str, None] = {}
    for word in _WORD.findall(fold(text)):
        padded = f"  {word} "
        for start in range(len(padded) - 2):
            found[padded[start : start + 3]] = None
    return list(found)[:MAX_TRIGRAMS]
