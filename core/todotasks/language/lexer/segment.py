"""Several commands in one message: where one ends and the next begins.

Lines and semicolons always part; "and", "then", a comma or a full stop part only before a word that begins
a command, so that "call Tom and ask about the invoice" stays one task. Two tasks are parted where that is
plain: by a full stop or "then" between two verbs, by the same verb said again, by a time of each one's own.
"""

from todotasks.language.lexer.lexicon import NOTHING
from todotasks.language.lexer.tokens import NUMBER, OPAQUE, SIGN, WORD, Tokens
from todotasks.language.words import roles as r
from todotasks.language.words.shared import (
    ABBREVIATIONS,
    ADDING,
    COMMAND_VERBS,
    CONTACTING,
    FOLLOWING,
    GOING,
    NO_OBJECT,
    PARTICLES,
    POINTS_BACK,
    SOFT_COMMAND_VERBS,
)
from todotasks.language.words.shared import BEGIN_TASKS_TOO as TOO

MOST_LINKS = 4  # small words between two commands
MOST = 20  # commands of one message; what follows stays with the last

# Verbs that begin a command wherever they stand behind "and"; the soft ones only behind another command.
_REFERS = frozenset(
    ["it", "that", "them", "this", "these", "those", "the", "task", "my", "all", "everything"]
)
_SAID_OF_NEW = frozenset({"tag", "label", "assign", "delegate"})
_IT = frozenset({"it", "that", "them", "this"})
_GIVEN = frozenset({"him", "her", "them"})
_NOW = frozenset({"now", "jetzt"})  # "…, now show me the rest"
_AND = frozenset({"and", "then", "also", "plus", "und", "dann", "but", "aber"})


_THEN = frozenset({"then", "dann", "danach"})
_ENDS = frozenset({".", "!"})
_MARKS = frozenset({"#", "@", "+", "!", "p"})
_MAY_END = _ENDS | {","}
_NO_VERBS: frozenset[str] = frozenset()


def cuts(
    t: Tokens, verbs: frozenset[str] = _NO_VERBS, last_verbs: frozenset[str] = _NO_VERBS
) -> list[tuple[int, int]]:
    """The commands as ranges of tokens. `verbs` begin a task, `last_verbs` end one ("Milch kaufen")."""
    out: list[tuple[int, int]] = []
    begin, i, count = 0, 0, t.count
    command = _is_command(t, 0)
    while i < count and len(out) < MOST - 1:
        end, following = i, _separator(t, i, begin, command)
        if following is None and i - begin > 1 and (t.words[i] in _AND or t.words[i] in _MAY_END):
            following = _next_task(t, i, begin, verbs, last_verbs, command=command)
        if following is None:
            i += 1
            continue
        if end > begin:
            out.append((begin, end))
        begin = i = following
        command = _is_command(t, begin)
    out.append((begin, count))
    return [(a, b) for a, b in out if b > a] or [(0, count)]


def _next_task(
    t: Tokens, i: int, begin: int, verbs: frozenset[str], last_verbs: frozenset[str], *, command: bool
) -> int | None:
    """The beginning of another task, if token `i` parts two that are both said with a verb and a thing."""
    k = _behind(t, i if t.words[i] in _AND else i + 1)
    if k >= t.count - 1 or t.kinds[i - 1] == OPAQUE:
        return None
    at_first = _behind(t, begin)
    while t.words[at_first] in ADDING and at_first < i:
        at_first += 1  # add wash the dishes and …
    first, word = t.words[at_first], t.words[k]
    stop = t.words[i] in _ENDS and t.kinds[i] == SIGN and t.gaps[i + 1] and not t.gaps[i]
    before = t.words[i - 1]
    if stop and (before in ABBREVIATIONS or (len(before) == 1 and before.isalpha())):
        return None
    begun = first in verbs or first in TOO
    if not begun and before in last_verbs and t.words[i] in _AND and i - at_first > 1:
        # Milch kaufen und Mama anrufen
        return k if t.count - k > 1 and _ends_with(t, k, last_verbs) else None
    if not (begun or (stop and command)) or not (word in verbs or word in TOO):
        ends = stop and before in last_verbs and _ends_with(t, k, last_verbs)
        return k if ends else None
    if not POINTS_BACK.isdisjoint(t.words[k : k + 4]):
        return None  # "pick up the kids, then drop them at school"
    if stop or not _THEN.isdisjoint(t.words[i:k]):
        return k
    if word == first:
        return k if _is_told(t, begin, i) or not _is_told(t, k, t.count) else None
    if i - at_first < 2 or t.count - k < 2:
        return None
    apart = _has_object(t, at_first) and _has_object(t, k) and first not in GOING and word not in FOLLOWING
    if first in CONTACTING and t.masks[k + 1] & r.A:
        apart = False  # call the vet and book an appointment
    timed = _ends_timed(t, i) and _is_timed(t, k, t.count)
    if t.words[i] not in _AND and not any(t.words[n] in _AND for n in range(i, k)):
        return k if apart and (timed or _parts(t, at_first, verbs) > 1) else None
    return k if timed or apart or (at_first > begin and _joints(t, at_first, verbs) > 1) else None


def _has_object(t: Tokens, k: int) -> bool:
    """buy *milk*, and not "paint over", "send to Ben": does a thing of its own follow the verb?"""
    n = k + 2 if t.words[k + 1] in PARTICLES else k + 1
    return n < t.count and t.kinds[n] in {WORD, NUMBER, OPAQUE} and t.words[n] not in NO_OBJECT | _AND


