"""NotificationChannels opened: what the API server says of them, with their Secrets, for some seconds.

It reads as the notifier's own ServiceAccount. A channel without its Secret, or one that the notifier may not
read, is an answer for a person (`Permanent` once the message says what to write), not a crash.

Whoever may write a channel need not be someone who may read the Secret that it names. So a credential goes
only to the place that is named beside it in the Secret: the server in `smtp-url`, the address in `url`. And
nothing of a Secret's values is quoted.
"""

import asyncio
import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from yarl import URL

from todo_consumers.notifier.channels import Channel
from todo_consumers.notifier.channels.links import LinkMaker
from todo_consumers.notifier.channels.mail import MailChannel, Server
from todo_consumers.notifier.channels.push import PushChannel, PushPool
from todo_consumers.notifier.channels.webhook import WebhookChannel
from todo_consumers.notifier.outcome import DeliveryError, Permanent, Temporary
from todotasks.api import NotificationChannel
from todotasks.api.channel import EmailTarget
from todotasks.channel_rules import ChannelLimits, outside
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Forbidden, KubeError, NotFound
from todotasks.kube.resources import NOTIFICATIONCHANNELS, SECRETS

KEPT = 15.0  # seconds until a channel is looked at again
MOST_LOCKS = 256  # of names that no channel has, before they are forgotten
CLOCKS_DIFFER = timedelta(seconds=5)  # the API server's and the operator's
UNUSED = 600.0  # seconds after which a channel that nobody asked for is closed

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")  # of an object, as Kubernetes has them

SECRET_KEYS = {  # what is read of a Secret
    "url": "Apprise URL; or the address to which a webhook's signing-key and authorization may go",
    "signing-key": "key of the webhook's signature",
    "authorization": "value of the Authorization header of a webhook",
    "smtp-url": "mail server of this channel, smtp+starttls://user:password@host:587",
    "ca.crt": "certificates (PEM) of the authority of that mail server",
}


@dataclass(slots=True)
class _Opened:
    channel: Channel
    version: tuple[str, str]
    made_at: datetime | None
    until: float
    asked_at: float


