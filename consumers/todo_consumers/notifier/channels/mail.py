"""Mail through aiosmtplib: one kept connection a channel, and SMTP's answers told apart.

A mail counts as sent when the server has answered the end of DATA with 250. If the connection breaks after
the last byte and before that answer, nobody knows; it is tried again with the same Message-ID, by which mail
programs drop a second copy. That is the one window in which a mail can come twice.

A server comes from the setting of whoever runs the notifier, or from a Secret that a user writes (`Origin`).
A user's server is one of the internet, on a port of mail; it opens no file here; and of what it answers only
the codes are told.
"""

import asyncio
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from todo_consumers.notifier.addresses import connect
from todo_consumers.notifier.channels.compose import compose
from todo_consumers.notifier.channels.links import LinkMaker
from todo_consumers.notifier.notification import Notification
from todo_consumers.notifier.outcome import DeliveryError, Partial, Permanent, Temporary, without_secrets
from todotasks.channel_rules import is_address

TIMEOUT = 30.0  # seconds for each command; DATA of a large mail to a slow server included
IDLE = 60.0  # seconds after which a kept connection is not trusted any more
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
USERS_PORTS = frozenset({25, 465, 587, 2465, 2525, 2587})  # of a server that a user names

_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")  # RFC 3463, at the beginning of an answer's text

