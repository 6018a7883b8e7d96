"""The parts of a message that may be commands of their own.

The grammar cuts before the verbs of commands; here a message is also cut at "and", "but" and commas,
because a report has no such verb ("got the milk, and the dentist is on friday now"). Whether a cut is one
is told by the ranking: each part must be sure by itself.
"""

import re

from todotasks.language.languages.compiled import get
from todotasks.language.reader import LONGEST, read_tokens
from todotasks.language.reader import cut as cut_tokens
from todotasks.language.reading.model import Reading

_SIGN = r"\s*(?:[,;.!](?=\s)|\n)\s*(?:(?:and|but|then|und|aber|dann)\s+)?"
_CUTS = (
    re.compile(_SIGN, re.IGNORECASE),
    re.compile(rf"{_SIGN}|\s+(?:but|aber)\s+", re.IGNORECASE),
    re.compile(rf"{_SIGN}|\s+(?:and|but|und|aber)\s+", re.IGNORECASE),
)
MOST_PARTS = 4
SHORTEST = 2  # words of a part
MOST_CHARACTERS = 400


def clauses(text: str, whole: Reading) -> list[list[str]]:
    """Ways to cut it, the plainest first; none where it is one. Where the grammar has cut, that is it."""
    if whole.more:
        language = get(whole.language)
        t = read_tokens(text[:LONGEST], language)
        _, ranges = cut_tokens(t, language)
        return [[t.slice_text(a, b) for a, b in ranges]]
    if len(text) > MOST_CHARACTERS:
        return []
    out: list[list[str]] = []
    for cut in _CUTS:
        parts = [part.strip() for part in cut.split(text) if part.strip()]
        long = all(len(part.split()) >= SHORTEST for part in parts)
        if long and 1 < len(parts) <= MOST_PARTS and parts not in out:
            out.append(parts)
    return out
