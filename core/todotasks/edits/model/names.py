"""Names of the objects that are made, and the key that tells one's own from another's.

The name follows from the title, so that `kubectl get todotasks` reads well. The same message sent twice has
the same idempotency key in an annotation: AlreadyExists with it means "done before".
"""

import hashlib
import re
import unicodedata

import msgspec

from todotasks.edits.model.edit import Edit
from todotasks.edits.model.kubectl import command_line

ANNOTATION_IDEMPOTENCY_KEY = "todotasks.dev/idempotency-key"
LONGEST_NAME = 50  # a rule's occurrences add 10 characters, their parts 2, reminders 9: all fit a label
NAMELESS = "task"

_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"}
)
_NUMBERED = re.compile(r"(?P<stem>.*?)-(?P<number>[0-9]{1,3})")


def slug(title: str) -> str:
    """The name that a title stands for: a DNS label, `task` where nothing is left."""
    lower = unicodedata.normalize("NFC", title).lower().translate(_LETTERS)
    ascii_only = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    words = [word for word in re.split(r"[^a-z0-9]+", ascii_only.replace("'", "")) if word]
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word
        if len(longer) > LONGEST_NAME:
            break
        name = longer
    return name or "-".join(words)[:LONGEST_NAME].strip("-") or NAMELESS


def numbered(stem: str, number: int) -> str:
    suffix = f"-{number}"
    return stem[: LONGEST_NAME - len(suffix)].rstrip("-") + suffix


def free_name(title: str, taken: "frozenset[str] | set[str]") -> str:
    """The title's name, or with -2, -3 … the first that nobody has."""
    stem = slug(title)
    name, number = stem, 1
    while name in taken:
        number += 1
        name = numbered(stem, number)
    return name


def next_name(title: str, name: str) -> str:
    """The name to try when `name` turned out to be taken."""
    stem = slug(title)
    if name == stem:
        return numbered(stem, 2)
    found = _NUMBERED.fullmatch(name)
    return numbered(stem, int(found["number"]) + 1 if found else 2)


def renamed(edit: Edit, name: str) -> Edit:
    """The same creation under another name."""
    assert edit.manifest is not None, "only what is created gets a name"
    manifest = {**edit.manifest, "metadata": {**edit.manifest["metadata"], "name": name}}
    new = msgspec.structs.replace(edit, name=name, manifest=manifest, kubectl="")
    return msgspec.structs.replace(new, kubectl=command_line(new))


def idempotency_key(owner: str, key: str, index: int) -> str:
    """The annotation's value for the `index`-th command of a message; empty without a key."""
    if not key:
        return ""
    return hashlib.sha256(msgspec.json.encode([owner, key, index])).hexdigest()[:32]
