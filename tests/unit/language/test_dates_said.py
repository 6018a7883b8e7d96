"""Dates and rhythms in many voices, English, German and both: each as it was written before it was read."""

import json

import pytest
from bench.language import OWN, OWN_NOW, Case, differences, read

LINES = [json.loads(line) for line in (OWN / "spoken_dates.jsonl").read_text().splitlines()]
# What is not read yet; a line that is mended is struck off.
KNOWN = {
    "for the next ten days take the antibiotics at 7am",  # once at the end of them, not every day
    "pay Miete every month am 3.",  # "am" of an English message is ante meridiem
    "morgen Punkt 12 Meeting mit Chef",  # Punkt 12 may be an item
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["text"])
def test_it_is_read_as_it_was_meant(line: dict[str, object]) -> None:
    case = Case("own", "times", str(line["text"]), OWN_NOW, line["expect"])  # type: ignore[arg-type]
    wrong = list(differences(case.expect, read(case)))
    assert bool(wrong) == (case.text in KNOWN), "; ".join(wrong) or "mended: strike it off"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("call the vet at ten to nine", "2026-03-05T08:50"),
        ("alarm check 3 hours before friday 6pm", "2026-03-06T15:00"),
        ("report by 5 pm on the last friday of the month", "2026-03-27T17:00"),
        ("a week tomorrow: return the books", "2026-03-12"),
        ("a fortnight today pick up the frames", "2026-03-18"),
        ("Samstag früh Brötchen holen", "2026-03-07T09:00"),
        ("um 4:45 Uhr zum Flughafen", "2026-03-05T04:45"),
        ("Ostermontag Wanderung", "2026-04-06"),
    ],
)
def test_kinds_of_times(text: str, due: str) -> None:
    case = Case("own", "times", text, OWN_NOW, {"due": due})
    assert not list(differences(case.expect, read(case)))


@pytest.mark.parametrize(
    ("text", "rrule"),
    [
        ("rotate the tyres once a quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("every 14 days on thursday recycling", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
        ("alle 21 Tage freitags Filter spülen", "FREQ=WEEKLY;INTERVAL=3;BYDAY=FR"),
        ("always on the 12th check the balance", "FREQ=MONTHLY;BYMONTHDAY=12"),
        ("jeweils am 15. Abschlag überweisen", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("monatlich Rechnung schreiben", "FREQ=MONTHLY"),
        ("drops in the left eye morning and evening every day", "FREQ=DAILY;BYHOUR=9,19;BYMINUTE=0"),
    ],
)
def test_kinds_of_rhythms(text: str, rrule: str) -> None:
    case = Case("own", "times", text, OWN_NOW, {"rrule": rrule})
    assert not list(differences(case.expect, read(case)))


@pytest.mark.parametrize(
    "text", ["always wear a helmet", "Punkt 3 der Tagesordnung klären", "open the quarter report"]
)
def test_what_only_looks_like_a_time_stays(text: str) -> None:
    case = Case("own", "times", text, OWN_NOW, {"due": None, "rrule": None})
    assert not list(differences(case.expect, read(case)))
