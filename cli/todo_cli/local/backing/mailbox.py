"""The mails that the catching server has stored, as lines for a person."""

import email
import email.policy
from pathlib import Path


class Mailbox:
    """A folder of `.eml` files; `new` tells each once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told = set(folder.glob("*.eml"))

    def new(self) -> list[str]:
        found = sorted(set(self._folder.glob("*.eml")) - self._told)
        self._told.update(found)
        return [describe(path) for path in found]


def describe(path: Path) -> str:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return f"✉ to {mail.get('X-Envelope-To', '?')}: {mail.get('Subject', '(no subject)')} → {path}"
