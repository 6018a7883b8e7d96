"""Everything else (Slack, ntfy, Telegram, SMS, push …) through the Apprise library.

Apprise would also write to the local syslog, show desktop notifications, read files and call any host. So:
an allow-list of services; of a URL only the parameters that we know; no redirects, no attachments; and where
a service runs on a host of the user's, that host must be public. (Apprise resolves the name again for the
call: in a cluster an egress NetworkPolicy is what closes that gap.) It blocks, so it has threads of its own.
"""

import asyncio
import contextlib
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import apprise

from todo_consumers.notifier.addresses import require_public
from todo_consumers.notifier.notification import Notification
from todo_consumers.notifier.outcome import Permanent, Temporary, without_secrets

TIMEOUT = 30.0  # seconds for one message, whatever the service does
THREADS = 8
BODY_LIMIT = 3000  # characters; most services refuse or cut longer ones

# Services at an address of their own …
HOSTED: Final = frozenset(
    {"discord", "gchat", "ifttt", "join", "line", "mailgun", "msg91", "nexmo", "opsgenie", "pagerduty"}
    | {"pbul", "pover", "prowl", "sendgrid", "simplepush", "sinch", "slack", "sns", "tgram", "threema"}
    | {"twilio", "vonage", "webex", "wecombot", "workflows", "wxteams", "zulip"}
)
# … and those that people run themselves, whose host is in the URL.
SELF_HOSTED: Final = frozenset(
    {"bark", "barks", "gotify", "gotifys", "matrix", "matrixs", "mmost", "mmosts", "ntfy", "ntfys"}
    | {"rocket", "rockets", "signal", "signals"}
)
ALLOWED: Final = HOSTED | SELF_HOSTED
PARAMETERS: Final = frozenset(
    {"auth", "avatar", "channel", "click", "footer", "format", "from", "image", "mode", "priority", "sound"}
    | {"tags", "thread", "title", "to", "tts"}
)

_threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="apprise")


class PushChannel:
    """One Apprise URL."""

    def __init__(self, url: str, *, allow_private: bool) -> None:
        self._secrets = (url, *_long_parts(url))
        scheme = urlsplit(url).scheme.lower()
        if scheme not in HOSTED | SELF_HOSTED:
            raise Permanent(
                f"the Secret's URL begins with {scheme or 'no scheme'}://, which is not allowed; "
                f"the services are: {', '.join(sorted(ALLOWED))}"
            )
        self._service = _instantiate(without_unknown_parameters(url))
        if self._service is None:
            raise Permanent(
                f"the Secret's URL is not one that Apprise understands as {scheme}://; see its documentation"
            )
        self._self_hosted = scheme in SELF_HOSTED and getattr(self._service, "mode", None) != "cloud"
        self._allow_private = allow_private

    async def send(self, notification: Notification) -> None:
        if self._self_hosted and not self._allow_private:
            await require_public(str(self._service.host), int(self._service.port or 443))
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(TIMEOUT):
                sent, said = await loop.run_in_executor(_threads, self._notify, notification)
        except TimeoutError:
            # The thread goes on; whether the service took it is not known.
            raise Temporary(f"the service did not answer within {TIMEOUT:g} s", server_down=True) from None
        if not sent:
            text = without_secrets(said or "it gave no reason", self._secrets)
            raise Temporary(f"the service did not accept it: {text}")

    async def close(self) -> None:
        """Apprise keeps no connections."""

    def _notify(self, notification: Notification) -> tuple[bool, str]:
        """In a thread. What Apprise logs is the only reason it gives."""
        heard = io.StringIO()
        handler = logging.StreamHandler(heard)
        handler.setLevel(logging.WARNING)
        logger = logging.getLogger("apprise")
        logger.addHandler(handler)
        try:
            done = self._service.notify(
                title=notification.subject,
                body=notification.text[:BODY_LIMIT],
                notify_type=apprise.NotifyType.WARNING if notification.urgent else apprise.NotifyType.INFO,
            )
        finally:
            logger.removeHandler(handler)
        return bool(done), heard.getvalue().strip()


def without_unknown_parameters(url: str) -> str:
    """Without `redirect`, `attach`, `verify` and whatever else could widen what is done."""
    parts = urlsplit(url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key.lower() in PARAMETERS]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))


def _instantiate(url: str) -> Any:
    apprise.NotificationManager().enable_only(*sorted(ALLOWED))  # type: ignore[no-untyped-call]
    asset = apprise.AppriseAsset(
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        plugin_paths=[],
        secure_logging=True,
    )
    # A plugin's parser may raise anything; the caller says what it means that there is none.
    with contextlib.suppress(Exception):
        return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    return None


def _long_parts(url: str) -> tuple[str, ...]:
    """The pieces of a URL that may be tokens."""
    parts = urlsplit(url)
    pieces = [*parts.netloc.replace("@", "/").replace(":", "/").split("/"), *parts.path.split("/")]
    return tuple(piece for piece in pieces if len(piece) >= 8)
