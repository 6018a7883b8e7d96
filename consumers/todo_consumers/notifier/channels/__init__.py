"""The ways out: each sends one `Notification`, or raises `Temporary` or `Permanent`."""

from typing import Protocol

from todo_consumers.notifier.notification import Notification


class Channel(Protocol):
    """One NotificationChannel with its Secret, opened."""

    async def send(self, notification: Notification) -> None:
        """Returns when the other side has accepted it; raises DeliveryError when not."""

    async def close(self) -> None:
        """Lets go of connections."""
