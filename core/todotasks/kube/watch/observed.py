"""What a reflector hands out, and how a line of a watch becomes one of these.

An object that does not fit its type is never passed over in silence: it exists, so it comes as
`Skipped`, with what could be read of its metadata. Otherwise a consumer that compares lists would take
it for deleted.
"""

from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from todotasks.api import Metadata
from todotasks.kube.errors import ApiError, Status, UndecodableAnswer, error_from_status

ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]

INITIAL_EVENTS_END = "k8s.io/initial-events-end"


class KubeObject(Protocol):
    """Every kind of ours: `TodoTask`, `Reminder`, …; `PartialObject` where only metadata matters."""

    @property
    def metadata(self) -> Metadata: ...


class PartialObject(msgspec.Struct, frozen=True):
    """Any object at all, by its metadata."""

    metadata: Metadata = Metadata()


T = TypeVar("T", bound=KubeObject)


class ListedObject(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One object of a list. `raw` is its JSON as received."""

    object: T
    raw: bytes


class Change(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One event of a watch. On DELETED the object is its last state."""

    type: ChangeType
    object: T
    raw: bytes


class Skipped(msgspec.Struct, frozen=True, gc=False):
    """An object that does not fit its type. `metadata` is empty where not even that can be read."""

    type: ChangeType
    metadata: Metadata
    raw: bytes
    error: str


class Listed(msgspec.Struct, Generic[T], frozen=True):
    """Objects of a full list, page by page.

    `first` opens a list: whatever came of an earlier, broken one is void. `complete` closes it: now,
    and only now, what was not in it (nor in `skipped`) is deleted, and `resource_version` is a position;
    before it is empty. `reason` says why the list was made.
    """

    objects: tuple[ListedObject[T], ...]
    complete: bool
    first: bool
    resource_version: str
    reason: str
    skipped: tuple[Skipped, ...] = ()


class Watched(msgspec.Struct, Generic[T], frozen=True):
    """Changes in their order; none in a bookmark. `resource_version` is the position after them."""

    changes: tuple[Change[T], ...]
    resource_version: str
    skipped: tuple[Skipped, ...] = ()


class Bookmark(NamedTuple):
    resource_version: str
    ends_initial_events: bool


Event = Change[T] | Skipped | Bookmark


def event_position(event: "Event[T]") -> str:
    """The position behind an event; empty if it could not be read."""
    if isinstance(event, Change):
        return event.object.metadata.resource_version
    return event.resource_version if isinstance(event, Bookmark) else event.metadata.resource_version


def position_before(event: "Event[T]") -> str:
    """The last position at which `event` has not happened yet; a bookmark is no happening."""
    position = event_position(event)
    if isinstance(event, Bookmark):
        return position
    if not position.isdigit():
        raise UndecodableAnswer(f"the resourceVersion {position!r} of a change during the list is no number")
    return str(int(position) - 1)


class _Line(msgspec.Struct):
    type: str
    object: msgspec.Raw


# The API server writes these very bytes. Cutting the object out by them spares a scan of the whole line
# (a quarter of the work on an event); a line that begins in another way is parsed like any JSON.
_PREFIXES: tuple[tuple[bytes, ChangeType], ...] = (
    (b'{"type":"MODIFIED","object":', "MODIFIED"),
    (b'{"type":"ADDED","object":', "ADDED"),
    (b'{"type":"DELETED","object":', "DELETED"),
)
_CHANGE_TYPES: dict[str, ChangeType] = {"ADDED": "ADDED", "MODIFIED": "MODIFIED", "DELETED": "DELETED"}

_LINE = msgspec.json.Decoder(_Line)
_PARTIAL = msgspec.json.Decoder(PartialObject)
_STATUS = msgspec.json.Decoder(Status)


class LineDecoder(Generic[T]):
    """Lines of a watch on one type."""

    def __init__(self, type: type[T]) -> None:
        self._decode = msgspec.json.Decoder(type).decode

    def line(self, line: bytes) -> Change[T] | Skipped | Bookmark | ApiError:
        for prefix, kind in _PREFIXES:
            if line.startswith(prefix):
                raw = line[len(prefix) : -1]
                try:
                    return Change(kind, self._decode(raw), raw)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    break  # seldom; below it is found out what is wrong
        try:
            event = _LINE.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UndecodableAnswer(f"a line of the watch is not an event: {error}") from error
        raw = bytes(event.object)
        if event.type == "ERROR":
            return error_from_status(_STATUS.decode(raw))
        if event.type == "BOOKMARK":
            metadata = _PARTIAL.decode(raw).metadata
            return Bookmark(metadata.resource_version, metadata.annotation(INITIAL_EVENTS_END) == "true")
        change = _CHANGE_TYPES.get(event.type)
        if change is None:
            raise UndecodableAnswer(f"a line of the watch has the unknown type {event.type!r}")
        found = self.object(raw, change)
        return found if isinstance(found, Skipped) else Change(change, found, raw)

    def object(self, raw: bytes, type: ChangeType = "ADDED") -> T | Skipped:
        """One object of a list or an event."""
        try:
            return self._decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            try:
                metadata = _PARTIAL.decode(raw).metadata
            except (msgspec.DecodeError, UnicodeDecodeError):
                metadata = Metadata()
            return Skipped(type, metadata, raw, str(error))
