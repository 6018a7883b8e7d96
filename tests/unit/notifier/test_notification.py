"""What people read."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.reminders import a_due_event
from todo_consumers.notifier.channels.compose import compose
from todo_consumers.notifier.channels.mail import MailChannel, Server
from todo_consumers.notifier.channels.push import PushChannel, PushPool, without_unknown_parameters
from todo_consumers.notifier.channels.webhook import WebhookChannel, signature
from todo_consumers.notifier.directory import reaches
from todo_consumers.notifier.notification import Notification, read_notification
from todo_consumers.notifier.outcome import Permanent, Temporary, without_secrets
from todotasks.api import Link
from todotasks.events import encode


def a_notification(**given: object) -> Notification:
    event = a_due_event(**given)  # type: ignore[arg-type]
    return read_notification(event, encode(event))


BERLIN = "Europe/Berlin"
TUESDAY = "Tuesday, 24 November 2026, 19:00"


@pytest.mark.parametrize(
    ("spec", "there", "words"),
    [
        ({"due": "2026-12-01", "time_zone": BERLIN}, "UTC", "Tuesday, 1 December 2026, all day"),
        ({"due": "2026-12-01"}, BERLIN, "Tuesday, 1 December 2026, all day"),
        ({"due": "2026-11-24T19:00", "time_zone": BERLIN}, "UTC", f"{TUESDAY} ({BERLIN})"),
        ({"due": "2026-11-24T19:00"}, BERLIN, f"{TUESDAY} ({BERLIN})"),
        ({"due": "2026-11-24T19:00"}, "UTC", f"{TUESDAY} (UTC)"),
        ({"due": "2026-11-24T19:00:00Z"}, BERLIN, f"Tuesday, 24 November 2026, 20:00 ({BERLIN})"),
        ({"due": "2026-11-24T19:00:00Z"}, None, f"{TUESDAY} (UTC)"),
        # Of an operator that did not say the zone: none is claimed.
        ({"due": "2026-11-24T19:00"}, None, TUESDAY),
        ({"due": "2026-11-24T19:00"}, "Mars/Olympus", "2026-11-24T19:00"),
    ],
)  # fmt: skip
def test_the_due_stands_there_in_full_with_the_zone_that_is_meant(
    spec: dict[str, str], there: str | None, words: str
) -> None:
    found = a_notification(**spec, zone=there)
    assert f"\nDue: {words}\n" in found.text
    assert f">{words}<" in found.html


def test_the_footer_is_marked_as_mail_programs_know_it() -> None:
    found = a_notification()
    mail = message_from_bytes(compose(found, "todo@example.com", ("ana@example.com",)), policy=default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "\n-- \nPriority" in found.text
    assert "\n-- \nPriority" in text.replace("\r\n", "\n"), "the blank behind it survives the way"


def test_a_late_one_and_a_repeated_one_say_so() -> None:
    assert a_notification(late=True).subject == "Late: Pay the rent"
    assert "comes late" in a_notification(late=True).html
    assert a_notification(repeat=2).subject == "Again: Pay the rent"


@pytest.mark.parametrize("notes", ["a < b & <img src=x onerror=y>", "<img src=x>\n\n" + "*" * 5_000])
def test_markup_in_a_task_is_shown_and_not_run(notes: str) -> None:
    shown = a_notification(title="<script>alert(1)</script>", notes=notes).html
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
    mail = message_from_bytes(compose(found, "todo@example.com", ("ana@example.com",)), policy=default)
    assert mail["Bcc"] is None
    assert mail["To"] == "ana@example.com"
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}  # type: ignore[attr-defined]


def subject_of(title: str) -> tuple[str, list[str]]:
    """What a mail program shows for a task of this title, and the headers that it sees."""
    mail = message_from_bytes(compose(a_notification(title=title), "todo@example.com", ("ana@example.com",)))
    return str(make_header(decode_header(mail["Subject"]))), mail.keys()


@pytest.mark.parametrize(
    "title",
    [
        "Pay the rent",
        "=?utf-8?q?Invoice=0D=0ABcc=3A_x=40example=2Ecom?=",  # would be a header of its own
        "=?utf-8?q?Invoice=0D=0A=0D=0Aa_body_of_mine?=",  # would end the headers
        "=?utf-8?q?hi?= there",  # mail programs would show "hi there"
        "x =?utf-8?b?aGk=?= y",
        "= ?utf-8?q?x?=",
        "Grüße an die Ämter " * 7,
        "明天买牛奶",
        "a" * 150,
    ],
)
def test_the_subject_is_the_title_as_it_was_written(title: str) -> None:
    shown, headers = subject_of(title)
    assert shown == title.strip()[:150]
    assert sorted(headers) == sorted(set(headers) - {"Bcc"})
    assert "Bcc" not in headers


@given(st.text(alphabet="=?uUtTfF-8qQbB_0123456789ADad\r\n .:ä", min_size=1, max_size=160))
def test_no_encoded_word_in_a_title_is_decoded_by_anybody(title: str) -> None:
    kept = "".join(" " if c in "\r\n" else c for c in title)
    shown, headers = subject_of("x" + title + "x")
    assert " ".join(shown.split()) == " ".join(("x" + kept + "x")[:150].split())
    assert len(headers) == len(set(headers))


def test_each_attempt_of_a_mail_has_the_same_id_and_another_event_another() -> None:
    def message_id(**given: object) -> str:
        mail = compose(a_notification(**given), "todo@example.com", ("ana@example.com",))
        return str(message_from_bytes(mail)["Message-ID"])

    assert message_id() == message_id()
    assert message_id() != message_id(repeat=1)


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.com\r\nBcc: x@example.com",
        "ana",
        "a b@example.com",
        "<a@b>",
        "a@b@example.com",
        "=?utf-8?q?ceo=40bank=2Eexample=2C?=@example.com",  # would be shown as from the bank
        "=?us-ascii?q?hi?=@example.com",
        "a=?utf-8?b?DQpCY2M6?=@example.com",
        "ana@=?utf-8?q?example?=.com",
        "\u202emoc@example.com",  # would be shown the other way round
        "a\u200bna@example.com",
    ],
)
def test_an_address_that_smtp_would_misread_is_refused(address: str) -> None:
    with pytest.raises(Permanent, match="not a mail address"):
        MailChannel(Server("localhost", 25, "smtp"), "todo@example.com", (address,))
    with pytest.raises(Permanent, match="not a mail address"):
        MailChannel(Server("localhost", 25, "smtp"), address, ("ana@example.com",))


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
        PushChannel(url, PushPool(allow_private=True))


@pytest.mark.parametrize("value", ["hunter2:secret", "password", "token123", "-----BEGIN PRIVATE KEY-----"])
def test_a_value_of_the_secret_that_is_no_url_is_not_quoted(value: str) -> None:
    with pytest.raises(Permanent) as caught:
        PushChannel(value, PushPool(allow_private=True))
    assert value.partition(":")[0].lower() not in str(caught.value).lower()


def test_parameters_that_widen_what_is_done_are_dropped() -> None:
    url = "ntfy://ntfy.example.com/topic?redirect=yes&attach=/etc/passwd&verify=no&priority=high"
    assert without_unknown_parameters(url) == "ntfy://ntfy.example.com/topic?priority=high"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("slack://A/B/C/#general", "slack://A/B/C/%23general"),  # a channel of theirs is no fragment
        ("slack://A/B/C/#general?redirect=yes&footer=no", "slack://A/B/C/%23general?footer=no"),
        ("matrix://u:p@host/#room/#other", "matrix://u:p@host/%23room/%23other"),
        ("ntfy://host/t?priority=high;redirect=yes", "ntfy://host/t?priority=high%3Bredirect%3Dyes"),
        ("ntfy://host/t?%72edirect=yes", "ntfy://host/t"),
        ("ntfy://host/t?REDIRECT=yes", "ntfy://host/t"),
        (
            "ntfy://host/t?+redirect=yes&-x=1&:y=2",
            "ntfy://host/t",
        ),  # Apprise gives these to headers, templates
        ("ntfy://host/t#x?redirect=yes", "ntfy://host/t"),
    ],
)
def test_of_an_apprise_url_only_its_place_and_the_known_parameters_are_kept(url: str, kept: str) -> None:
    assert without_unknown_parameters(url) == kept


@pytest.mark.parametrize(
    ("query", "accepted"), [("", True), ("?ca=/dev/ptmx", False), ("?ca=/etc/passwd", False), ("?x=1", False)]
)
def test_a_users_mail_server_opens_no_file_of_the_notifier(query: str, accepted: bool) -> None:
    url = f"smtps://mail.example.com{query}"
    if accepted:
        assert Server.from_url(url, "secret").ca_file is None
        return
    with pytest.raises(Permanent, match=r"takes no parameters.*ca\.crt"):
        Server.from_url(url, "secret")


def test_a_users_mail_server_is_on_a_port_of_mail() -> None:
    server = Server.from_url("smtp://mail.example.com:6379", "secret")
    with pytest.raises(Permanent, match="port 6379 is not one of mail"):
        MailChannel(server, "todo@example.com", ("ana@example.com",), allow_private=False)


def test_certificates_that_are_none_are_told_and_not_quoted() -> None:
    server = Server.from_url("smtps://mail.example.com", "secret", "not a certificate")
    with pytest.raises(Permanent, match=r"ca\.crt of the Secret has no certificates") as caught:
        MailChannel(server, "todo@example.com", ("ana@example.com",))
    assert "not a certificate" not in str(caught.value)


@pytest.mark.parametrize(
    ("named", "url", "goes"),
    [
        ("https://hooks.example.com/team", "https://hooks.example.com/team", True),
        ("https://hooks.example.com/", "https://hooks.example.com/team?x=1", True),
        ("https://hooks.example.com", "https://hooks.example.com:443/team", True),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/a", True),
        ("https://hooks.example.com/team", "https://hooks.example.com/teammate", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/../other", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/%2e%2e/other", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team%2f..%2fother", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/%252e%252e/other", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/..;x/other", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/..\\other", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/TEAM", False),
        ("https://hooks.example.com/team", "https://hooks.example.com/team/.well-known", True),
        ("https://hooks.example.com", "https://hooks.example.com@evil.example/", False),
        ("https://hooks.example.com", "https://hooks.example.com\\@evil.example/", False),
        ("https://hooks.example.com", "https://hooks.example.com:8443/", False),
        ("https://HOOKS.example.com", "https://hooks.Example.COM/x", True),
        ("https://hooks.example.com", "http://hooks.example.com/", False),
        ("https://hooks.example.com", "https://hooks.example.com.evil.example/", False),
        ("https://hooks.example.com", "https://evil.example/", False),
        ("hooks.example.com", "https://hooks.example.com/", False),
        ("", "https://hooks.example.com/", False),
    ],
)
def test_a_credential_goes_only_to_the_address_beside_it_in_the_secret(
    named: str, url: str, goes: bool
) -> None:
    assert reaches(named, url) is goes


def test_errors_hold_no_secret_and_no_control_characters() -> None:
    assert without_secrets("at smtp://ana:pass@host: pass-word", ("pass-word",)) == "at smtp://***@host: ***"
    assert str(Temporary("a\r\nb\x1b[31mc")) == "a  b\N{REPLACEMENT CHARACTER}[31mc"
    assert str(Permanent("a\u202eb\u2066c\u200bd")) == "abcd", "a host that is written backwards is not"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("\u00b2", None),
        ("1e9", None),
        ("9" * 400, None),
        ("-5", None),
        ("soon", None),
        (None, None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("\u0663\u0660", None),
        (" 30", None),
    ],
)
def test_a_server_says_in_plain_digits_when_to_come_back(header: str | None, seconds: float | None) -> None:
    refused = WebhookChannel("https://example.com", None, allow_private=False)._refused(503, header)
    assert isinstance(refused, Temporary)
    assert refused.retry_after == seconds
