"""The links of a mail: to the task on the web page, and those that do one thing without a login."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from todo_consumers.notifier.notification import Links, Notification
from todotasks.mail_links import Action, MailLink, MailLinks, link_id

LONGEST_RECIPIENT = 200  # characters; of a mail to many the first ones are named


@dataclass(frozen=True, slots=True)
class LinkMaker:
    """`page`: where the web page is; `sealer` is absent where nothing can be sealed, and then mails only lead
    to the page."""

    page: str
    sealer: MailLinks | None = None

    def of(self, notification: Notification, recipients: Sequence[str]) -> Links:
        to = f"{self.page}/task/{quote(notification.namespace)}/{quote(notification.task)}"
        if self.sealer is None or not notification.task_uid or not notification.reminder_uid:
            return Links(open=to)
        return Links(
            to,
            self._sealed("done", notification, recipients),
            self._sealed("snooze", notification, recipients),
        )

    def _sealed(self, action: Action, notification: Notification, recipients: Sequence[str]) -> str:
        assert self.sealer is not None
        return self.sealer.url(
            MailLink(
                action=action,
                namespace=notification.namespace,
                task=notification.task,
                task_uid=notification.task_uid,
                reminder=notification.reminder,
                reminder_uid=notification.reminder_uid,
                recipient=", ".join(recipients)[:LONGEST_RECIPIENT],
                title=notification.title,
                id=link_id(notification.event_id, action),
            )
        )
