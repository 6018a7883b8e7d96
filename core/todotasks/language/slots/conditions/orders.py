"""What is ordered: does the verb, with what stands beside it, mean what the frame makes of it?"""

from todotasks.language.frames.pattern import DURATION, OFFSET, RULE, WHEN, Match
from todotasks.language.frames.topics import main_clause
from todotasks.language.slots import existing
from todotasks.language.slots.conditions.table import condition
from todotasks.language.slots.draft import Draft
from todotasks.language.words.shared import (
    ASKED_ABOUT,
    DETERMINERS,
    EVERYTHING,
    FINITE,
    LIST_WORDS,
    MADE,
)

_NOUNS_TOO = frozenset({"trash", "bin", "dump", "scrap", "drop"})
_SOFT_DELETE = frozenset(
    {"cancel", "drop", "clear", "clean", "empty", "wipe", "kill", "dump", "destroy", "remove", "scratch"}
)
BRINGS = frozenset({"off", "by", "back", "round", "around", "over", "in", "at", "to"})  # drop it off at Tom's
_STRICT_DELETE = frozenset({"clean", "empty", "clear", "wipe"})
_TELLING = frozenset({"tell", "ask", "bug", "prompt", "bother"})
_ADDING = frozenset({"add", "new", "ad", "insert", "jot", "diarise", "diarize"})
_ADDING_SOFTLY = frozenset({":", "-", ",", "that", "down"})


@condition("no-time")
def _nowhen(c: Draft, m: Match) -> bool:
    del m
    return not ({WHEN, OFFSET, RULE} & set(c.words))


def level_of(c: Draft, span: tuple[int, int]) -> str | None:
    """The last word that names a priority: high · very urgent · p1 · top priority"""
    levels = c.language.lists.levels
    return next((levels[word] for word in reversed(c.words_of(span)) if word in levels), None)


@condition("has-offset")
def _offset(c: Draft, m: Match) -> bool:
    """remind me about the dentist the day before: "remind me to …" is a new task instead."""
    span = m.slots.get("target")
    first = span[0] + (c.words[span[0]][:1] == "§" and span[1] - span[0] > 1) if span else 0
    return bool(c.offsets) and not (span and c.words[first] in {"to", "that"})


@condition("did-it")
def _did(c: Draft, m: Match) -> bool:
    """did my stretches; "did my mom call" asks."""
    del m
    return len(c.words) <= 5 and c.words[1] not in ASKED_ABOUT


@condition("tells-why")
def _reason(c: Draft, m: Match) -> bool:
    """bin the inspection, *client pulled it*: a clause of its own behind the comma, not one more thing."""
    rest = c.words_of(m.slots["rest"])
    topics = c.language.topics
    told = any(word in topics.past | FINITE or word[-2:] == "ed" for word in rest)
    return told and rest[0] not in {"and", "then", "also", "und"} | topics.task_verbs


@condition("task-like")
def _notforeign(c: Draft, m: Match) -> bool:
    """i need to fix the lamp is ours, i need a taxi is not."""
    span = m.slots.get("title") or m.slots.get("target")
    words = c.words_of(span) if span else c.words
    words = words[1:] if words[0] == "to" else words
    topics = c.language.topics
    if (
        words
        and words[0] in topics.foreign_verbs - topics.task_verbs
        and not c.has("when")
        and not c.has("rule")
    ):
        return False
    if not topics.foreign & set(main_clause(words)):
        return True
    if topics.served & set(words) and not c.has("when"):
        return False
    return bool(words) and words[0] in topics.task_verbs - topics.foreign_verbs and "me" not in words[:3]


@condition("sets")
def _setting(c: Draft, m: Match) -> bool:
    """set X for friday makes something new; set X to friday moves it."""
    if c.words[0] in {"change", "switch", "swap", "swop"}:
        return bool({"to", "from", "for", "until", "instead"} & set(c.t.words))  # not: change it on friday
    if c.words[0] not in {"set", "make"}:
        return True
    target = c.words_of(m.slots["target"])
    return (
        (c.words[0] == "make" or "to" in c.words)
        and not ({"a", "an", "new", "up", "another"} & set(target[:2]))
        and not {"alarm", "alarms", "reminder", "timer"} & set(target)
    )


