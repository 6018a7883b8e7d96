"""What is not done unasked although it is the likeliest reading: a wrong edit costs more than a question.

printer fixed!        with "we need printer paper": something else was fixed than what that asks for
for that one          is no title: nothing of what it points at was understood
no wait, the hinges   behind a change: it takes something back, and makes no task beside one that is there
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from todotasks.edits.understand.known import LEAST
from todotasks.language import Context
from todotasks.language.corrections import takes_back
from todotasks.language.grounding.heard import hear
from todotasks.language.grounding.match import match
from todotasks.language.grounding.sight import Sight
from todotasks.language.grounding.titles import WORD, small_words

if TYPE_CHECKING:
    from todotasks.language import Reading, Step

ENOUGH_OF_A_TITLE = 0.5  # said of it, where what was done is another thing than the title asks for
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def guessed(step: "Step", sight: Sight, *, behind_a_change: bool) -> bool:
    """Whether it is asked first although the ranking is sure."""
    if step.reading.action == "create":
        return behind_a_change and takes_back(step.text) and _names_some(step.reading.title or "", sight)
    group = step.candidate.group
    found = group.found if group is not None else None
    if step.candidate.action != "complete" or found is None or found.verb:
        return False
    return found.title_cover < ENOUGH_OF_A_TITLE and _did_otherwise(step.text, found.explains)


def names_nothing(reading: "Reading") -> bool:
    """A new task that would be called "then", "one too", "for that one"."""
    words = [word.casefold() for word in WORD.findall(reading.title or "")]
    return reading.intent == "create" and bool(words) and set(words) <= small_words()


def _names_some(title: str, sight: Sight) -> bool:
    found = match(hear(title, _ANY_TIME, "en", Context()), sight)
    return bool(found) and found[0].score >= LEAST and bool(found[0].named)


def _did_otherwise(text: str, explains: frozenset[int]) -> bool:
    """It is said what was done, not just that it is."""
    heard = hear(text, _ANY_TIME, "en", Context())
    cued = {k for name, i, j in heard.cues if name != "past" for k in range(i, j)}
    return any(
        heard.past[k] and not heard.small[k] and k not in explains and k not in cued
        for k in range(heard.count)
    )
