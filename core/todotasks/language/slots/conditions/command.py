"""What stands in the command: its times, markers, words at its beginning and end."""

from todotasks.language.frames.pattern import Match
from todotasks.language.frames.topics import names_list
from todotasks.language.slots.conditions.table import condition
from todotasks.language.slots.draft import Draft
from todotasks.language.slots.reports import PARTICIPLE
from todotasks.language.time.resolve import day_of
from todotasks.language.words.shared import (
    DONE_TO,
    EVERYTHING,
    MOVES_TO,
    NEGATIONS,
    NOT_A_REPORT,
    SHOWING,
    SPEAKERS,
    STOPS_AT,
)

SHORT = 9  # words


_RELATIVE = frozenset({"earlier", "later", "sooner", "before", "früher", "später"})
_NARROWING = frozenset({"tag", "priority", "project", "assignee"})


@condition("about-tasks")
def _ours(c: Draft, m: Match) -> bool:
    del m
    return bool(c.language.topics.ours & set(c.words))


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


def asks(c: Draft) -> bool:
    """Does it end with a question mark?"""
    return c.t.words[c.t.count - 1] == "?"


@condition("asked")
def _asked(c: Draft, m: Match) -> bool:
    """hab ich den Bericht schon gemacht*?*"""
    del m
    return asks(c)


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
