"""What a target refers to: an ordinal of what was shown, "it", everything of a kind, or a task by its words."""

# ruff: noqa: E501 - a list of words is read along its line

from dataclasses import dataclass

from todotasks.language.lexer.tokens import NUMBER, OPAQUE, Tokens
from todotasks.language.time.numbers import cardinal, ordinal
from todotasks.language.words import roles as r
from todotasks.language.words.shared import ITEM_WORDS, NUMBERED, PRONOUNS, STATES

MOST_ORDINALS = 50

_THESE = frozenset({"these", "those", "all", "them", "diese", "alle"})
_LAST = frozenset({"last", "bottom", "final", "letzte", "letzten", "letzter", "letztes", "latest"})
_FIRST = frozenset({"top", "oberste", "obersten"})
# The first words of what only points.
POINTERS = frozenset(phrase.split()[0] for phrase in PRONOUNS) | NUMBERED | _LAST | _FIRST
_TWO = frozenset({"beide", "beiden", "both", "couple"})


@dataclass(frozen=True, slots=True)
class Referent:
    """What a target turned out to be; all empty: the words name a task."""

    reference: str | None = None
    ordinals: tuple[int, ...] = ()


def referent(t: Tokens, i: int, j: int) -> Referent:
    """Read tokens i to j as a reference; an empty one where they are words."""
    while i < j and t.words[i] in {",", ":"}:
        i += 1
    while j > i and t.words[j - 1] in {",", ".", "!", "please", "instead", "bitte"}:
        j -= 1
    if j <= i or t.kinds[i] == OPAQUE:
        return Referent()
    words = " ".join(t.words[i:j])
    if words in PRONOUNS:
        return Referent(reference=PRONOUNS[words])
    if t.words[i] in _THESE and (count := cardinal(t, i + 1)) and _only_items(t, count[1], j):
        return Referent(reference="them")  # those two
    if j - i > 12:
        return Referent()
    found = _ordinals(t, i, j)
    return Referent(ordinals=found) if found else Referent()


def _ordinals(t: Tokens, i: int, j: int) -> tuple[int, ...]:
    """the second one · 1, 3 and 4 · the first two · task 3 · the last one · 2-4 · #3"""
    out: list[int] = []
    k = i
    listed = False
    while k < j:
        word = t.words[k]
        if t.masks[k] & (r.ARTICLE | r.AND) or word in {",", "&", "my", "/", "und"}:
            k += 1
            continue
        if word in NUMBERED:
            listed = True
            k += 1
            if t.words[k] in {".", "#"} and k < j:
                k += 1
            continue
        if word in ITEM_WORDS:
            if not out:
                return ()
            k += 1
            continue
        if word in _LAST or word in _FIRST:
            count = _how_many(t, k + 1, j)
            if count and 1 <= count[0] <= MOST_ORDINALS and count[1] <= j:
                size = int(count[0])
                out.extend(range(-size, 0) if word in _LAST else range(1, size + 1))
                k = count[1]
            else:
                out.append(-1 if word in _LAST else 1)
                k += 1
            listed = True
            continue
        nth = ordinal(t, k)
        if nth and nth[1] <= j:
            number, k = nth
            if t.words[k] in _LAST and k < j:
                out.append(-number)
                k += 1
                continue
            count = _how_many(t, k, j)
            if (
                number == 1
                and count
                and count[1] <= j
                and 1 <= count[0] <= MOST_ORDINALS
                and t.kinds[k] != OPAQUE
            ):
                out.extend(range(1, int(count[0]) + 1))
                k = count[1]
            else:
                out.append(number)
            listed = True
            continue
        count = cardinal(t, k) if t.kinds[k] == NUMBER or (listed and t.masks[k] & r.NUM) else None
        if count is None or not 1 <= count[0] <= 999:
            return ()
        number, k = int(count[0]), count[1]
        if k < j and (t.words[k] == "-" or t.masks[k] & r.TO) and t.kinds[k + 1] == NUMBER and k + 1 < j:
            last = t.numbers[k + 1]
            if number < last <= number + MOST_ORDINALS:
                out.extend(range(number, last + 1))
                k += 2
                continue
        out.append(number)
    return tuple(dict.fromkeys(out))[:MOST_ORDINALS]


def _only_items(t: Tokens, k: int, j: int) -> bool:
    return k <= j and all(t.words[n] in ITEM_WORDS for n in range(k, j))


def how_many(t: Tokens, i: int, j: int) -> int | None:
    """undo the last *two* · undo *both* · undo *twice*: the number that tokens i to j name."""
    for k in range(i, j):
        if t.masks[k] & r.ONCE:
            return t.entries[k].step
        count = _how_many(t, k, j)
        if count is not None and 1 <= count[0] <= MOST_ORDINALS and t.words[k] != "one":
            return int(count[0])
    return None


def _how_many(t: Tokens, k: int, j: int) -> tuple[float, int] | None:
    """the last *two* · die letzten *beiden*"""
    if k >= j:
        return None
    return (2.0, k + 1) if t.words[k] in _TWO else cardinal(t, k)


def states(words: list[str]) -> dict[str, bool]:
    """completed, overdue, recurring … as said by single words."""
    found: dict[str, bool] = {}
    for position, word in enumerate(words):
        state = STATES.get(word)
        if state is None:
            continue
        name, value = state
        if position and words[position - 1] in {"not", "nicht", "without", "un"}:
            value = not value
        found.setdefault(name, value)
    if "without" in words or "no" in words or "ohne" in words:
        for name in ("due", "date", "deadline", "fälligkeit", "termin", "datum"):
            if name in words:
                found["has_due"] = False
    return found
