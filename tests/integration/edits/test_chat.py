"""The conversation itself: what a crash, a rival and a bad frame do to it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.edits.conftest import MakePerson, task_there
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.api.due import resolve_due
from todotasks.edits.model.command import (
    Blockers,
    Changes,
    Complete,
    Delete,
    Filter,
    ShowTask,
    Target,
    Update,
)
from todotasks.edits.model.conversation import Conversation
from todotasks.edits.model.message import Message
from todotasks.edits.model.reply import Reply
from todotasks.edits.session.chat import Chat
from todotasks.edits.session.stores import MemoryStore
from todotasks.edits.understand.interpreter import Briefing
from todotasks.kube import KubeClient
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS
from todotasks.language import Reading

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)  # a Wednesday


class Crash(BaseException):
    """The process dies."""


class Dying(MemoryStore):
    """A memory that outlives the process, which dies at its n-th save."""

    def __init__(self, dies_at: int) -> None:
        super().__init__()
        self.saves_left = dies_at

    async def save(self, owner: str, conversation: Conversation) -> bool:
        self.saves_left -= 1
        if self.saves_left == 0:
            raise Crash
        return await super().save(owner, conversation)


class Person:
    """Somebody who talks."""

    def __init__(self, client: KubeClient, namespace: str, store: MemoryStore | None = None) -> None:
        self.client, self.namespace = client, namespace
        self.store = store or MemoryStore()
        self.chat = Chat(now=lambda: NOW)

    async def says(self, text: str, **frame: Any) -> Reply:
        frame = {"namespace": self.namespace, "conversation": "c", "time_zone": "Europe/Berlin", **frame}
        return await self.chat.say(
            Message(text=text, **frame), client=self.client, owner="alice", store=self.store
        )


async def tasks(client: KubeClient, namespace: str) -> dict[str, dict[str, Any]]:
    return {task["metadata"]["name"]: task["spec"] for task in await client.list_(TODOTASKS, namespace)}


# ── words that hang on what is there ─────────────────────────────────────────────────────────────────
async def test_the_same_words_mean_a_task_that_is_there_or_a_new_one(
    kube: KubeClient, namespace: str
) -> None:
    person = Person(kube, namespace)
    await person.says("stop the watering")  # nothing comes back here: it is something to do
    assert list(await tasks(kube, namespace)) == ["stop-the-watering"]
    await person.says("water the plants every 3 days")
    await person.says("pause the watering")
    (rule,) = await kube.list_(RECURRENCERULES, namespace)
    assert rule["spec"]["suspend"] is True
    await person.says("resume watering the plants")
    (rule,) = await kube.list_(RECURRENCERULES, namespace)
    assert not rule["spec"].get("suspend")


@pytest.mark.parametrize(
    ("said", "corrected", "reply"),
    [
        ("Milch kaufen morgen", "nein, auf Freitag", "geändert: fällig Freitag, 6. März 2026"),
        ("buy milk tomorrow", "no, on Friday", "Changed “buy milk”: due Friday, 6 March 2026"),
    ],
)
async def test_a_correction_is_answered_in_its_own_language(
    kube: KubeClient, namespace: str, said: str, corrected: str, reply: str
) -> None:
    ana = Person(kube, namespace)
    await ana.says(said)
    assert reply in (await ana.says(corrected)).reply


async def test_who_is_reminded_of_a_task_that_is_there_gets_no_second_one(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "report", due="2026-03-06")
    person = Person(kube, namespace)
    await person.says("remind me about the report tomorrow at 9am", time_zone="UTC")
    there = await tasks(kube, namespace)
    assert there["report"]["reminders"] == [{"at": "2026-03-05T09:00"}]
    await person.says("finish the report")
    there = await tasks(kube, namespace)
    assert (list(there), there["report"]["completed"]) == (["report"], True)


# ── once for a key ───────────────────────────────────────────────────────────────────────────────────
async def test_a_message_that_is_said_again_after_a_crash_makes_no_second_task(
    kube: KubeClient, namespace: str
) -> None:
    person = Person(kube, namespace, Dying(2))  # the first save is the intent, the second the end
    with pytest.raises(Crash):
        await person.says("buy milk tomorrow", idempotency_key="k1")
    assert list(await tasks(kube, namespace)) == ["buy-milk"]
    answer = await person.says("buy milk tomorrow", idempotency_key="k1")
    assert list(await tasks(kube, namespace)) == ["buy-milk"]
    assert [done.result for done in answer.edits] == ["unchanged"]
    assert answer.reply == "Created “buy milk”: due Thursday, 5 March 2026."


async def test_what_moves_by_two_days_moves_by_two_days_also_after_a_crash(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent", due="2026-03-05")
    person = Person(kube, namespace, Dying(2))
    with pytest.raises(Crash):
        await person.says("push the rent two days", idempotency_key="k1")
    assert (await tasks(kube, namespace))["rent"]["due"] == "2026-03-07"
    await person.says("push the rent two days", idempotency_key="k1")
    assert (await tasks(kube, namespace))["rent"]["due"] == "2026-03-07"
    await person.says("push the rent two days", idempotency_key="k2")
    assert (await tasks(kube, namespace))["rent"]["due"] == "2026-03-09"


async def test_a_crash_before_anything_is_done_loses_nothing(kube: KubeClient, namespace: str) -> None:
    person = Person(kube, namespace, Dying(1))
    with pytest.raises(Crash):
        await person.says("buy milk tomorrow", idempotency_key="k1")
    assert await tasks(kube, namespace) == {}
    await person.says("buy milk tomorrow", idempotency_key="k1")
    assert list(await tasks(kube, namespace)) == ["buy-milk"]


async def test_another_message_with_a_key_that_was_used_is_another_message(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent", due="2026-03-05")
    person = Person(kube, namespace, Dying(2))
    with pytest.raises(Crash):
        await person.says("push the rent two days", idempotency_key="k1")
    await person.says("complete the rent", idempotency_key="k1")
    spec = (await tasks(kube, namespace))["rent"]
    assert (spec["due"], spec["completed"]) == ("2026-03-07", True)


async def test_the_same_message_at_once_on_two_replicas_is_done_once(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent", due="2026-03-05")
    store = MemoryStore()
    replicas = [Person(kube, namespace, store) for _ in range(4)]
    await asyncio.gather(
        *(replica.says("push the rent two days", idempotency_key="k1") for replica in replicas)
    )
    assert (await tasks(kube, namespace))["rent"]["due"] == "2026-03-07"


# ── conversations of two ─────────────────────────────────────────────────────────────────────────────
async def test_two_messages_of_one_conversation_at_once_are_both_done_and_remembered(
    kube: KubeClient, namespace: str
) -> None:
    person = Person(kube, namespace)
    await asyncio.gather(person.says("buy milk"), person.says("buy bread"))
    assert set(await tasks(kube, namespace)) == {"buy-milk", "buy-bread"}
    await person.says("undo")
    await person.says("undo")
    assert await tasks(kube, namespace) == {}


async def test_another_namespace_has_its_own_it_and_its_own_questions(
    kube: KubeClient, namespace: str
) -> None:
    person = Person(kube, namespace)
    await person.says("buy milk")
    await task_there(kube, namespace, "rent")
    await person.says("delete all tasks")
    answer = await person.says("yes", namespace="default")
    assert answer.problem is not None
    answer = await person.says("complete it", namespace="default")
    assert answer.problem is not None and answer.problem.reason == "Unclear"
    assert not (await tasks(kube, namespace))["buy-milk"]["completed"]


async def test_what_another_person_has_in_a_conversation_of_the_same_name_is_theirs(
    kube: KubeClient, namespace: str
) -> None:
    alice = Person(kube, namespace)
    await alice.says("buy milk")
    answer = await alice.chat.say(
        Message(text="undo", namespace=namespace, conversation="c"),
        client=kube,
        owner="mallory",
        store=alice.store,
    )
    assert answer.problem is not None and answer.problem.reason == "NotFound"
    assert list(await tasks(kube, namespace)) == ["buy-milk"]


async def test_a_yes_of_the_next_day_is_no_answer(kube: KubeClient, namespace: str) -> None:
    for number in range(2):
        await task_there(kube, namespace, f"task-{number}")
    person = Person(kube, namespace)
    assert (await person.says("delete all tasks")).needs_confirmation
    person.chat = Chat(now=lambda: NOW + timedelta(days=1))
    answer = await person.says("yes")
    assert answer.problem is not None and "too long ago" in answer.remarks[0]
    assert len(await tasks(kube, namespace)) == 2


async def test_what_fits_only_after_the_question_is_not_part_of_the_yes(
    kube: KubeClient, namespace: str
) -> None:
    for number in range(2):
        await task_there(kube, namespace, f"task-{number}")
    person = Person(kube, namespace)
    await person.says("delete all tasks")
    await task_there(kube, namespace, "later")
    await person.says("yes")
    assert list(await tasks(kube, namespace)) == ["later"]


# ── a rival between look and write ───────────────────────────────────────────────────────────────────
class Rival(KubeClient):
    """Between our list and our next look somebody else changes the task, once."""

    def __init__(self, client: KubeClient, change: dict[str, Any]) -> None:
        self.sender, self.change, self.struck = client.sender, change, False

    async def get(self, resource: Any, name: str, namespace: str | None = None, **options: Any) -> Any:
        if resource == TODOTASKS and not self.struck:
            self.struck = True
            await super().patch(resource, name, {"spec": self.change}, namespace)
        return await super().get(resource, name, namespace, **options)


def with_rival(client: KubeClient, **change: Any) -> Rival:
    return Rival(client, change)


async def test_a_change_of_another_field_in_between_stays_and_ours_is_done(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent", due="2026-03-05")
    answer = await Person(with_rival(kube, priority="High"), namespace).says("push the rent two days")
    assert answer.problem is None
    spec = (await tasks(kube, namespace))["rent"]
    assert (spec["due"], spec["priority"]) == ("2026-03-07", "High")


async def test_a_change_of_the_same_field_in_between_is_not_overwritten(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent", due="2026-03-05")
    answer = await Person(with_rival(kube, due="2026-04-01"), namespace).says("push the rent two days")
    assert answer.problem is not None and answer.problem.reason == "Conflict"
    assert "was changed meanwhile" in answer.reply
    assert (await tasks(kube, namespace))["rent"]["due"] == "2026-04-01"


async def test_what_is_not_the_task_any_more_that_was_meant_is_left_alone(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent", due="2026-03-05")
    answer = await Person(with_rival(kube, title="Buy a boat"), namespace).says("delete the rent")
    assert answer.problem is not None and answer.problem.reason == "Conflict"
    assert list(await tasks(kube, namespace)) == ["rent"]


# ── rights ───────────────────────────────────────────────────────────────────────────────────────────
async def test_a_namespace_of_others_is_not_even_looked_at(
    kube: KubeClient, people: MakePerson, namespace: str
) -> None:
    await task_there(kube, namespace, "rent")
    stranger = Person(people("mallory", "edit", "default"), namespace)
    for text in ("list my tasks", "complete rent", "delete all tasks", "buy milk"):
        answer = await stranger.says(text)
        assert answer.problem is not None and answer.problem.reason == "Forbidden", text
        assert f"in namespace {namespace}" in answer.reply
        assert "todotasks.todotasks.dev" in answer.reply
    assert list(await tasks(kube, namespace)) == ["rent"]


# ── typed commands ───────────────────────────────────────────────────────────────────────────────────
async def test_typed_commands_need_no_words_and_are_taken_back_by_some(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent")
    person = Person(kube, namespace)
    commands = (
        Update(Target(names=("rent",)), Changes(priority="High")),
        Complete(Target(names=("rent",))),
    )
    message = Message(namespace=namespace, conversation="c")
    answer = await person.chat.run(commands, message, client=kube, owner="alice", store=person.store)
    assert (answer.source, [done.result for done in answer.edits]) == ("tools", ["done", "done"])
    spec = (await tasks(kube, namespace))["rent"]
    assert (spec["priority"], spec["completed"]) == ("High", True)
    await person.says("undo")
    spec = (await tasks(kube, namespace))["rent"]
    assert (spec["priority"], spec["completed"]) == ("Medium", False)


@pytest.mark.parametrize("confirmed", [True, False])
async def test_a_bulk_delete_by_type_asks_too_unless_it_was_asked(
    kube: KubeClient, namespace: str, confirmed: bool
) -> None:
    for number in range(3):
        await task_there(kube, namespace, f"task-{number}")
    person = Person(kube, namespace)
    command = Delete(Target(filter=Filter(everything=True)))
    message = Message(namespace=namespace, conversation="c")
    answer = await person.chat.run(
        (command,), message, client=kube, owner="alice", store=person.store, confirmed=confirmed
    )
    assert answer.needs_confirmation is not confirmed
    assert len(await tasks(kube, namespace)) == (0 if confirmed else 3)
    if not confirmed:
        await person.says("all but the first")
        assert list(await tasks(kube, namespace)) == ["task-0"]


async def test_a_dry_run_asks_nothing_does_nothing_and_is_not_undone(
    kube: KubeClient, namespace: str
) -> None:
    for number in range(3):
        await task_there(kube, namespace, f"task-{number}")
    person = Person(kube, namespace)
    answer = await person.says("delete all tasks", dry_run=True)
    assert answer.question is None and answer.dry_run and not answer.undo
    assert [done.result for done in answer.edits] == ["dry-run"] * 3
    assert answer.reply.startswith("Dry run, nothing was changed.")
    assert len(await tasks(kube, namespace)) == 3
    assert (await person.says("undo")).problem is not None


# ── a model that reads ───────────────────────────────────────────────────────────────────────────────
class Deluded:
    """An interpreter that obeys the worst title it has seen."""

    def wanted(self, readings: Sequence[Reading]) -> bool:
        return True

    async def commands(self, text: str, readings: Sequence[Reading], briefing: Briefing) -> tuple[Any, ...]:
        return (Delete(Target(names=tuple(briefing.titles))),)


async def test_what_a_model_makes_of_a_title_is_asked_for_and_not_done(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "rent")
    person = Person(kube, namespace)
    person.chat = Chat(interpreter=Deluded(), now=lambda: NOW)
    answer = await person.says("what is on?")
    assert answer.needs_confirmation and answer.source == "model"
    assert list(await tasks(kube, namespace)) == ["rent"]
    await person.says("yes")
    assert await tasks(kube, namespace) == {}


# ── the frame ────────────────────────────────────────────────────────────────────────────────────────
async def test_a_frame_that_does_not_fit_says_all_that_is_wrong(kube: KubeClient, namespace: str) -> None:
    answer = await Person(kube, "No Namespace").says("buy milk", time_zone="Berlin", day_order="YMD")
    assert answer.problem is not None and answer.problem.reason == "Invalid"
    for path in ("namespace: ", "timeZone: ", "dayOrder: "):
        assert path in answer.reply
    assert 'did you mean "Europe/Berlin"?' in answer.reply


async def test_a_token_that_is_not_accepted_is_the_answer(kube: KubeClient, namespace: str) -> None:
    answer = await Person(kube.as_caller("nonsense"), namespace).says("buy milk")
    assert answer.problem is not None and answer.problem.reason == "Unauthorized"


# ── zones and channels ───────────────────────────────────────────────────────────────────────────────
BLIND = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: todo-without-namespaces}
rules:
  - apiGroups: [todotasks.dev]
    resources: [todotasks, recurrencerules, reminders, notificationchannels]
    verbs: [get, list, watch, create, update, patch, delete]
"""


