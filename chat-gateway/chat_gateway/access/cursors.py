"""What pages go on from, encrypted: a cursor tells its holder nothing, and any replica opens it.

The keys are made of those of the sessions, one way: a cursor opens no session and a cookie is no cursor.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_PURPOSE = b"todotasks cursors"


class Cursors:
    """A `todotasks.sealed.Sealer`. `keys` are Fernet keys, the first one seals; without any, one is made."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in keys] or [Fernet(Fernet.generate_key())])

    def seal(self, content: bytes) -> str:
        return self._fernet.encrypt(content).decode()

    def open(self, sealed: str) -> bytes | None:
        try:
            return self._fernet.decrypt(sealed.encode())
        except (InvalidToken, UnicodeError):
            return None


def _derived(key: str) -> bytes:
    digest = hashlib.blake2b(base64.urlsafe_b64decode(key), person=_PURPOSE[:16], digest_size=32)
    return base64.urlsafe_b64encode(digest.digest())
