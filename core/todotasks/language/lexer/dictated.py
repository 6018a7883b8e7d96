"""What dictation leaves in a text: sounds between the words, and signs that are written out.

"um pay the rent comma uh by um the fifteenth"  ─▶  pay the rent , by the fifteenth
"""

from collections.abc import Mapping

from todotasks.language.lexer.lexicon import NOTHING
from todotasks.language.lexer.tokens import SIGN, WORD, Tokens
from todotasks.language.words import roles as r
from todotasks.language.words.shared import DETERMINERS, ONGOING

LEAST_WORDS = 5  # a shorter message that says "comma" is about one
_SIGNS = frozenset(".,;:?!")
_BEGIN = frozenset(phrase[0] for phrase in ONGOING)


def clear(t: Tokens, sounds: frozenset[str], signs: Mapping[tuple[str, ...], str]) -> None:
    """Take the sounds out, and make signs of the words that name one where no sign is written."""
    if not sounds.isdisjoint(t.words) and t.count > 1:
        kept = [k for k in range(t.count) if t.words[k] not in sounds or t.kinds[k] != WORD]
        kept = [k for k in kept if not _sets_off(t, k, sounds)]
        if kept:
            _keep(t, kept)
    vague = [k for k in range(1, t.count - 1) if _says_about(t, k)]
    if vague:
        _keep(t, [k for k in range(t.count) if k not in vague])
    if any(t.masks[k] & (r.EVERY | r.FREQ) for k in range(t.count)):
        _ongoing(t)
    if t.count >= LEAST_WORDS and not any(t.words[k] in _SIGNS for k in range(t.count)):
        for phrase, sign in signs.items():
            _write(t, phrase, sign)


def _says_about(t: Tokens, k: int) -> bool:
    """push it to *like* next thursday: a day is about as much as it says."""
    led = t.masks[k - 1] & (r.TO | r.UNTIL | r.FOR | r.ON) and t.kinds[k - 1] == WORD
    day = t.masks[k + 1] & (r.NEXT | r.COMING | r.RELATIVE | r.WEEKDAY)
    return bool(led and day and t.masks[k] & r.APPROX and t.kinds[k] == WORD)


def _ongoing(t: Tokens) -> None:
    """repeat monthly *from now on*: says nothing that the rhythm does not."""
    for k in range(t.count):
        if t.words[k].split(" ", 1)[0] not in _BEGIN:
            continue
        for phrase in ONGOING:
            end, words = k, list[str]()
            while end < t.count and len(words) < len(phrase):
                words += t.words[end].split()
                end += 1
            if tuple(words) == phrase and end - k < t.count:
                _keep(t, [n for n in range(t.count) if not k <= n < end])
                return


def _sets_off(t: Tokens, k: int, sounds: frozenset[str]) -> bool:
    """Is it the comma behind a sound: "uh, …", "pay, um, the rent"?"""
    return t.words[k] == "," and k > 0 and t.words[k - 1] in sounds and t.kinds[k - 1] == WORD


def _keep(t: Tokens, kept: list[int]) -> None:
    places = [*kept, *range(t.count, len(t.words))]
    for name in ("words", "masks", "entries", "kinds", "numbers", "starts", "ends", "gaps"):
        column = getattr(t, name)
        column[:] = [column[k] for k in places]
    t.count = len(kept)
    for k in range(1, t.count):
        t.gaps[k] = t.gaps[k] or t.ends[k - 1] != t.starts[k]


def _write(t: Tokens, phrase: tuple[str, ...], sign: str) -> None:
    size = len(phrase)
    k = 1
    while k + size <= t.count:
        if tuple(t.words[k : k + size]) == phrase and t.words[k - 1] not in DETERMINERS:
            if size > 1:
                t.join(k, k + size)
            t.words[k], t.kinds[k], t.masks[k], t.entries[k] = sign, SIGN, 0, NOTHING
            t.gaps[k] = False
        k += 1
