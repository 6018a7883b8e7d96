"""What stands in a slot: one thing or many, a person, a name, a tag."""

from todotasks.language.frames.pattern import Match
from todotasks.language.slots.conditions.table import condition
from todotasks.language.slots.draft import Draft
from todotasks.language.words.shared import (
    ALARMS,
    BESIDE_TASKS,
    EVERYTHING,
    FINITE,
    MANY,
    NO_PROJECTS,
    SHOWING,
    SPEAKERS,
    VERBS_ONLY,
)

SHORT = 9  # words
_QUOTES = frozenset("\"'“‘„")
_ONE = frozenset({"task", "event", "appointment", "alarm", "todo"})


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
    return (
        len(words) == 1
        and words[0].isalpha()
        and words[0] not in c.language.topics.of_lists | SHOWING | BESIDE_TASKS
    )


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
