"""What the ConfigMap of published heads looks like, for who writes it and who verifies by it. Pure."""

from collections.abc import Iterable, Mapping

import msgspec

from todotasks.audit.heads import Head

MAP_NAME = "todotasks-audit-heads"
MOST_HEADS = 500  # the newest; closing heads stay for ever. 300 bytes each


def load_heads(data: Mapping[str, str]) -> tuple[list[Head], dict[str, str]]:
    """The heads and the public keys (PEM by id). What cannot be read counts as not there."""
    try:
        heads = msgspec.json.decode(data.get("heads.json", "[]"), type=list[Head])
        keys = msgspec.json.decode(data.get("keys.json", "{}"), type=dict[str, str])
    except msgspec.DecodeError:
        return [], {}
    return heads, keys


def dump_heads(heads: Iterable[Head], keys: Mapping[str, str]) -> dict[str, str]:
    """The ConfigMap's data, bounded: every head of the last ones, then ever fewer, and all closing ones."""
    ordered = sorted({(head.seq, head.closes): head for head in heads}.values(), key=lambda head: head.seq)
    closing = [head for head in ordered if head.closes]
    others = [head for head in ordered if not head.closes][-MOST_HEADS:]
    kept = sorted([*closing, *others], key=lambda head: (head.seq, head.closes or ""))
    return {
        "heads.json": msgspec.json.encode(kept).decode(),
        "keys.json": msgspec.json.encode(dict(keys)).decode(),
    }
