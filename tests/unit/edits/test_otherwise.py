"""What a message says of something else than the last one, or otherwise."""

from datetime import UTC, datetime

import msgspec
import pytest

from todotasks.edits.model import command as c
from todotasks.edits.model.conversation import Conversation, Pending, Shown, Undoable
from todotasks.edits.session.outcome import Outcome
from todotasks.edits.session.questions import dropping, late_to
from todotasks.edits.understand.corrected import corrected
from todotasks.edits.understand.guessed import names_nothing
from todotasks.edits.understand.known import Known
from todotasks.edits.understand.otherwise import asked_of, given_to, otherwise_to, pointed_with_value
from todotasks.edits.understand.put_plainly import Asked, put_plainly
from todotasks.language import Context, parse, read_correction
from todotasks.language.grounding.sight import Seen, Sight

NOW = datetime(2026, 3, 11, 10, tzinfo=UTC)
SIGHT = Sight(
    (
        Seen("order ink", "ink"),
        Seen("print the tickets", "tickets", tags=("travel",)),
        Seen("iron shirts", "shirts", due="2026-03-16", assignee="dev"),
        Seen("vacuum the stairs", "stairs", due="2026-03-16"),
    ),
    recent=(1,),
)


def touched(*names: str) -> tuple[Shown, ...]:
    titles = {seen.key: seen.title for seen in SIGHT.things}
    return tuple(Shown("todotasks", name, titles[name]) for name in names)


def having_changed(changes: c.Changes, *names: str) -> Conversation:
    done = c.Update(c.Target(names=names), changes)
    undo = tuple(Undoable("patch", "todotasks", "n", name, "", "1", after={"spec": {}}) for name in names)
    return Conversation("c", touched=touched(*names), did=(done,), again=done, undo=(undo,))


def asked(text: str, conversation: Conversation) -> Asked:
    return Asked(text, Known(conversation, SIGHT), NOW, UTC, Context())


TAGGED = having_changed(c.Changes(add_tags=("travel",)), "tickets")
MOVED = having_changed(c.Changes(due="2026-03-16"), "stairs", "shirts")


def test_the_last_change_is_made_to_another_thing_with_another_value() -> None:
    found = otherwise_to(asked("and the ink one office", TAGGED))
    assert found is not None
    assert found.commands == (c.Update(c.Target(names=("ink",)), c.Changes(add_tags=("office",))),)


@pytest.mark.parametrize(
    "text", ["the ink is empty", "and order more paper", "and the ink", "and the ink one office?"]
)
def test_what_says_more_is_a_message_of_its_own(text: str) -> None:
    assert otherwise_to(asked(text, TAGGED)) is None


@pytest.mark.parametrize(
    ("text", "name", "who"),
    [
        ("tickets are Tom's job", None, None),
        ("the ink is Tom's job", "ink", "Tom"),
        ("Tom takes the tickets", "tickets", "Tom"),
        ("dev can do the stairs", "stairs", "dev"),
        ("die Shirts macht Herr Braun", "shirts", "Herr Braun"),
        ("it takes the tickets", None, None),
        ("Tom takes the bus", None, None),
    ],
)
def test_somebody_does_what_is_there(text: str, name: str | None, who: str | None) -> None:
    found = given_to(asked(text, TAGGED))
    if name is None:
        assert found is None
    else:
        assert found is not None
        assert found.commands == (c.Update(c.Target(names=(name,)), c.Changes(assignee=who)),)


@pytest.mark.parametrize(
    "text", ["what does dev have now?", "what's on Dev's plate right now?", "was macht dev jetzt alles?"]
)
def test_what_somebody_has_is_listed(text: str) -> None:
    found = asked_of(asked(text, TAGGED))
    assert found is not None
    assert found.commands == (c.ListTasks(filter=c.Filter(assignee="dev")),)
    assert asked_of(asked(text.replace("dev", "Zoe").replace("Dev", "Zoe"), TAGGED)) is None


def commands_for(text: str, conversation: Conversation) -> tuple[c.Command, ...] | None:
    correction = read_correction(text, NOW, UTC, Context())
    assert correction is not None
    found = corrected(correction, Known(conversation, SIGHT), zone="UTC")
    return None if found is None else found.commands


