"""The conditions that a frame names behind its pattern: each a small question about the command.

    ("update", "give {assignee} {target}", "assignee-is-person +later")
                                            └── conditions ──────┘ └── effects: how the slots are filled

A condition is a function with a name and an example of what holds, or does not. All must hold for a frame to
fit; a name beginning with `+` is no condition but an effect.
"""

from collections.abc import Callable

from todotasks.language.frames.pattern import DURATION, GAP, OFFSET, RULE, WHEN, Match
from todotasks.language.frames.topics import main_clause, names_list
from todotasks.language.slots import existing
from todotasks.language.slots.bulk import counted
from todotasks.language.slots.draft import Draft
from todotasks.language.slots.reports import PARTICIPLE, got_done, is_over, is_reported
from todotasks.language.time.resolve import day_of
from todotasks.language.words.shared import (
    ALARMS,
    ASKED_ABOUT,
    DETERMINERS,
    DONE_TO,
    EVERYTHING,
    FINITE,
    LIST_WORDS,
    MADE,
    MANY,
    MOVES_TO,
    NEGATIONS,
    NO_PROJECTS,
    NOT_A_REPORT,
    SHOWING,
    SPEAKERS,
    STOPS_AT,
    VERBS_ONLY,
)

Condition = Callable[[Draft, Match], bool]
CONDITIONS: dict[str, Condition] = {}


def condition(name: str) -> Callable[[Condition], Condition]:
    """Make a function the condition of that name in the tables of frames."""

    def register(check: Condition) -> Condition:
        CONDITIONS[name] = check
        return check

    return register


SHORT = 9  # words
CLAUSES = frozenset({"after", "once", "until", "unless", "when", "sobald", "nachdem", "bis"})
_QUOTES = frozenset("\"'“‘„")

_NOUNS_TOO = frozenset({"trash", "bin", "dump", "scrap", "drop"})
_SOFT_DELETE = frozenset(
    {"cancel", "drop", "clear", "clean", "empty", "wipe", "kill", "dump", "destroy", "remove", "scratch"}
)
BRINGS = frozenset({"off", "by", "back", "round", "around", "over", "in", "at", "to"})  # drop it off at Tom's
_STRICT_DELETE = frozenset({"clean", "empty", "clear", "wipe"})
_TELLING = frozenset({"tell", "ask", "bug", "prompt", "bother"})
_ADDING = frozenset({"add", "new", "ad", "insert", "jot", "diarise", "diarize"})
_ADDING_SOFTLY = frozenset({":", "-", ",", "that", "down"})
_ONE = frozenset({"task", "event", "appointment", "alarm", "todo"})


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


@condition("about-tasks")
def _ours(c: Draft, m: Match) -> bool:
    del m
    return bool(c.language.topics.ours & set(c.words))


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


_RELATIVE = frozenset({"earlier", "later", "sooner", "before", "früher", "später"})
_NARROWING = frozenset({"tag", "priority", "project", "assignee"})


@condition("level-is-for-target")
def _levelto(c: Draft, m: Match) -> bool:
    """mark it urgent; but "return the books today, high priority" is to be done."""
    return (
        not (c.has("when") or c.has("rule"))
        or _refonly(c, m)
        or c.words[m.slots["target"][0]] in EVERYTHING
        or bool({"to", "as", "with", "at"} & set(c.words))
    )


# --- what stands in the command --------------------------------------------------------------------------


@condition("short")
def _short(c: Draft, m: Match) -> bool:
    del m
    return len(c.words) <= SHORT


@condition("tiny")
def _tiny(c: Draft, m: Match) -> bool:
    """hay's in · the bins are out: whoever says more than that tells a story."""
    return len(c.words) <= MOST_TINY and c.words[m.slots["target"][0]] not in SPEAKERS


MOST_TINY = 5  # words


@condition("has-time")
def _has_time(c: Draft, m: Match) -> bool:
    del m
    return c.has("when")


@condition("has-recurrence")
def _has_recurrence(c: Draft, m: Match) -> bool:
    del m
    return c.has("rule")


@condition("has-tag")
def _has_tag(c: Draft, m: Match) -> bool:
    """#home, in any place."""
    del m
    return c.has("tag")


@condition("has-assignee")
def _has_assignee(c: Draft, m: Match) -> bool:
    """@bob, in any place."""
    del m
    return c.has("assignee")


@condition("has-project")
def _has_project(c: Draft, m: Match) -> bool:
    """+garden, in any place."""
    del m
    return c.has("project")


@condition("has-marker")
def _has_marker(c: Draft, m: Match) -> bool:
    """what's left #home"""
    del m
    return any(c.has(name) for name in _NARROWING)


@condition("narrowed")
def _narrowed(c: Draft, m: Match) -> bool:
    """everything that is due *friday*, *tagged* home, *overdue*"""
    del m
    return (
        any(c.has(name) for name in (*_NARROWING, "when"))
        or bool({"overdue", "open", "left", "unfinished"} & set(c.words))
        or "tag" in c.words
    )


