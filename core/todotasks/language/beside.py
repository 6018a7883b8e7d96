"""What is said beside a command in the same breath: the thing that "it" points back at, and what is added.

    the plumber didn't come, so set *that one* back to open   ─▶  reopen "plumber"
    patch the jump host, *do it on wednesday*                 ─▶  create, due on wednesday

The reader reads each clause; here is told where they part, what the first one is about, and what becomes of
both. Pure. Imports the lexer, titles, words and the compiled languages; the reader imports it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from todotasks.language.languages.compiled import Language
from todotasks.language.lexer import segment
from todotasks.language.lexer.tokens import OPAQUE, SIGN, WORD, Tokens
from todotasks.language.reading.model import Context, Reading
from todotasks.language.slots.titles import target_text
from todotasks.language.words import roles as r
from todotasks.language.words.shared import (
    ABOUT,
    ADDING,
    AFTER_IS,
    CANNOT,
    DETERMINERS,
    GIST,
    HANDING,
    MISSES,
    POINTS_BACK,
    SAID_OF,
    SPEAKERS,
    TELL,
    VERBS_ONLY,
)

MOST_ADDED = 9  # words of the clause behind
POINTS_WITHIN = 3  # words from its beginning: "assign it", "make that one"
MOST_WORDS = 80  # of a message of two clauses; a longer one is a text
MOST_LINKS = 3  # words between the clauses
LEAST_BEFORE = 2  # words of the clause before
MOST_NAMED = 6  # words that name a thing
_PARTS = frozenset({",", ";", ".", "!", "-", ":"})
MOST_GREETING = 4  # words of small talk before a command
_TAKES_BACK = frozenset({"never", "no", "not", "please", "do"})
_LINKS = frozenset({"so", "and", "but", "then", "please", "pls", "und", "also", "aber", "bitte", ","})
_CHANGES = frozenset({"complete", "reopen", "delete", "update"})
# What a new task takes over from what is said of it; anything else that is said makes it another command.
_TAKEN = ("due", "interval", "priority", "tags", "project", "assignee", "notes", "reminders", "recurrence")


def greeting(language: Language, t: Tokens) -> int:
    """*got it,* sent the plan · *good morning!* what's due: where small talk of several words ends."""
    for k in range(2, min(MOST_GREETING + 1, t.count - 2)):
        if t.words[k] in _PARTS and t.gaps[k + 1]:
            said = " ".join(t.words[:k])
            return k + 1 if said in language.topics.chat and t.words[0] not in _TAKES_BACK else 0
    return 0


def read(
    language: Language, t: Tokens, context: Context, clause: Callable[[Tokens], Reading]
) -> Reading | None:
    """Both clauses as one reading; None where there are no two, or the second does not point back."""
    for end, begin in parted(t):
        more = clause(segment.part(t, begin, t.count))
        if not points(more):
            continue
        said = clause(segment.part(t, 0, end))
        orders = _orders(language, t)
        new = said.intent == "create" and (said.framed or orders)
        if new and more.intent == "update":
            handed = more.assignee is not None and t.words[begin] in HANDING
            return None if handed else joined(said, more)
        if said.intent == more.intent == "update" and (both := changed(said, more)) is not None:
            return both
        if more.intent == said.intent == "complete" and said.target:
            return replace(more, reference=None, target=said.target)
        named = None if new and orders else subject(t, end)
        if named is None and t.words[end] == ":" and more.intent == "update":
            named = _name(t, 0, end)  # VAT return: make that urgent
        if named is None and new and more.intent == "complete":
            named = said.title  # painted or not: "paint the fence, that's finished"
        if named is None or (context.recent and not _is_recent(named, context)):
            return None
        return replace(more, reference=None, target=named)
    return None


def merged(readings: list[Reading], pieces: list[Tokens]) -> tuple[list[Reading], list[Tokens]]:
    """add buy milk, *move it to friday*: what is said of a task in the breath in which it is made."""
    kept, kept_pieces = [readings[0]], [pieces[0]]
    for each, piece in zip(readings[1:], pieces[1:], strict=True):
        it = each.reference == "it" and each.framed
        both = (joined(kept[-1], each) or changed(kept[-1], each)) if it else None
        if both is not None:
            kept[-1] = both
        else:
            kept.append(each)
            kept_pieces.append(piece)
    return kept, kept_pieces


def _orders(language: Language, t: Tokens) -> bool:
    """Is it an order that the message begins with, and nothing that is told?"""
    k = 0
    while k < t.count - 1 and (
        t.words[k] in language.separators or (t.words[k],) in language.opening.get(t.words[k], ())
    ):
        k += 1
    topics = language.topics
    verbs = topics.task_verbs | topics.content_verbs | topics.errands | topics.last_verbs
    return t.words[k] in verbs | VERBS_ONLY | ADDING | TELL


def _is_recent(named: str, context: Context) -> bool:
    words = set(named.lower().split())
    return any(words & set(title.lower().split()) for title in context.recent)


