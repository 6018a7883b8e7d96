"""The links of mails without a server: sealed, for one thing, for seven days; and the pages they open."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from chat_gateway.api.mail_links.act import SNOOZES, until_of
from chat_gateway.api.mail_links.pages import WORDS, Shown, buttons_of, render
from todotasks.api.stamps import MAIL_LINK_USER, actor_of
from todotasks.mail_links import LIFETIME, PATH, BadLink, MailLink, MailLinks, link_id

KEY, OTHER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
LINK = MailLink("done", "home", "pay-rent", "uid-1", "rem", "uid-2", "ana@example.com", "Pay rent", "0123")


def token_of(links: MailLinks, link: MailLink = LINK) -> str:
    return links.url(link).rpartition(PATH)[2]


def test_a_link_opens_to_what_it_was_made_for_on_every_replica_with_the_key() -> None:
    url = MailLinks([KEY], "https://todo.example.com").url(LINK)
    assert url.startswith("https://todo.example.com/mail-link/")
    assert "rent" not in url and "ana" not in url
    assert re.fullmatch(r"[A-Za-z0-9_-]+", url.rpartition("/")[2])  # nothing that a mail program cuts off
    opened = MailLinks([OTHER, KEY]).open(url.rpartition("/")[2], datetime.now(UTC))
    assert msgspec.structs.replace(opened, until=None) == LINK


def test_a_link_of_another_key_is_none_of_ours() -> None:
    for links in (MailLinks([OTHER]), MailLinks([])):
        with pytest.raises(BadLink) as refused:
            links.open(token_of(MailLinks([KEY])), datetime.now(UTC))
        assert not refused.value.expired


def test_a_link_ends_after_seven_days_and_says_so() -> None:
    links = MailLinks([KEY])
    token = token_of(links)
    assert links.open(token, datetime.now(UTC) + LIFETIME - timedelta(minutes=1))
    with pytest.raises(BadLink) as refused:
        links.open(token, datetime.now(UTC) + LIFETIME)
    assert refused.value.expired


@given(st.data())
def test_no_changed_token_opens_to_another_thing(data: st.DataObject) -> None:
    links = MailLinks([KEY])
    token = token_of(links)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_=/%"))
    changed = token[:place] + letter + token[place + 1 :]
    try:
        opened = links.open(changed, datetime.now(UTC))
    except BadLink:
        return
    assert msgspec.structs.replace(opened, until=None) == LINK  # the same bytes in another spelling


@pytest.mark.parametrize("token", ["", "x", "=" * 50, "A" * 5000, "ü", "gAAAAA" * 10])
def test_what_is_no_token_is_refused_and_nothing_breaks(token: str) -> None:
    with pytest.raises(BadLink):
        MailLinks([KEY]).open(token, datetime.now(UTC))


def test_each_try_of_a_mail_has_links_that_are_used_up_together() -> None:
    assert link_id("event-1", "done") == link_id("event-1", "done")
    assert len({link_id("event-1", "done"), link_id("event-1", "snooze"), link_id("event-2", "done")}) == 3


def test_a_long_title_is_cut_so_that_the_link_stays_a_link() -> None:
    links = MailLinks([KEY])
    assert len(token_of(links, msgspec.structs.replace(LINK, title="ü" * 512))) < 1200


@pytest.mark.parametrize(
    ("by", "zone", "until"),
    [
        ("10m", "UTC", "2027-03-27T12:10:00+00:00"),
        ("1h", "Europe/Berlin", "2027-03-27T13:00:00+00:00"),
        # the clocks change in between
        ("tomorrow", "Europe/Berlin", "2027-03-28T09:00:00+02:00"),
        ("tomorrow", "Pacific/Kiritimati", "2027-03-29T09:00:00+14:00"),
        ("tomorrow", "No/Where", "2027-03-28T09:00:00+00:00"),
    ],
)
def test_a_snooze_is_until_a_time_of_the_task(by: str, zone: str, until: str) -> None:
    assert until_of(by, zone, datetime(2027, 3, 27, 12, 0, tzinfo=UTC)).isoformat() == until


@pytest.mark.parametrize("language", ["", "en-GB", "de-DE,de;q=0.9"])
@pytest.mark.parametrize("says", WORDS)
def test_every_page_is_text_whatever_the_title_is(says: str, language: str) -> None:
    page = render(Shown(says, "<script>alert(1)</script>", '"<b>', until=datetime.now(UTC)), language)
    assert "<script>" not in page and "<b>" not in page
    assert ('lang="de"' in page) == language.startswith("de")


def test_the_question_has_a_button_for_each_answer_and_no_link_that_answers() -> None:
    assert render(Shown("done", "x", buttons=buttons_of("done")), "").count("<button") == 1
    page = render(Shown("snooze", "x", buttons=buttons_of("snooze")), "")
    assert page.count("<button") == len(SNOOZES)
    assert 'method="post"' in page


def test_the_actor_is_the_mail_only_where_the_server_has_stamped_it() -> None:
    whose = {"todotasks.dev/mail-link-of": "ana@example.com"}
    assert actor_of({"todotasks.dev/last-actor": MAIL_LINK_USER, **whose}) == "mail link of ana@example.com"
    assert actor_of({"todotasks.dev/last-actor": "mallory", **whose}) == "mallory"
    assert actor_of(whose) is None