@condition("no-deadline")
def _no_deadline(c: Draft, m: Match) -> bool:
    """skip it on friday, not: do it by friday."""
    del m
    return all(when.mode not in {"until", "before"} for when in c.whens)


@condition("says-due")
def _says_due(c: Draft, m: Match) -> bool:
    """set the report *due* friday"""
    del m
    return any(c.t.words[k].startswith("due") for when in c.whens for k in range(max(when.i - 1, 0), when.j))


@condition("ends-relative")
def _ends_relative(c: Draft, m: Match) -> bool:
    """make it an hour *earlier*"""
    del m
    return c.words[-1] in _RELATIVE or any(c.t.words[when.j - 1] in _RELATIVE for when in c.whens)


@condition("not-asking")
def _not_asking(c: Draft, m: Match) -> bool:
    """alarm: buy milk, not: which alarm …"""
    del m
    return c.words[0] not in c.language.topics.asking


@condition("adds-to-list")
def _adds_to_list(c: Draft, m: Match) -> bool:
    """add milk to the list, put milk on it, not: start the training plan."""
    end = m.slots["title"][1]
    named = bool({"to", "on", "onto", "in", "into"} & set(c.words[end : end + 1]))
    return named or c.words[0] in {"add", "put", "ad", "insert", "save", "include", "enter", "append"}


@condition("tag-swapped")
def _tag_swapped(c: Draft, m: Match) -> bool:
    """change the report *to* #trip *instead of* #family, not: change the filters #home."""
    del m
    return c.has("tag") and not {"to", "with", "by", "instead", "from"}.isdisjoint(c.words)


@condition("until-that")
def _until_that(c: Draft, m: Match) -> bool:
    """give it *till* friday, not: give them tomorrow."""
    del m
    return any(when.mode == "until" for when in c.whens)


@condition("until-then")
def _until_then(c: Draft, m: Match) -> bool:
    """stop the standup *until january*, not: stop by the pharmacy on friday."""
    return c.words[m.slots["target"][0]] not in STOPS_AT and any(when.mode == "until" for when in c.whens)


@condition("not-showing")
def _not_showing(c: Draft, m: Match) -> bool:
    """report done, not: list done."""
    del m
    return c.words[0] not in SHOWING and c.words[0] not in {"what", "which"}


@condition("not-a-wish")
def _not_a_wish(c: Draft, m: Match) -> bool:
    """laundry done, not: get laundry done."""
    del m
    return c.words[0] not in NOT_A_REPORT


@condition("not-about-tasks")
def _not_about_tasks(c: Draft, m: Match) -> bool:
    return not _ours(c, m)


@condition("names-no-list")
def _names_no_list(c: Draft, m: Match) -> bool:
    """todo buy milk, not: todo list."""
    del m
    return not names_list(c.language.topics, c.words)


@condition("no-done-list")
def _no_done_list(c: Draft, m: Match) -> bool:
    """done milk, not: done tasks."""
    del m
    return not (len(c.words) > 1 and c.words[1] in c.language.topics.listable)


@condition("ends-in-participle")
def _ends_in_participle(c: Draft, m: Match) -> bool:
    """Bericht *abgegeben*, Rechnung *bezahlt*, Vertrag *gesigned*"""
    last = c.words[m.slots["verb"][1] - 1 if "verb" in m.slots else -1]
    return bool(PARTICIPLE.search(last)) and last not in DONE_TO and NEGATIONS.isdisjoint(c.words)


@condition("asked")
def _asked(c: Draft, m: Match) -> bool:
    """hab ich den Bericht schon gemacht*?*"""
    del m
    return _asks(c)


@condition("verb-is-done")
def _verb_is_done(c: Draft, m: Match) -> bool:
    """Hecke ist *geschnitten*, das Laub kommt noch"""
    begin, end = m.slots["verb"]
    return end - begin == 1 and bool(PARTICIPLE.search(c.words[begin])) and c.words[begin] not in DONE_TO


@condition("target-goes-on")
def _target_goes_on(c: Draft, m: Match) -> bool:
    """den Arzt anrufen, *ist dringend*: behind a comma it is said of what was just told."""
    return c.words[m.slots["target"][1] - 1] != ","


@condition("not-told")
def _not_told(c: Draft, m: Match) -> bool:
    """morgen ist *Elternabend*; "gestern ist was passiert" and "heute ist schön" tell something."""
    when = c.when_at(0)
    ahead = when is not None and (day := day_of(c.s, when)) is not None and day >= c.s.today
    return ahead and c.text_of(m.slots["title"]) != "" and not PARTICIPLE.search(c.words[-1])


@condition("many-go")
def _many_go(c: Draft, m: Match) -> bool:
    """alles von Mehmet *auf* morgen: where all of something moves to, with no verb."""
    when = c.when_at(len(c.words) - 1)
    to = when is not None and c.t.words[when.i] in MOVES_TO
    return to and c.words[m.slots["target"][0]] in EVERYTHING


