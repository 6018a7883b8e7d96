"""Messages on their way into the outbox, each with the span of its recording in a header.

The event itself stays what it is, whether traces are on or off: its `traceparent` is that of the request that
led to it. The header is that of the last step, and every step writes its own (recorder, relay): a consumer
goes on from there. Where traces are off nothing is looked at.
"""

from collections.abc import Iterable

import msgspec

from todotasks import tracing
from todotasks.store import OutboxMessage

HEADER = "traceparent"


class _Traced(msgspec.Struct):
    """Of an event, what a span says."""

    type: str = ""
    subject: str = ""
    traceparent: str | None = None


_decode = msgspec.json.Decoder(_Traced).decode


def traced(messages: Iterable[OutboxMessage], started: float | None = None) -> list[OutboxMessage]:
    """`started`: since when they are being recorded, in seconds since 1970."""
    if not tracing.enabled():
        return [*messages]
    return [_traced(message, started) for message in messages]


def _traced(message: OutboxMessage, started: float | None) -> OutboxMessage:
    if message.value is None:
        return message
    try:
        event = _decode(message.value)
    except msgspec.DecodeError:
        return message
    if event.traceparent is None:
        return message
    span = tracing.span(
        f"record {event.type.removeprefix('dev.todotasks.')}",
        parent=event.traceparent,
        started=started,
        todotasks_object=event.subject,
    )
    span.end()
    return message._replace(headers={**message.headers, HEADER: span.traceparent or event.traceparent})
