"""Is a sentence a report that something has been done? "called mom", "the report has been sent", "got the
tires changed", "Müll rausgebracht".

A report names what is done in its own words, so that they are matched with the titles of open tasks. What is
still ahead ("the report was moved to friday", "pay rent tomorrow") is none.
"""

import re

from todotasks.language.frames.pattern import OFFSET, WHEN, Match
from todotasks.language.slots.draft import Draft
from todotasks.language.time.expression import When
from todotasks.language.time.resolve import day_of
from todotasks.language.words.shared import (
    ASKS_BEHIND_TIME,
    DETERMINERS,
    DONE_TO,
    NOT_A_REPORT,
    NOT_DONE_STATES,
    PARTICLES,
    PRESENT_TOO,
    SEES_TO,
    SPEAKERS,
    VERBS_ONLY,
)

# What has been done, as German has it: gekauft, abgeholt, bezahlt, and gesigned.
PARTICIPLE = re.compile(r"(?:^|\w{2,4})ge\w{2,}(?:t|en|ed)$|^(?:be|ver|er|ent|zer)\w{3,}(?:t|en)$")
PERFECT = frozenset({"have", "has"})
MOST_REPORTED = 5  # words of a report that is told by its last word
MOST_WORDS = 12  # of a report that is told by its first
MOST_NAME = 6  # words of a thing that one got done


def reported_at(command: Draft) -> int | None:
    """called mom · just paid the rent: where a report in the past tense begins, if it has no date to come."""
    topics = command.language.topics
    words = command.words
    position, further = 0, topics.participles | topics.past_helpers
    while (
        position < len(words) - 2
        and words[position] in topics.past_helpers
        and (words[position + 1] in further or _regular(command, words[position + 1]))
    ):
        position += 1
    perfect = not PERFECT.isdisjoint(words[:position])
    told = words[position] in (topics.participles if perfect else topics.past) or (
        _regular(command, words[position])
        and (perfect or (words[position + 1 : position + 2] and words[position + 1] in DETERMINERS))
    )
    if not told or len(words) - position < 2 or len(words) > MOST_WORDS:
        return None
    if position == 0 and words[0] in PRESENT_TOO:
        return None
    if (
        command.rule is not None
        or command.has("tag")
        or any(when.mode != "bare" and _ahead(command, when) for when in command.whens)
    ):
        return None
    return position


def _regular(c: Draft, word: str) -> bool:
    """fetched, restocked: a past that is told by its ending; "feed" and "shred" are none."""
    told = word[-2:] == "ed" and word[-3:-2] not in {"e", "r", "b"} and not c.language.participle[0]
    verbs = c.language.topics.task_verbs
    return (
        told and len(word) > 5 and word not in NOT_DONE_STATES | DONE_TO | PRESENT_TOO and word not in verbs
    )


def ends_done(command: Draft) -> bool:
    """Müll rausgebracht · electrician paid: a report that ends with its participle."""
    begins, others = command.language.participle
    words, topics = command.words, command.language.topics
    if not begins:
        words = _told_last(command)
    if not 1 < len(words) <= MOST_REPORTED + (not begins) or command.rule is not None or command.has("tag"):
        return False
    last = words[-1]
    if not begins:
        longer = NO_NAME_BEFORE.isdisjoint(words[:-1])  # not: the book *that* Tom lent
        short = len(words) == len(command.words) < MOST_REPORTED - 1
        short = short and _NEGATED.isdisjoint(words)
        said = (short or longer) and _done_to(command, last)
        said = said and last not in PRESENT_TOO and last[-3:] != "eed"
        no_nouns = (topics.task_verbs, topics.content_verbs, topics.asking, NOT_A_REPORT, VERBS_ONLY)
        before = words[-2] if len(words) == len(command.words) < MOST_REPORTED - 1 else ""
        return said and not any(words[0] in no_noun or before in no_noun for no_noun in no_nouns)
    stem = next((prefix for prefix in command.language.infinitive[1] if last.startswith(prefix + begins)), "")
    done = last.startswith(stem + begins) and last[-1:] in {"t", "n"} and last not in others
    plain = command.text_of((len(words) - 1, len(words)))[:1].islower()
    return (
        done
        and plain
        and len(last) > len(stem) + 4
        and not any(_ahead(command, when) for when in command.whens)
    )


