"""Everything else (Slack, ntfy, Telegram, SMS, push …) through the Apprise library.

Apprise would also write to the local syslog, show desktop notifications, read files and call any host; it
blocks, and what it logs is the only reason it gives. So it runs in processes of its own (`push_process`), one
message at a time each: what one message logs is about that message, a time-out ends the process and with it
the call, and no socket there can be connected to a private address. Here is what decides before that: an
allow-list of services, and of a URL only the parameters that we know.
"""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from todo_consumers.notifier.notification import Notification
from todo_consumers.notifier.outcome import Permanent, Temporary

TIMEOUT = 30.0  # seconds for one message, whatever the service does
PROCESSES = 5  # at once; each needs about 50 MB of its own, and gets MEMORY at most
OF_ONE_NAMESPACE = 2  # of these: a service that never answers costs only its own namespace
MEMORY = 80 << 20  # bytes that a process may have of its own, however much a service answers
IDLE = 120.0  # seconds after which a process that has nothing to do is ended
BODY_LIMIT = 3000  # characters; most services refuse or cut longer ones

# Services at an address of their own …
HOSTED: Final = frozenset(
    {"discord", "gchat", "ifttt", "join", "line", "mailgun", "msg91", "nexmo", "opsgenie", "pagerduty"}
    | {"pbul", "pover", "prowl", "sendgrid", "simplepush", "sinch", "slack", "sns", "tgram", "threema"}
    | {"twilio", "vonage", "webex", "wecombot", "workflows", "wxteams", "zulip"}
)
# … and those that people run themselves. Which of them a host decides is nothing to rely on (a hosted one
# takes an organisation's host too): the guard on addresses is the same for all.
SELF_HOSTED: Final = frozenset(
    {"bark", "barks", "gotify", "gotifys", "matrix", "matrixs", "mmost", "mmosts", "ntfy", "ntfys"}
    | {"rocket", "rockets", "signal", "signals"}
)
ALLOWED: Final = HOSTED | SELF_HOSTED
PARAMETERS: Final = frozenset(
    {"auth", "avatar", "channel", "click", "footer", "format", "from", "image", "mode", "priority", "sound"}
    | {"tags", "thread", "title", "to", "tts"}
)


class Order(msgspec.Struct, frozen=True):
    """One message for a process: a line of JSON on its standard input."""

    url: str
    services: tuple[str, ...]
    title: str
    body: str
    urgent: bool


class Answer(msgspec.Struct, frozen=True):
    """What became of it. `status` is the number that the service answered, where Apprise names one."""

    result: Literal["sent", "refused", "unusable", "private"]
    status: int | None = None


class PushChannel:
    """One Apprise URL. Raises Permanent where its service is not one of ours; the URL is never quoted."""

    def __init__(self, url: str, pool: "PushPool", *, namespace: str = "") -> None:
        if urlsplit(url).scheme.lower() not in ALLOWED:
            # Not even its beginning is quoted: whoever may write a channel can name any key of the Secret.
            raise Permanent(
                "the value in the Secret is the URL of a service that is not allowed; the services are: "
                + ", ".join(sorted(ALLOWED))
            )
        self._url, self._pool, self._namespace = without_unknown_parameters(url), pool, namespace

    async def send(self, notification: Notification, only: Sequence[str] = ()) -> None:
        order = Order(
            self._url,
            tuple(sorted(ALLOWED)),
            notification.subject,
            notification.text[:BODY_LIMIT],
            notification.urgent,
        )
        answer = await self._pool.send(order, self._namespace)
        if answer.result == "sent":
            return
        if answer.result == "unusable":
            raise Permanent("the Secret's URL is not one that Apprise understands; see its documentation")
        if answer.result == "private":
            raise Permanent(
                "the service is not at a public address. Channels may not call private networks; whoever "
                "runs the notifier can allow it with TODO_NOTIFIER_ALLOW_PRIVATE=true."
            )
        told = f": it answered {answer.status}" if answer.status else ""
        raise Temporary(f"the service did not accept it{told}")

    async def close(self) -> None:
        """The processes belong to the pool."""


class PushPool:
    """The processes that run Apprise: started when needed, at most `PROCESSES`, ended when idle."""

    def __init__(self, *, allow_private: bool, timeout: float = TIMEOUT) -> None:
        self._allow_private, self._timeout = allow_private, timeout
        self._turn = asyncio.Semaphore(PROCESSES)
        self._of: dict[str, asyncio.Semaphore] = {}
        self._idle: list[tuple[asyncio.subprocess.Process, float]] = []
        self._busy: set[asyncio.subprocess.Process] = set()

    async def send(self, order: Order, namespace: str) -> Answer:
        """Raises Temporary when there is no answer in time, or the process ends."""
        async with self._of.setdefault(namespace, asyncio.Semaphore(OF_ONE_NAMESPACE)), self._turn:
            process = await self._process()
            self._busy.add(process)
            kept = False
            try:
                async with asyncio.timeout(self._timeout):
                    answer = await _ask(process, order)
                kept = True
            except TimeoutError:
                # Ended with its process; whether the service took it is not known.
                raise Temporary(
                    f"the service did not answer within {self._timeout:g} s", server_down=True
                ) from None
            except (OSError, msgspec.DecodeError, asyncio.LimitOverrunError) as error:
                raise Temporary("the process that talks to the service ended", server_down=True) from error
            finally:
                self._busy.discard(process)
                if kept and process.returncode is None:
                    self._idle.append((process, asyncio.get_running_loop().time()))
                else:
                    await _end(process)
            return answer

    async def close(self) -> None:
        for process in [*self._busy, *(process for process, _ in self._idle)]:
            await _end(process)
        self._idle.clear()

    async def _process(self) -> asyncio.subprocess.Process:
        now = asyncio.get_running_loop().time()
        for process, since in list(self._idle):
            if now - since > IDLE or process.returncode is not None:
                self._idle.remove((process, since))
                await _end(process)
        if self._idle:
            return self._idle.pop()[0]
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "todo_consumers.notifier.channels.push_process",
            *(["--allow-private"] if self._allow_private else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a library's words about a tenant's URL
        )


async def _ask(process: asyncio.subprocess.Process, order: Order) -> Answer:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(order) + b"\n")
    await process.stdin.drain()
    return msgspec.json.decode(await process.stdout.readline(), type=Answer)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


def without_unknown_parameters(url: str) -> str:
    """Without `redirect`, `attach`, `verify` and whatever else could widen what is done."""
    # A channel or a room of theirs (`slack://…/#general`) is part of the path, as Apprise reads it.
    parts = urlsplit(url.replace("/#", "/%23"))
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() in PARAMETERS]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))
