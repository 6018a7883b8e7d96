"""How a message looks on the wire: made once, for all who get it.

A frame is `head + seal + tail`: the seal is what is a client's own of its cursor (see `cursor`), all else is
shared. A frame without a cursor is the head alone. SSE goes in chunks of HTTP/1.1 (or bare, to clients of
HTTP/1.0), a WebSocket's messages are whole text frames without a mask (RFC 6455, 5.2).
"""

import struct
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

import msgspec

from chat_gateway.live.cursor import SEAL_LENGTH
from chat_gateway.live.filters import Form
from chat_gateway.live.objects import KINDS, Known
from chat_gateway.live.view import Happened
from todotasks.edits.model.merge import difference
from todotasks.kube.watch.observed import ChangeType

SNOOZE_BY = "10m"  # what is offered first
_FINAL_TEXT = 0x81  # FIN, opcode 1


class Wire(Enum):
    """How frames travel."""

    CHUNKS = "sse"
    BARE = "sse, HTTP/1.0"
    WEBSOCKET = "websocket"


class Frame(NamedTuple):
    head: bytes
    tail: bytes | None  # None: there is no cursor in it

    def whole(self, seal: bytes) -> bytes:
        return self.head if self.tail is None else b"".join((self.head, seal, self.tail))


def frame(wire: Wire, event: str, data: bytes, where: bytes | None = None) -> Frame:
    """`where` is the shared part of the cursor; None: the message has none."""
    name = event.encode()
    if wire is Wire.WEBSOCKET:
        body = b'{"event":"%b","data":%b' % (name, data)
        head, tail = (body + b"}", None) if where is None else (body + b',"cursor":"%b.' % where, b'"}')
        length = len(head) + (0 if tail is None else SEAL_LENGTH + len(tail))
        return Frame(_websocket_head(length) + head, tail)
    body = b"event: %b\ndata: %b\n" % (name, data)
    head, tail = (body + b"\n", None) if where is None else (body + b"id: %b." % where, b"\n\n")
    if wire is Wire.BARE:
        return Frame(head, tail)
    length = len(head) + (0 if tail is None else SEAL_LENGTH + len(tail))
    head = b"%x\r\n%b" % (length, head)
    return Frame(head + b"\r\n", None) if tail is None else Frame(head, tail + b"\r\n")


def retry_frame(wire: Wire, milliseconds: int) -> bytes:
    """The line of SSE that says when to come back; a WebSocket has none."""
    text = b"retry: %d\n\n" % milliseconds
    match wire:
        case Wire.WEBSOCKET:
            return b""
        case Wire.BARE:
            return text
        case Wire.CHUNKS:
            return b"%x\r\n%b\r\n" % (len(text), text)


def _websocket_head(length: int) -> bytes:
    if length < 126:
        return bytes((_FINAL_TEXT, length))
    if length < 1 << 16:
        return struct.pack(">BBH", _FINAL_TEXT, 126, length)
    return struct.pack(">BBQ", _FINAL_TEXT, 127, length)


# ── data ─────────────────────────────────────────────────────────────────────────────────────────────
def encoded(**data: Any) -> bytes:
    return msgspec.json.encode(data)


def snapshot_data(kind: int, docs: list[bytes]) -> bytes:
    return b'{"kind":"%b","objects":[%b]}' % (KINDS[kind].kind.encode(), b",".join(docs))


def change_data(type: ChangeType, happened: Happened, form: Form) -> bytes:
    """`data` of a `change`. A patch only where the very object before is what the client has."""
    kind = KINDS[happened.known.kind].kind.encode()
    if type == "DELETED":
        body = b'"object":{"metadata":%b}' % happened.known.reference(happened.position)
        return b'{"type":"DELETED","kind":"%b",%b}' % (kind, body)
    after = happened.after
    assert after is not None
    if type == "MODIFIED" and form == "patch" and happened.before is not None:
        patch = msgspec.json.encode(_patch(happened.before, after))
        body = b'"metadata":%b,"patch":%b' % (after.reference(after.version), patch)
    else:
        body = b'"object":%b' % after.doc
    return b'{"type":"%b","kind":"%b",%b}' % (type.encode(), kind, body)


def _patch(before: Known, after: Known) -> dict[str, Any]:
    return difference(msgspec.json.decode(before.doc), msgspec.json.decode(after.doc))


def fired_data(reminder: Known, task: Known | None, *, with_task: bool) -> bytes:
    """`data` of a `fired`. Of the task nothing but its name where the client does not look at tasks."""
    about: dict[str, Any] = {"name": reminder.task}
    if with_task and task is not None:
        about |= {"title": task.title, "due": task.due, "completed": task.completed}
    target = {"names": [reminder.task]}
    return msgspec.json.encode(
        {
            "reminder": {"namespace": reminder.namespace, "name": reminder.name, "uid": reminder.uid},
            "firedAt": reminder.fired_at,
            "message": reminder.message,
            "task": about,
            "actions": {
                "done": {
                    "namespace": reminder.namespace,
                    "commands": [{"action": "complete", "target": target}],
                },
                "snooze": {
                    "namespace": reminder.namespace,
                    "commands": [{"action": "snooze", "target": target, "by": SNOOZE_BY}],
                },
            },
        }
    )


def ping_data(now: datetime) -> bytes:
    return encoded(at=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
