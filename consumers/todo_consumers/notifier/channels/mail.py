"""Mail through aiosmtplib: one kept connection a channel, and SMTP's answers told apart.

A mail counts as sent when the server has answered the end of DATA with 250. If the connection breaks after
the last byte and before that answer, nobody knows; it is tried again with the same Message-ID, by which mail
programs drop a second copy. That is the one window in which a mail can come twice.
"""

import asyncio
import re
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from todo_consumers.notifier.notification import Notification
from todo_consumers.notifier.outcome import DeliveryError, Permanent, Temporary, without_secrets

TIMEOUT = 30.0  # seconds for each command; DATA of a large mail to a slow server included
IDLE = 60.0  # seconds after which a kept connection is not trusted any more
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,253}")


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `smtp` takes STARTTLS where it is offered, `smtp+starttls` insists, `smtps` is TLS."""

    host: str
    port: int
    scheme: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """`smtp+starttls://user:password@host:587?ca=/path`. Raises Permanent; the URL is not quoted."""
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in PORTS or not parts.hostname or port == -1:
            raise Permanent(
                "the address of the mail server is not usable: expected smtp://, smtp+starttls:// or "
                "smtps:// with a host, such as smtp+starttls://user:password@mail.example.com:587"
            )
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            scheme=parts.scheme,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            ca_file=parse_qs(parts.query).get("ca", [None])[0],
        )


class MailChannel:
    """The mail addresses of one NotificationChannel. Sends one mail at a time over one connection."""

    def __init__(self, server: Server, sender: str, recipients: tuple[str, ...]) -> None:
        for address in (sender, *recipients):
            # aiosmtplib cuts CR and LF off silently; a wrong address must be seen.
            if not _ADDRESS.fullmatch(address):
                raise Permanent(f"{address!r} is not a mail address; expected one such as ana@example.com")
        self._server, self._sender, self._recipients = server, sender, recipients
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0
        self._turn = asyncio.Lock()

    async def send(self, notification: Notification) -> None:
        """All recipients in one transaction: whoever the server refuses is named, the others get it."""
        message = compose(notification, self._sender, self._recipients)
        async with self._turn:
            try:
                client = await self._connected()
                refused, _ = await client.send_message(
                    message, sender=self._sender, recipients=list(self._recipients)
                )
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                await self._drop()
                raise self._told(error) from error
            self._used_at = asyncio.get_running_loop().time()
        if refused:
            # Sent to the others: trying again would send it to them twice.
            names = "; ".join(
                f"{address}: {answer.code} {answer.message}" for address, answer in refused.items()
            )
            raise Permanent(self._clean(f"delivered, but not to all recipients: {names}"))

    async def close(self) -> None:
        await self._drop()

    async def _connected(self) -> aiosmtplib.SMTP:
        now = asyncio.get_running_loop().time()
        if self._client is not None:
            if now - self._used_at < IDLE and self._client.is_connected:
                try:
                    await self._client.rset()
                except (aiosmtplib.SMTPException, OSError, TimeoutError):
                    await self._drop()  # the server has closed it meanwhile: nothing was sent
                else:
                    return self._client
            else:
                await self._drop()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=TIMEOUT,
            use_tls=server.scheme == "smtps",
            start_tls={"smtp": None, "smtps": False, "smtp+starttls": True}[server.scheme],
            tls_context=ssl.create_default_context(cafile=server.ca_file)
            if server.scheme != "smtp"
            else None,
            validate_certs=server.scheme != "smtp",
        )
        await client.connect()
        self._client = client
        if server.user is not None:
            await client.login(server.user, server.password or "")
        return client

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _told(self, error: Exception) -> DeliveryError:
        """SMTP's answer as one of ours: 5xx is for good, 4xx and everything about the connection is not."""
        text = self._clean(str(error) or type(error).__name__)
        server = f"mail server {self._server.host}:{self._server.port}"
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            answers = [refusal.code for refusal in error.recipients]
            told = "; ".join(f"{r.recipient}: {r.code} {r.message}" for r in error.recipients)
            message = f"{server} refused every recipient: {self._clean(told)}"
            return Permanent(message) if all(code >= 500 for code in answers) else Temporary(message)
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return Permanent(f"{server} did not accept the user and password: {text}")
        if isinstance(error, aiosmtplib.SMTPNotSupported):
            return Permanent(f"{server}: {text}")
        if isinstance(error, aiosmtplib.SMTPConnectTimeoutError | aiosmtplib.SMTPConnectError):
            return Temporary(f"cannot connect to {server}: {text}", server_down=True)
        if isinstance(error, aiosmtplib.SMTPResponseException):
            message = f"{server} answered {error.code} {self._clean(error.message)}"
            # 421: the service is closing; 552 and 452 are a full mailbox, which somebody may empty.
            if error.code >= 500 and error.code != 552:
                return Permanent(message)
            return Temporary(message, server_down=error.code == 421)
        return Temporary(f"{server}: {text}", server_down=True)

    def _clean(self, text: str) -> str:
        server = self._server
        return without_secrets(text, tuple(secret for secret in (server.password, server.user) if secret))


def compose(notification: Notification, sender: str, recipients: tuple[str, ...]) -> EmailMessage:
    """The mail: plain text and HTML, with a Message-ID that is the same at each attempt."""
    message = EmailMessage(policy=SMTP_POLICY)
    digest = sha256(f"{notification.event_id}\n{','.join(recipients)}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@todotasks.dev>"
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = notification.subject
    message["Date"] = format_datetime(notification.fire_time)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message["X-Todotasks-Event"] = notification.event_id.replace("\n", "")
    if notification.urgent:
        message["Importance"] = "high"
    message.set_content(notification.text)
    message.add_alternative(notification.html, subtype="html")
    return message