def parted(t: Tokens) -> Iterator[tuple[int, int]]:
    """Where a first clause ends and one that points back at it begins, the last parting first."""
    if t.count > MOST_WORDS:
        return
    for k in range(t.count - 2, max(LEAST_BEFORE, t.count - MOST_ADDED - MOST_LINKS) - 1, -1):
        linked = t.words[k] in _LINKS and t.kinds[k] == WORD
        if not linked and not (t.words[k] in _PARTS and t.kinds[k] == SIGN and t.gaps[k + 1]):
            continue
        begin = k
        while begin < t.count and (t.words[begin] in _LINKS or t.words[begin] in _PARTS):
            begin += 1
        end = k
        while end > 0 and (t.words[end - 1] in _LINKS or t.words[end - 1] in _PARTS):
            end -= 1
        if not 1 < t.count - begin <= MOST_ADDED or end < LEAST_BEFORE:
            continue
        if any(_points(t, n) for n in range(begin, min(begin + POINTS_WITHIN, t.count))):
            yield end, begin


def _points(t: Tokens, k: int) -> bool:
    return t.words[k].removesuffix("'s") in POINTS_BACK and t.kinds[k] == WORD


def points(reading: Reading) -> bool:
    """Does a clause change what was said before it?"""
    alone = reading.reference is None and reading.filter is None and reading.target is None
    alone = alone and not reading.ordinals and reading.action == "complete"
    return (
        reading.framed
        and not reading.more
        and reading.intent in _CHANGES
        and (reading.reference == "it" or alone)
    )


def joined(said: Reading, more: Reading) -> Reading | None:
    """A new task with what is said of it behind; None where that is more than a task has when it is made."""
    if said.intent != "create" or not said.title or more.intent != "update":
        return None
    if more.clear_due or more.shift or more.title or more.remove_tags or more.priority_step:
        return None
    if more.action in {"recurrence-stop", "recurrence-skip", "snooze"} or more.depends_on:
        return None
    values = {name: value for name in _TAKEN if (value := getattr(more, name))}
    if not values:
        return None
    if said.assignee and more.assignee in SPEAKERS:
        values.pop("assignee")  # have Tom check it, assign it to him
    if "tags" in values:
        values["tags"] = tuple(dict.fromkeys((*said.tags, *more.tags)))
    action = "recurrence-create" if more.recurrence is not None else said.action
    spans = sorted({*said.spans, *(s for s in more.spans if s.slot != "target")}, key=lambda s: s.start)
    remarks = (*said.remarks, *more.remarks)
    return replace(said, **values, action=action, spans=tuple(spans), remarks=remarks)


def changed(said: Reading, more: Reading) -> Reading | None:
    """move it to monday *and make it urgent*: one change of the same thing; None where they are two."""
    if said.intent != "update" or more.intent != "update" or not (said.target or said.ordinals):
        return None
    plain = all(
        not (
            one.clear_due or one.title or one.remove_tags or one.priority_step or one.depends_on or one.parent
        )
        and one.action in _PLAIN_CHANGES
        for one in (said, more)
    )
    values = {name: value for name in _TAKEN if (value := getattr(more, name))}
    if not plain or not values or more.shift or any(getattr(said, name) for name in values if name != "tags"):
        return None
    if "tags" in values:
        values["tags"] = tuple(dict.fromkeys((*said.tags, *more.tags)))
    spans = sorted({*said.spans, *(s for s in more.spans if s.slot != "target")}, key=lambda s: s.start)
    action = said.action if said.action == more.action else "update"
    remarks = (*said.remarks, *more.remarks)
    return replace(said, **values, action=action, spans=tuple(spans), remarks=remarks)


_PLAIN_CHANGES = frozenset({"update", "reschedule"})


def subject(t: Tokens, end: int) -> str | None:
    """What the clause up to token `end` is about: *the plumber* didn't come · *Leila* never got the email."""
    begin = 0
    for k in range(min(end, 5)):
        if t.words[k] in GIST:
            begin = k + 1 + (t.words[k + 1] == "that")  # I said the hem was done
    if (missed := _missed(t, begin, end)) is not None:
        return missed
    verb = next((k for k in range(begin, end) if t.words[k] in SAID_OF and t.kinds[k] != OPAQUE), -1)
    short = next(
        (k for k in range(begin, end - 1) if t.words[k][-2:] == "'s" and t.words[k + 1] in AFTER_IS), -1
    )
    if short >= 0 and (verb < 0 or short < verb) and (named := _name(t, begin, short + 1)):
        return named.removesuffix("'s").removesuffix("’s")
    if verb > begin and (named := _name(t, begin, verb)):
        return named
    about = next((k for k in range(begin, end) if t.words[k] in ABOUT), -1)
    return _name(t, about + 1, end) if about >= 0 else None


def _missed(t: Tokens, begin: int, end: int) -> str | None:
    """can't make *yoga* tomorrow"""
    k = begin + (t.words[begin] in SPEAKERS)
    if t.words[k] not in CANNOT or t.words[k + 1] not in MISSES:
        return None
    j = next((n for n in range(k + 2, end) if t.masks[n] & r.TEMPORAL or t.words[n] == "on"), end)
    return _name(t, k + 2, j)


def _name(t: Tokens, i: int, j: int) -> str | None:
    while i < j and t.kinds[i] == SIGN:
        i += 1
    named = [k for k in range(i, j) if t.words[k] not in DETERMINERS]
    plain = all(t.kinds[k] != SIGN and not t.masks[k] & r.TEMPORAL for k in named)
    if not named or len(named) > MOST_NAMED or not plain or t.words[named[0]] in SPEAKERS:
        return None
    text, _, _ = target_text(t, i, j, set())
    return text or None
