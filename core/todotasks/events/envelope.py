"""CloudEvents 1.0, structured mode: the envelope, its bytes, and the ids that make replays harmless.

Written with msgspec (1 µs; the CloudEvents SDK takes 15), held to the SDK by the tests. `data` stays the
JSON it is until somebody asks for it by type, so passing an event on costs nothing.

An id is made of what happened, never of when we noticed: the object's uid, its resourceVersion (or the
scheduled time) and the type. Whoever replays the same happening, after whatever crash, arrives at the
same id; consumers keep ids and dedupe.
"""

import re
from datetime import UTC, datetime
from typing import Any, Final, Literal, TypeAlias, TypeVar

import msgspec

from todotasks.api.stamps import ANNOTATION_TRACEPARENT, actor_of
from todotasks.events.types import EVENT_TYPES
from todotasks.tracing import is_traceparent

CONTENT_TYPE: Final = "application/cloudevents+json; charset=UTF-8"
HEADERS: Final = {"content-type": CONTENT_TYPE}  # what the Kafka binding asks of a structured message
SOURCE_PREFIX: Final = "/apis/todotasks.dev/v1/"

SEQUENCE_DIGITS: Final = 20  # a resourceVersion is an unsigned 64-bit number; zero-padded it sorts as text

_NOT_IN_ATTRIBUTES = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

T = TypeVar("T")
Model: TypeAlias = type[T]  # inside CloudEvent, `type` is an attribute


class EventError(ValueError):
    """Not an event of ours: the message says what was expected and what came."""


class CloudEvent(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One happening. Attribute names are those of the wire: CloudEvents allows lower case only."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"]
    dataschema: str
    partitionkey: str
    sequence: str | None = None
    actor: str | None = None
    traceparent: str | None = None
    data: msgspec.Raw

    @property
    def topic(self) -> str:
        return EVENT_TYPES[self.type].topic

    def read(self, model: Model[T]) -> T:
        """The data as one of the types of `todotasks.events.data`."""
        try:
            return msgspec.json.decode(self.data, type=model)
        except UNREADABLE as error:
            raise EventError(f"data of {self.type} {self.id}: {error}") from error


# A hundred thousand brackets are no event either, and no reason to end a process.
UNREADABLE: Final = (msgspec.DecodeError, RecursionError)

_DECODER = msgspec.json.Decoder(CloudEvent)
_ENCODER = msgspec.json.Encoder()


def encode(event: CloudEvent) -> bytes:
    return _ENCODER.encode(event)


def decode(value: bytes) -> CloudEvent:
    """A structured event of ours; attributes we do not know are skipped, as CloudEvents asks."""
    try:
        return _DECODER.decode(value)
    except UNREADABLE as error:
        raise EventError(f"not a structured CloudEvent 1.0 of todotasks: {error}") from error


def event_id(uid: str, version: str | datetime, event_type: str) -> str:
    """`<uid>:<version>:<type>`; the version is a resourceVersion, or the instant that time brought about."""
    if isinstance(version, datetime):
        version = version.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{uid}:{version}:{EVENT_TYPES[event_type].short}"


def sequence(resource_version: str) -> str | None:
    """The resourceVersion so that it sorts as text; None where it is no number (aggregated APIs may)."""
    return resource_version.zfill(SEQUENCE_DIGITS) if resource_version.isdecimal() else None


def new_event(
    event_type: str,
    *,
    id: str,
    plural: str,
    subject: str,
    key: str,
    time: datetime,
    data: dict[str, Any],
    resource_version: str = "",
    annotations: dict[str, str] | None = None,
) -> CloudEvent:
    """An event about an object of `plural`; actor and trace come from the object's stamps."""
    stamps = annotations or {}
    return CloudEvent(
        specversion="1.0",
        id=id,
        source=SOURCE_PREFIX + plural,
        type=event_type,
        subject=subject,
        time=time,
        datacontenttype="application/json",
        dataschema=EVENT_TYPES[event_type].schema,
        partitionkey=key,
        sequence=sequence(resource_version),
        actor=_attribute(actor_of(stamps)),
        traceparent=_traceparent(stamps.get(ANNOTATION_TRACEPARENT)),
        data=msgspec.Raw(_ENCODER.encode(data)),
    )


def _attribute(value: str | None) -> str | None:
    """CloudEvents forbids control characters in attributes; a strict consumer would refuse the event."""
    return _NOT_IN_ATTRIBUTES.sub("", value) or None if value else None


def _traceparent(value: str | None) -> str | None:
    """W3C Trace Context or nothing: anybody may write the annotation."""
    return value if is_traceparent(value) else None
