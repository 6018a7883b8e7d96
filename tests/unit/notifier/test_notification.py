"""What people read."""

from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reminders import a_due_event
from todo_consumers.notifier.channels.mail import MailChannel, Server, compose
from todo_consumers.notifier.channels.push import PushChannel, without_unknown_parameters
from todo_consumers.notifier.channels.webhook import WebhookChannel, signature
from todo_consumers.notifier.notification import Notification, read_notification
from todo_consumers.notifier.outcome import Permanent, Temporary, without_secrets
from todotasks.api import Link
from todotasks.events import encode


def a_notification(**given: object) -> Notification:
    event = a_due_event(**given)  # type: ignore[arg-type]
    return read_notification(event, encode(event))


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"due": "2026-12-01", "time_zone": "Europe/Berlin"}, "Tuesday, 1 December 2026, all day"),
        (
            {"due": "2026-11-24T19:00", "time_zone": "Europe/Berlin"},
            "Tuesday, 24 November 2026, 19:00 (Europe/Berlin)",
        ),
        # A wall clock without a zone is meant where its readers are: no zone is claimed.
        ({"due": "2026-11-24T19:00"}, "Tuesday, 24 November 2026, 19:00\n"),
        ({"due": "2026-11-24T19:00:00Z"}, "Tuesday, 24 November 2026, 19:00 (UTC)"),
    ],
)
def test_the_due_stands_there_in_full(spec: dict[str, str], words: str) -> None:
    assert f"Due: {words}" in a_notification(**spec).text


def test_a_late_one_and_a_repeated_one_say_so() -> None:
    assert a_notification(late=True).subject == "Late: Pay the rent"
    assert "comes late" in a_notification(late=True).html
    assert a_notification(repeat=2).subject == "Again: Pay the rent"


def test_markup_in_a_task_is_shown_and_not_run() -> None:
    shown = a_notification(title="<script>alert(1)</script>", notes="a < b & <img src=x onerror=y>").html
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_a_link_that_could_run_something_is_left_out() -> None:
    links = (Link(url="javascript:alert(1)"), Link(url="https://example.com/a?b=1&c=2", title="bill"))
    found = a_notification(links=links)
    assert "javascript" not in found.html + found.text
    assert 'href="https://example.com/a?b=1&amp;c=2"' in found.html


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_title_or_note_breaks_the_mail_or_adds_a_header(title: str, notes: str) -> None:
    found = a_notification(title=title + "\r\nBcc: all@example.com", notes=notes)
    mail = message_from_bytes(bytes(compose(found, "todo@example.com", ("ana@example.com",))), policy=default)
    assert mail["Bcc"] is None
    assert mail["To"] == "ana@example.com"
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}  # type: ignore[attr-defined]


def test_each_attempt_of_a_mail_has_the_same_id_and_another_event_another() -> None:
    def message_id(**given: object) -> str:
        return str(compose(a_notification(**given), "todo@example.com", ("ana@example.com",))["Message-ID"])

    assert message_id() == message_id()
    assert message_id() != message_id(repeat=1)


@pytest.mark.parametrize(
    "address", ["ana@example.com\r\nBcc: x@example.com", "ana", "a b@example.com", "<a@b>"]
)
def test_an_address_that_smtp_would_misread_is_refused(address: str) -> None:
    with pytest.raises(Permanent, match="not a mail address"):
        MailChannel(Server("localhost", 25, "smtp"), "todo@example.com", (address,))


@pytest.mark.parametrize("url", ["", "mail.example.com", "http://mail", "smtp://", "smtp://host:port"])
def test_the_address_of_a_mail_server_is_not_quoted_when_it_is_wrong(url: str) -> None:
    with pytest.raises(Permanent, match="expected smtp://"):
        Server.from_url(url)


def test_a_server_url_gives_user_password_and_port() -> None:
    server = Server.from_url("smtp+starttls://ana%40example.com:p%3Aw@mail.example.com")
    assert (server.user, server.password, server.port) == ("ana@example.com", "p:w", 587)
    assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "https://user:pw@example.com", "ftp://example.com", "x"]
)
def test_a_webhook_url_that_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(Permanent, match="must begin with https"):
        WebhookChannel(url, None, allow_private=False)


def test_the_signature_is_over_time_and_body() -> None:
    digest = "9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"
    assert signature(b"key", 1700000000, b"{}") == f"t=1700000000,v1={digest}"
    assert signature(b"key", 1, b"{}") != signature(b"key", 2, b"{}")
    assert signature(b"key", 1, b"{}") != signature(b"other", 1, b"{}")


@pytest.mark.parametrize(
    "url", ["syslog://", "json://10.0.0.1/", "dbus://", "gnome://", "xml://host", "file:///tmp/x", "nonsense"]
)
def test_a_service_with_a_local_effect_is_not_there(url: str) -> None:
    with pytest.raises(Permanent, match="not allowed; the services are:"):
        PushChannel(url, allow_private=True)


def test_parameters_that_widen_what_is_done_are_dropped() -> None:
    url = "ntfy://ntfy.example.com/topic?redirect=yes&attach=/etc/passwd&verify=no&priority=high"
    assert without_unknown_parameters(url) == "ntfy://ntfy.example.com/topic?priority=high"


async def test_a_push_server_in_the_private_network_is_refused() -> None:
    channel = PushChannel("ntfy://127.0.0.1/topic", allow_private=False)
    with pytest.raises(Permanent, match="not a public address"):
        await channel.send(a_notification())


def test_errors_hold_no_secret_and_no_control_characters() -> None:
    assert without_secrets("at smtp://ana:pass@host: pass-word", ("pass-word",)) == "at smtp://***@host: ***"
    assert str(Temporary("a\r\nb\x1b[31mc")) == "a b [31mc"
