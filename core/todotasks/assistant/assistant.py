"""Asks the model and checks its answer; whatever goes wrong, the grammar's reading is taken.

What it gives back are commands and nothing more. Deletes, bulk edits, rules and objects that the message does
not name are asked for before they are done, as `edits.interpreter` decides without asking the model.
A crash here loses nothing: nothing has been done yet.
"""

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import msgspec
import structlog

from todotasks.assistant import metrics
from todotasks.assistant.endpoint import Endpoint, ModelError, ToolCall
from todotasks.assistant.prompt import messages_of, repaired, tools
from todotasks.assistant.settings import ModelSettings
from todotasks.edits.model.command import Command
from todotasks.edits.model.edit import Problem
from todotasks.edits.understand.interpreter import Briefing
from todotasks.language import Reading
from todotasks.tools.arguments import ArgumentsError, read_command

MOST_COMMANDS = 8  # of one message
MOST_ARGUMENTS = 32 * 1024  # characters of one call
MANY_WORDS = 6  # a title this long, and nothing else understood, may be a sentence that asks for something
FAILURES = 3  # in a row, then the model is left alone for a while
REST = 30.0  # seconds; a dead endpoint must not cost every message its time limit

log = structlog.get_logger(__name__)


class Assistant:
    """The `Interpreter` over one endpoint, which it closes: `async with Assistant(Endpoint(…)) as model`."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        mode: str = "fallback",
        timeout: float = 8.0,
        most_titles: int = 50,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._mode = mode
        self._timeout = timeout
        self._most_titles = most_titles
        self._clock = clock
        self._failures = 0
        self._rests_until = 0.0

    @classmethod
    def of(cls, settings: ModelSettings) -> "Assistant | None":
        """None: there is no model, or it is never to be asked."""
        if settings.llm_url is None or settings.llm_mode == "never":
            return None
        return cls(
            Endpoint(settings.llm_url, settings.llm_model, settings.llm_key),
            mode=settings.llm_mode,
            timeout=settings.llm_timeout,
            most_titles=settings.llm_titles,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._endpoint.close()

    def wanted(self, readings: Sequence[Reading], problem: Problem | None = None) -> bool:
        """Is the model to be asked? `problem` is what the grammar's reading came to, where that is known."""
        if self._clock() < self._rests_until or any(one.action in {"undo", "help"} for one in readings):
            return False
        if self._mode == "always":
            return True
        if problem is not None and problem.reason in {"NotFound", "Unclear"}:
            return True
        return not readings or any(map(_is_unsure, readings))

    async def commands(
        self, text: str, readings: Sequence[Reading], briefing: Briefing
    ) -> tuple[Command, ...] | None:
        """None: take the grammar's reading."""
        begun = self._clock()
        try:
            found = await self._ask(text, briefing, begun + self._timeout)
        except ModelError as error:
            self._failed()
            metrics.ASKED.labels(error.reason).inc()
            # Neither the message nor the answer: both are the person's.
            log.warning("model gave no commands", reason=error.reason, detail=str(error))
            return None
        finally:
            metrics.SECONDS.observe(self._clock() - begun)
        self._failures = 0
        metrics.ASKED.labels("commands" if found else "nothing").inc()
        return found or None

    async def _ask(self, text: str, briefing: Briefing, until: float) -> tuple[Command, ...]:
        messages = messages_of(text, briefing, self._most_titles)
        calls = await self._endpoint.complete(messages, tools(), until - self._clock())
        try:
            return commands_of(calls)
        except ArgumentsError as error:
            left = until - self._clock()
            if left <= 0:
                raise ModelError("timeout", "no time to repair an invalid call") from error
            again = repaired(messages, [_as_sent(call) for call in calls[:MOST_COMMANDS]], str(error))
        calls = await self._endpoint.complete(again, tools(), left)
        try:
            return commands_of(calls)
        except ArgumentsError as error:
            raise ModelError("invalid", "a call was invalid twice") from error

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._rests_until = self._clock() + REST


def _is_unsure(reading: Reading) -> bool:
    if reading.action == "none":
        return True
    only_a_title = reading.action == "create" and all(span.slot == "title" for span in reading.spans)
    return only_a_title and len((reading.title or "").split()) >= MANY_WORDS


def commands_of(calls: Sequence[ToolCall]) -> tuple[Command, ...]:
    if len(calls) > MOST_COMMANDS:
        raise ArgumentsError(f"{len(calls)} calls; at most {MOST_COMMANDS} are taken")
    return tuple(read_command(call.name, _arguments(call)) for call in calls)


def _arguments(call: ToolCall) -> dict[str, Any]:
    if len(call.arguments) > MOST_ARGUMENTS:
        raise ArgumentsError(f"{call.name[:64]}: more than {MOST_ARGUMENTS} characters")
    try:
        value = msgspec.json.decode(call.arguments or "{}")
    except (msgspec.DecodeError, RecursionError) as error:
        raise ArgumentsError(f"{call.name[:64]}: the arguments are not JSON") from error
    if not isinstance(value, dict):
        raise ArgumentsError(f"{call.name[:64]}: the arguments must be an object")
    return value


def _as_sent(call: ToolCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "type": "function",
        "function": {"name": call.name, "arguments": call.arguments[:MOST_ARGUMENTS]},
    }
