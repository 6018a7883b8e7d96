"""What the API server refuses, in plain words; and what is said when not all of a message was done."""

from typing import Any

import msgspec
import pytest

from todotasks.edits.model.edit import Edit, EditResult, Problem
from todotasks.edits.wording.api_errors import problem_of, problem_of_edit
from todotasks.edits.wording.results import report, taken_back
from todotasks.kube.errors import KubeError, Status, UndecodableAnswer, Unreachable, error_from_status

RENT = Edit("patch", "todotasks", "home", "rent", title="Pay rent", patch={"spec": {"due": None}})


def refusal(code: int, reason: str, message: str, **details: Any) -> KubeError:
    document = {"kind": "Status", "reason": reason, "message": message, "details": details}
    return error_from_status(msgspec.convert(document, Status), code)


CASES = {
    "a role is missing": (
        refusal(
            403,
            "Forbidden",
            'todotasks.todotasks.dev "rent" is forbidden: User "alice" cannot patch resource "todotasks" in '
            'API group "todotasks.dev" in the namespace "home"',
        ),
        "Forbidden",
        "You may not patch todotasks in namespace home (the API server says no to alice): ask for a role "
        "with the verb patch on todotasks.todotasks.dev.",
    ),
    "a role is missing everywhere": (
        refusal(
            403,
            "Forbidden",
            'namespaces is forbidden: User "alice" cannot list resource "namespaces" in API group "" at the '
            "cluster scope",
        ),
        "Forbidden",
        "You may not list namespaces in all namespaces (the API server says no to alice): ask for a role "
        "with the verb list on namespaces.",
    ),
    "the namespace ends": (
        refusal(
            403,
            "Forbidden",
            'todotasks "x" is forbidden: unable to create new content in namespace home because it is being '
            "terminated",
        ),
        "Forbidden",
        "The namespace is being deleted: nothing new can be made in it.",
    ),
    "a quota": (
        refusal(
            403, "Forbidden", 'todotasks "x" is forbidden: exceeded quota: few, requested: 1, limited: 0'
        ),
        "QuotaExceeded",
        "The namespace is full: exceeded quota: few, requested: 1, limited: 0.",
    ),
    "a webhook": (
        refusal(403, "Forbidden", 'admission webhook "w.example.com" denied the request: not on Sundays'),
        "Forbidden",
        "A rule of this cluster refuses it: not on Sundays",
    ),
    "one field": (
        refusal(
            422,
            "Invalid",
            "TodoTask is invalid",
            causes=[{"reason": "FieldValueInvalid", "field": "spec.due", "message": "give a date"}],
        ),
        "Invalid",
        "This is not accepted: spec.due: give a date",
    ),
    "it is gone": (
        refusal(404, "NotFound", 'todotasks "rent" not found', kind="todotasks", name="rent"),
        "NotFound",
        "“Pay rent” is not there any more.",
    ),
    "no namespace": (
        refusal(404, "NotFound", 'namespaces "home" not found', kind="namespaces", name="home"),
        "NotFound",
        "There is no namespace home.",
    ),
    "changed": (
        refusal(409, "Conflict", "the object has been modified"),
        "Conflict",
        "“Pay rent” was changed meanwhile. Look at it and say it again.",
    ),
    "the token": (
        refusal(401, "Unauthorized", "Unauthorized"),
        "Unauthorized",
        "The API server does not accept your token: log in again.",
    ),
    "never sent": (
        Unreachable("connection refused", sent=False),
        "Unavailable",
        "The API server cannot be reached. Nothing was done; try again in a moment.",
    ),
    "the answer was lost": (
        Unreachable("timed out"),
        "Unavailable",
        "The API server did not answer in time, so it is not known whether this was done. Look before you "
        "try again.",
    ),
    "nonsense": (
        UndecodableAnswer("not JSON"),
        "Unavailable",
        "The API server's answer cannot be used: not JSON.",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_a_refusal_is_said_in_plain_words(case: str) -> None:
    error, reason, message = CASES[case]
    problem = problem_of_edit(error, RENT)
    assert (problem.reason, problem.message) == (reason, message)


def test_what_others_have_written_commands_no_terminal() -> None:
    hostile = refusal(
        403, "Forbidden", 'admission webhook "w" denied the request: \x1b[31mred\u202eder\nline'
    )
    message = problem_of(hostile).message
    assert message.isprintable()


# ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────
def edit(title: str, verb: Any = "patch") -> Edit:
    return Edit(verb, "todotasks", "home", title, title=title, patch={"spec": {"completed": True}})


GOOD, SAME = EditResult(edit=edit("a"), result="done"), EditResult(edit=edit("b"), result="unchanged")
BAD = EditResult(
    edit=edit("c"),
    result="refused",
    problem=Problem("Conflict", "“c” was changed meanwhile. Look at it and say it again."),
)
LEFT = EditResult(edit=edit("d"), result="planned")


@pytest.mark.parametrize(
    ("done", "said"),
    [
        ([GOOD, SAME], "Completed both."),
        ([GOOD, BAD], "Completed “a”. “c” was changed meanwhile. Look at it and say it again."),
        ([GOOD, SAME, LEFT], "Completed “a”. “b” was so already. Not done: “d”."),
        ([BAD], "“c” was changed meanwhile. Look at it and say it again."),
    ],
)
def test_the_reply_says_what_was_done_and_what_was_not(done: list[EditResult], said: str) -> None:
    assert report("Completed both.", done, dry_run=False, language="en") == said


def test_a_dry_run_says_that_nothing_was_changed() -> None:
    said = report(
        "Completed “a”.", [EditResult(edit=edit("a"), result="dry-run")], dry_run=True, language="en"
    )
    assert said == "Dry run, nothing was changed. It would be: Completed “a”."


def test_undo_says_what_became_of_each() -> None:
    done = [
        EditResult(edit=edit("a", "create"), result="done"),
        EditResult(edit=edit("b", "delete"), result="done"),
    ]
    assert taken_back(done) == "Taken back: “a” is there again, “b” is gone again."
    both = [
        EditResult(edit=edit("a", "patch"), result="done"),
        EditResult(edit=edit("b", "patch"), result="done"),
    ]
    assert taken_back(both) == "Taken back: “a” and “b” are as they were."
    assert taken_back(both, "de") == "Rückgängig gemacht: “a” und “b” sind wie vorher."
    assert taken_back([]) == "It is as it was before already."
