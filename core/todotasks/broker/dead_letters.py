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

ERROR_LIMIT: Final = 1000  # characters of an error that travel with a dead letter
RETRY_DELAY: Final = 1.0  # seconds


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
        value = message.value
        while True:
            try:
                producer = await self._started()
                await (await producer.send(dlq(message.topic), message.key or "", value, headers))
            except MessageTooLarge:
                # With our headers it no longer fits; where it came from is enough to find it.
                if value is None:
                    raise
                value = None
            except BrokerError as failure:
                if not failure.retriable:
                    raise
                logger.warning("dead letter waits: %s", failure, extra={"action": "dead_letter_waits"})
                await asyncio.sleep(RETRY_DELAY)
            else:
                return

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
