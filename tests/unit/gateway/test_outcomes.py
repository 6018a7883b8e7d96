"""What came of a message, in words for metrics: few, and none of the person's own."""

import pytest
from prometheus_client import REGISTRY

from chat_gateway.api import outcomes
from todotasks.edits.model.edit import Edit, EditResult, Problem
from todotasks.edits.model.plan import Listing, Question
from todotasks.edits.model.reply import Reply
from todotasks.edits.wording.phrases import phrase

EDIT = Edit(verb="create", resource="todotasks", namespace="home", name="rent")
READ_AS_TASK = ({"action": "create", "language": "en"},)


def done(result: str) -> tuple[EditResult, ...]:
    return (EditResult(edit=EDIT, result=result),)  # type: ignore[arg-type]


CASES = {
    "an edit": (Reply(reply="", edits=done("done"), readings=READ_AS_TASK), "done", []),
    "tried only": (Reply(reply="", edits=done("dry-run"), readings=READ_AS_TASK), "dry-run", []),
    "it was so already": (Reply(reply="", edits=done("unchanged")), "unchanged", []),
    "a list": (Reply(reply="", listing=Listing((), 0)), "listed", []),
    "help": (Reply(reply="I keep lists."), "told", []),
    "which of two": (Reply(reply="", question=Question("choice", "Which?")), "asked", ["choice"]),
    "really all": (Reply(reply="", question=Question("confirm", "Really?")), "asked", ["confirm"]),
    "no words for us": (
        Reply(reply="", problem=Problem("Unclear", "?")), "not-understood", ["nothing-asked"],
    ),
    "a name that nothing has": (
        Reply(reply="", problem=Problem("NotFound", "no buy milk")), "not-understood", ["not-found"],
    ),
    "no right to it": (Reply(reply="", problem=Problem("Forbidden", "no")), "refused", []),
    "a part left out": (
        Reply(reply="", edits=done("done"), remarks=("how long it takes is not kept",)), "done", ["remark"],
    ),
    "a correction": (
        Reply(reply="", edits=done("done"), reading=phrase("de", "corrects")), "done", ["taken-back"],
    ),
    "undo": (
        Reply(reply="", edits=done("done"), readings=({"action": "undo", "language": "de"},)),
        "done", ["taken-back"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "outcome", "missed"), CASES.values(), ids=CASES)
def test_a_reply_has_one_outcome_and_its_reasons(reply: Reply, outcome: str, missed: list[str]) -> None:
    assert outcomes.outcome_of(reply) == outcome
    assert list(outcomes.missed_in(reply)) == missed


@pytest.mark.parametrize("said", ["de", "en", "fr", None, 3, "de\n} 1"])
def test_no_language_but_ours_becomes_a_label(said: object) -> None:
    assert outcomes.language_of(Reply(reply="", readings=({"language": said},))) in outcomes.LANGUAGES


def test_no_word_of_the_message_is_in_a_label() -> None:
    """The numbers of series are bounded, and what people say stays theirs."""
    for reply, _, _ in CASES.values():
        outcomes.count(reply, 0.1)
    series = [
        (name, value)
        for family in REGISTRY.collect()
        if family.name.startswith("todotasks_chat")
        for sample in family.samples
        for name, value in sample.labels.items()
        if name != "le"
    ]
    assert {name for name, _ in series} == {"language", "outcome", "why"}
    assert {value for name, value in series if name == "why"} <= {
        "nothing-asked", "not-found", "choice", "confirm", "remark", "taken-back",
    }  # fmt: skip
