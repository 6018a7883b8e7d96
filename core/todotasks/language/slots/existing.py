"""What hangs on which tasks there are: "finish the essay" completes one that exists, "stop the watering" ends
a recurring one.

`Context.titles` knows them. Where nobody has looked yet, the reading says that it hangs on them
(`Reading.hangs_on_titles`), so that only such messages cost a look. Behind these stand the conditions of what
a slot's own words are: a person, a thing, a quotation.
"""

from todotasks.language.frames.pattern import (
    DURATION,
    OFFSET,
    RULE,
    WHEN,
    Match,
)
from todotasks.language.slots.draft import Draft
from todotasks.language.words.roles import FREQ
from todotasks.language.words.shared import (
    ALARMS,
    DETERMINERS,
    MOVES_TO,
    PARTICLES,
    PLACES,
    SPEAKERS,
    STOPS_AT,
)

MOST_STOPPED = 5  # words that name what is to stop
SHORTEST_STEM = 4  # letters from which one word may go on as another: water, watering
_QUOTES = frozenset("\"'“‘„")
_ALSO_TASKS = frozenset({"continue", "restart", "start", "begin"})


def known_title(c: Draft, span: tuple[int, int]) -> bool:
    """Is a task called just so? Where nobody has looked yet, the reading says that it hangs on it."""
    if c.context.titles is None:
        c.asked_titles = True
        return False
    text = " ".join(word for word in c.words_of(span) if word not in DETERMINERS)
    return any(text == title.lower() for title in c.context.titles)


def _like_title(words: list[str], titles: tuple[str, ...]) -> bool:
    """Has a title a word like each of these? the *watering* is like *water* the plants"""
    stems = [word.removesuffix("ing") for word in words]
    return any(
        all(any(_alike(stem, other) for other in title.lower().split()) for stem in stems) for title in titles
    )


def _alike(stem: str, word: str) -> bool:
    return stem == word or stem + "e" == word or (len(stem) >= SHORTEST_STEM and word.startswith(stem))


def stoppable(c: Draft, m: Match) -> bool:
    """stop pay rent, pause the watering: a task that comes back; "stop smoking" is to be done.

    Only the titles tell for sure. Without them a task's own verb or an article says enough, and for verbs
    that are as often a task ("continue the novel") only the verb.
    """
    span = m.slots["target"]
    words = c.words_of(span)
    if {WHEN, OFFSET, DURATION} & set(c.words) or c.markers or words[0] in STOPS_AT or ALARMS & set(words):
        return False
    found = c.referent_of(span)
    if found.reference or found.ordinals:
        return bool(c.context.recent) and c.words[0] != "stop"  # "stop it" is said of anything
    bare = [word for word in words if word not in DETERMINERS and word != RULE]
    if not bare or len(bare) > MOST_STOPPED:
        return False
    if RULE in words or any(c.t.masks[k] & FREQ for k in range(*c.tokens_of(span))):
        return words[0] in DETERMINERS and (c.rule is None or c.rule.weak)  # the weekly report
    if c.context.titles is not None:
        return _like_title(bare, c.context.titles)
    c.asked_titles = True
    own_verb = words[0] in c.language.topics.task_verbs
    return own_verb or (words[0] in DETERMINERS and c.words[0] not in _ALSO_TASKS)


def _is_named(c: Draft, span: tuple[int, int]) -> bool:
    found = c.referent_of(span)
    return bool(found.reference or found.ordinals) or known_title(c, span)


def target_exists(c: Draft, m: Match) -> bool:
    """remind me about *the report*, where there is one."""
    return _is_named(c, m.slots["target"])


def dependency_exists(c: Draft, m: Match) -> bool:
    """the flights need the passport: both are named as tasks are, with an article, or exist."""
    spans = (m.slots["target"], m.slots["dependency"])
    return all(
        c.words[span[0]] in DETERMINERS or _is_named(c, span) or _is_like_one(c, span) for span in spans
    )


def _is_like_one(c: Draft, span: tuple[int, int]) -> bool:
    """*painting the fence* has to wait: a task is called "paint the fence"."""
    words = [word for word in c.words_of(span) if word not in DETERMINERS]
    return bool(words) and c.context.titles is not None and _like_title(words, c.context.titles)