Origin = Literal["setting", "secret"]


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `smtp` takes STARTTLS where it is offered, `smtp+starttls` insists, `smtps` is TLS."""

    host: str
    port: int
    scheme: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    ca_data: str | None = field(default=None, repr=False)
    origin: Origin = "setting"

    @classmethod
    def from_url(cls, url: str, origin: Origin = "setting", ca_data: str | None = None) -> "Server":
        """`smtp+starttls://user:password@host:587?ca=/path`. Raises Permanent; the URL is not quoted.

        `ca` names a file of the notifier's machine, so only the setting may have it; a Secret brings the
        certificates themselves, as `ca_data` (PEM).
        """
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
        query = parse_qs(parts.query)
        if origin == "secret" and query:
            raise Permanent(
                "the smtp-url of a Secret takes no parameters; put the certificates of an authority of your "
                "own into the Secret's key ca.crt (PEM)"
            )
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            scheme=parts.scheme,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            ca_file=query.get("ca", [None])[0],
            ca_data=ca_data,
            origin=origin,
        )

    def tls(self) -> ssl.SSLContext | None:
        """Raises Permanent where the certificates cannot be read."""
        if self.scheme == "smtp":
            return None
        try:
            return ssl.create_default_context(cafile=self.ca_file, cadata=self.ca_data)
        except (OSError, ValueError) as error:
            where = "the key ca.crt of the Secret" if self.ca_data else "the file of `ca` in TODO_SMTP_URL"
            raise Permanent(f"{where} has no certificates in PEM form") from error


class MailChannel:
    """The mail addresses of one NotificationChannel. Sends one mail at a time over one connection."""

    def __init__(
        self,
        server: Server,
        sender: str,
        recipients: tuple[str, ...],
        *,
        allow_private: bool = True,
        links: LinkMaker | None = None,
    ) -> None:
        for address in (sender, *recipients):
            # aiosmtplib cuts CR and LF off silently; a wrong address must be seen.
            if not is_address(address):
                raise Permanent(f"{address!r} is not a mail address; expected one such as ana@example.com")
        if server.origin == "secret" and not allow_private and server.port not in USERS_PORTS:
            raise Permanent(
                f"port {server.port} is not one of mail; a server that a Secret names is reached at one of "
                + ", ".join(str(port) for port in sorted(USERS_PORTS))
            )
        self._server, self._sender, self._recipients = server, sender, recipients
        self._links = links
        self._allow_private = allow_private or server.origin == "setting"
        self._context = server.tls()
        # RFC 6531, where an address has letters that are not of ASCII.
        self._options = [] if "".join((sender, *recipients)).isascii() else ["SMTPUTF8"]
        self._client: aiosmtplib.SMTP | None = None
        self._used_at = 0.0
        self._turn = asyncio.Lock()

    async def send(self, notification: Notification, only: Sequence[str] = ()) -> None:
        """All recipients (or those of `only`) in one transaction: whoever the server refuses is named, the
        others get it. Raises Partial where some got it and others did not."""
        recipients = [each for each in self._recipients if not only or each in only]
        if not recipients:
            return  # the channel was changed meanwhile: nobody of them is meant any more
        if self._links is not None:
            notification = notification.worded(self._links.of(notification, self._recipients))
        message = compose(notification, self._sender, self._recipients)
        async with self._turn:
            try:
                client = await self._connected()
                refused, _ = await client.sendmail(
                    self._sender, recipients, message, mail_options=self._options
                )
            except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
                await self._drop()
                raise self._told(error) from error
            self._used_at = asyncio.get_running_loop().time()
        if refused:
            answers = {address: (answer.code, answer.message) for address, answer in refused.items()}
            raise self._some_refused(answers)

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
        connected = await connect(server.host, server.port, allow_private=self._allow_private, within=TIMEOUT)
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=None,
            sock=connected,
            timeout=TIMEOUT,
            use_tls=server.scheme == "smtps",
            start_tls={"smtp": None, "smtps": False, "smtp+starttls": True}[server.scheme],
            tls_context=self._context,
            validate_certs=self._context is not None,
        )
        try:
            await client.connect()
            self._client = client
            if server.user is not None:
                await client.login(server.user, server.password or "")
        except BaseException:
            if client.transport is None:
                connected.close()  # nobody else has it yet
            client.close()
            self._client = None
            raise
        return client

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    # ── what a server answered, for a person ─────────────────────────────────────────────────────────
    def _some_refused(self, answers: Mapping[str, tuple[int, str]]) -> DeliveryError:
        """The mail is with the others: only those whom the server refused for now are tried again."""
        later = tuple(address for address, (code, _) in answers.items() if _for_now(code))
        for_good = {
            address: self._answer(code, text)
            for address, (code, text) in answers.items()
            if address not in later
        }
        waits = "; ".join(f"{address}: {self._answer(*answers[address])}" for address in later)
        return Partial(self._clean(waits), left=later, refused=for_good)

    def _told(self, error: Exception) -> DeliveryError:
        """SMTP's answer as one of ours: 5xx is for good, 4xx and everything about the connection is not."""
        server = f"mail server {self._server.host}:{self._server.port}"
        if isinstance(error, DeliveryError):
            return error
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            answers = {each.recipient: (each.code, each.message) for each in error.recipients}
            told = "; ".join(f"{address}: {self._answer(*answer)}" for address, answer in answers.items())
            message = self._clean(f"{server} refused every recipient: {told}")
            later = any(_for_now(code) for code, _ in answers.values())
            return Temporary(message) if later else Permanent(message)
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            return Permanent(
                f"{server} did not accept the user and password: {self._answer(error.code, error.message)}"
            )
        if isinstance(error, aiosmtplib.SMTPNotSupported):
            return Permanent(f"{server} does not offer what its address asks for (TLS, or a login)")
        if isinstance(error, aiosmtplib.SMTPConnectTimeoutError | aiosmtplib.SMTPConnectError):
            return Temporary(f"cannot connect to {server}", server_down=True)
        if isinstance(error, aiosmtplib.SMTPResponseException):
            message = self._clean(f"{server} answered {self._answer(error.code, error.message)}")
            if error.code >= 500 and not _for_now(error.code):
                return Permanent(message)
            return Temporary(message, server_down=error.code == 421)  # 421: the service is closing
        if isinstance(error, ssl.SSLError):
            return Temporary(f"{server}: no TLS with it ({error.reason or 'refused'})", server_down=True)
        return Temporary(f"{server}: no answer ({type(error).__name__})", server_down=True)

    def _answer(self, code: int, text: str) -> str:
        """An answer as it may stand in a status: the whole of it from a server of whoever runs the notifier,
        the codes alone from one that a user named."""
        if self._server.origin == "setting":
            return self._clean(f"{code} {text}".strip())
        enhanced = _ENHANCED.match(text)
        return f"{code} {enhanced[0]}" if enhanced else str(code)

    def _clean(self, text: str) -> str:
        server = self._server
        return without_secrets(text, tuple(secret for secret in (server.password, server.user) if secret))


def _for_now(code: int) -> bool:
    """Whether the same may be taken later: 4xx, and 552, a full mailbox that somebody may empty."""
    return 400 <= code < 500 or code == 552