async def test_who_may_not_read_the_zone_of_the_namespace_gets_it_written_into_the_task(
    kube: KubeClient, kubectl: Kubectl, people: MakePerson, namespace: str
) -> None:
    kubectl("annotate", "namespace", namespace, "todotasks.dev/time-zone=Europe/Berlin", "--overwrite")
    kubectl("apply", "-f", "-", input_text=BLIND)
    blind = Person(people("ana", "todo-without-namespaces"), namespace)
    reply = await blind.says("remind me to turn off the stove in 30 minutes", time_zone=None)
    spec = (await tasks(kube, namespace))["turn-off-the-stove"]
    due = resolve_due(spec["due"], spec["timeZone"], "Europe/Berlin")
    assert due.instant == NOW + timedelta(minutes=30)
    assert any("may not be read by you, so times were read in UTC" in remark for remark in reply.remarks)
    sees = Person(people("bob", "todotasks-edit"), namespace)
    reply = await sees.says("feed the cat in 30 minutes", time_zone=None)
    spec = (await tasks(kube, namespace))["feed-the-cat"]
    assert "timeZone" not in spec
    assert resolve_due(spec["due"], None, "Europe/Berlin").instant == NOW + timedelta(minutes=30)
    assert not reply.remarks


async def test_a_reminder_that_nobody_would_send_is_made_and_said(
    kube: KubeClient, kubectl: Kubectl, namespace: str
) -> None:
    person = Person(kube, namespace)
    reply = await person.says("remind me to turn off the stove in 30 minutes")
    (remark,) = [each for each in reply.remarks if "no channel of namespace" in each]
    command = remark.partition("for example: ")[2]
    manifest = command.removeprefix("echo '").partition("' | kubectl apply -f -")[0]
    kubectl("apply", "-f", "-", input_text=manifest)  # what the reply says to do
    again = await person.says("remind me to feed the cat in 30 minutes")
    assert not again.remarks


