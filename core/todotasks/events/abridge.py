"""An event that is too large for Kafka, cut until it fits.

The CRDs bound every field of a spec, so only labels and annotations (256 KiB of them are allowed) or an
object written around the CRD's rules can make an event this large. Who needs the whole of it finds it
among the dead letters; who follows the topic still learns that something happened, in order, under the
same id, and reads in `abridged` what is not there.
"""

from typing import Any, Final

import msgspec

from todotasks.events.envelope import EventError, decode, encode

# Tried in this order, `previous` before all: who wants to know what a thing is needs these least.
_CUTS: Final[tuple[tuple[str, ...], ...]] = (
    ("metadata", "annotations"),
    ("metadata", "labels"),
    ("spec", "notes"),
    ("spec", "links"),
    ("spec", "template"),
    ("spec", "tags"),
    ("spec", "reminders"),
    ("spec", "dependsOn"),
    ("status", "conditions"),
    ("metadata", "ownerReferences"),
)
TEXT_KEPT: Final = 512  # characters of each text left over, when leaving out whole fields was not enough


def abridge(value: bytes, limit: int) -> bytes | None:
    """The event in at most `limit` bytes, or None where there is nothing (left) to leave out."""
    try:
        event = decode(value)
    except EventError:
        return None
    data: dict[str, Any] = msgspec.json.decode(event.data)
    left_out: list[str] = list(data.get("abridged", ()))

    def fits() -> bytes | None:
        data["abridged"] = left_out
        cut = encode(msgspec.structs.replace(event, data=msgspec.Raw(msgspec.json.encode(data))))
        return cut if len(cut) <= limit else None

    if data.get("previous"):
        data["previous"] = {}
        left_out.append("previous")
        if (cut := fits()) is not None:
            return cut
    for name in ("task", "rule"):
        for part, field in _CUTS:
            holder = data.get(name, {}).get(part, {})
            if field not in holder:
                continue
            if (part, field) == ("spec", "template"):
                holder[field] = {"spec": {"title": "", "priority": "Medium", "completed": False}}
            else:
                del holder[field]
            left_out.append(f"{name}.{part}.{field}")
            if (cut := fits()) is not None:
                return cut
    if _shorten(data):
        left_out.append("text")
        return fits()
    return None


def _shorten(node: Any) -> bool:
    """Cuts every long text below `node`; whether there was one."""
    cut = False
    for name, value in list(node.items() if isinstance(node, dict) else enumerate(node)):
        if isinstance(value, str) and len(value) > TEXT_KEPT:
            node[name] = value[:TEXT_KEPT] + "…"
            cut = True
        elif isinstance(value, dict | list):
            cut = _shorten(value) or cut
    return cut
