"""A real SMTP server over TLS whose mood a test decides."""

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

USER, PASSWORD = "notifier", "correct horse"

Mood = Callable[[Envelope, int], str | None]  # envelope and number of this mail → an answer, None accepts


class Handler:
    """Keeps what it accepts; `mood` may answer otherwise, or raise to drop the connection."""

    def __init__(self) -> None:
        self.accepted: list[bytes] = []
        self.offered = 0
        self.envelopes: list[list[str]] = []  # who each accepted mail was for
        self.mood: Mood = lambda envelope, number: None
        self.refused_recipients: dict[str, str] = {}
        self.slow = 0.0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.offered += 1
        if self.slow:
            time.sleep(self.slow)
        answer = self.mood(envelope, self.offered)
        if answer == "drop":
            transport: Any = server.transport
            transport.abort()
            return "250 never read"
        if answer is not None:
            return answer
        assert isinstance(envelope.content, bytes)
        self.accepted.append(envelope.content)
        self.envelopes.append(sorted(map(str, envelope.rcpt_tos)))
        return "250 accepted"


class MailServer:
    """STARTTLS and AUTH on a free port of 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file: Path = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self.handler = Handler()
        self._port = 0
        self._controller: Controller | None = None
        self.start()

    def start(self) -> None:
        """Starts, again on the same port after `stop`."""
        self._controller = _Controller(
            self.handler,
            hostname="127.0.0.1",
            port=self._port,
            tls_context=self._context,
            require_starttls=True,
            authenticator=_authenticate,
            auth_required=True,
        )
        self._controller.start()
        assert self._controller.server is not None
        self._port = self._controller.server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def url(self, password: str = PASSWORD) -> str:
        quoted = password.replace(" ", "%20")
        return f"smtp+starttls://{USER}:{quoted}@127.0.0.1:{self._port}?ca={self.ca_file}"


class _Controller(Controller):
    def _trigger_server(self) -> None:
        """aiosmtpd's own connects to the port that was asked for, which is 0 the first time."""
        assert self.server is not None
        with socket.create_connection(self.server.sockets[0].getsockname(), timeout=5) as connection:
            connection.recv(1024)


def _authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    good = data.login == USER.encode() and data.password == PASSWORD.encode()
    return AuthResult(success=good, handled=False)
