"""Secrets do not belong in logs, whoever puts them there.

Two nets: a value under a telling name (`password`, `saslPassword`, `Authorization`, …) is replaced as a
whole; in any text, userinfo of URLs and bearer tokens are. The second also catches what libraries put
into their exceptions.
"""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

MASK = "***"
DEEPEST = 6  # levels of nested values that are looked into; below, everything is masked

_TELLING = re.compile(
    r"(password|passwd|passphrase|token|secret|authorization|credentials?|cookie"
    r"|api[-_.]?key|private[-_.]?key|key[-_.]data)$",
    re.IGNORECASE,
)
# Words of prose ("invalid token: …", "password must be …") stay: a pair needs `=` or a quoted name.
_IN_TEXT = re.compile(
    r"(?P<url>\b[a-z][a-z0-9+.-]*://)[^\s/@'\"]+@"
    r"|(?P<scheme>\bbearer\s+|\bauthorization['\"]?\s*[=:]\s*['\"]?(?:basic|bearer)\s+)[a-z0-9._~+/=-]{16,}"
    r"|(?P<pair>(?:password|passwd|token|secret|api[-_]?key)(?:['\"]\s*:\s*['\"]?|=['\"]?))[^\s'\",;&*]+",
    re.IGNORECASE,
)


def mask_text(text: str) -> str:
    """The text without what looks like a secret: `postgresql://app:x@db/todo` loses `app:x`."""
    # The expression costs 7 µs on a line of prose; nearly every line has nothing that it could match.
    if "@" not in text and "=" not in text and "'" not in text and '"' not in text:
        lowered = text.lower()
        if "bearer" not in lowered and "authorization" not in lowered:
            return text
    return _IN_TEXT.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    if found["url"]:
        return f"{found['url']}{MASK}@"
    return f"{found['scheme'] or found['pair']}{MASK}"


def mask_secrets(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor."""
    for name, value in event.items():
        event[name] = MASK if value and _TELLING.search(name) else _mask(value, 0)
    return event


def _mask(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return mask_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth >= DEEPEST:
        return MASK
    if isinstance(value, Mapping):
        return {
            key: MASK if inner and isinstance(key, str) and _TELLING.search(key) else _mask(inner, depth + 1)
            for key, inner in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_mask(inner, depth + 1) for inner in value]
    return mask_text(str(value))
