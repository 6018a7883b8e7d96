"""`kubectl todo watch`: which list it is, and how that follows what happens."""

from datetime import UTC, datetime

import msgspec
import pytest

from todo_cli.plugin.asking import UsageError, Watch, asked
from todo_cli.plugin.watching import Following
from todotasks.api import TodoTask
from todotasks.edits.model.command import Filter, ListTasks
from todotasks.edits.model.world import World
from todotasks.kube.watch.observed import Change, ChangeType, Listed, ListedObject, Watched

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ALL = Watch(ListTasks())


def a_task(name: str, **spec: object) -> TodoTask:
    metadata = {"name": name, "namespace": "home", "uid": name}
    return msgspec.convert({"metadata": metadata, "spec": {"title": name, **spec}}, TodoTask)


def listed(*tasks: TodoTask) -> Listed[TodoTask]:
    return Listed(tuple(ListedObject(each, b"") for each in tasks), True, True, "1", "test")


def watched(type: ChangeType, task: TodoTask) -> Watched[TodoTask]:
    return Watched((Change(type, task, b""),), "2")


def following(watch: Watch = ALL) -> Following:
    return Following(watch, World(namespace="home", now=NOW))


def titles(what: Following, now: datetime = NOW) -> list[str]:
    return [row.title for row in what.listing(now)[1]]


def test_the_list_follows_what_is_made_changed_completed_and_deleted() -> None:
    what = following()
    what.take(listed(a_task("rent"), a_task("milk")))
    assert what.complete
    assert sorted(titles(what)) == ["milk", "rent"]
    what.take(watched("ADDED", a_task("bread")))
    what.take(watched("MODIFIED", a_task("rent", completed=True)))
    what.take(watched("DELETED", a_task("milk")))
    assert titles(what) == ["bread"]


def test_a_list_made_anew_forgets_what_is_not_in_it() -> None:
    what = following()
    what.take(listed(a_task("rent"), a_task("milk")))
    what.take(listed(a_task("milk")))
    assert titles(what) == ["milk"]


def test_time_alone_makes_a_task_overdue() -> None:
    what = following(Watch(ListTasks(filter=Filter(overdue=True))))
    what.take(listed(a_task("rent", due="2026-03-05T13:00:00Z")))
    assert titles(what) == []
    assert titles(what, datetime(2026, 3, 5, 14, tzinfo=UTC)) == ["rent"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["watch"], Filter()),
        (["watch", "overdue"], Filter(overdue=True)),
        (["watch", "#home"], Filter(tags=("home",))),
    ],
)
def test_words_behind_watch_mean_what_they_mean_behind_list(words: list[str], wanted: Filter) -> None:
    found = asked(words, now=NOW, zone=UTC, sort="due", limit=50)
    assert isinstance(found, Watch)
    assert found.command.filter == wanted


def test_words_that_say_no_list_are_refused_with_an_example() -> None:
    with pytest.raises(UsageError, match="overdue"):
        asked(["watch", "rules"], now=NOW, zone=UTC, sort="due", limit=50)
