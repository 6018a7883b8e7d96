"""What the arguments of `kubectl todo` ask for."""

from datetime import UTC, datetime

import click
import pytest

from todo_cli.plugin.asking import EXAMPLES, VERBS, Do, Local, Say, UsageError, asked, overview
from todo_cli.plugin.flags import arguments
from todo_cli.plugin.main import todo
from todotasks import language
from todotasks.edits.model.command import (
    Complete,
    Delete,
    Filter,
    ListTasks,
    Reopen,
    ShowTask,
    SkipOccurrence,
    StopRule,
    Summary,
    Target,
    Undo,
)
from todotasks.language import Context

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


def ask(line: str) -> Say | Do | Local:
    return asked(line.split(), now=NOW, zone=UTC, sort="due", limit=50)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("done 2", Complete(Target(ordinals=(2,)))),
        ("done 1-3 5", Complete(Target(ordinals=(1, 2, 3, 5)))),
        ("done 2,4,2", Complete(Target(ordinals=(2, 4)))),
        ("done rent", Complete(Target(title="rent"))),
        ("finish rent", Complete(Target(title="rent"))),
        ("DONE rent", Complete(Target(title="rent"))),
        ("reopen rent", Reopen(Target(title="rent"))),
        ("rm 7", Delete(Target(ordinals=(7,)))),
        ("show pay-rent", ShowTask(Target(title="pay-rent"))),
        ("stop watering", StopRule(Target(title="watering"))),
        ("resume watering", StopRule(Target(title="watering"), resume=True)),
        ("skip watering", SkipOccurrence(Target(title="watering"))),
        ("stop pay rent", StopRule(Target(title="pay rent"))),
        ("resume pay rent", StopRule(Target(title="pay rent"), resume=True)),
        ("list", ListTasks()),
        ("today", Summary()),
        ("rules", ListTasks(filter=Filter(recurring=True))),
        ("undo", Undo()),
        ("undo 3", Undo(count=3)),
        ("undo the last two", Undo(count=2)),
        ("undo last 3", Undo(count=3)),
        ("undo the last change", Undo()),
    ],
)
def test_a_verb_whose_words_leave_no_doubt_is_a_command(line: str, wanted: object) -> None:
    assert ask(line) == Do(wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("buy milk tomorrow", "buy milk tomorrow"),
        ("list overdue #home", "list overdue #home"),
        ("done rent and groceries", "complete rent and groceries"),
        ("done it", "complete it"),
        ("rm all completed tasks", "delete all completed tasks"),
        ("move rent to friday", "move rent to friday"),
        ("snooze rent until 5pm", "snooze rent until 5pm"),
        ("today #work", "what is due today #work"),
        ("skip the weekly report", "skip the weekly report"),
        ("yes", "yes"),
        ("add a subtask paint to fence", "add a subtask paint to fence"),
        ("move boxes to attic saturday", "move boxes to attic saturday"),
        ("today buy flowers", "today buy flowers"),
        ("next friday dinner with Tom", "next friday dinner with Tom"),
        ("next week", "list next week"),
        ("no sugar for 10 days", "no sugar for 10 days"),
        ("rules for the new house", "rules for the new house"),
        ("watch the movie tonight", "watch the movie tonight"),
        ("help mom move", "help mom move"),
        ("completion of the report", "completion of the report"),
        ("get milk", "get milk"),
        ("get tasks", "get tasks"),
        ("run 5 km", "run 5 km"),
        ("describe the process to Tom", "describe the process to Tom"),
        ("shop for groceries", "shop for groceries"),
        ("lift weights tomorrow", "lift weights tomorrow"),
    ],
)
def test_other_words_are_a_sentence(line: str, text: str) -> None:
    assert ask(line) == Say(text)


def test_one_quoted_argument_is_the_same_as_its_words() -> None:
    assert asked(["done 2"], now=NOW, zone=UTC, sort="due", limit=50) == ask("done 2")


@pytest.mark.parametrize("title", ["complete the tax return", "list of guests", "delete old photos", "milk"])
def test_what_is_added_is_a_new_task_whatever_it_begins_with(title: str) -> None:
    found = ask(f"add {title}")
    assert isinstance(found, Say)
    assert found.text in {title, f"add {title}"}


@pytest.mark.parametrize(
    "words",
    ["Milch kaufen", "Überweisung für Köln 明天", "ein Paket für Jörg", "für Oma einkaufen morgen 17 Uhr"],
)
def test_the_verb_is_no_part_of_a_title_in_another_language(words: str) -> None:
    found = ask(f"add {words}")
    assert isinstance(found, Say)
    read = language.parse(found.text, NOW, UTC, Context())
    assert read.action == "create"
    assert read.title is not None
    assert words.endswith(read.title) or words.startswith(read.title), "the title begins and ends with theirs"


