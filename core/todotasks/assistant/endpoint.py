"""One request to an OpenAI-compatible `/chat/completions`: messages and tools in, tool calls out.

The answer comes from outside, so it is read with a limit, no redirect is followed (the key would go along),
and no error of ours quotes what it said: only what kind of failure it was.
"""

import asyncio
from types import TracebackType
from typing import Any, Self

import aiohttp
import msgspec

from todotasks import __version__
from todotasks.settings import Secret

MOST_ANSWER = 256 * 1024  # bytes
Document = dict[str, Any]


class ModelError(Exception):
    """Why there is no usable answer; `reason` is a word for metrics and logs."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class ToolCall(msgspec.Struct, frozen=True):
    id: str
    name: str
    arguments: str  # JSON, as the model wrote it


class _Function(msgspec.Struct):
    name: str
    arguments: str | Document | None = None  # some servers send the object itself


class _Call(msgspec.Struct):
    function: _Function
    id: str | None = None


class _Message(msgspec.Struct):
    tool_calls: list[_Call] | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class Endpoint:
    """`async with Endpoint(url, "model", key) as it: await it.complete(messages, tools, within=8.0)`."""

    def __init__(self, url: str, model: str, key: Secret | None) -> None:
        self._url = f"{url}/chat/completions"
        self._model = model
        self._key = key
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def complete(
        self, messages: list[Document], tools: list[Document], within: float
    ) -> tuple[ToolCall, ...]:
        body = msgspec.json.encode(
            {
                "model": self._model,
                "messages": messages,
                "tools": tools,
                "tool_choice": "auto",
                "temperature": 0,
                "stream": False,
            }
        )
        try:
            async with asyncio.timeout(within):
                answer = await self._post(body)
        except TimeoutError as error:
            raise ModelError("timeout", f"no answer within {within:.1f} s") from error
        except aiohttp.ClientError as error:
            raise ModelError("unreachable", type(error).__name__) from error
        return calls_of(answer)

    async def _post(self, body: bytes) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": f"todotasks/{__version__}"}, cookie_jar=aiohttp.DummyCookieJar()
            )
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key is not None:
            headers["Authorization"] = f"Bearer {self._key.reveal()}"
        async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                raise ModelError("status", f"HTTP {answer.status}")
            content = bytearray()
            async for chunk in answer.content.iter_chunked(16 * 1024):
                content += chunk
                if len(content) > MOST_ANSWER:
                    raise ModelError("garbage", f"more than {MOST_ANSWER} bytes")
            return bytes(content)


def calls_of(answer: bytes) -> tuple[ToolCall, ...]:
    try:
        completion = msgspec.json.decode(answer, type=_Completion)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelError("garbage", "no chat completion") from error
    if not completion.choices:
        raise ModelError("garbage", "no choices")
    return tuple(
        ToolCall(call.id or f"call-{number}", call.function.name, _text(call.function.arguments))
        for number, call in enumerate(completion.choices[0].message.tool_calls or ())
    )


def _text(arguments: str | Document | None) -> str:
    if isinstance(arguments, str):
        return arguments
    return msgspec.json.encode(arguments or {}).decode()