def test_what_was_said_of_all_is_not_so_of_one() -> None:
    again = c.Update(c.Target(names=("stairs",)), c.Changes(due="2026-03-16"))
    for text in ("except the shirts", "the shirts can stay", "not the shirts", "the shirts don't have to"):
        assert commands_for(text, MOVED) == (c.Undo(1), again)
    moved = c.Update(c.Target(names=("shirts",)), c.Changes(due="2026-03-14"))
    assert commands_for("actually the shirts stay on saturday", MOVED) == (moved,)
    assert commands_for("except the ink", MOVED) is None


def test_what_was_better_is_taken_again() -> None:
    one = having_changed(c.Changes(due="2026-03-16"), "stairs")
    back = c.Update(c.Target(names=("stairs",)), c.Changes(due="2026-03-14"))
    assert commands_for("sorry, Saturday was right", one) == (back,)
    assert commands_for("no wait, the old time was fine", one) == (c.Undo(1),)


def test_a_time_may_say_what_it_is_of() -> None:
    shift = c.Changes(shift="1h")
    assert commands_for("hm, an hour later for that one", MOVED)[-1:] == (  # type: ignore[index]
        c.Update(c.Target(names=("stairs", "shirts")), shift),
    )
    assert commands_for("an hour later for the ink then", MOVED) == (
        c.Update(c.Target(names=("ink",)), shift),
    )


def test_a_title_that_only_points_makes_no_task() -> None:
    for text in ("one too", "only on weekdays", "for that one", "two days later then"):
        assert names_nothing(parse(text, NOW))
    for text in ("buy milk", "call them back", "standup on weekdays"):
        assert not names_nothing(parse(text, NOW))


def test_a_question_is_answered_late_while_nothing_of_it_was_touched() -> None:
    rows = touched("ink", "tickets")
    pending = Pending("choice", (), rows=rows, text="Which one?", asked_at=NOW)
    conversation = dropping(Outcome(Conversation("c")), pending).conversation
    assert late_to(conversation, NOW) == pending
    assert late_to(conversation, NOW.replace(hour=12)) is None
    assert late_to(msgspec.structs.replace(conversation, touched=touched("ink")), NOW) is None
    assert late_to(msgspec.structs.replace(conversation, touched=touched("stairs")), NOW) == pending
    yes = Pending("confirm", (), rows=rows, text="Delete both?", asked_at=NOW)
    assert dropping(Outcome(conversation), yes).conversation.dropped is None


def test_what_was_shown_is_moved_without_a_verb() -> None:
    shown = Conversation("c", shown=touched("ink", "tickets", "shirts"))
    for text, name in (("third one by sunday", "shirts"), ("the last one by sunday", "shirts")):
        found = pointed_with_value(asked(text, shown))
        assert found is not None
        assert found.commands == (c.Update(c.Target(names=(name,)), c.Changes(due="2026-03-15")),)
    german = pointed_with_value(asked("die auch bis morgen", having_changed(c.Changes(due="x"), "ink")))
    assert german is not None
    assert german.commands == (c.Update(c.Target(names=("ink",)), c.Changes(due="2026-03-12")),)
    for text in ("the first thing tomorrow", "third one is for sunday", "buy one by sunday"):
        assert pointed_with_value(asked(text, shown)) is None


def test_somebody_can_do_what_the_talk_is_about() -> None:
    one = having_changed(c.Changes(due="2026-03-16"), "stairs")
    given = c.Update(c.Target(names=("stairs",)), c.Changes(assignee="Dad"))
    for text in ("Dad can vacuum them", "no, Dad does it", "Dad kann sie saugen"):
        assert commands_for(text, one) == (given,)
    for text in ("Nobody can vacuum them", "Dad can vacuum the car"):
        assert read_correction(text, NOW, UTC, Context()) is None


def test_what_is_told_beside_an_order_is_left_out() -> None:
    one = having_changed(c.Changes(due="2026-03-16"), "stairs")
    for text, plain in (
        ("her flight is late, make it half an hour later", "make it half an hour later"),
        ("she found a taxi, delete it", "delete it"),
        ("add a note that the key is inside", "add a note to it: the key is inside"),
        ("lösch das wieder", "lösch das"),
        ("the ink is empty, delete it", "the ink is empty, delete it"),
        ("buy milk, bread and eggs", "buy milk, bread and eggs"),
    ):
        assert put_plainly(asked(text, one)) == plain
    for text in ("her flight is late, make it half an hour later", "add a note that the key is inside"):
        assert put_plainly(asked(text, Conversation("c"))) == text