def test_without_words_the_next_tasks_are_shown() -> None:
    found = ask("")
    assert isinstance(found, Do)
    assert found.only_free


@pytest.mark.parametrize("verb", [verb for verb, (wants, _) in VERBS.items() if verb in EXAMPLES])
def test_a_verb_without_its_words_says_what_it_wants(verb: str) -> None:
    with pytest.raises(UsageError, match=f"{verb}: expected .* for example: kubectl todo"):
        ask(verb)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("undo many", "1 to 20"),
        ("undo 21", "1 to 20"),
        ("done 5-2", "write 2-5"),
        ("rm 1-900", "at most 500"),
    ],
)
def test_a_number_out_of_range_says_what_is_accepted(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask(line)


def test_dry_run_alone_takes_no_word_from_behind_it() -> None:
    assert arguments(["--dry-run", "buy", "milk"], todo) == ["--dry-run=server", "buy", "milk"]


@pytest.mark.parametrize(
    ("given", "as_click_has_it"),
    [
        (["list", "-o=name"], ["list", "-oname"]),
        (["-n=home", "list"], ["-nhome", "list"]),
        (["list", "--all-namespaces=true"], ["list", "--all-namespaces"]),
        (["list", "-A=false"], ["list"]),
        (["--insecure-skip-tls-verify=false"], []),
        (["list", "--namespace=home", "-o", "yaml"], ["list", "--namespace=home", "-o", "yaml"]),
        (["list", "-o=jsonpath={.items[0]}"], ["list", "-ojsonpath={.items[0]}"]),
        (["add", "--", "-o=x", "--dry-run"], ["add", "--", "-o=x", "--dry-run"]),
        (["add", "a=b", "1 + 1 = 2"], ["add", "a=b", "1 + 1 = 2"]),
        (["add", "Gr\udcc3\udcbc\udcc3\udc9fe"], ["add", "Grüße"]),
    ],
)
def test_flags_may_be_written_as_kubectl_takes_them(given: list[str], as_click_has_it: list[str]) -> None:
    assert arguments(given, todo) == as_click_has_it


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["--all-namespaces=many"], "--all-namespaces=many: expected true or false"),
        (["add", "caf\udce9"], "'caf\\udce9' is no UTF-8: nothing was done"),
    ],
)
def test_what_is_no_argument_is_said(given: list[str], says: str) -> None:
    with pytest.raises(click.UsageError) as raised:
        arguments(given, todo)
    assert says in raised.value.message


def test_the_help_names_every_verb_that_does_something() -> None:
    assert all(f"  {verb}" in overview() for verb, (_, text) in VERBS.items() if text)


@pytest.mark.parametrize(
    "line",
    [
        "get", "get tt", "get todotasks -A", "get tt/rent", "describe 2", "version",
        "config", "config view", "logs", "explain todotask", "api-resources", "auth can-i", "status",
    ],
)  # fmt: skip
def test_a_verb_of_kubectls_makes_no_task(line: str) -> None:
    with pytest.raises(UsageError, match=f"{line.split(maxsplit=1)[0]}: no verb of .*kubectl todo add"):
        ask(line)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("lst", "list"), ("lsit", "list"), ("lst overdue #home", "list overdue #home"),
        ("delte 1", "delete 1"), ("delet all", "delete all"), ("delte milk", "delete milk"),
        ("dnoe 2", "done 2"), ("donee 2,3", "done 2,3"),
        ("shwo 1", "show 1"), ("udno", "undo"), ("reopn 1", "reopen 1"), ("snoze 2", "snooze 2"),
    ],
)  # fmt: skip
def test_a_slip_is_asked_about_and_never_done(line: str, meant: str) -> None:
    with pytest.raises(UsageError) as raised:
        ask(line)
    assert f"did you mean `kubectl todo {meant}`? Nothing was done." in str(raised.value)
    assert "kubectl todo add" in str(raised.value)


@pytest.mark.parametrize("word", ["shop", "lift", "text", "none", "milk", "sugar", "Notes"])
def test_a_word_of_its_own_is_no_slip(word: str) -> None:
    assert ask(word) == Say(word)


def test_an_example_names_its_verb() -> None:
    with pytest.raises(UsageError, match="kubectl todo done rent"):
        ask("done")
