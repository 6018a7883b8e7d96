"""`GET /v1/mails`: the mails that a catching server has kept, on a machine of one's own.

`todotasks up` starts a mail server that delivers nothing; what reminders send can be read here. In a cluster
there is no such folder, and nothing is here. Mails are of everybody's reminders, so it asks for the right to
list all of them.
"""

import asyncio
import email
import email.policy
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import structlog
from aiohttp import web
from msgspec import Meta

from chat_gateway.base.problems import Refused, json_response
from chat_gateway.http.context import gateway_of
from chat_gateway.http.decode import read_query
from chat_gateway.http.pipeline import authorize
from chat_gateway.http.routes import Route
from todotasks.kube.resources import REMINDERS

LARGEST = 256 * 1024  # bytes of a mail that are read

log = structlog.get_logger(__name__)


class MailParameters(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    limit: Annotated[int, Meta(ge=1, le=100)] = 30


class Mail(msgspec.Struct, frozen=True, rename="camel"):
    """`text` is the plain one; its links work."""

    id: str
    to: str
    subject: str
    at: datetime
    text: str


class Mails(msgspec.Struct, frozen=True, rename="camel"):
    """The newest first."""

    items: tuple[Mail, ...]


async def mails(request: web.Request) -> web.Response:
    asked = read_query(request, MailParameters)
    folder = gateway_of(request).settings.mail_folder
    if folder is None:
        raise Refused(404, "NotFound", "No mails are kept here: TODO_MAIL_FOLDER is not set.")
    await authorize(request, "list", REMINDERS)
    return json_response(Mails(await asyncio.to_thread(newest, Path(folder), asked.limit)))


def newest(folder: Path, limit: int) -> tuple[Mail, ...]:
    """What can be read of the newest files; names begin with the time."""
    found = []
    for path in sorted(folder.glob("*.eml"), reverse=True)[:limit]:
        try:
            found.append(_read(path))
        except (OSError, ValueError, LookupError) as error:  # taken away meanwhile, or no mail
            log.warning("mail_not_read", kind=type(error).__name__)
    return tuple(found)


def _read(path: Path) -> Mail:
    with path.open("rb") as file:
        content = file.read(LARGEST)
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Mail(
        id=path.stem,
        to=str(message.get("X-Envelope-To", message.get("To", ""))),
        subject=str(message.get("Subject", "")),
        at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        text=str(body.get_content()) if body is not None else "",
    )


ROUTES = (
    Route(
        method="GET",
        path="/v1/mails",
        handler=mails,
        tag="mail",
        summary="Mails that were caught instead of delivered",
        description="Only where `TODO_MAIL_FOLDER` names the folder of a catching server, as `todotasks up` "
        "does. Needs the right to list reminders in all namespaces.",
        query=MailParameters,
        answer=Mails,
        problems=(403, 404),
    ),
)
