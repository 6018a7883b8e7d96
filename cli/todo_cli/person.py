"""The person at this machine: their name at the API server, their time zone, where their state is kept."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from todotasks.api.zones import ZoneError, load_zone

if TYPE_CHECKING:
    from todotasks.kube.client import KubeClient

ASK_FOR = 5.0  # seconds that the API server has to say who we are


async def username(kube: "KubeClient") -> str:
    """What "me" means; nobody, if the API server does not say so soon: what is asked next will say why."""
    # Only now: whoever asks for the zone alone needs no client, which is most of what a call imports.
    from todotasks.kube.errors import KubeError  # noqa: PLC0415
    from todotasks.kube.resources import SELFSUBJECTREVIEWS  # noqa: PLC0415

    try:
        async with asyncio.timeout(ASK_FOR):
            review = await kube.post_review(SELFSUBJECTREVIEWS, {})
    except (KubeError, TimeoutError):
        return ""
    return str(review.get("status", {}).get("userInfo", {}).get("username", ""))


def state_folder() -> Path:
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    try:
        return Path(base).expanduser() / "todotasks"
    except RuntimeError:  # no HOME, and a user without a name: nothing can be kept, which whoever writes says
        return Path(os.devnull) / "todotasks"


def zone_of_machine() -> str | None:
    """TZ, else what /etc/localtime is a link to; None where that is no IANA zone."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if not name:
        _, _, name = os.path.realpath("/etc/localtime").partition("zoneinfo/")
    try:
        return load_zone(name).key
    except ZoneError:
        return None
