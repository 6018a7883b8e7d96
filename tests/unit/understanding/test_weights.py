"""The learned weights belong to the code that makes the facts, and are read as they were written."""

import json
from datetime import datetime

from todotasks.language.candidates.model import ALONE, ON_THINGS
from todotasks.language.grounding.sight import Seen, Sight
from todotasks.language.ranking.model import fingerprint, score, stored
from todotasks.language.understanding import understand

NOW = datetime(2026, 5, 12, 18, 30)


def test_weights_belong_to_the_code_that_makes_the_facts() -> None:
    _, made_with = stored()
    assert made_with == fingerprint(), "the facts have changed: run `make train` and look at its figures"


def test_weights_are_of_actions_that_there_are() -> None:
    weights, _ = stored()
    known = {*ON_THINGS, *ALONE}
    assert {action.removeprefix("unseen ") for action in weights} - known <= {
        "update",
        "set-project",
        "recurrence-stop",
        "recurrence-skip",
        "recurrence-change",
        "summary",
    }


def test_a_fact_without_a_weight_says_nothing() -> None:
    weights = {"complete": {"cue=done": 1.5}}
    assert score(weights, "complete", [("cue=done", 1.0), ("never heard of", 9.0)]) == 1.5
    assert score(weights, "delete", [("cue=done", 1.0)]) == 0.0


def test_the_same_message_is_understood_the_same_way_every_time() -> None:
    sight = Sight((Seen("Buy milk", key="a"), Seen("Call the dentist", key="b")))
    first = understand("got the milk", NOW, sight=sight)
    assert all(understand("got the milk", NOW, sight=sight) == first for _ in range(5))
    assert first.readings[0].names == ("a",)


def test_the_file_of_weights_is_sorted_and_readable() -> None:
    weights, _ = stored()
    assert json.dumps(weights) == json.dumps(weights, sort_keys=True)
    assert all(abs(value) < 50 for own in weights.values() for value in own.values())