def _parts(t: Tokens, i: int, verbs: frozenset[str]) -> int:
    """How often a comma or "and" stands before a verb with a thing of its own."""
    found = 0
    for k in range(i, t.count - 2):
        if t.words[k] in _AND or t.words[k] == ",":
            n = _behind(t, k)
            found += t.words[n] in verbs and n == _behind(t, k + 1) and _has_object(t, n)
    return found


def _ends_timed(t: Tokens, i: int) -> bool:
    """call Bob at 5 *and* …: does a time end here?"""
    hour = t.numbers[i - 1] >= 0 and bool(t.masks[i - 2] & r.AT)
    return bool(t.masks[i - 1] & (r.TEMPORAL | r.MERIDIEM)) or hour


def _joints(t: Tokens, i: int, verbs: frozenset[str]) -> int:
    """How many times "and" stands before a verb: wash the dishes *and call* Bob *and buy* stamps"""
    found = 0
    for k in range(i, t.count - 2):
        n = _behind(t, k)
        if t.words[k] in _AND and t.words[n] in verbs and POINTS_BACK.isdisjoint(t.words[n : n + 4]):
            found += 1
    return found


def _is_timed(t: Tokens, i: int, j: int) -> bool:
    return any(
        t.masks[k] & (r.TEMPORAL | r.MERIDIEM) or (t.masks[k] & r.AT and t.numbers[k + 1] >= 0)
        for k in range(i, j)
    )


def _is_told(t: Tokens, i: int, j: int) -> bool:
    """Is there a time or a tag? Where only the last of several has one, it may be said of all of them."""
    return _is_timed(t, i, j) or not _MARKS.isdisjoint(t.words[i:j])


def _ends_with(t: Tokens, k: int, last_verbs: frozenset[str]) -> bool:
    """Does the sentence that begins at `k` end with one of these verbs?"""
    while k < t.count - 1 and t.words[k + 1] not in _ENDS:
        k += 1
    return t.words[k] in last_verbs


def _is_command(t: Tokens, i: int) -> bool:
    while i < t.count and t.words[i] in {"please", "pls", "bitte", "ok", "hey", "can", "could", "you", ","}:
        i += 1
    return t.words[i] in COMMAND_VERBS or t.words[i] in SOFT_COMMAND_VERBS


def _separator(t: Tokens, i: int, begin: int, command: bool) -> int | None:
    """The beginning of the next command, if token `i` parts two."""
    word = t.words[i]
    if i > begin and "\n" in t.text[t.ends[i - 1] : t.starts[i]]:
        return _skip_bullet(t, i)
    if t.kinds[i] == OPAQUE or i == begin:
        return None
    if word == ";" and t.kinds[i] == SIGN:
        return i + 1
    if word in {",", ".", "!"} and t.kinds[i] == SIGN and t.gaps[i + 1]:
        k = _behind(t, i + 1)
        if k > i + 1 or word != ",":
            now = bool(_NOW & set(t.words[i + 1 : k]))
            return k if _begins(t, k, command or now or word != ",") else None
        if t.words[k] in _SAID_OF_NEW and t.words[k + 1] in _IT and i - begin > 1:
            return k  # …, tag it home
        return k if command and _begins(t, k, command) else None
    if word in _AND and i > begin + 1:
        k = _behind(t, i)
        if word == "then" and command and k < t.count:
            return k if _begins(t, k, command) else None
        return k if _begins(t, k, command) else None
    return None


def _behind(t: Tokens, k: int) -> int:
    most = k + MOST_LINKS
    while k < min(t.count, most) and (
        t.words[k] in _AND
        or t.words[k] in {",", "please", "pls", "bitte", "you", "can", "now", "so", "jetzt"}
    ):
        k += 1
    return k


def _begins(t: Tokens, k: int, command: bool) -> bool:
    if k >= t.count - 1 and t.words[k] not in {"undo"}:
        return False
    word = t.words[k]
    if word in {"tag", "assign", "complete", "lösche"} and t.words[k + 1] not in _REFERS and not command:
        return False
    if word == "give" and t.words[k + 1] in _GIVEN:
        return False  # walk the dog and give him his tablet
    if word == "tag" and t.words[k + 1] not in _REFERS:
        return False  # ", tag writing, priority low": said of the new task
    if word in COMMAND_VERBS:
        return True
    return command and word in SOFT_COMMAND_VERBS


def _skip_bullet(t: Tokens, i: int) -> int:
    k = i
    if t.words[k] in {"-", "*", "•"} and t.gaps[k + 1]:
        k += 1
    elif t.numbers[k] >= 0 and t.words[k + 1] in {".", ")"} and t.gaps[k + 2]:
        k += 2
    return k


def part(t: Tokens, a: int, b: int) -> Tokens:
    """Tokens a to b as a message of their own; spans still point into the whole text."""
    piece = Tokens(t.text, t.plain, t.lexicon)
    for name in ("words", "masks", "entries", "kinds", "numbers", "starts", "ends", "gaps"):
        setattr(piece, name, getattr(t, name)[a:b])
    piece.count = b - a
    last = piece.ends[-1] if piece.ends else 0
    for _ in range(3):
        piece.add("", SIGN, NOTHING, last, last)
        piece.gaps[-1] = True
    return piece
