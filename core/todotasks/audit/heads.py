"""Heads: "row `seq` has the hash `hash`", signed with Ed25519, told outside of the database.

Who holds the key vouches for everything before. A head that was published cannot be taken back: whoever
rewrites the log afterwards would have to sign another one for the same number, and the published one says
otherwise.
"""

import base64
import hashlib
from datetime import UTC, datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

CONTEXT = b"todotasks audit head v1\n"  # so that a signature of this key means nothing else


class BadKey(ValueError):
    """No Ed25519 key; the message never quotes it."""


class Head(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """`chain` names the log (its first row), so that heads of two installations are not mixed up."""

    seq: int
    hash: bytes
    signed_at: datetime
    key_id: str
    signature: bytes = b""
    closes: str | None = None

    @property
    def statement(self) -> bytes:
        """What is signed."""
        at = self.signed_at.astimezone(UTC).isoformat(timespec="microseconds")
        text = f"{self.seq}\n{self.hash.hex()}\n{at}\n{self.key_id}\n{self.closes or ''}\n"
        return CONTEXT + text.encode()


class Signer:
    """The private key. Its text shows nowhere."""

    def __init__(self, pem: bytes) -> None:
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError) as error:
            raise BadKey("it is no private key in PEM without a password") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise BadKey("it is no Ed25519 key; make one: openssl genpkey -algorithm ed25519")
        self._key = key
        self.public = key.public_key()
        self.key_id = key_id(self.public)

    def __repr__(self) -> str:
        return f"Signer({self.key_id})"

    @classmethod
    def generate(cls) -> tuple["Signer", bytes]:
        """A new one and its PEM."""
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cls(pem), pem

    def sign(self, seq: int, digest: bytes, now: datetime, closes: str | None = None) -> Head:
        head = Head(seq=seq, hash=digest, signed_at=now, key_id=self.key_id, closes=closes)
        return msgspec.structs.replace(head, signature=self._key.sign(head.statement))

    @property
    def public_pem(self) -> str:
        return public_pem(self.public)


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 characters of the SHA-256 of the raw public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_pem(key: Ed25519PublicKey) -> str:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def read_public_key(text: str) -> Ed25519PublicKey:
    """From PEM, or from base64 of the raw 32 bytes. Raises `BadKey`."""
    try:
        if "-----BEGIN" in text:
            key = serialization.load_pem_public_key(text.encode())
        else:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise BadKey("it is no public key: give PEM, or 32 bytes in base64") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey("it is no Ed25519 key")
    return key


def head_is_signed(head: Head, keys: dict[str, Ed25519PublicKey]) -> bool:
    """Whether one of the keys that are trusted has signed it."""
    key = keys.get(head.key_id)
    if key is None:
        return False
    try:
        key.verify(head.signature, head.statement)
    except InvalidSignature:
        return False
    return True
