"""Mail, by a real SMTP server over TLS: refusing, slow, dropping, full, away. None lost, none doubled."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.integration.notifier.conftest import Bench, until
from tests.integration.notifier.mail_server import MailServer
from todo_consumers.notifier.channels.links import LinkMaker
from todotasks.kube.errors import ApiError
from todotasks.kube.resources import REMINDERS
from todotasks.mail_links import MailLinks

MAIL = {"email": {"to": ["ana@example.com"]}}


def accepted(server: MailServer) -> int:
    return len(server.handler.accepted)


async def ended(bench: Bench, event: Any, state: str, channel: str = "mail") -> None:
    async def is_so() -> bool:
        return (await bench.deliveries(event))[channel].state == state

    await until(is_so, f"{channel} {state}")


async def test_a_mail_arrives_over_tls_and_is_told_in_the_status(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", MAIL)
    uid = await bench.reminder("rent-1d")
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        event = bench.event("mail", uid=uid, notes="Account 123")
        await hand_over(event)
        await ended(bench, event, "Delivered")

        async def told() -> bool:
            found = await bench.kube.get(REMINDERS, "rent-1d", bench.namespace)
            return bool(found["status"].get("deliveries"))

        await until(told, "status.deliveries")
    [raw] = mail_server.handler.accepted
    mail = message_from_bytes(raw, policy=default)
    assert mail["Subject"] == "Pay the rent"
    assert mail["To"] == "ana@example.com"
    body = mail.get_body(("plain",))  # type: ignore[attr-defined]
    assert "Account 123" in body.get_content()
    found = await bench.kube.get(REMINDERS, "rent-1d", bench.namespace)
    [entry] = found["status"]["deliveries"]
    assert (entry["channel"], entry["state"], entry["attempts"]) == ("mail", "Delivered", 1)


async def test_the_links_of_a_mail_that_arrives_open_to_its_task_and_reminder(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", MAIL)
    uid = await bench.reminder("rent-1d")
    sealer = MailLinks([Fernet.generate_key().decode()], "https://todo.example.com")
    links = LinkMaker("https://todo.example.com", sealer)
    async with bench.running(smtp_url=mail_server.url(), links=links) as hand_over:
        event = bench.event("mail", uid=uid)
        await hand_over(event)
        await ended(bench, event, "Delivered")
    [raw] = mail_server.handler.accepted
    body = message_from_bytes(raw, policy=default).get_body(("plain",))  # type: ignore[attr-defined]
    tokens = re.findall(r"https://todo\.example\.com/mail-link/(\S+)", body.get_content())
    opened = [sealer.open(token, datetime.now(UTC)) for token in tokens]
    assert [(link.action, link.reminder, link.reminder_uid) for link in opened] == [
        ("done", "rent-1d", uid),
        ("snooze", "rent-1d", uid),
    ]
    assert {link.recipient for link in opened} == {"ana@example.com"}


async def test_the_same_event_again_is_not_delivered_again(bench: Bench, mail_server: MailServer) -> None:
    await bench.channel("mail", MAIL)
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        event = bench.event("mail")
        for _ in range(3):
            await hand_over(event)
        await ended(bench, event, "Delivered")
        await hand_over(event)
        # What was handed over later has arrived: the repeated one would have been sent before it.
        later = bench.event("mail", name="later")
        await hand_over(later)
        await ended(bench, later, "Delivered")
    assert accepted(mail_server) == 2


async def test_a_hundred_mails_go_over_one_connection_each_once(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", MAIL)
    events = [bench.event("mail", name=f"r-{i}") for i in range(100)]
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        for event in events:
            await hand_over(event)

        async def all_there() -> bool:
            return accepted(mail_server) >= 100

        await until(all_there, "100 mails", 60)
    ids = {message_from_bytes(raw)["Message-ID"] for raw in mail_server.handler.accepted}
    assert len(ids) == accepted(mail_server) == 100


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("451 4.7.1 greylisted, come back later", "a greylisted mail"),
        ("452 4.2.2 mailbox full", "a full mailbox"),
        ("552 5.2.2 over quota", "a full mailbox that says 5xx"),
        ("drop", "a connection that breaks in the middle"),
    ],
)
async def test_what_may_pass_is_tried_again_and_arrives_once(
    bench: Bench, mail_server: MailServer, answer: str, why: str
) -> None:
    await bench.channel("mail", MAIL)
    mail_server.handler.mood = lambda envelope, number: answer if number <= 2 else None
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Delivered")
    assert accepted(mail_server) == 1, why
    assert (await bench.deliveries(event))["mail"].attempts == 3


async def test_what_is_refused_for_good_is_not_tried_again(bench: Bench, mail_server: MailServer) -> None:
    await bench.channel("mail", MAIL)
    mail_server.handler.mood = lambda envelope, number: "550 5.1.1 no such user"
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Failed")
    row = (await bench.deliveries(event))["mail"]
    assert row.attempts == 1
    assert row.last_error is not None
    assert "550 5.1.1 no such user" in row.last_error


async def test_after_the_last_attempt_it_is_given_up(bench: Bench, mail_server: MailServer) -> None:
    await bench.channel("mail", MAIL)
    mail_server.handler.mood = lambda envelope, number: "451 later"
    async with bench.running(smtp_url=mail_server.url(), attempts=3) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Failed")
    assert (await bench.deliveries(event))["mail"].attempts == 3


async def test_a_wrong_password_is_told_without_it(bench: Bench, mail_server: MailServer) -> None:
    await bench.channel("mail", MAIL)
    async with bench.running(smtp_url=mail_server.url("not the password")) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Failed")
    error = (await bench.deliveries(event))["mail"].last_error
    assert error is not None
    assert "did not accept the user and password" in error
    assert "not the password" not in error


async def test_one_refused_recipient_does_not_take_the_mail_from_the_others(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", {"email": {"to": ["ana@example.com", "bob@example.com"]}})
    mail_server.handler.refused_recipients["bob@example.com"] = "550 no such user"
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Failed")
    assert accepted(mail_server) == 1
    error = (await bench.deliveries(event))["mail"].last_error
    assert error is not None
    assert "bob@example.com: 550" in error


async def test_a_recipient_refused_for_now_is_tried_again_alone(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", {"email": {"to": ["ana@example.com", "bob@example.com"]}})
    mail_server.handler.refused_recipients["bob@example.com"] = "451 4.7.1 come back later"
    async with bench.running(smtp_url=mail_server.url(), attempts=20) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Retrying")
        assert mail_server.handler.envelopes == [["ana@example.com"]]
        del mail_server.handler.refused_recipients["bob@example.com"]
        await ended(bench, event, "Delivered")
    assert mail_server.handler.envelopes == [["ana@example.com"], ["bob@example.com"]]


async def test_who_was_refused_for_good_is_named_when_the_last_of_the_others_has_it(
    bench: Bench, mail_server: MailServer
) -> None:
    to = ["ana@example.com", "bob@example.com", "carla@example.com"]
    await bench.channel("mail", {"email": {"to": to}})
    mail_server.handler.refused_recipients |= {
        "bob@example.com": "550 5.1.1 no such user",
        "carla@example.com": "452 4.2.2 mailbox full",
    }
    async with bench.running(smtp_url=mail_server.url(), attempts=20) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Retrying")
        del mail_server.handler.refused_recipients["carla@example.com"]
        await ended(bench, event, "Failed")
    assert mail_server.handler.envelopes == [["ana@example.com"], ["carla@example.com"]]
    error = (await bench.deliveries(event))["mail"].last_error
    assert error == "delivered, but not to all recipients: bob@example.com: 550 5.1.1 no such user"


async def test_of_a_server_that_a_user_names_only_the_codes_are_told(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel(
        "mail",
        MAIL,
        {"smtp-url": mail_server.url().partition("?")[0], "ca.crt": mail_server.ca_file.read_text()},
    )
    mail_server.handler.mood = lambda envelope, number: "550 5.7.1 the banner of an inside host"
    async with bench.running() as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Failed")
    error = (await bench.deliveries(event))["mail"].last_error
    assert error is not None
    assert error.endswith("answered 550 5.7.1")


async def test_a_mail_server_in_the_private_network_is_out_of_a_users_reach(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", MAIL, {"smtp-url": "smtp://127.0.0.1:2525"})
    async with bench.running(allow_private=False) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Failed")
    error = (await bench.deliveries(event))["mail"].last_error
    assert error is not None
    assert "127.0.0.1 is not a public address" in error


@pytest.mark.parametrize(
    ("sender", "senders", "state"),
    [
        ("todo@example.com", (), "Delivered"),
        ("boss@bank.example", (), "Failed"),
        ("boss@bank.example", ("bank.example",), "Delivered"),
        ("boss@bank.example", ("*",), "Delivered"),
    ],
)
async def test_mail_through_the_operators_server_comes_from_the_domains_it_allows(
    bench: Bench, mail_server: MailServer, sender: str, senders: tuple[str, ...], state: str
) -> None:
    await bench.channel("mail", {"email": {"to": ["ana@example.com"], "from": sender}})
    async with bench.running(smtp_url=mail_server.url(), senders=senders) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, state)
    assert accepted(mail_server) == (1 if state == "Delivered" else 0)
    if state == "Failed":
        error = (await bench.deliveries(event))["mail"].last_error or ""
        assert "TODO_NOTIFIER_SENDERS" in error


@pytest.mark.parametrize(
    ("to", "recipients", "state"),
    [
        (["ana@example.com"], ("*",), "Delivered"),
        (["Ana@Example.com"], ("example.com",), "Delivered"),
        (["ana@example.com", "victim@elsewhere.example"], ("example.com",), "Failed"),
        (["victim@example.com.elsewhere.example"], ("example.com",), "Failed"),
    ],
)
async def test_mail_through_the_operators_server_goes_to_the_domains_it_allows(
    bench: Bench, mail_server: MailServer, to: list[str], recipients: tuple[str, ...], state: str
) -> None:
    await bench.channel("mail", {"email": {"to": to}})
    async with bench.running(smtp_url=mail_server.url(), recipients=recipients) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, state)
    assert accepted(mail_server) == (1 if state == "Delivered" else 0)
    if state == "Failed":
        error = (await bench.deliveries(event))["mail"].last_error or ""
        assert "elsewhere.example; leave" in error
        assert "TODO_NOTIFIER_RECIPIENTS" in error


async def test_a_status_that_cannot_be_written_holds_up_no_other(
    bench: Bench, mail_server: MailServer
) -> None:
    """The API server answers one Reminder's status with 500, again and again."""
    await bench.channel("mail", MAIL)
    poisoned, good = bench.event("mail", name="poisoned"), bench.event("mail", name="good")
    apply, tried = bench.kube.apply, 0

    async def refuses_one(resource: Any, name: str, *given: Any, **more: Any) -> Any:
        nonlocal tried
        if name == "poisoned":
            tried += 1
            raise ApiError(500, "InternalError", "etcdserver: mvcc: database space exceeded")
        return await apply(resource, name, *given, **more)

    bench.kube.apply = refuses_one  # type: ignore[method-assign, assignment]
    async with bench.running(smtp_url=mail_server.url()) as hand_over:
        await hand_over(poisoned)
        await ended(bench, poisoned, "Delivered")
        await hand_over(good)

        async def only_one_is_left() -> bool:
            rows = await bench.store.deliveries.unreported(10)
            told = (await bench.deliveries(good))["mail"].state == "Delivered"
            return told and tried > 0 and all(row.reminder == "poisoned" for row in rows)

        await until(only_one_is_left, "the report of the good one")
        bench.kube.apply = apply  # type: ignore[method-assign]

        async def all_told() -> bool:
            return not await bench.store.deliveries.unreported(10)

        await until(all_told, "the report of the other one, later")


