"""Caught mails: the newest first, as text, and what is no mail breaks nothing."""

from pathlib import Path

from chat_gateway.api.mailbox import newest

MAIL = (
    "X-Envelope-To: ana@example.com\r\nSubject: =?utf-8?q?M=C3=BCll?=\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nraus\r\n"
)


def test_the_newest_mails_are_read_and_others_left(tmp_path: Path) -> None:
    for n in range(5):
        (tmp_path / f"2026112{n}T090000-0001-x.eml").write_text(MAIL, newline="")
    (tmp_path / "20261129T090000-0001-broken.eml").write_bytes(b"\xff\xfe\x00no mail")
    (tmp_path / "notes.txt").write_text("not a mail")
    found = newest(tmp_path, 3)
    assert [mail.id for mail in found] == [
        "20261129T090000-0001-broken",
        "20261124T090000-0001-x",
        "20261123T090000-0001-x",
    ]
    assert (found[1].subject, found[1].to) == ("Müll", "ana@example.com")
    assert found[1].text.strip() == "raus"


def test_an_empty_or_missing_folder_has_no_mails(tmp_path: Path) -> None:
    assert newest(tmp_path, 10) == ()
    assert newest(tmp_path / "none", 10) == ()
