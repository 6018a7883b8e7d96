"""Orders in words of two languages, and German as people write it: with Sie, without umlauts, in dialect."""

import pytest

from tests.unit.language.saying import fields, read
from todotasks.language.languages.detect import guess_language


@pytest.mark.parametrize(
    ("text", "action", "target"),
    [
        ("assign die Präsentation an Lisa", "update", "Präsentation"),
        ("cancel das Abo", "delete", "Abo"),
        ("push das Meeting mit HR by eine Woche", "reschedule", "Meeting mit HR"),
        ("please verschieb den Call mit London auf Friday 4pm", "reschedule", "Call mit London"),
        ("kannst du den Dentist Termin to next Tuesday verschieben", "reschedule", "Dentist Termin"),
        ("can you verschieben den Friseur to Mittwoch um 3", "reschedule", "Friseur"),
        ("set den Report auf high priority", "update", "Report"),
        ("tag die Steuer mit finance", "update", "Steuer"),
        ("mark die Steuererklärung as done", "complete", "Steuererklärung"),
        ("the Miete is bezahlt", "complete", "Miete"),
        ("hab den Vertrag gesigned", "complete", "Vertrag gesigned"),
    ],
)
def test_an_order_may_be_in_words_of_two_languages(text: str, action: str, target: str) -> None:
    found = fields(text)
    assert (found["action"], (found["target"] or "").removeprefix("den ")) == (action, target)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("schedule Zahnreinigung for nächsten Montag um 8:30", "Zahnreinigung"),
        ("add Milch und Eier to the Einkaufsliste", "Milch und Eier"),
        ("remind mich in 20 Minuten den Ofen auszumachen", "Ofen ausmachen"),
        ("need to book Flüge nach Wien before Mittwoch", "book Flüge nach Wien"),
    ],
)
def test_a_task_may_be_asked_for_in_words_of_two_languages(text: str, title: str) -> None:
    assert fields(text)["title"] == title


@pytest.mark.parametrize(
    "text",
    ["Update Server auf Version 5", "Call mit London vorbereiten", "Plan für Küche zeichnen",
     "Test für 7a korrigieren"],
)  # fmt: skip
def test_a_noun_that_is_a_verb_elsewhere_orders_nothing(text: str) -> None:
    found = fields(text)
    assert (found["action"], found["title"]) == ("create", text)


@pytest.mark.parametrize(
    ("text", "action", "target"),
    [
        ("Bitte verschieben Sie die Visite auf morgen", "reschedule", "Visite"),
        ("Streichen Sie den Ortstermin ersatzlos", "delete", "Ortstermin"),
        ("Geben Sie die Akte an Selin Kaya", "update", "Akte"),
        ("Nehmen Sie den Ortstermin von der Liste", "delete", "Ortstermin"),
    ],
)
def test_who_says_sie_gives_the_same_order(text: str, action: str, target: str) -> None:
    found = fields(text)
    assert (found["action"], found["target"]) == (action, target)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("verschieb sport auf nächsten montag", "verschieb sport auf nachsten montag"),
        ("lösch den eintrag", "loesch den eintrag"),
        ("mathe für freitag", "mathe fur freitag"),
        ("rückgängig", "ruckgangig"),
        ("übermorgen kino um halb acht", "uebermorgen kino um halb acht"),
        ("täglich um 7 vokabeln", "taglich um 7 vokabeln"),
    ],
)
def test_letters_without_their_dots_mean_the_same(text: str, plain: str) -> None:
    one, other = fields(text), fields(plain)
    names = ("action", "due", "rrule", "title", "target", "reference")
    assert [one[name] for name in names] == [other[name] for name in names]


