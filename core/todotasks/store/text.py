"""Text as PostgreSQL can keep it. Pure. (What a search finds it by is `todotasks.text`.)

PostgreSQL takes neither NUL characters nor lone surrogates, in text as little as in jsonb; Kubernetes lets
the first through. They become U+FFFD, the replacement character, so that nothing is silently shortened.

"""

import json
import re
from typing import Any

REPLACEMENT = "\ufffd"

_UNFIT = re.compile("[\x00\ud800-\udfff]")
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
    if isinstance(value, list | tuple):
        return [clean_value(item) for item in value]
    return value


def clean_json(encoded: bytes) -> bytes:
    """JSON that PostgreSQL takes as jsonb; the very same bytes when nothing had to be changed.

    Raises ValueError when it is no JSON at all.
    """
    if b"\\u" not in encoded or not _SUSPICIOUS.search(encoded):
        return encoded
    value = clean_value(json.loads(encoded))
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
