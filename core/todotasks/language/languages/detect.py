"""Which language a message is in: the one that knows more of its words; English where both know as many."""

import re
from functools import cache

from todotasks.language.languages.frequent import COMMON

_WORD = re.compile(r"[^\W\d_]+")
_ON_DAY = re.compile(r"\bam \d{1,2}\.")  # am 15.
_UMLAUTS = frozenset("äöüßÄÖÜ")
_LOOK = 400  # characters are enough to tell


@cache
def _only() -> tuple[frozenset[str], frozenset[str]]:
    english, german = COMMON["en"], COMMON["de"]
    return english - german, german - english


def guess_language(text: str) -> str:
    english, german = _only()
    words = set(_WORD.findall(text[:_LOOK].lower()))
    known = len(words & german) + (not _UMLAUTS.isdisjoint(text))
    if "am" in words and _ON_DAY.search(text, 0, _LOOK):
        known += 1
    return "de" if known and known > len(words & english) else "en"