@condition("makes-recurring")
def _making(c: Draft, m: Match) -> bool:
    """make pay rent monthly changes a task; make dinner every friday is one."""
    target = c.words_of(m.slots["target"])
    said = c.words[-1] == "instead" or target[0] in {"the", "my", "it", "this", "that", "them"}
    rule = c.rule
    if not MADE.isdisjoint(target) and not existing.known_title(c, m.slots["target"]):
        return c.words[-1] == "instead"  # "make the bed daily" is to be done
    return (
        said
        or _refonly(c, m)
        or existing.known_title(c, m.slots["target"])
        or (rule is not None and rule.j - rule.i == 1)
    )


def _handable(c: Draft, m: Match) -> bool:
    """give the tax return to me: a task; "give some music to me" is none."""
    words = c.words_of(m.slots["target"])
    return words[0] not in {"a", "an", "some"} and not c.language.topics.foreign & set(words)


@condition("assignee-named")
def _assignee_named(c: Draft, m: Match) -> bool:
    """hand the report to the new guy: words that may be a person."""
    return _assignee(c, m, strict=False)


@condition("assignee-is-person")
def _assignee_is_person(c: Draft, m: Match) -> bool:
    """give Bob the report: a name that is known, or written as one."""
    return _assignee(c, m, strict=True)


@condition("assignee-is-capital")
def _assignee_is_capital(c: Draft, m: Match) -> bool:
    """*Beatriz* takes over the order: one word with a capital that is no word of the language."""
    span = m.slots["assignee"]
    word, text = c.words[span[0]], c.text_of(span)
    known = word in c.language.topics.task_verbs or word in c.language.topics.ours or word in DETERMINERS
    return span[1] - span[0] == 1 and text[:1].isupper() and not known and c.is_name(span, strict=False)


@condition("assignee-is-one-word")
def _assignee_is_one_word(c: Draft, m: Match) -> bool:
    """assign Bob the report."""
    begin, end = m.slots["assignee"]
    return end - begin == 1 and c.is_name((begin, end), strict=True)


def _assignee(c: Draft, m: Match, *, strict: bool) -> bool:
    span = m.slots.get("assignee") or m.slots.get("oldassignee")
    if span is None or (
        c.words[0] in {"give", "get", "let", "send", "put"}
        and c.words_of(span) == ["me"]
        and not ("target" in m.slots and m.slots["target"] < span and _handable(c, m))
    ):
        return False
    target = m.slots.get("target")
    if target is not None and strict and c.words[target[0]] in {"a", "an", "some"}:
        return False  # "send a reply to mike" hands no task over
    if c.words[span[0]] in {"i", "we"}:
        return False  # what have I got
    return c.is_name(span, strict=strict)


@condition("completes")
def _completable(c: Draft, m: Match) -> bool:
    """complete X is done with X unless it has a date of its own; finish X only where X is known to exist."""
    if not _nowhen(c, m) or c.markers:
        return False
    if c.words[0] not in {"finish", "finalize", "resolve"}:
        return True
    span = m.slots["target"]
    found = c.referent_of(span)
    return (
        bool(found.reference or found.ordinals)
        or existing.known_title(c, span)
        or bool({"task", "todo", "item"} & set(c.words_of(span)))
    )


def _repeats(c: Draft) -> bool:
    """Is a recurrence said, and not only named: "cancel my daily call" names one."""
    return c.has("rule") and not (c.rule is not None and c.rule.weak)


@condition("deletes")
def _delverb(c: Draft, m: Match) -> bool:
    """cancel X, drop X are also things to do: with a deadline, a priority or a tag they are a new task."""
    verb = c.words[0]
    if _repeats(c) and verb not in {"delete", "remove", "erase"}:
        return False
    if (
        verb in _NOUNS_TOO
        and c.has("when")
        and c.words[1:2] != ["the"]
        and not ("target" in m.slots and _refonly(c, m))
    ):
        return False  # "trash day tomorrow"
    if verb not in _SOFT_DELETE:
        return True
    if (
        verb in _STRICT_DELETE
        and not (set(c.words) & LIST_WORDS)
        and len(c.words) > 1
        and not c.language.topics.ours & set(c.words)
    ):
        return False
    if verb == "drop" and BRINGS & set(c.words):
        return False
    deadline = any(when.mode in {"until", "before"} for when in c.whens)
    return not deadline and not c.has("priority") and not _repeats(c)