@condition("last-is-person")
def _last_is_person(c: Draft, m: Match) -> bool:
    """die Nachtwache *Tanja* geben"""
    begin, end = m.slots["target"]
    return end - begin > 1 and c.is_name((end - 1, end), strict=True)


# --- what stands in a slot --------------------------------------------------------------------------------


@condition("target-is-alarm")
def _target_is_alarm(c: Draft, m: Match) -> bool:
    """turn off *the alarm*, not: the light."""
    return not ALARMS.isdisjoint(c.words_of(m.slots["target"]))


@condition("target-is-one")
def _target_is_one(c: Draft, m: Match) -> bool:
    """show *the report*, not: the reports, how many."""
    words = c.words_of(m.slots["target"])
    return words != ["me"] and not set(words) & (c.language.topics.listable - _ONE | MANY)


@condition("names-a-thing")
def _names_a_thing(c: Draft, m: Match) -> bool:
    """*health visitor* now 2pm, not: *call Tom* now, *what* now."""
    words, topics = c.words_of(m.slots["target"]), c.language.topics
    verbs = topics.task_verbs | topics.content_verbs | topics.errands | topics.asking | SPEAKERS
    return words[0] not in verbs | VERBS_ONLY and not FINITE & set(words)


@condition("others-told")
def _others_told(c: Draft, m: Match) -> bool:
    """*the lads* have washed the bibs: what I have done is read as it begins."""
    i, j = m.slots["others"]
    return j - i <= MOST_OTHERS and c.words[i] not in SPEAKERS


MOST_OTHERS = 3  # words that name people


@condition("target-is-word")
def _target_is_word(c: Draft, m: Match) -> bool:
    """list *finance*, not: list tasks, list the house for sale."""
    words = c.words_of(m.slots["target"])
    return len(words) == 1 and words[0].isalpha() and words[0] not in c.language.topics.of_lists | SHOWING


@condition("target-is-all")
def _target_is_all(c: Draft, m: Match) -> bool:
    return c.words[m.slots["target"][0]] in EVERYTHING


@condition("notes-quoted")
def _notes_quoted(c: Draft, m: Match) -> bool:
    """add a note "two litres" to the milk"""
    return c.text_of(m.slots["notes"])[:1] in _QUOTES


@condition("project-is-name")
def _project_is_name(c: Draft, m: Match) -> bool:
    """show the garden list, not: show the open list."""
    words, topics = c.words_of(m.slots["project"]), c.language.topics
    return len(words) <= 2 and not set(words) & (topics.ours | topics.describing | NO_PROJECTS)


@condition("tag-is-one-word")
def _tag_is_one_word(c: Draft, m: Match) -> bool:
    """tag the report urgent"""
    return m.slots["tags"][1] > m.slots["tags"][0] and len(c.words) <= SHORT


CONDITIONS |= {
    "reports": is_reported,
    "got-done": got_done,
    "counted": counted,
    "time-is-over": is_over,
    "says-several": existing.says_several,
    "adds-below": existing.adds_below,
    "target-recurs": existing.stoppable,
    "target-exists": existing.target_exists,
    "dependency-exists": existing.dependency_exists,
    "goes-to-a-time": existing.goes_to_a_time,
    "last-word-quoted": existing.last_word_quoted,
    "target-quoted": existing.target_quoted,
    "title-quoted": existing.title_quoted,
    "title-no-preposition": existing.title_no_preposition,
    "title-not-a-time": existing.title_not_a_time,
    "title-without-time": existing.title_without_time,
    "others-named": existing.others_named,
    "not-addressed": existing.not_addressed,
    "target-stays": existing.target_stays,
    "not-found-out": existing.not_found_out,
    "target-is-thing": existing.target_is_thing,
}


def _shows(c: Draft) -> bool:
    """show *my* …, list *all* …: it begins with an order to show what there is."""
    of_lists = c.language.topics.of_lists | {"me", "us"}
    return len(c.words) > 1 and c.words[0] in SHOWS and c.words[1] in of_lists


def _asks(c: Draft) -> bool:
    return c.t.words[c.t.count - 1] == "?"


def _inverted(c: Draft) -> bool:
    """hab ich den Bericht schon gemacht?"""
    return _asks(c) and c.words[0] in c.language.topics.asking


SHOWS = frozenset({"show", "list", "display", "view"})


def fits(draft: Draft, match: Match) -> bool:
    """Do all of a frame's conditions hold? What begins with a gap is no question."""
    if (
        match.frame.elements[0][0] == GAP
        and draft.words[0] in draft.language.topics.asking
        and match.frame.action != "undo"
    ):
        return False
    if match.frame.action in {"complete", "reopen"} and _inverted(draft):
        return False
    if match.frame.elements[0][0] == GAP and _shows(draft):
        return False  # show the tasks that are due tomorrow
    if match.frame.action == "complete" and match.frame.elements[0][0] == GAP and "target" in match.slots:
        words = draft.words_of(match.slots["target"])
        if not CLAUSES.isdisjoint(words[1:]):
            return False  # book the hotel once the passport is done
    return all(CONDITIONS[name](draft, match) for name in match.frame.conditions)