async def test_a_namespace_that_is_not_there_is_said(kube: KubeClient) -> None:
    reply = await Person(kube, "nosuch").says("list")
    assert reply.problem is not None and reply.problem.reason == "NotFound"
    assert reply.reply == "There is no namespace nosuch."


# ── undo ─────────────────────────────────────────────────────────────────────────────────────────────
async def test_an_undo_that_somebody_has_made_impossible_does_not_stand_before_the_others(
    kube: KubeClient, namespace: str
) -> None:
    person = Person(kube, namespace)
    await person.says("buy milk")
    await person.says("buy bread")
    await kube.patch(TODOTASKS, "buy-bread", {"spec": {"notes": "rye"}}, namespace)
    refused = await person.says("undo")
    assert refused.problem is not None and refused.problem.reason == "Conflict"
    assert refused.reply.endswith("Say “undo” once more to take back what was done before that.")
    assert set(await tasks(kube, namespace)) == {"buy-milk", "buy-bread"}
    again = await person.says("undo")
    assert (again.problem, again.reply) == (None, "Taken back: “buy milk” is gone again.")
    assert set(await tasks(kube, namespace)) == {"buy-bread"}, "what somebody has changed is left alone"
    nothing = await person.says("undo")
    assert nothing.problem is not None and nothing.problem.reason == "NotFound"