async def test_a_server_that_is_away_gets_every_mail_when_it_is_back(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", MAIL)
    mail_server.stop()
    events = [bench.event("mail", name=f"r-{i}") for i in range(3)]
    async with bench.running(smtp_url=mail_server.url(), attempts=20) as hand_over:
        for event in events:
            await hand_over(event)

        async def one_has_failed() -> bool:
            rows = [(await bench.deliveries(event)).get("mail") for event in events]
            # The breaker holds the others back, some of them before their first attempt.
            return all(rows) and any(row is not None and row.last_error for row in rows)

        await until(one_has_failed, "an attempt that failed")
        assert {(await bench.deliveries(event))["mail"].state for event in events} <= {"Pending", "Retrying"}
        mail_server.start()

        async def all_there() -> bool:
            return accepted(mail_server) >= 3

        await until(all_there, "3 mails", 40)
    assert accepted(mail_server) == 3


async def test_a_slow_server_delays_nobody_else(bench: Bench, mail_server: MailServer) -> None:
    await bench.channel("mail", MAIL)
    await bench.channel("slow", {"email": {"to": ["slow@example.com"]}}, {"smtp-url": "smtp://127.0.0.1:9"})
    async with bench.running(smtp_url=mail_server.url(), attempts=50) as hand_over:
        stuck = [bench.event("slow", name=f"s-{i}") for i in range(20)]
        for event in stuck:
            await hand_over(event)
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Delivered")
        states = {(await bench.deliveries(event))["slow"].state for event in stuck}
    assert states <= {"Pending", "Retrying"}
    assert accepted(mail_server) == 1


async def test_a_notifier_that_starts_anew_finishes_what_the_last_one_left(
    bench: Bench, mail_server: MailServer
) -> None:
    await bench.channel("mail", MAIL)
    mail_server.handler.mood = lambda envelope, number: "451 later"
    async with bench.running(smtp_url=mail_server.url(), attempts=20) as hand_over:
        event = bench.event("mail")
        await hand_over(event)
        await ended(bench, event, "Retrying")
    mail_server.handler.mood = lambda envelope, number: None
    async with bench.running(smtp_url=mail_server.url(), attempts=20):
        await ended(bench, event, "Delivered")
    assert accepted(mail_server) == 1
