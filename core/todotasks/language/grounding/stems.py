"""Word forms: what two spellings of one word have in common. English and German, light, cached.

`stem` is for comparing only ("libraries" and "library" are both "librari"); `forms` adds the plain forms of
a past one ("bought": buy). Verb forms come from `verb_forms`.
"""

import unicodedata
from functools import lru_cache

from todotasks.language.grounding.verb_forms import plain_forms

SHORTEST_STEM = 3  # letters that a stem keeps

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_ENDINGS = ("ingen", "ing", "est", "ed", "en", "es", "e", "s", "n")
_VOWELS = frozenset("aeiouyäöü")


def folded(word: str) -> str:
    """Lower case, plain apostrophes, without a possessive."""
    plain = word.lower() if word.isascii() else unicodedata.normalize("NFKC", word).casefold()
    plain = plain.replace("’", "'")
    return plain.removesuffix("'s").removesuffix("s'") if "'" in plain else plain


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The part of a folded word that its forms share."""
    base = word if word.isascii() else _decomposed(word.translate(_UMLAUTS))
    if len(base) <= SHORTEST_STEM or not base.isalpha():
        return base
    if base.endswith("ies") and len(base) > 4:
        base = base[:-3] + "y"
    for ending in _ENDINGS:
        if base.endswith(ending) and not base.endswith(("ss", "us", "is")):
            left = base[: -len(ending)]
            if len(left) < SHORTEST_STEM or not (_VOWELS & set(left)):
                continue
            base = left
            if len(base) > SHORTEST_STEM and base[-1] == base[-2] and base[-1] not in "aeious":
                base = base[:-1]
            break
    return base[:-1] + "i" if base.endswith("y") and len(base) > SHORTEST_STEM else base


def _decomposed(word: str) -> str:
    """Without accents: café, cafe."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def forms(word: str) -> frozenset[str]:
    """The folded word and the plain forms that it may be the past of."""
    return plain_forms(word) | {word}


@lru_cache(maxsize=20_000)
def stems(word: str) -> frozenset[str]:
    return frozenset(stem(form) for form in forms(word))


@lru_cache(maxsize=20_000)
def looks_past(word: str) -> bool:
    """bought, sent, mowed, gekauft, rausgebracht: a form that tells of what is over."""
    return any(form != word for form in plain_forms(word)) and not word.endswith("ing")