@condition("project-is-no-list")
def _notlist(c: Draft, m: Match) -> bool:
    span = m.slots.get("project")
    return span is not None and not (
        {"list"} & {c.words[-1]}
        and set(c.words_of(span)) <= {"todo", "to-do", "shopping", "grocery", "to", "do", "my", "the", "task"}
    )


@condition("asks-reminder")
def _pingme(c: Draft, m: Match) -> bool:
    del m
    words = c.words
    if words[0] in {"remind"}:
        return True
    if len(words) < 3 or words[1] not in {"me", "us"}:
        return False
    if words[0] in _TELLING:
        return words[2] in {"to"} or (words[2] == WHEN and "to" in words[3:4])
    return words[2] in {
        "to",
        "about",
        "when",
        "that",
        "of",
        "with",
        "for",
        WHEN,
        OFFSET,
        RULE,
        "on",
        "every",
        "if",
        "at",
    } and (words[2] == "to" or bool(_TIMES & set(words[2:4])) or not c.language.topics.foreign & set(words))


_TIMES = frozenset({WHEN, OFFSET, RULE})


@condition("adds")
def _wantverb(c: Draft, m: Match) -> bool:
    del m
    if {"contact", "contacts"} & set(c.words):
        return False
    if c.words[0] == "new" and c.words[-1] in c.language.topics.foreign and len(c.words) == 2:
        return False  # new tweet
    if c.words[0] == "create" and c.words[1:2] and c.words[1] in c.language.topics.task_verbs:
        return True  # create buy milk
    if c.words[0] == "new" and c.words[1:2] and c.words[1].isalpha():
        return c.words[1] in c.language.topics.task_verbs | LIST_WORDS  # "new batteries" are to be got
    return c.words[0] in _ADDING or (
        len(c.words) > 1
        and c.words[1] in _ADDING_SOFTLY
        and (c.words[1] != "that" or c.words[0] in {"note", "record", "log"})
    )


@condition("title-is-wording")
def _textchange(c: Draft, m: Match) -> bool:
    """change X to Y: a new wording, where Y is no time and the sentence is about a task."""
    new = c.words_of(m.slots["newtitle"])
    if set(new) <= {WHEN, OFFSET, DURATION, RULE} or c.language.topics.foreign & set(c.words):
        return False
    return bool(c.words_of(m.slots["target"]))


@condition("target-points")
def _refonly(c: Draft, m: Match) -> bool:
    found = c.referent_of(m.slots["target"])
    return bool(found.reference or found.ordinals)


@condition("time-of-day-only")
def _clockonly(c: Draft, m: Match) -> bool:
    """make the call 4:30pm moves it; make the call at 4 and make the cake friday are to be done."""
    when = c.when_at(m.slots["target"][1])
    return when is not None and when.clock is not None and when.day is None and not when.said


@condition("target-definite")
def _definite(c: Draft, m: Match) -> bool:
    return c.words[m.slots["target"][0]] in {"the", "my", "our", "this", "that"} or _refonly(c, m)


@condition("time-points")
def _pointed(c: Draft, m: Match) -> bool:
    """make that friday: the pronoun was read as part of the day."""
    del m
    when = c.when_at(len(c.words) - 1) or c.when_at(1)
    return when is not None and c.t.words[when.i] in {"that", "this", "it"}


@condition("level-is-for-target")
def _levelto(c: Draft, m: Match) -> bool:
    """mark it urgent; but "return the books today, high priority" is to be done."""
    return (
        not (c.has("when") or c.has("rule"))
        or _refonly(c, m)
        or c.words[m.slots["target"][0]] in EVERYTHING
        or bool({"to", "as", "with", "at"} & set(c.words))
    )
