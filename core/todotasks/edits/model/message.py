"""A message as it comes in, checked before anything is asked of anyone."""

import re

import msgspec

from todotasks.api.zones import ZoneError, load_zone
from todotasks.edits.model.command import Sort
from todotasks.edits.model.edit import Problem

LONGEST_MESSAGE = 16_384  # characters; the grammar reads the first 2,000, notes may go on
LONGEST_ID = 128
DEFAULT_NAMESPACE = "default"

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


class Message(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What a person says, and where.

    `conversation` is the id that the last answer gave; without one it is a new conversation. `language` is
    en, de or auto, `day_order` DMY or MDY; `limit` and `sort` are of the lists that the words ask for.
    """

    text: str = ""
    namespace: str = DEFAULT_NAMESPACE
    time_zone: str | None = None
    dry_run: bool = False
    conversation: str = ""
    idempotency_key: str = ""
    language: str = "auto"
    day_order: str = ""
    limit: int | None = None
    sort: Sort | None = None


def problems_of(message: Message) -> tuple[Problem, ...]:
    """What is wrong with the frame of a message, all at once."""
    found = []
    if not _NAMESPACE.fullmatch(message.namespace):
        found.append(
            _wrong("namespace", message.namespace, "lower-case letters, digits and -, at most 63 characters")
        )
    if message.time_zone is not None:
        try:
            load_zone(message.time_zone)
        except ZoneError as error:
            found.append(Problem(reason="Invalid", message=f"timeZone: {error}", field="timeZone"))
    if len(message.text) > LONGEST_MESSAGE:
        text = f"text: {len(message.text)} characters; at most {LONGEST_MESSAGE} are accepted"
        found.append(Problem(reason="Invalid", message=text, field="text"))
    for field, value in (
        ("conversation", message.conversation),
        ("idempotencyKey", message.idempotency_key),
    ):
        if len(value) > LONGEST_ID or not value.isprintable():
            found.append(_wrong(field, value, f"at most {LONGEST_ID} printable characters"))
    if message.language not in {"auto", "en", "de"}:
        found.append(_wrong("language", message.language, "auto, en or de"))
    if message.day_order not in {"", "DMY", "MDY"}:
        found.append(_wrong("dayOrder", message.day_order, "DMY or MDY"))
    return tuple(found)


def _wrong(field: str, given: str, accepted: str) -> Problem:
    shown = given if len(given) <= 80 else f"{given[:80]}…"
    return Problem(reason="Invalid", message=f"{field}: {shown!r}; accepted: {accepted}", field=field)
