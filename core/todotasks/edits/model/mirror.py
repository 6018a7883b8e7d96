"""What the conversation asks of the copy of the tasks in PostgreSQL; who has one gives it (the gateway)."""

from collections.abc import Sequence
from typing import Protocol


class Mirror(Protocol):
    """The copy of the tasks in PostgreSQL, as somebody may use it."""

    async def named(self, namespace: str, words: Sequence[str], *, more_than: int) -> tuple[str, ...] | None:
        """Tasks (JSON) that have one of the words. None: so few are open there that they can be listed.
        Raises `MirrorAway`; `KubeError` where the caller may not list."""
        ...


class MirrorAway(Exception):
    """It cannot be asked now."""
