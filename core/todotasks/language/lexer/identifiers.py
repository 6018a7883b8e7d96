"""Numbers that are names: part numbers, phone numbers, A4, the 12/7 of "order 12/7". They are never a date.

Found before anything else is read, and left in the title as they stand.
"""

from todotasks.language.lexer.tokens import NUMBER, WORD, Tokens
from todotasks.language.words import roles as r
from todotasks.language.words.shared import CALLS, HONORIFICS, NUMBERED_THINGS

_JOINTS = frozenset({"-", "/", ".", "_"})
MOST_GROUPS = 6  # of digits in one number
SHORTEST_PHONE = 6  # digits behind "call"; else one more
SHORTEST_GROUP = 3  # digits that stand together in one
_PREFIXES = frozenset({"p", "q", "h", "cw", "kw", "w", "v", "t", "x", "gmt", "utc", "fy"})  # of times, levels
_MAY_BE_GLUED = r.A | r.ARTICLE | r.STOP | r.PER | r.NUM  # what a word may be that is glued to digits: a4


def keep(t: Tokens) -> None:
    """Make one protected token of each."""
    k = 0
    while k < t.count:
        if t.kinds[k] == NUMBER:
            if end := _numbered(t, k) or _phone(t, k):
                t.join(k, end)
            elif _glued(t, k):
                t.join(k - 1, k + 1)
                k -= 1
        elif t.words[k] in HONORIFICS:
            _name(t, k)
        k += 1


def _group(t: Tokens, k: int) -> tuple[int, int]:
    """Digits joined by signs without a space: their number of groups, and the position behind."""
    groups, end = 1, k + 1
    while (
        groups < MOST_GROUPS
        and t.words[end] in _JOINTS
        and not t.gaps[end]
        and not t.gaps[end + 1]
        and t.kinds[end + 1] == NUMBER
    ):
        groups, end = groups + 1, end + 2
    return groups, end


def _numbered(t: Tokens, k: int) -> int:
    """order *12/7* · part no. *12-05-77* · no. *7* bus pass: what follows a noun of numbered things."""
    n, sure = k, False
    while n and (t.words[n - 1] in {".", "#", ":"} or t.words[n - 1] in {"no", "nr", "number", "nummer"}):
        n -= 1
        sure = sure or t.words[n] in {"no", "nr"}
    groups, end = _group(t, k)
    named = n > 0 and t.words[n - 1] in NUMBERED_THINGS
    if named and groups > 1:
        return end
    return end if sure and n < k and t.words[k - 1] == "." and (groups > 1 or t.kinds[end] == WORD) else 0


def _phone(t: Tokens, k: int) -> int:
    """555 1234 · 030/123456: two groups of digits or more, too many for a date or a time."""
    if k and t.kinds[k - 1] == NUMBER:
        return 0
    digits, groups, end = 0, 0, k
    while t.kinds[end] == NUMBER and groups < MOST_GROUPS:
        digits, groups = digits + len(t.words[end]), groups + 1
        end += 1
        if t.words[end] in {"-", "/"} and not t.gaps[end] and not t.gaps[end + 1]:
            end += 1
    if t.words[end - 1] in {"-", "/"}:
        end -= 1
    called = any(t.words[n] in CALLS for n in range(max(k - 4, 0), k))
    sizes = [len(t.words[n]) for n in range(k, end) if t.kinds[n] == NUMBER]
    if not 1 < groups <= MOST_GROUPS - 2 or any(t.words[n] == "/" for n in range(k + 2, end)):
        return 0
    if called:
        return end if digits >= SHORTEST_PHONE and max(sizes) >= SHORTEST_GROUP else 0
    return end if digits > SHORTEST_PHONE and min(sizes) >= SHORTEST_GROUP else 0


def _glued(t: Tokens, k: int) -> bool:
    """a*4* paper · mh*370* · b*12*: digits that touch a word before them, which is no word of time."""
    before = t.words[k - 1] if k else ""
    if not k or t.gaps[k] or t.kinds[k - 1] != WORD or before in _PREFIXES:
        return False
    marked = k > 1 and not t.gaps[k - 1] and t.words[k - 2] in {"#", "@", "+", "/", "!"}
    return not (t.masks[k - 1] & ~_MAY_BE_GLUED or marked or t.words[k + 1] == ":")


def _name(t: Tokens, k: int) -> None:
    """Ms. *Friday* · aunt *May*: a name that is a word of the calendar."""
    n = k + 2 if t.words[k + 1] == "." and not t.gaps[k + 1] else k + 1
    if t.kinds[n] == WORD and t.text[t.starts[n] : t.starts[n] + 1].isupper() and t.masks[n] & r.TEMPORAL:
        t.blank(n, n + 1)
