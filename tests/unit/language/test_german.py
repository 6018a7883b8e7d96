"""German is a table: the same grammar reads it."""

import pytest

from tests.unit.language.saying import fields


@pytest.mark.parametrize(
    ("text", "action", "expected"),
    [
        (
            "Zahnarzt am Freitag um 15 Uhr",
            "create",
            {"title": "Zahnarzt", "due": "2026-03-06T15:00:00+01:00"},
        ),
        ("Bericht übermorgen um halb neun abgeben", "create", {"due": "2026-03-06T08:30:00+01:00"}),
        ("Steuererklärung bis 31.7. abgeben", "create", {"due": "2026-07-31"}),
        ("in zwei Wochen Filter wechseln", "create", {"title": "Filter wechseln", "due": "2026-03-18"}),
        (
            "jeden zweiten Dienstag im Monat Stammtisch",
            "recurrence-create",
            {"rrule": "FREQ=MONTHLY;BYDAY=2TU"},
        ),
        ("alle 3 Tage Blumen gießen", "recurrence-create", {"rrule": "FREQ=DAILY;INTERVAL=3"}),
        ("montags und donnerstags Sport", "recurrence-create", {"rrule": "FREQ=WEEKLY;BYDAY=MO,TH"}),
        ("hake Milch kaufen ab", "complete", {"target": "Milch kaufen"}),
        ("öffne Miete zahlen wieder", "reopen", {"target": "Miete zahlen"}),
        ("verschiebe Zahnarzt auf Freitag", "reschedule", {"target": "Zahnarzt", "due": "2026-03-06"}),
        ("benenne Milch in Hafermilch um", "update", {"target": "Milch", "title": "Hafermilch"}),
        ("lösche Milch kaufen", "delete", {"target": "Milch kaufen"}),
        ("erinnere mich morgen um 18 Uhr daran, Mama anzurufen", "remind", {"title": "Mama anrufen"}),
        ("was steht heute an?", "summary", {}),
        ("wie wird das Wetter morgen", "none", {}),
    ],
)
def test_german_commands_are_read(text: str, action: str, expected: dict[str, str]) -> None:
    found = fields(text)
    assert found["action"] == action
    assert {name: found[name] for name in expected} == expected


def test_the_language_can_be_fixed() -> None:
    assert fields("mark", language="de")["language"] == "de"
