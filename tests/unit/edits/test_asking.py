"""When a plan asks, when it refuses, and what its replies make of other people's titles."""

from dataclasses import replace

import pytest

from tests.unit.edits.worlds import showing, shown, the_world, world_of
from todotasks.api import Metadata, TodoTask, TodoTaskSpec
from todotasks.edits.model.command import (
    Changes,
    Complete,
    CreateTask,
    Delete,
    Filter,
    ListTasks,
    ShowTask,
    StopRule,
    Target,
    TaskFields,
    Update,
)
from todotasks.edits.model.conversation import Shown
from todotasks.edits.model.world import Needs, World
from todotasks.edits.plan.dispatch import needs, plan
from todotasks.edits.targets.resolve import target_of

ALL = Target(filter=Filter())


def many(count: int, title: str = "task {}") -> World:
    tasks = tuple(
        TodoTask(Metadata(f"t-{k}", "home", f"uid-{k}", "7"), TodoTaskSpec(title.format(k)))
        for k in range(count)
    )
    return the_world(tasks=tasks, rules=(), reminders=())


def test_a_bulk_edit_shows_the_first_rows_and_says_how_many_there_are() -> None:
    found = plan(Complete(ALL), many(120))
    assert found.question is not None
    assert (found.question.kind, len(found.question.rows), found.edits) == ("confirm", 50, ())
    assert "120 tasks" in found.question.text
    assert found.remarks == ("The first 50 of 120 are shown.",)


def test_a_confirmed_bulk_edit_is_done_whole() -> None:
    assert len(plan(Complete(ALL), many(120), confirmed=True).edits) == 120


def test_more_edits_than_a_message_may_make_are_refused_before_asking() -> None:
    found = plan(Complete(ALL), many(501))
    assert found.problem is not None
    assert (found.problem.reason, found.question) == ("TooMany", None)


def test_a_filter_that_fits_one_task_does_not_ask() -> None:
    assert len(plan(Complete(ALL), many(1)).edits) == 1


def test_a_filter_that_fits_nothing_says_so_and_changes_nothing() -> None:
    found = plan(Complete(ALL), many(0))
    assert (found.reply, found.edits) == ("No task fits, so nothing was changed.", ())


@pytest.mark.parametrize(("numbers", "asks"), [((1, 2, 3), False), ((1, 2, 3, 4), True)])
def test_more_than_three_numbers_are_asked_for(numbers: tuple[int, ...], asks: bool) -> None:
    world = many(5)
    world = showing(world, *(task.metadata.name for task in world.tasks))
    assert (plan(Complete(Target(ordinals=numbers)), world).question is not None) == asks


@pytest.mark.parametrize(("count", "reason"), [(9, None), (10, "Ambiguous")])
def test_up_to_nine_of_the_same_title_are_a_choice(count: int, reason: str | None) -> None:
    found = plan(Complete(Target(title="call anna")), many(count, "call Anna"))
    assert (found.problem.reason if found.problem else None) == reason
    assert (found.question is None) == (reason is not None)


def test_the_chosen_row_is_the_target_of_the_next_plan() -> None:
    world = the_world()
    asked = plan(Complete(Target(title="call anna")), world).question
    assert asked is not None
    row = asked.rows[1]
    target = target_of([Shown(row.resource, row.name, row.title, row.uid)])
    (edit,) = plan(Complete(target), world).edits
    assert edit.name == "call-anna-2"


def test_a_chosen_rule_is_the_rule_also_where_a_task_has_its_name() -> None:
    world = world_of("""
        {kind: TodoTask, metadata: {name: rent}, spec: {title: pay rent}}
        """)
    world = replace(world, rules=the_world().rules)
    target = target_of([shown(world.rule_by_name["rent"])])
    (edit,) = plan(Delete(target), world, confirmed=True).edits
    assert (edit.resource, edit.name) == ("recurrencerules", "rent")


def test_a_new_object_with_the_name_of_one_that_was_shown_is_not_it() -> None:
    world = showing(the_world(), "report")
    other = tuple(
        replace_uid(task, "another") if task.metadata.name == "report" else task for task in world.tasks
    )
    found = plan(Complete(Target(ordinals=(1,))), replace(world, tasks=other))
    assert found.problem is not None
    assert found.reply == "“report” is not there any more."