def goes_to_a_time(c: Draft, m: Match) -> bool:
    """move the report to saturday, not: move boxes *to the attic* saturday, which is something to do."""
    words, target = c.words, m.slots["target"]
    inside = range(target[0] + 1, target[1] - 1)
    place = any(words[k] in PLACES and words[k + 1] not in {WHEN, OFFSET} for k in inside)
    return not place or words[-1] != WHEN or words[-2] in MOVES_TO or target_exists(c, m)


def says_several(c: Draft, m: Match) -> bool:
    """split the move into packing, hiring and cleaning: two things at least."""
    words = c.words_of(m.slots["title"])
    return "," in words or not c.language.separators.isdisjoint(words)


def adds_below(c: Draft, m: Match) -> bool:
    """under "pack for Oslo" add …: "to" needs quotes, or the words are any place."""
    i, j = c.tokens_of(m.slots["parent"])
    quoted = c.t.text[c.t.starts[i]] in _QUOTES and c.t.text[c.t.ends[j - 1] - 1] in _QUOTES
    return quoted or c.words[0] in {"under", "below"}


# -- who and what the words are, whether there is such a task or not --

LEAST_ADDRESSED = 4  # words of the shortest order to show somebody something
_SWITCHED = PARTICLES | {"on"}


def others_named(c: Draft, m: Match) -> bool:
    """remind *Jess* and me: one or two words that may be people."""
    begin, end = m.slots["others"]
    verbs = c.language.topics.task_verbs
    return end - begin <= 2 and c.words[begin] not in verbs and c.is_name((begin, end), strict=False)


def not_addressed(c: Draft, m: Match) -> bool:
    """show the report, not: show *Mei the* report."""
    del m
    return not addressed(c)


def target_stays(c: Draft, m: Match) -> bool:
    """leave *the hedge* till spring, not: leave *the oven on* till six."""
    end = m.slots["target"][1]
    when = c.when_at(end)
    return c.words[end - 1] not in PARTICLES and (when is None or c.t.words[when.i] not in _SWITCHED)


def not_found_out(c: Draft, m: Match) -> bool:
    """find the report, not: find *out* who has it."""
    del m
    return c.words[1:2] != ["out"]


def target_is_thing(c: Draft, m: Match) -> bool:
    """*the round* finished at 5, not: what *I* finished."""
    return c.words[m.slots["target"][1] - 1] not in SPEAKERS


def addressed(c: Draft) -> bool:
    """Is the second word written as a name, with a thing behind it?"""
    if len(c.words) < LEAST_ADDRESSED or c.language.lexicon.tables.capital_nouns:
        return False
    named = c.text_of((1, 2))[:1].isupper() and not c.text_of((0, 1)).isupper()
    return named and c.words[2] in DETERMINERS


def target_quoted(c: Draft, m: Match) -> bool:
    """call "Buy milk" bread"""
    return c.text_of(m.slots["target"])[:1] in {'"', "“", "„"}


def title_quoted(c: Draft, m: Match) -> bool:
    """call it "Buy bread" instead"""
    return c.text_of(m.slots["newtitle"])[:1] in _QUOTES


def title_no_preposition(c: Draft, m: Match) -> bool:
    """rename it buy bread, not: rename it *to* buy bread."""
    return c.words_of(m.slots["newtitle"])[0] not in {"to", "as", "into", "for", ":"}


def title_not_a_time(c: Draft, m: Match) -> bool:
    """call it dinner, not: call it friday."""
    return not set(c.words_of(m.slots["newtitle"])) <= {WHEN, OFFSET, RULE}


def title_without_time(c: Draft, m: Match) -> bool:
    """it should be changed to bread, not: to friday."""
    return not set(c.words_of(m.slots["newtitle"])) & {WHEN, OFFSET, DURATION, RULE}


def last_word_quoted(c: Draft, m: Match) -> bool:
    """set the title of it "Buy bread" """
    del m
    return c.text_of((len(c.words) - 1, len(c.words)))[:1] in _QUOTES
