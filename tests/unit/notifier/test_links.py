"""The links of a mail: where they lead, for whom, and where there are none."""

import re
from datetime import UTC, datetime

from cryptography.fernet import Fernet

from tests.support.reminders import a_due_event
from todo_consumers.notifier.channels.links import LinkMaker
from todo_consumers.notifier.notification import Notification, read_notification
from todo_consumers.notifier.process import link_maker
from todo_consumers.notifier.settings import NotifierSettings
from todotasks.events import encode
from todotasks.mail_links import PATH, MailLinks
from todotasks.settings import Secret

PAGE = "https://todo.example.com"
KEY = Fernet.generate_key().decode()
LINK = re.compile(rf"{re.escape(PAGE + PATH)}([A-Za-z0-9_-]+)")


def a_notification() -> Notification:
    event = a_due_event()
    return read_notification(event, encode(event))


def test_a_mail_has_a_link_to_the_task_and_two_that_do_one_thing_each() -> None:
    plain = a_notification()
    maker = LinkMaker(PAGE, MailLinks([KEY], PAGE))
    mail = plain.worded(maker.of(plain, ("ana@example.com", "ben@example.com")))
    assert f"{PAGE}/task/{plain.namespace}/{plain.task}" in mail.text
    for body in (mail.text, mail.html):
        opened = [MailLinks([KEY]).open(token, datetime.now(UTC)) for token in LINK.findall(body)]
        assert [link.action for link in opened] == ["done", "snooze"]
        for link in opened:
            assert (link.namespace, link.task, link.reminder) == (plain.namespace, plain.task, plain.reminder)
            assert (link.task_uid, link.reminder_uid) == (plain.task_uid, plain.reminder_uid)
            assert link.recipient == "ana@example.com, ben@example.com"


def test_without_keys_a_mail_only_leads_to_the_page_and_without_an_address_nowhere() -> None:
    plain = a_notification()
    assert PATH not in plain.text and "Open:" not in plain.text
    assert link_maker(NotifierSettings()) is None
    assert link_maker(NotifierSettings(mail_link_keys=(Secret(KEY),))) is None
    maker = link_maker(NotifierSettings(page_url=PAGE))
    assert maker is not None
    mail = plain.worded(maker.of(plain, ("ana@example.com",)))
    assert f"Open: {PAGE}/task/" in mail.text
    assert PATH not in mail.text and PATH not in mail.html


def test_the_links_change_nothing_else_of_a_mail() -> None:
    plain = a_notification()
    maker = LinkMaker(PAGE, MailLinks([KEY], PAGE))
    mail = plain.worded(maker.of(plain, ("ana@example.com",)))
    assert mail.subject == plain.subject
    assert mail.text.split("Done:")[0].rstrip() == plain.text.split("\n-- \n")[0].rstrip()
    assert mail.text.split("\n-- \n")[1] == plain.text.split("\n-- \n")[1]
