"""What came of a message to the chat, and what in it was not understood: words for metrics. Pure.

They show where the language falls short, without a word of what anybody said: a small set of outcomes, a
small set of reasons, the language.
"""

from collections.abc import Iterator

from chat_gateway.base import metrics
from todotasks.edits.model.reply import Reply
from todotasks.edits.wording.phrases import phrase

LANGUAGES = ("en", "de")
_CORRECTS = frozenset(phrase(language, "corrects") for language in LANGUAGES)
_NOT_UNDERSTOOD = {"Unclear": "nothing-asked", "NotFound": "not-found"}  # by the reason of the problem


def language_of(reply: Reply) -> str:
    """That of the first reading; without one, where an answer or a correction was read, English."""
    said = reply.readings[0].get("language") if reply.readings else None
    return said if said in LANGUAGES else "en"


def outcome_of(reply: Reply) -> str:
    """One word for what came of it."""
    results = {done.result for done in reply.edits}
    for outcome in ("done", "dry-run"):
        if outcome in results:
            return outcome
    if reply.question is not None:
        return "asked"
    if reply.problem is not None:
        return "not-understood" if reply.problem.reason in _NOT_UNDERSTOOD else "refused"
    if "unchanged" in results:
        return "unchanged"
    return "listed" if reply.listing is not None else "told"


def missed_in(reply: Reply) -> Iterator[str]:
    """Each reason for which the message was not, or not wholly, understood, once."""
    if reply.problem is not None and (why := _NOT_UNDERSTOOD.get(reply.problem.reason)):
        yield why
    if reply.question is not None:
        yield reply.question.kind
    if reply.remarks:
        yield "remark"
    if reply.reading in _CORRECTS or any(one.get("action") == "undo" for one in reply.readings):
        yield "taken-back"


def count(reply: Reply, seconds: float) -> None:
    """Into the metrics."""
    language = language_of(reply)
    metrics.CHAT_MESSAGES.labels(language, outcome_of(reply)).inc()
    metrics.CHAT_SECONDS.observe(seconds)
    for why in missed_in(reply):
        metrics.CHAT_MISSED.labels(language, why).inc()
