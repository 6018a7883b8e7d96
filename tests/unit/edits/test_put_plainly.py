"""What a message says of what is known, put as the grammar reads it."""

from datetime import UTC, datetime

import pytest

from todotasks.edits.model import command as c
from todotasks.edits.model.conversation import Conversation, Shown
from todotasks.edits.understand.known import Known
from todotasks.edits.understand.put_plainly import Asked, all_that, put_plainly
from todotasks.language import Context
from todotasks.language.grounding.sight import Seen, Sight

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
SIGHT = Sight(
    (
        Seen("clean the fridge", "fridge", due="2026-12-04", assignee="jonas"),
        Seen("call the plumber", "plumber", assignee="Petra"),
        Seen("all hands meeting", "meeting"),
    )
)


def asked(text: str) -> Asked:
    touched = (Shown("todotasks", "fridge", "clean the fridge"),)
    known = Known(Conversation("c", touched=touched), SIGHT)
    return Asked(text, known, NOW, UTC, Context())


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("lock up on the same day", "lock up on 2026-12-04"),
        ("Ölwechsel am selben Tag", "Ölwechsel am 2026-12-04"),
        ("make them both high", "make both high"),
        ("remind jonas of the fridge on friday", "remind me of the fridge on friday"),
        ("remind jonas of the wedding on friday", "remind jonas of the wedding on friday"),
        ("remind me of the fridge", "remind me of the fridge"),
        ("buy milk", "buy milk"),
    ],
)
def test_words_that_hang_on_the_talk_are_put_plainly(said: str, plain: str) -> None:
    assert put_plainly(asked(said)) == plain


def test_a_day_that_nothing_has_stays_as_it_was_said() -> None:
    known = Known(Conversation("c"), SIGHT)
    said = "lock up on the same day"
    assert put_plainly(Asked(said, known, NOW, UTC, Context())) == said


FRIDAY = c.Filter(due=c.Range("2026-12-04", "2026-12-05"))

PETRA = c.Filter(assignee="Petra")


@pytest.mark.parametrize(
    ("said", "which", "changes"),
    [
        ("set everything of jonas to low", c.Filter(assignee="jonas"), c.Changes(priority="Low")),
        ("Petra ist krank, gib ihre Aufgaben an Mark", PETRA, c.Changes(assignee="Mark")),
        ("petra's off sick, everything of hers goes to lucy", PETRA, c.Changes(assignee="lucy")),
        ("push everything that's due friday to saturday", FRIDAY, c.Changes(due="2026-12-05")),
        ("alles was Freitag fällig ist auf Samstag schieben", FRIDAY, c.Changes(due="2026-12-05")),
    ],
)  # fmt: skip
def test_all_that_some_words_say_is_changed(said: str, which: c.Filter, changes: c.Changes) -> None:
    found = all_that(asked(said))
    assert found is not None
    assert found[0] == c.Update(c.Target(filter=which), changes)


@pytest.mark.parametrize(
    "said",
    [
        "move the all hands meeting to friday",
        "everything is fine",
        "what is all due on friday?",
        "add 'everything must go' to the list",
        "somebody is ill, give her tasks to Mark",
        "buy all the milk on friday",
    ],
)
def test_what_is_no_change_of_many_is_left_to_the_grammar(said: str) -> None:
    assert all_that(asked(said)) is None