def name_ends(c: Draft) -> int:
    """reports for year 10 *written and uploaded*: where the words end that name what was done."""
    if c.language.participle[0]:
        return len(c.words)
    end = len(_told_last(c)) - 1
    while end > 1 and (c.words[end - 1] in _BEFORE_PARTICIPLE or _done_to(c, c.words[end - 1])):
        end -= 1
    return end


_BEFORE_PARTICIPLE = frozenset(
    "has have had been is are was were all both now just finally already got and ,".split()  # noqa: SIM905
)


def _told_last(c: Draft) -> list[str]:
    """reports written *and uploaded* · lab report handed *in five minutes ago*: up to the participle.

    What stands behind it may only be one more, its particle, or a time that is over.
    """
    words = list(c.words)
    times = [k for k, word in enumerate(words) if word in {WHEN, OFFSET}]
    if times and (len(times) > 1 or times[0] != len(words) - 1 or not _over(c)):
        return words
    words = words[:-1] if times else words
    if len(words) > MOST_TAIL and words[-1] in PARTICLES and _done_to(c, words[-2]):
        words = words[:-1]
    if len(words) > MOST_TAIL and words[-2] in {"and", "&", ","} and _done_to(c, words[-1]):
        words = words[:-2] if _done_to(c, words[-3]) else words
    return words


MOST_TAIL = 3  # words behind a thing: "written and uploaded"
_NEGATED = frozenset({"never", "not", "nobody", "nothing", "without", "hardly"})
# a clause of its own begins with one of these
NO_NAME_BEFORE = (
    SPEAKERS | _NEGATED | {"if", "when", "whether", "before", "after", "until", "unless", "because"}
)


def _over(c: Draft) -> bool:
    return all(when.instant <= c.now if when.instant is not None else not _ahead(c, when) for when in c.whens)


def that_is_done(command: Draft) -> bool:
    """that's *the shed painted* · that's the ironing finished"""
    words = command.words[2:]
    return 1 < len(words) <= MOST_REPORTED + 1 and _done_to(command, words[-1]) and not command.whens


def _ahead(command: Draft, when: When) -> bool:
    day = day_of(command.s, when)
    return day is None or day > command.s.today


def _done_to(c: Draft, word: str) -> bool:
    """Is the word the participle of something that gets done? "delayed" and "needed" are not done."""
    regular = len(word) > 4 and word.endswith("ed") and word not in NOT_DONE_STATES
    return (regular or word in c.language.topics.participles) and word not in DONE_TO


def got_done(c: Draft, m: Match) -> bool:
    """got the tires changed"""
    i, j = m.slots["target"]
    return 1 < j - i <= MOST_NAME and (_done_to(c, c.words[j - 1]) or c.words[j - 1] == "changed")


def is_over(c: Draft, m: Match) -> bool:
    """No time, or one that is not ahead: the invoice was paid yesterday, at five."""
    del m
    days = [day_of(c.s, when) for when in c.whens if when.mode != "bare" and when.has_day]
    if any(when.mode in {"until", "before"} for when in c.whens):
        return False
    return c.rule is None and all(day is not None and day <= c.s.today for day in days)


def is_reported(c: Draft, m: Match) -> bool:
    """the mail has been sent: a participle of what people do, and nothing behind it."""
    words = c.words_of(m.slots["past"])
    if len(words) == 1 and PARTICIPLE.search(words[0]) and words[0] not in DONE_TO:
        return True  # the Miete is bezahlt
    if ASKS_BEHIND_TIME & set(c.words):
        return False
    return _done_to(c, words[0]) and (
        len(words) == 1 or (len(words) == 2 and words[1] in PARTICLES | SEES_TO)
    )