def replace_uid(task: TodoTask, uid: str) -> TodoTask:
    return TodoTask(Metadata(task.metadata.name, "home", uid, "9"), task.spec)


def test_what_is_only_alike_is_not_taken_before_all_tasks_were_looked_at() -> None:
    world = world_of("""
        {kind: TodoTask, metadata: {name: buy-silk}, spec: {title: buy silk}}
        """)
    command = Complete(Target(title="buy milk"))
    found = plan(command, replace(world, whole=False))
    assert found.problem is not None
    assert found.problem.reason == "NotFound"  # which is when everything is looked at
    (edit,) = plan(command, world).edits
    assert edit.name == "buy-silk"
    done = world_of("""
        {kind: TodoTask, metadata: {name: buy-milk}, spec: {title: buy milk, completed: true}}
        """)
    found = plan(command, replace(world, tasks=(*world.tasks, *done.tasks)))
    assert found.reply == "“buy milk”: completed already."


def test_it_is_what_was_touched_last_and_not_the_list() -> None:
    world = showing(the_world(), "report", "buy-milk")
    touched = (shown(world.task_by_name["taxes"]),)
    (edit,) = plan(Complete(Target(reference="it")), replace(world, touched=touched)).edits
    assert edit.name == "taxes"
    (edit,) = plan(Complete(Target(ordinals=(2,))), replace(world, touched=touched)).edits
    assert edit.name == "buy-milk"


def test_a_task_is_not_made_a_part_of_itself() -> None:
    command = Update(Target(title="taxes"), Changes(parent=Target(title="taxes")))
    found = plan(command, the_world())
    assert found.problem is not None
    assert (found.problem.reason, found.problem.field) == ("Invalid", "spec.parent")


def test_a_due_that_is_none_names_the_field_and_what_is_accepted() -> None:
    found = plan(CreateTask(TaskFields("x", due="soon")), the_world())
    assert found.problem is not None
    assert found.problem.field == "spec.due"
    assert "2026-11-21" in found.problem.message


def test_titles_in_replies_cannot_command_a_terminal_or_end_their_quotes() -> None:
    title = "\x1b[2J\u202eevil” and “more\nline"
    world = world_of("{kind: TodoTask, metadata: {name: evil}, spec: {title: x}}")
    evil = TodoTask(world.tasks[0].metadata, TodoTaskSpec(title))
    world = replace(world, tasks=(evil,))
    for command in (ShowTask(Target(names=("evil",))), Complete(Target(names=("evil",))), ListTasks()):
        reply = plan(command, world).reply
        assert reply.isprintable()
        assert reply.count("“") == reply.count("”") <= 1


def test_a_rule_is_not_stopped_for_a_task_that_is_alike() -> None:
    found = plan(StopRule(Target(title="buy milk")), the_world())
    assert found.problem is not None
    assert found.edits == ()


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        (CreateTask(TaskFields("x")), Needs()),
        (CreateTask(TaskFields("x", parent=Target(title="y"))), Needs("open")),
        (Complete(Target(title="x")), Needs("open")),
        (Delete(Target(title="x")), Needs("all", rules=True)),
        (Delete(Target(filter=Filter(completed=True))), Needs("completed")),
        (ListTasks(), Needs("open")),
        (ListTasks(Filter(everything=True)), Needs("all")),
        (ListTasks(Filter(recurring=True)), Needs("open", rules=True)),
    ],
)
def test_no_more_is_listed_than_a_command_needs(command: object, wanted: Needs) -> None:
    assert needs(command) == wanted  # type: ignore[arg-type]


def test_what_was_shown_is_read_by_name() -> None:
    report = Shown("todotasks", "report", "report", "u")
    assert needs(Complete(Target(ordinals=(1,))), (report,)) == Needs(objects=(("todotasks", "report"),))


def test_two_needs_together_look_at_both() -> None:
    assert (Needs("open") | Needs("completed", rules=True)) == Needs("all", rules=True)
    assert Needs("open").wider == Needs("all")
    assert Needs("all").wider is None
