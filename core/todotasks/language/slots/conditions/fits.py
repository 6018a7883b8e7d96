"""Whether all conditions of a frame hold."""

from todotasks.language.frames.pattern import GAP, Match
from todotasks.language.slots import existing
from todotasks.language.slots.bulk import counted

# Each of these fills the table.
from todotasks.language.slots.conditions import orders, slot  # noqa: F401
from todotasks.language.slots.conditions.command import asks
from todotasks.language.slots.conditions.table import CONDITIONS
from todotasks.language.slots.draft import Draft
from todotasks.language.slots.reports import got_done, is_over, is_reported

CLAUSES = frozenset({"after", "once", "until", "unless", "when", "sobald", "nachdem", "bis"})


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


def _inverted(c: Draft) -> bool:
    """hab ich den Bericht schon gemacht?"""
    return asks(c) and c.words[0] in c.language.topics.asking


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
