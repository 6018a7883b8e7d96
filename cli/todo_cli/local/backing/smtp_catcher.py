"""The process behind `smtp.Smtp`: takes each mail by SMTP and stores it as `<time>-<subject>.eml`.

A mail is on disk under its final name before the sender hears 250; a crash before that makes the sender
try again, and never leaves half a mail.
"""

import datetime
import email
import email.policy
import itertools
import re
import signal
import threading
from pathlib import Path

import click
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from todo_cli.local.folder import write_atomically
from todo_cli.local.processes.ports import LOOPBACK

LARGEST_MAIL = 10 * 1024 * 1024  # bytes


class Store:
    """What aiosmtpd calls for each mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counter = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del server, session
        content = envelope.original_content or b""
        head = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        write_atomically(self._folder / self._name(content), head.encode() + content)
        return "250 stored, not delivered"

    def _name(self, content: bytes) -> str:
        subject = str(email.message_from_bytes(content, policy=email.policy.default).get("Subject", ""))
        slug = re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")[:60] or "no-subject"
        now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S")
        return f"{now}-{next(self._counter):04d}-{slug}.eml"


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True)
@click.option("--port", type=int, required=True)
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), required=True)
def main(host: str, port: int, folder: Path) -> None:
    """Serve until SIGTERM."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    controller = Controller(Store(folder), hostname=host, port=port, data_size_limit=LARGEST_MAIL)
    controller.start()
    ended.wait()
    controller.stop()


if __name__ == "__main__":
    main()
