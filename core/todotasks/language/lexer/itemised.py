"""Several tasks said as a list: "add three things: eggs, flour and sugar" · "tasks: call Tom, buy stamps"."""

from todotasks.language.lexer.tokens import NUMBER, OPAQUE, SIGN, WORD, Tokens
from todotasks.language.words import roles as r
from todotasks.language.words.shared import ADDS_ITEMS, NAMES_ITEMS

MOST_LEAD = 7  # words before the colon
MOST_ITEMS = 20
LEAST_ITEMS = 3  # without a colon
MOST_ITEM_WORDS = 2
ADDS_BARE = frozenset({"add"})
_PART = frozenset({",", ";", "&", "+"})


def items(t: Tokens) -> list[tuple[int, int]]:
    """The items as ranges of tokens; empty where the message is no such list."""
    colon = next(
        (k for k in range(1, min(t.count, MOST_LEAD)) if t.words[k] in {":", "-"} and t.gaps[k + 1]), 0
    )
    if not colon:
        return _bare_items(t)
    if t.words[colon - 1] not in NAMES_ITEMS:
        return []
    if not all(t.words[k] in ADDS_ITEMS or _counts(t, k) for k in range(colon - 1)):
        return []
    found: list[tuple[int, int]] = []
    begin = k = colon + 1
    while k <= t.count:
        ends = k == t.count or "\n" in t.text[t.ends[k - 1] : t.starts[k]]
        parts = k < t.count and (t.words[k] in _PART or t.masks[k] & r.AND) and t.kinds[k] != OPAQUE
        if ends or parts:
            if k > begin:
                found.append((begin, k))
            begin = k if ends and k < t.count and not parts else k + 1
        k += 1
    return found if 1 < len(found) <= MOST_ITEMS else []


def _bare_items(t: Tokens) -> list[tuple[int, int]]:
    """add passport, charger *and* swimsuit: at least three things of a word or two, and nothing besides."""
    if t.count < LEAST_ITEMS or t.words[0] not in ADDS_BARE:
        return []
    found: list[tuple[int, int]] = []
    begin, commas = 1, 0
    for k in range(1, t.count + 1):
        joins = k < t.count and bool(t.masks[k] & r.AND)
        if k == t.count or joins or (t.words[k] == "," and t.kinds[k] == SIGN):
            commas += k < t.count and not joins
            if k > begin:
                found.append((begin, k))
            begin = k + 1
    short = all(
        b - a <= MOST_ITEM_WORDS
        and all(t.kinds[k] == WORD and not t.masks[k] & r.TEMPORAL for k in range(a, b))
        for a, b in found
    )
    return found if commas and short and LEAST_ITEMS <= len(found) <= MOST_ITEMS else []


def _counts(t: Tokens, k: int) -> bool:
    return t.kinds[k] == NUMBER or bool(t.masks[k] & (r.NUM | r.FEW | r.ARTICLE))
