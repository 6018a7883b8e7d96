"""Times in another language than the rest of the message, both ways, and words that only look like one."""

import pytest

from tests.unit.language.saying import fields, read


@pytest.mark.parametrize(
    ("text", "title", "due"),
    [
        ("Pitch deck fertig machen by friday", "Pitch deck fertig machen", "2026-03-06"),
        ("Meeting mit Bob next Thursday um 14 Uhr", "Meeting mit Bob", "2026-03-12T14:00"),
        ("Team lunch übermorgen at noon", "Team lunch", "2026-03-06T12:00"),
        ("book Tisch für Samstag 8pm", "book Tisch", "2026-03-07T20:00"),
        ("call the landlord Montag um 9 Uhr", "call the landlord", "2026-03-09T09:00"),
        ("Zahnarzt anrufen tomorrow at 3pm", "Zahnarzt anrufen", "2026-03-05T15:00"),
        ("send the deck nächsten Dienstag", "send the deck", "2026-03-10"),
    ],
)
def test_a_time_is_read_in_either_language(text: str, title: str, due: str) -> None:
    found = fields(text)
    assert (found["title"], found["due"][: len(due)]) == (title, due)


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("jeden Friday Backup machen", "FREQ=WEEKLY;BYDAY=FR"),
        ("backup the laptop jeden Montag", "FREQ=WEEKLY;BYDAY=MO"),
        ("Blumen gießen every 3 days", "FREQ=DAILY;INTERVAL=3"),
        ("pay the rent monatlich", "FREQ=MONTHLY"),
    ],
)
def test_a_rhythm_is_read_in_either_language(text: str, rrule: str) -> None:
    assert fields(text)["rrule"] == rrule


@pytest.mark.parametrize("day", ["Mittwoch", "freitag", "morgen"])
def test_an_order_in_english_takes_a_german_day(day: str) -> None:
    assert read(f"move the review to {day}").action == "reschedule"


@pytest.mark.parametrize(
    "text",
    ["watch Das Boot", "buy Alle Farben tickets", "read Der Spiegel", "call Mr Morgenstern",
     "buy a gift for the host", "mow the art gallery lawn"],
)  # fmt: skip
def test_words_of_the_other_language_stay_in_titles(text: str) -> None:
    found = fields(text)
    assert (found["due"], found["rrule"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "who"), [("assign it to Lena bitte", "Lena"), ("weise es Lena zu please", "Lena")]
)
def test_courtesy_closes_a_message_in_either_language(text: str, who: str) -> None:
    assert read(text).assignee == who
