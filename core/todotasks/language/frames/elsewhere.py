"""Questions that are the business of others: of the calendar ("what day is it") and of places ("near me")."""

from collections.abc import Sequence

from todotasks.language.frames.pattern import WHEN

_DATE_WORDS = frozenset({"day", "date", "week", "month", "year", "time", "weekday"})


def asks_calendar(words: Sequence[str]) -> bool:
    """what day is it · what is the date of next saturday · what time is it in tokyo: the calendar's
    business, not ours.
    """
    if words[0] in {"what", "which"} and len(words) > 1:
        if (
            words[1] in _DATE_WORDS
            and len(words) > 2
            and words[2] in {"is", "does", "of", "will", "was", "did"}
        ):
            return (
                len(words) < 4
                or words[3] in {"it", "the", "today", "tomorrow", WHEN, "in"} | _DATE_WORDS
                or WHEN in words[3:5]
            )
        if words[1] == "is" and len(words) > 2:
            rest = [
                word
                for word in words[2:]
                if word not in {"the", "current", "local", "today's", "exact", "it"}
            ]
            return bool(rest) and rest[0] in _DATE_WORDS
    return (
        words[0] == "how"
        and len(words) > 2
        and words[1] == "many"
        and words[2] in {"days", "weeks", "months", "hours", "years"}
    )


def has_place(words: Sequence[str]) -> bool:
    """in la · near me · at the theater: asked about somewhere, not about us"""
    return any(
        word in {"near", "around", "nearby", "downtown"} or (word in {"in", "at"} and i + 1 < len(words))
        for i, word in enumerate(words)
    )
