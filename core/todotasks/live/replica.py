"""What a client of the live stream has: objects by uid, and its own edits that are not confirmed yet. Pure.

    message ─▶ Replica ─▶ changes, as they are to be shown

    snapshot … ready    compared with what was there: only the differences come out, after a reset, too
    change              applied if it is newer than what is there
    edit                a merge patch on top of what the server says, until it says so itself or refuses

What is shown of an object is `base`, the server's last word, with the patches of the edits under way on it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from todotasks.edits.model.merge import merged

Object = dict[str, Any]
ChangeType = Literal["ADDED", "MODIFIED", "DELETED"]


class Change(NamedTuple):
    """How an object is now. Of a DELETED `object` is its last state; of an ADDED `before` is None."""

    type: ChangeType
    kind: str
    object: Object
    before: Object | None
    pending: bool = False  # there is an edit of ours in it that the server has not confirmed

    @property
    def key(self) -> str:
        metadata = self.object["metadata"]
        return f"{metadata['namespace']}/{metadata['name']}"


class Fired(NamedTuple):
    """A reminder fired; `data` as docs/live.md has it."""

    data: dict[str, Any]


class Synced(NamedTuple):
    """All that is there is known now. `resumed`: without a snapshot."""

    resumed: bool


Event = Change | Fired | Synced


class OutOfStep(Exception):
    """A patch of an object that is not there: what we have is wrong, and must be fetched anew."""


@dataclass
class _Edit:
    patch: Object
    sent: bool = False  # the server has taken it
    version: int | None = None  # the object's version with it, where that is known


@dataclass
class _Held:
    kind: str
    base: Object
    edits: list[_Edit] = field(default_factory=list)

    @property
    def shown(self) -> Object:
        found = self.base
        for edit in self.edits:
            found = merged(found, edit.patch)
        return found

    @property
    def version(self) -> int:
        return version_of(self.base)


def version_of(found: Mapping[str, Any]) -> int:
    """The resourceVersion as a number; 0 where there is none."""
    text = str(found.get("metadata", {}).get("resourceVersion", ""))
    return int(text) if text.isdigit() else 0


class Replica:
    """Feed it messages with `apply`, in their order."""

    def __init__(self) -> None:
        self.ready = False
        self._held: dict[str, _Held] = {}
        self._staged: dict[str, _Held] = {}
        self._fired: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._held)

    @property
    def objects(self) -> dict[str, Object]:
        """As they are to be shown, by uid."""
        return {uid: held.shown for uid, held in self._held.items()}

    def get(self, uid: str) -> Object | None:
        held = self._held.get(uid)
        return None if held is None else held.shown

    def apply(self, event: str, data: Mapping[str, Any]) -> list[Event]:
        """What one message comes to. Messages of names that are not known come to nothing."""
        match event:
            case "snapshot":
                for found in data["objects"]:
                    self._staged[found["metadata"]["uid"]] = _Held(data["kind"], found)
                return []
            case "reset":
                self._staged.clear()
                self.ready = False
                return []
            case "ready":
                return self._complete(bool(data["resumed"]))
            case "change":
                change = self._changed(data)
                return [] if change is None else [change]
            case "fired":
                return self._has_fired(data)
            case _:
                return []

    # ── from the server ──────────────────────────────────────────────────────────────────────────
    def _complete(self, resumed: bool) -> list[Event]:
        events: list[Event] = []
        if not resumed:
            staged, self._staged = self._staged, {}
            for uid in [uid for uid in self._held if uid not in staged]:
                events.append(self._gone(uid))
            for uid, now in staged.items():
                events.extend(self._put(uid, now.kind, now.base))
        self.ready = True
        events.append(Synced(resumed))
        return events

    def _changed(self, data: Mapping[str, Any]) -> Change | None:
        metadata = (data.get("object") or data)["metadata"]
        uid, held = metadata["uid"], self._held.get(metadata["uid"])
        if held is not None and held.version >= version_of({"metadata": metadata}):
            return None  # told again after a break
        if data["type"] == "DELETED":
            return None if held is None else self._gone(uid)
        found = data.get("object")
        if found is None:
            if held is None:
                raise OutOfStep(f"a patch of {metadata['namespace']}/{metadata['name']}, which is not here")
            found = merged(held.base, data["patch"])
        return next(self._put(uid, data["kind"], found), None)

    def _put(self, uid: str, kind: str, base: Object) -> Iterator[Change]:
        held = self._held.get(uid)
        if held is None:
            held = self._held[uid] = _Held(kind, base)
            yield Change("ADDED", kind, held.shown, None)
            return
        if held.version >= version_of(base):
            return
        before = held.shown
        held.base = base
        held.edits = [edit for edit in held.edits if not _is_in(edit, held.version)]
        yield Change("MODIFIED", kind, held.shown, before, bool(held.edits))

    def _gone(self, uid: str) -> Change:
        held = self._held.pop(uid)
        return Change("DELETED", held.kind, held.shown, held.shown)

    def _has_fired(self, data: Mapping[str, Any]) -> list[Event]:
        uid, at = data["reminder"]["uid"], data["firedAt"]
        if self._fired.get(uid) == at:
            return []  # told again after a break
        self._fired[uid] = at
        return [Fired(dict(data))]

    # ── edits of our own ─────────────────────────────────────────────────────────────────────────
    def begin_edit(self, uid: str, patch: Object) -> tuple[object, list[Event]]:
        """Show a merge patch; the handle is for one of the other two. KeyError: there is no such object."""
        held = self._held[uid]
        before, edit = held.shown, _Edit(patch)
        held.edits.append(edit)
        return edit, [Change("MODIFIED", held.kind, held.shown, before, True)]

    def confirm_edit(self, uid: str, handle: object, version: int | None = None) -> list[Event]:
        """The server has taken it. It is shown until the stream has it: as of `version`, else as of the next
        change of the object."""
        assert isinstance(handle, _Edit)
        handle.sent, handle.version = True, version
        held = self._held.get(uid)
        if held is not None and version is not None and held.version >= version:
            return self.drop_edit(uid, handle)
        return []

    def drop_edit(self, uid: str, handle: object) -> list[Event]:
        """It was refused, or has been shown for long enough: what the server says is shown again."""
        held = self._held.get(uid)
        if held is None or not any(edit is handle for edit in held.edits):
            return []
        before = held.shown
        held.edits = [edit for edit in held.edits if edit is not handle]
        return [Change("MODIFIED", held.kind, held.shown, before, bool(held.edits))]


def _is_in(edit: _Edit, version: int) -> bool:
    """Whether the server's last word has the edit in it."""
    if not edit.sent:
        return False
    return edit.version is None or version >= edit.version
