"""What a client is to hand back as it is and must not read: the places where pages of a list begin.

Who shows such texts to people gives an encrypting `Sealer` (the gateway's has the keys of its sessions). What
is sealed says for whom and for which list it was made: another user's place is refused like a forged one.
"""

import base64
import binascii
from typing import Final, Protocol


class Sealer(Protocol):
    """Both directions. `open` gives None for what was not sealed here, or by keys that are gone."""

    def seal(self, content: bytes) -> str: ...

    def open(self, sealed: str) -> bytes | None: ...


class _Plain:
    """Readable by everybody: for one's own process, where nobody else sees it."""

    def seal(self, content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    def open(self, sealed: str) -> bytes | None:
        try:
            return base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None


PLAIN: Final[Sealer] = _Plain()
