"""What a consumer cannot process goes to `<topic>.dlq`, as it was, with headers that say where it came from
(`origin-topic`, `origin-partition`, `origin-offset`), why (`error`) and after how many `attempts`.

It is tried until Kafka has it: only then may the consumer commit, so nothing is lost in between.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from todotasks.broker.config import logger
from todotasks.broker.errors import BrokerError, MessageTooLarge
from todotasks.broker.message import Message
from todotasks.broker.producer import Producer
from todotasks.broker.topics import dlq
from todotasks.retry import Backoff, keep_trying

ERROR_LIMIT: Final = 1000  # characters of an error that travel with a dead letter
RETRY: Final = Backoff(1.0, 1.0)


class DeadLetters:
    """A producer of its own, started with the first letter: its line may stop without stopping others."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self._producer: Producer | None = None
        self._starting = asyncio.Lock()

    async def send(self, message: Message, error: str, attempts: int) -> None:
        """Returns when Kafka has it."""
        headers = {
            **message.headers,
            "origin-topic": message.topic,
            "origin-partition": str(message.partition),
            "origin-offset": str(message.offset),
            "error": error[:ERROR_LIMIT],
            "attempts": str(attempts),
        }
        # Where with our headers it no longer fits, where it came from is enough to find it.
        ours = {name: value for name, value in headers.items() if name not in message.headers}
        for value, sent in ((message.value, headers), (None, headers), (None, ours)):
            try:
                return await self._deliver(message, value, sent)
            except MessageTooLarge as too_large:
                refused = too_large
        raise refused

    async def _deliver(self, message: Message, value: bytes | None, headers: Mapping[str, str]) -> None:
        async def attempt() -> None:
            producer = await self._started()
            await (await producer.send(dlq(message.topic), message.key or "", value, headers))

        await keep_trying(
            attempt,
            on=BrokerError,
            backoff=RETRY,
            wait=_pause,
            told=_told,
        )

    async def _started(self) -> Producer:
        async with self._starting:
            if self._producer is None:
                self._producer = Producer(self._config)
                await self._producer.start()
            elif self._producer.failure is not None:
                await self._producer.restart()
            return self._producer

    async def close(self) -> None:
        if self._producer is not None:
            await self._producer.close()


def _told(failure: BrokerError, failures: int) -> None:
    logger.warning("dead letter waits: %s", failure, extra={"action": "dead_letter_waits"})


def _pause(failure: BrokerError, pause: float) -> float | None:
    return pause if failure.retriable and not isinstance(failure, MessageTooLarge) else None
