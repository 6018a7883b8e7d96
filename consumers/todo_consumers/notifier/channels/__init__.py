"""The ways out: each sends one `Notification`, or raises `Temporary` or `Permanent`.

A module for each kind of channel. Whom to tell, when and how often is decided by the notifier around it: a
channel imports the notification, its outcome and the guard of addresses.
"""

from collections.abc import Sequence
from typing import Protocol

from todo_consumers.notifier.notification import Notification


class Channel(Protocol):
    """One NotificationChannel with its Secret, opened."""

    async def send(self, notification: Notification, only: Sequence[str] = ()) -> None:
        """Returns when the other side has accepted it; raises DeliveryError when not. `only`: the recipients
        that are left, of a channel that has several (mail)."""

    async def close(self) -> None:
        """Lets go of connections."""