async def test_what_was_in_the_way_of_an_undo_may_be_gone_by_the_next_one(
    kube: KubeClient, namespace: str
) -> None:
    person = Person(kube, namespace)
    await person.says("buy milk")
    await person.says("buy bread")
    await kube.patch(TODOTASKS, "buy-bread", {"spec": {"notes": "rye"}}, namespace)
    assert (await person.says("undo")).problem is not None
    await kube.patch(TODOTASKS, "buy-bread", {"spec": {"notes": None}}, namespace)
    assert (await person.says("undo")).reply == "Taken back: “buy bread” is gone again."
    assert set(await tasks(kube, namespace)) == {"buy-milk"}


# ── what waits for what ──────────────────────────────────────────────────────────────────────────────
async def test_what_blocks_a_task_is_known_without_listing_all_that_was_ever_done(
    kube: KubeClient, namespace: str
) -> None:
    await task_there(kube, namespace, "license")
    await task_there(kube, namespace, "money", completed=True)
    await task_there(kube, namespace, "van", dependsOn=["license", "money", "gone"])
    await task_there(kube, namespace, "prices", parent="van")
    person = Person(kube, namespace)
    message = Message(namespace=namespace, conversation="c")
    for target in (Target(names=("van",)), Target(title="van")):
        reply = await person.chat.run(
            (Blockers(target),), message, client=kube, owner="alice", store=person.store
        )
        assert reply.reply == "“van” waits for “license” and “prices”."
        assert reply.remarks == ("“van” also waits for “gone”, which is not there any more.",)
    shown = await person.chat.run(
        (ShowTask(Target(names=("van",))),), message, client=kube, owner="alice", store=person.store
    )
    assert "waits for “license” and “gone”" in shown.reply
