"""What the ConfigMap of published heads looks like, for who writes it and who verifies by it. Pure.

It is bounded: the newest heads, older ones ever further apart, every closing one. A head that the log once
contradicted is never among what is left out: a log that was put back from a backup and gone on with would
otherwise look whole once enough newer heads have come.
"""

from collections.abc import Iterable, Mapping

import msgspec

from todotasks.audit.heads import Head

MAP_NAME = "todotasks-audit-heads"
NEWEST = 200  # heads that are all kept; 300 bytes each
APART = 16  # behind them one of about so many parts of its distance to the newest: ever fewer
MOST_CONTRADICTED = 100  # the oldest of them


def load_heads(data: Mapping[str, str]) -> tuple[list[Head], dict[str, str]]:
    """All heads, those that the log contradicts included, and the public keys (PEM by id). What cannot be
    read counts as not there."""
    heads = _heads(data, "heads.json")
    known = {(head.seq, head.hash) for head in heads}
    heads += [head for head in load_contradicted(data) if (head.seq, head.hash) not in known]
    try:
        keys = msgspec.json.decode(data.get("keys.json", "{}"), type=dict[str, str])
    except msgspec.DecodeError:
        keys = {}
    return heads, keys


def load_contradicted(data: Mapping[str, str]) -> list[Head]:
    """The heads of which the log once said something else."""
    return _heads(data, "contradicted.json")


def dump_heads(
    heads: Iterable[Head], keys: Mapping[str, str], contradicted: Iterable[Head] = ()
) -> dict[str, str]:
    """The ConfigMap's data."""
    witnesses = sorted({(head.seq, head.hash): head for head in contradicted}.values(), key=_order)
    data = {
        "heads.json": msgspec.json.encode(thinned(heads)).decode(),
        "keys.json": msgspec.json.encode(dict(keys)).decode(),
    }
    if witnesses:
        data["contradicted.json"] = msgspec.json.encode(witnesses[:MOST_CONTRADICTED]).decode()
    return data


def thinned(heads: Iterable[Head]) -> list[Head]:
    """In order of their rows; thinning again what was kept takes nothing away."""
    ordered = sorted({(head.seq, head.closes): head for head in heads}.values(), key=_order)
    closing = [head for head in ordered if head.closes]
    others = [head for head in ordered if not head.closes]
    newest = others[-1].seq if others else 0
    spread: dict[tuple[int, int], Head] = {}
    for head in others[:-NEWEST]:
        # The widths are powers of two, so a wider stretch begins where a narrower one did.
        width = 1 << max((newest - head.seq) // APART, 1).bit_length() - 1
        spread.setdefault((width, head.seq // width), head)
    return sorted([*closing, *spread.values(), *others[-NEWEST:]], key=_order)


def _heads(data: Mapping[str, str], name: str) -> list[Head]:
    try:
        return msgspec.json.decode(data.get(name, "[]"), type=list[Head])
    except msgspec.DecodeError:
        return []


def _order(head: Head) -> tuple[int, str]:
    return head.seq, head.closes or ""
