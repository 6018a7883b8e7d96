"""The process that runs Apprise: `python -m todo_consumers.notifier.channels.push_process`. See `push`.

It reads orders, a line each, and answers each with a line, until its input ends. What Apprise logs is
looked through for the number that the service answered, and goes nowhere else: it may quote the service, or
the URL with its token.
"""

import contextlib
import logging
import os
import re
import resource
import sys
from typing import Any

import msgspec

from todo_consumers.notifier.addresses import PrivateAddressError, forbid_private_connections
from todo_consumers.notifier.channels.push import MEMORY, Answer, Order

_STATUS = re.compile(r"\berror=(\d{3})\b")


class _Heard(logging.Handler):
    """The words of one message, for as long as it is being sent."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(record.getMessage())


def send(order: Order, heard: _Heard) -> Answer:
    """One message. Whatever a plugin raises is an answer too."""
    import apprise  # noqa: PLC0415 0.2 s, and only this process needs it

    apprise.NotificationManager().enable_only(*order.services)  # type: ignore[no-untyped-call]
    asset = apprise.AppriseAsset(
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        plugin_paths=[],
        secure_logging=True,
    )
    service: Any = None
    # A plugin's parser may raise anything; the answer says what it means that there is none.
    with contextlib.suppress(Exception):
        service = apprise.Apprise.instantiate(order.url, asset=asset, suppress_exceptions=True)
    if service is None:
        return Answer("unusable")
    kind = apprise.NotifyType.WARNING if order.urgent else apprise.NotifyType.INFO
    try:
        sent = service.notify(title=order.title, body=order.body, notify_type=kind)
    except PrivateAddressError:
        return Answer("private")
    except Exception:
        sent = False
    if sent:
        return Answer("sent")
    words = " ".join(heard.words)
    if PRIVATE in words:
        return Answer("private")
    status = _STATUS.search(words)
    return Answer("refused", int(status[1]) if status else None)


PRIVATE = "not a public address"  # what `PrivateAddressError` says, and Apprise logs of it


def main() -> None:
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints is not an answer
    # The clients of the plugins read an answer whole, and unpack it: the end of this memory is the end of it.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    if "--allow-private" not in sys.argv[1:]:
        forbid_private_connections()
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)
    for line in sys.stdin.buffer:
        heard = _Heard()
        logger.addHandler(heard)
        try:
            answer = send(msgspec.json.decode(line, type=Order), heard)
        finally:
            logger.removeHandler(heard)
        answers.write(msgspec.json.encode(answer) + b"\n")


if __name__ == "__main__":
    main()
