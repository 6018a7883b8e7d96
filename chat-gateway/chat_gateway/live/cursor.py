"""Cursors: how far a client is, in a form that only gateways can read.

    <where>.<whose>     where: the position of each kind, encrypted; the same for all clients at one moment
                        whose: a seal over user and filter; the same for one client at all moments

So the large part of a message is made once for all, and a client's part is a constant of 16 characters. The
parts of two cursors may be mixed and give nothing away: what a client gets is decided by its rights, a cursor
only says from where on.

Any replica with the same TODO_SESSION_KEYS opens it; the first key makes, all of them open. It says which
cluster it is of, for positions of another one mean nothing.
"""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chat_gateway.live.objects import KINDS
from todotasks.settings import Secret

SEAL_LENGTH = 16  # characters
_NONCE = 12  # bytes
_POSITIONS = struct.Struct(f">{len(KINDS)}Q")

Vector = tuple[int, ...]  # a position for each kind; 0: not looked at


class BadCursor(ValueError):
    """It is none of ours, or belongs to another user, filter or cluster. The message says which."""


class _Key:
    def __init__(self, key: bytes) -> None:
        self.box = AESGCM(hashlib.sha256(b"todotasks live cursor\0" + key).digest())
        self.mac = hashlib.sha256(b"todotasks live seal\0" + key).digest()

    def seal(self, owner: str, filter: bytes) -> bytes:
        digest = hmac.digest(self.mac, owner.encode() + b"\0" + filter, "sha256")
        return base64.urlsafe_b64encode(digest[:12])


class Cursors:
    """`keys` as TODO_SESSION_KEYS has them; without any, cursors end with this process."""

    def __init__(self, keys: tuple[Secret, ...]) -> None:
        texts = [key.reveal().encode() for key in keys] or [os.urandom(32)]
        self._keys = [_Key(text) for text in texts]
        self.cluster = b""

    def seal(self, owner: str, filter: bytes) -> bytes:
        return self._keys[0].seal(owner, filter)

    def where(self, vector: Vector) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._keys[0].box.encrypt(nonce, _POSITIONS.pack(*vector), self.cluster)
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=")

    def open(self, cursor: str, owner: str, filter: bytes) -> Vector:
        where, _, whose = cursor.partition(".")
        try:
            sealed = base64.urlsafe_b64decode(where.encode("ascii") + b"=" * (-len(where) % 4))
            seal = whose.encode("ascii")
        except (binascii.Error, UnicodeEncodeError, ValueError):
            raise BadCursor("it is no cursor of this gateway") from None
        for key in self._keys:
            try:
                positions = key.box.decrypt(sealed[:_NONCE], sealed[_NONCE:], self.cluster)
            except (InvalidTag, ValueError):
                continue
            if not hmac.compare_digest(seal, key.seal(owner, filter)):
                raise BadCursor("it belongs to another user or another filter")
            return _POSITIONS.unpack(positions)
        raise BadCursor("it was not made by this gateway for this cluster, or its keys have changed since")
