"""NotificationChannels opened: what the API server says of them, with their Secrets, for some seconds.

It reads as the notifier's own ServiceAccount. A channel without its Secret, or one that the notifier may not
read, is an answer for a person (`Permanent` once the message says what to write), not a crash.
"""

import asyncio
import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from todo_consumers.notifier.channels import Channel
from todo_consumers.notifier.channels.mail import MailChannel, Server
from todo_consumers.notifier.channels.push import PushChannel
from todo_consumers.notifier.channels.webhook import WebhookChannel
from todo_consumers.notifier.outcome import DeliveryError, Permanent, Temporary
from todotasks.api import NotificationChannel
from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Forbidden, KubeError, NotFound
from todotasks.kube.resources import NOTIFICATIONCHANNELS, SECRETS

KEPT = 15.0  # seconds until a channel is looked at again

SECRET_KEYS = {  # what is read of a Secret
    "url": "Apprise URL",
    "signing-key": "key of the webhook's signature",
    "authorization": "value of the Authorization header of a webhook",
    "smtp-url": "mail server of this channel, smtp+starttls://user:password@host:587",
}


@dataclass(slots=True)
class _Opened:
    channel: Channel
    version: tuple[str, str]
    until: float


class Directory:
    """Opens channels by namespace and name, and keeps them open while they stay the same."""

    def __init__(
        self,
        kube: KubeClient,
        *,
        smtp_url: str | None,
        sender: str,
        allow_private: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kube, self._smtp_url, self._sender = kube, smtp_url, sender
        self._allow_private, self._clock = allow_private, clock
        self._open: dict[tuple[str, str], _Opened] = {}
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}

    async def channel(self, namespace: str, name: str) -> Channel:
        """Raises Permanent when it cannot be used as it is, Temporary when nobody can say now."""
        key = (namespace, name)
        async with self._locks.setdefault(key, asyncio.Lock()):
            known = self._open.get(key)
            if known is not None and self._clock() < known.until:
                return known.channel
            try:
                found, secret, version = await self._read(namespace, name)
            except KubeError as error:
                if known is not None:
                    return known.channel  # the API server is away: what was right a moment ago will do
                raise Temporary(f"the API server does not say what channel {name} is: {error}") from error
            if known is not None and known.version == version:
                known.until = self._clock() + KEPT
                return known.channel
            if known is not None:
                await known.channel.close()
                del self._open[key]
            opened = self._make(found, secret)
            self._open[key] = _Opened(opened, version, self._clock() + KEPT)
            return opened

    async def close(self) -> None:
        for opened in self._open.values():
            await opened.channel.close()
        self._open.clear()

    async def _read(
        self, namespace: str, name: str
    ) -> tuple[NotificationChannel, dict[str, str], tuple[str, str]]:
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
                "--serviceaccount=todotasks-system:todotasks-notifier`"
            ) from error
        data = {key: _plain(value) for key, value in (secret.get("data") or {}).items()}
        return found, data, (version, secret["metadata"]["resourceVersion"])

    def _make(self, channel: NotificationChannel, secret: dict[str, str]) -> Channel:
        spec, name = channel.spec, channel.metadata.name
        try:
            if spec.email is not None:
                url = secret.get("smtp-url") or self._smtp_url
                if not url:
                    raise Permanent(
                        "no mail server is known: set TODO_SMTP_URL for the notifier, or the key smtp-url in "
                        "the channel's Secret"
                    )
                return MailChannel(Server.from_url(url), spec.email.from_ or self._sender, spec.email.to)
            if spec.webhook is not None:
                key, authorization = secret.get("signing-key"), secret.get("authorization")
                return WebhookChannel(
                    spec.webhook.url,
                    key.encode() if key else None,
                    allow_private=self._allow_private,
                    headers={"Authorization": authorization} if authorization else None,
                )
            if spec.apprise is not None:
                wanted = spec.apprise.key
                if not secret.get(wanted):
                    raise Permanent(f"the Secret has no key {wanted}, where the Apprise URL is expected")
                return PushChannel(secret[wanted].strip(), allow_private=self._allow_private)
        except DeliveryError as error:
            raise Permanent(f"channel {name} cannot be used: {error}") from error
        raise Permanent(f"channel {name} has none of email, webhook and apprise")


def _plain(value: str) -> str:
    return base64.b64decode(value).decode("utf-8", errors="replace")
