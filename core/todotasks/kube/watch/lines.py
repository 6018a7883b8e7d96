"""A stream of bytes cut into lines, as many at once as have arrived.

aiohttp's own `readline` refuses lines above 64 kB, and a task's notes, managedFields and annotations
may be longer than that; and it costs one await a line, where a burst of changes needs one for all.

Only the waiting for bytes has a deadline here. What the consumer does in between takes as long as it takes:
bytes that came meanwhile lie in the buffer, and a deadline would take them for silence.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from todotasks.kube.errors import Unanswered

if TYPE_CHECKING:
    import aiohttp


class LineSplitter:
    """Feed it chunks, it gives back the lines that are complete; the rest waits for the next chunk."""

    def __init__(self) -> None:
        self._rest: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """Whole lines, without their line feeds and without empty ones."""
        end = chunk.rfind(b"\n")
        if end < 0:
            # Kept as pieces and joined once: a line of many chunks must not be copied for each of them.
            self._rest.append(chunk)
            return []
        lines = chunk[:end].split(b"\n")
        if self._rest:
            self._rest.append(lines[0])
            lines[0] = b"".join(self._rest)
            self._rest.clear()
        if end + 1 < len(chunk):
            self._rest.append(chunk[end + 1 :])
        return [line for line in lines if line] if b"" in lines else lines


class LineStream:
    """The lines of one answer. Iterating gives a list of at least one line each time."""

    def __init__(
        self,
        content: "aiohttp.StreamReader",
        translated: Callable[[], AbstractContextManager[None]],
        silence: Callable[[], float],
    ) -> None:
        self._content = content
        self._translated = translated
        self._silence = silence
        self._splitter = LineSplitter()

    async def __aiter__(self) -> AsyncIterator[list[bytes]]:
        while True:
            silence = self._silence()
            try:
                with self._translated():
                    async with asyncio.timeout(silence):
                        chunk = await self._content.readany()
            except Unanswered:
                # In other words than an answer that never began: here there was one, and it went quiet.
                raise Unanswered(f"nothing came from the API server for {silence:g} s") from None
            if not chunk:
                return
            if lines := self._splitter.feed(chunk):
                yield lines