@pytest.mark.parametrize("text", ["buy a fur coat", "book an uber to the airport", "no milk today"])
def test_english_words_are_not_german_ones_without_dots(text: str) -> None:
    assert guess_language(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Velo ist geflickt",
        "Lampe im Flur is ausgetauscht",
        "die Tabletten hab ich heute schon genommen",
        "Die Kostennote wurde gestern versandt",
        "Steuererklärung ist abgeschickt, bitte abhaken",
        "Hecke ist geschnitten, Laub kommt nächste Woche dran",
    ],
)
def test_a_german_report_completes(text: str) -> None:
    assert read(text).action == "complete"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Ich hab den Katheter doch noch nicht gewechselt", "reopen"),
        ("Den Termin mit dem Notar habe ich abgesagt", "delete"),
        ("ist die Notenkonferenz schon erledigt?", "show"),
        ("hab ich den Bericht schon gemacht?", "show"),
        ("Der Klempner hat sich erledigt", "delete"),
        ("den Friseur am Dienstag brauch ich jetzt doch nicht", "delete"),
    ],
)
def test_what_is_not_done_completes_nothing(text: str, action: str) -> None:
    assert read(text).action == action


@pytest.mark.parametrize(
    ("text", "target", "due"),
    [
        ("Wartung verschiebt sich auf nächsten Donnerstag 10 Uhr", "Wartung", "2026-03-12T10:00"),
        ("Die Runde ist auf den 25. März um 9:15 Uhr verlegt worden", "Runde", "2026-03-25T09:15"),
        ("Die Konferenz ist von Donnerstag auf Freitag gerutscht", "Konferenz", "2026-03-06"),
        ("Das Essen mit Resi ist auf Samstag in einer Woche verschoben", "Essen mit Resi", "2026-03-14"),
    ],
)  # fmt: skip
def test_what_has_been_moved_is_told(text: str, target: str, due: str) -> None:
    found = fields(text)
    assert (found["action"], found["target"], found["due"][: len(due)]) == ("reschedule", target, due)


@pytest.mark.parametrize(
    ("text", "target", "notes"),
    [
        ("Füg beim Wandertag noch die Notiz hinzu: Bus zurückrufen", "Wandertag", "Bus zurückrufen"),
        ("Vermerken Sie bei der Akte Sommer, dass der Gegner schrieb", "Akte Sommer", "der Gegner schrieb"),
    ],
)
def test_a_note_is_written_beside_a_task(text: str, target: str, notes: str) -> None:
    found = fields(text)
    assert (found["action"], (found["target"] or "").removeprefix("der "), found["notes"]) == (
        "update", target, notes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("die Pflanzen macht Herr Braun", "Herr Braun"),
        ("Kannst du die Nachtwache Tanja geben?", "Tanja"),
        ("Die Schulung soll jetzt Ayşe machen", "Ayşe"),
    ],
)
def test_who_takes_it_over_is_told(text: str, who: str) -> None:
    assert (read(text).action, read(text).assignee) == ("update", who)


def test_all_of_a_day_goes_to_another() -> None:
    found = fields("alles vom Freitag auf Samstag")
    assert (found["action"], found["due"]) == ("reschedule", "2026-03-07")
    assert found["filter"] == {"due": {"start": "2026-03-06", "end": "2026-03-06"}}


def test_what_is_meant_by_all_and_not_understood_is_never_all() -> None:
    found = fields("Bitte lösche alles, was mit dem Sportfest zu tun hat")
    assert (found["action"], found["filter"]) == ("delete", None)


def test_a_project_is_one_in_german_too() -> None:
    assert fields("Alle Aufgaben im Projekt Brandt auf hoch setzen")["filter"]["project"] == "Brandt"
    found = fields("Kabel im Projekt Umbau bestellen")
    assert (found["title"], found["project"]) == ("Kabel bestellen", "Umbau")


def test_how_urgent_it_is_may_stand_behind() -> None:
    found = fields("Bitte den Hausarzt anrufen, ist dringend")
    assert (found["action"], found["priority"]) == ("create", "Urgent")
    assert fields("Müllschlüssel nachmachen, nicht so wichtig")["priority"] == "Low"