class Directory:
    """Opens channels by namespace and name, and keeps them open while they stay the same."""

    def __init__(
        self,
        kube: KubeClient,
        *,
        limits: ChannelLimits,
        smtp_url: str | None,
        own_namespace: str = "todotasks-system",
        links: LinkMaker | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kube, self._smtp_url, self._limits = kube, smtp_url, limits
        self._own_namespace = own_namespace
        self._links = links
        self._push = PushPool(allow_private=limits.allow_private)
        self._clock = clock
        self._open: dict[tuple[str, str], _Opened] = {}
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}

    async def channel(self, namespace: str, name: str, named_at: datetime) -> Channel:
        """The one that a reminder named at that time. Raises Permanent when it cannot be used as it is,
        Temporary when nobody can say now.

        A namespace may have been deleted and made anew by others, with a channel of the same name: what was
        to be told in the former one is not for them.
        """
        opened = await self._current(namespace, name)
        if opened.made_at is not None and opened.made_at > named_at + CLOCKS_DIFFER:
            raise Permanent(
                f"channel {name} was made after this reminder came due, so it is not the one that was meant"
            )
        return opened.channel

    async def _current(self, namespace: str, name: str) -> _Opened:
        key = (namespace, name)
        async with self._locks.setdefault(key, asyncio.Lock()):
            await self._close_unused()
            known = self._open.get(key)
            if known is not None:
                known.asked_at = self._clock()
                if self._clock() < known.until:
                    return known
            try:
                found, secret, version = await self._read(namespace, name)
            except KubeError as error:
                if known is not None:
                    return known  # the API server is away: what was right a moment ago will do
                raise Temporary(f"the API server does not say what channel {name} is: {error}") from error
            except Permanent:
                await self._drop(key)
                raise
            if known is not None and known.version == version:
                known.until = self._clock() + KEPT
                return known
            await self._drop(key)
            opened = self._make(found, secret)
            self._open[key] = _Opened(
                opened, version, found.metadata.creation_timestamp, self._clock() + KEPT, self._clock()
            )
            return self._open[key]

    async def close(self) -> None:
        for key in list(self._open):
            await self._drop(key)
        await self._push.close()

    async def _drop(self, key: tuple[str, str]) -> None:
        opened = self._open.pop(key, None)
        if opened is not None:
            await opened.channel.close()

    async def _close_unused(self) -> None:
        """Of channels that are gone nobody asks any more; each held a connection."""
        before = self._clock() - UNUSED
        for key in [key for key, opened in self._open.items() if opened.asked_at < before]:
            await self._drop(key)
        if len(self._locks) > 2 * len(self._open) + MOST_LOCKS:
            self._locks = {key: lock for key, lock in self._locks.items() if lock.locked()}

    async def _read(
        self, namespace: str, name: str
    ) -> tuple[NotificationChannel, dict[str, str], tuple[str, str]]:
        if not _NAME.fullmatch(name):
            raise Permanent(f"{name[:63]!a} is no name that a NotificationChannel can have")
        try:
            found = await self._kube.get(NOTIFICATIONCHANNELS, name, namespace, type=NotificationChannel)
        except NotFound as error:
            raise Permanent(f"there is no NotificationChannel {name} in namespace {namespace}") from error
        version = f"{found.metadata.uid}/{found.metadata.generation}"
        if found.spec.secret_ref is None:
            return found, {}, (version, "")
        secret_name = found.spec.secret_ref.name
        try:
            secret: dict[str, Any] = await self._kube.get(SECRETS, secret_name, namespace)
        except NotFound as error:
            raise Permanent(
                f"channel {name} names the Secret {secret_name}, which is not there; create it with "
                f"`kubectl create secret generic {secret_name} -n {namespace} --from-literal=…`"
            ) from error
        except Forbidden as error:
            raise Permanent(
                f"the notifier may not read the Secret {secret_name} in namespace {namespace}; allow it with "
                f"`kubectl create rolebinding todotasks-notifier-secrets -n {namespace} "
                "--clusterrole=todotasks-notifier-secrets "
                f"--serviceaccount={self._own_namespace}:todotasks-notifier`"
            ) from error
        data = {key: _plain(value) for key, value in (secret.get("data") or {}).items()}
        return found, data, (version, secret["metadata"]["resourceVersion"])

    def _make(self, channel: NotificationChannel, secret: dict[str, str]) -> Channel:
        spec, name = channel.spec, channel.metadata.name
        try:
            if spec.email is not None:
                return self._mail(spec.email, secret)
            if spec.webhook is not None:
                return self._webhook(spec.webhook.url, secret)
            if spec.apprise is not None:
                wanted = spec.apprise.key
                if not secret.get(wanted):
                    raise Permanent(f"the Secret has no key {wanted}, where the Apprise URL is expected")
                return PushChannel(
                    secret[wanted].strip(), self._push, namespace=channel.metadata.namespace or ""
                )
        except DeliveryError as error:
            raise Permanent(f"channel {name} cannot be used: {error}") from error
        raise Permanent(f"channel {name} has none of email, webhook and apprise")

    def _allowed(self, email: EmailTarget) -> None:
        """Whether the operator's own mail server is for this. Raises Permanent."""
        found = outside(email, self._limits)
        if found:
            raise Permanent("; ".join(map(str, found)))

    def _mail(self, email: EmailTarget, secret: dict[str, str]) -> Channel:
        if "smtp-url" in secret:
            server = Server.from_url(secret["smtp-url"].strip(), "secret", secret.get("ca.crt"))
        elif self._smtp_url:
            server = Server.from_url(self._smtp_url)
            self._allowed(email)
        else:
            raise Permanent(
                "no mail server is known: set TODO_SMTP_URL for the notifier, or the key smtp-url in "
                "the channel's Secret"
            )
        return MailChannel(
            server,
            email.from_ or self._limits.sender,
            email.to,
            allow_private=self._limits.allow_private,
            links=self._links,
        )

    def _webhook(self, url: str, secret: dict[str, str]) -> Channel:
        key, authorization = secret.get("signing-key"), secret.get("authorization")
        if (key or authorization) and not reaches(secret.get("url", "").strip(), url):
            raise Permanent(
                "the Secret's signing-key and authorization go only to the address that the Secret itself "
                "names: give it the key url with the webhook's address (or the beginning of it, such as "
                "https://hooks.example.com/)"
            )
        return WebhookChannel(
            url,
            key.encode() if key else None,
            allow_private=self._limits.allow_private,
            headers=_authorization(authorization),
        )


def reaches(named: str, url: str) -> bool:
    """Whether the address `named` in a Secret stands for `url` too: the same scheme, host and port, and a
    path that is its beginning, whole segments of it."""
    try:
        place, target = URL(named), URL(url)
    except ValueError:
        return False
    if not (place.absolute and target.absolute):
        return False
    if (place.scheme, place.host, place.port) != (target.scheme, target.host, target.port):
        return False
    begin, path = place.path.rstrip("/"), target.path
    # However it is written, whoever reads it might yet leave the folder: `..\\`, `..;x`, `%2e` twice.
    plain = unquote(unquote(path)).replace("\\", "/")
    if any(segment.partition(";")[0] in {".", ".."} for segment in plain.split("/")):
        return False
    return path == begin or path.startswith(begin + "/")


def _authorization(value: str | None) -> dict[str, str]:
    if not value:
        return {}
    stripped = value.strip()
    if any(ord(c) < 0x20 or ord(c) > 0x7E for c in stripped):
        raise Permanent("the Secret's key authorization is not a header's value: one line of plain ASCII")
    return {"Authorization": stripped}


def _plain(value: str) -> str:
    return base64.b64decode(value).decode("utf-8", errors="replace")
