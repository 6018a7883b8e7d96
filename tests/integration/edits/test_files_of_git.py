"""A chat edit of something that a file declares: the file can be applied and compared as before."""

# ruff: noqa: E501 - a table is read along its line

import os
import subprocess
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from tests.integration.edits.test_chat import Person
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
from todotasks.api import TaskReminder
from todotasks.edits.model.command import (
    ChangeRule,
    Changes,
    Complete,
    Delete,
    ScheduleFields,
    SkipOccurrence,
    StopRule,
    Target,
    Update,
)
from todotasks.edits.model.message import Message
from todotasks.edits.model.reply import Reply
from todotasks.kube import KubeClient
from todotasks.kube.errors import Invalid
from todotasks.kube.resources import RECURRENCERULES, TODOTASKS

Way = Literal["client", "server"]
WAYS: dict[Way, tuple[str, ...]] = {
    "client": (),
    "server": ("--server-side", "--force-conflicts"),  # as Flux and Argo CD do
}
TARGET = Target(names=("recurrencerules/standup",))


def declare(kind: str, spec: dict[str, Any], folder: Path, name: str) -> Path:
    file = folder / f"{name}.yaml"
    document = {"apiVersion": "todotasks.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
    file.write_text(yaml.safe_dump(document))
    return file


def differs(kubectl: Kubectl, file: Path, namespace: str, way: Way) -> bool:
    """`kubectl diff` ends with 0 for no difference, 1 for some; all else is a failure."""
    command = [str(kubectl.binary), "diff", "-n", namespace, *WAYS[way], "-f", str(file)]
    done = subprocess.run(
        command, env={**os.environ, "KUBECONFIG": str(kubectl.kubeconfig)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    return done.returncode == 1


async def edited(kube: KubeClient, namespace: str, *commands: Any, confirmed: bool = True) -> Reply:
    person = Person(kube, namespace)
    message = Message(namespace=namespace, conversation="c", time_zone="Europe/Berlin")
    return await person.chat.run(
        commands, message, client=kube, owner="alice", store=person.store, confirmed=confirmed
    )


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param({"cron": "0 17 * * 5"}, id="cron"),
        pytest.param({"rrule": "FREQ=WEEKLY;BYDAY=FR"}, id="rrule"),
        pytest.param(
            {"simple": {"frequency": "Weekly", "daysOfWeek": ["Friday"], "time": "17:00"}}, id="simple"
        ),
    ],
)
@pytest.mark.parametrize(
    "rrule",
    ["FREQ=WEEKLY;BYDAY=TH", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=8;BYMINUTE=0"],
)
async def test_a_rule_that_was_changed_by_words_is_still_applied_from_its_file(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way, schedule: dict[str, Any], rrule: str,
) -> None:  # fmt: skip
    spec = {"timeZone": "Europe/Berlin", "template": {"spec": {"title": "standup"}}, **schedule}
    file = declare("RecurrenceRule", spec, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    reply = await edited(kube, namespace, ChangeRule(TARGET, ScheduleFields(rrule=rrule)))
    assert [each.result for each in reply.edits] == ["done"], reply
    (kind,) = schedule
    assert any(f"A file declares spec.{kind}" in remark for remark in reply.remarks), reply.remarks
    assert differs(kubectl, file, namespace, way)
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    after = (await kube.get(RECURRENCERULES, "standup", namespace))["spec"]
    without_default = (
        {k: v for k, v in after["simple"].items() if k != "interval"} if kind == "simple" else None
    )
    assert (without_default or after[kind]) == schedule[kind], (
        "the file has the last word on what it declares"
    )
    assert not differs(kubectl, file, namespace, way)


@pytest.mark.parametrize("way", WAYS)
async def test_an_end_in_place_of_a_count_is_said_to_be_refused_and_not_to_be_put_back(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way
) -> None:
    spec = {"cron": "0 17 * * 5", "count": 900, "template": {"spec": {"title": "standup"}}}
    file = declare("RecurrenceRule", spec, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    reply = await edited(kube, namespace, ChangeRule(TARGET, ScheduleFields(until="2099-12-11")))
    assert any("is refused by kubectl apply until it says the same" in remark for remark in reply.remarks)
    assert not any("puts it back" in remark for remark in reply.remarks)
    with pytest.raises(KubectlFailed, match="give until or count, not both"):
        kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    says_the_same = {**spec, "until": "2099-12-11"}
    del says_the_same["count"]
    file = declare("RecurrenceRule", says_the_same, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))


@pytest.mark.parametrize("way", WAYS)
async def test_simple_fields_that_do_not_go_together_are_said_to_be_refused_by_kubectl_apply(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way
) -> None:
    spec = {
        "simple": {"frequency": "Weekly", "daysOfWeek": ["Friday"]},
        "template": {"spec": {"title": "standup"}},
    }
    file = declare("RecurrenceRule", spec, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    reply = await edited(
        kube, namespace, ChangeRule(TARGET, ScheduleFields(rrule="FREQ=MONTHLY;BYMONTHDAY=-1"))
    )
    assert any("is refused by kubectl apply until it says the same" in remark for remark in reply.remarks)
    if way == "server":  # `simple` is replaced as a whole
        kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
        after = (await kube.get(RECURRENCERULES, "standup", namespace))["spec"]
        assert after["simple"] == {"frequency": "Weekly", "daysOfWeek": ["Friday"], "interval": 1}
        return
    with pytest.raises(KubectlFailed, match="dayOfMonth needs the frequency Monthly or Yearly"):
        kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))


@pytest.mark.parametrize("way", WAYS)
async def test_a_schedule_that_its_way_of_writing_cannot_say_is_put_back_by_its_file(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way
) -> None:
    spec = {"cron": "0 17 * * 5", "template": {"spec": {"title": "standup"}}}
    file = declare("RecurrenceRule", spec, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    change = ChangeRule(TARGET, ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"))
    reply = await edited(kube, namespace, change)
    assert any(
        "Where a file declares cron (Git), whoever applies it next" in remark for remark in reply.remarks
    )
    assert differs(kubectl, file, namespace, way), "a diff shows it, where it was refused before"
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    after = (await kube.get(RECURRENCERULES, "standup", namespace))["spec"]
    assert (after["cron"], after.get("rrule")) == ("0 17 * * 5", None)
    assert not differs(kubectl, file, namespace, way)


@pytest.mark.parametrize("way", ["cron", "rrule", "simple"])
@pytest.mark.parametrize("other", ["cron", "rrule", "simple"])
async def test_who_sets_another_way_of_writing_a_schedule_means_it_instead(
    kube: KubeClient, namespace: str, way: str, other: str
) -> None:
    schedules: dict[str, Any] = {
        "cron": "0 17 * * 5", "rrule": "FREQ=WEEKLY;BYDAY=TH", "simple": {"frequency": "Daily", "interval": 2},
    }  # fmt: skip
    body = {"metadata": {"name": "rule"}, "spec": {way: schedules[way], "template": {"spec": {"title": "x"}}}}
    await kube.create(RECURRENCERULES, body, namespace)
    patched = await kube.patch(RECURRENCERULES, "rule", {"spec": {other: schedules[other]}}, namespace)
    assert [name for name in schedules if name in patched["spec"]] == [other]


async def test_two_new_ways_at_once_are_still_a_mistake(kube: KubeClient, namespace: str) -> None:
    template = {"spec": {"title": "x"}}
    both = {"cron": "0 17 * * 5", "rrule": "FREQ=DAILY"}
    with pytest.raises(Invalid, match="exactly one of cron, rrule and simple"):
        await kube.create(
            RECURRENCERULES, {"metadata": {"name": "a"}, "spec": {**both, "template": template}}, namespace
        )
    body = {"metadata": {"name": "b"}, "spec": {"simple": {"frequency": "Daily"}, "template": template}}
    await kube.create(RECURRENCERULES, body, namespace)
    with pytest.raises(Invalid, match="exactly one of cron, rrule and simple"):
        await kube.patch(RECURRENCERULES, "b", {"spec": both}, namespace)


@pytest.mark.parametrize("way", WAYS)
async def test_a_change_of_a_declared_field_says_who_puts_it_back(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way
) -> None:
    file = declare("TodoTask", {"title": "rent", "due": "2026-03-05"}, tmp_path, "rent")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    target = Target(names=("rent",))
    moved = await edited(kube, namespace, Update(target, Changes(due="2026-03-09", priority="High")))
    by = "kubectl apply" if way == "client" else "kubectl"
    says = f"A file declares spec.due of “rent” too ({by}): whoever applies it next puts it back."
    assert moved.remarks == (says,)
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    spec = (await kube.get(TODOTASKS, "rent", namespace))["spec"]
    assert (spec["due"], spec["priority"]) == ("2026-03-05", "High"), "what the file leaves out is ours"
    other = await edited(kube, namespace, Update(target, Changes(priority="Urgent")))
    assert other.remarks == ()
    gone = await edited(kube, namespace, Delete(target))
    assert gone.remarks == (f"A file declares “rent” too ({by}): whoever applies it next makes it again.",)


TASK = Target(names=("standup",))
TITLED = {"title": "standup"}
WEEKLY = {"cron": "0 17 * * 5", "template": {"spec": {**TITLED, "reminders": [{"before": "1h"}]}}}
LATER = TaskReminder(at="2099-03-04T08:00")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "spec", "command"),
    [
        pytest.param(
            "TodoTask",
            {**TITLED, "due": "2099-03-05T09:00", "reminders": [{"before": "1h"}]},
            Update(TASK, Changes(reminders=(LATER,))),
            id="other reminders",
        ),
        pytest.param(
            "TodoTask",
            {**TITLED, "due": "2099-03-05", "reminders": [{"at": "2099-03-04T08:00"}]},
            Update(TASK, Changes(clear=("reminders",))),
            id="no reminders",
        ),
        pytest.param(
            "TodoTask",
            {**TITLED, "due": "2099-03-05T09:00", "timeZone": "America/New_York"},
            Update(TASK, Changes(due="2099-04-05")),
            id="another day",
        ),
        pytest.param(
            "TodoTask", {**TITLED, "due": "2099-03-05"}, Update(TASK, Changes(clear=("due",))), id="no due"
        ),
        pytest.param(
            "TodoTask",
            {**TITLED, "tags": ["home", "money"]},
            Update(TASK, Changes(add_tags=("work",), remove_tags=("home",))),
            id="other tags",
        ),
        pytest.param("TodoTask", {**TITLED, "completed": False}, Complete(TASK), id="completed"),
        pytest.param("RecurrenceRule", WEEKLY, StopRule(TARGET), id="a pause"),
        pytest.param(
            "RecurrenceRule",
            {**WEEKLY, "except": ["2026-12-25"]},
            SkipOccurrence(TARGET, on="2099-12-04"),
            id="one left out",
        ),
        pytest.param(
            "RecurrenceRule",
            {**WEEKLY, "start": "2020-01-03"},
            ChangeRule(TARGET, ScheduleFields(start="2099-12-11")),
            id="another start",
        ),
        pytest.param(
            "RecurrenceRule",
            {**WEEKLY, "timeZone": "UTC"},
            ChangeRule(TARGET, ScheduleFields(time_zone="Asia/Tokyo")),
            id="another zone",
        ),
        pytest.param("RecurrenceRule", WEEKLY, Update(TARGET, Changes(title="daily")), id="another title"),
    ],
)
async def test_whatever_words_change_of_a_declared_object_its_file_is_applied_and_compared_as_before(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way, kind: str, spec: dict[str, Any], command: Any,
) -> None:  # fmt: skip
    file = declare(kind, spec, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    reply = await edited(kube, namespace, command)
    assert [each.result for each in reply.edits] == ["done"], reply
    differs(kubectl, file, namespace, way)
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    assert not differs(kubectl, file, namespace, way)
    resource = TODOTASKS if kind == "TodoTask" else RECURRENCERULES
    after = (await kube.get(resource, "standup", namespace))["spec"]
    assert holds(after, spec), "the file has the last word on what it declares"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "spec", "command"),
    [
        pytest.param(  # said in Berlin, in a namespace of UTC
            "TodoTask", {**TITLED, "due": "2099-03-05T09:00"},
            Update(TASK, Changes(due="2099-03-06T17:00")), id="a time of another zone",
        ),
        pytest.param(
            "TodoTask", {**TITLED, "due": "2099-03-05T09:00", "timeZone": "Asia/Tokyo"},
            Update(TASK, Changes(due="T17:00")), id="a time of day of another zone",
        ),
        pytest.param(
            "RecurrenceRule", {"rrule": "FREQ=WEEKLY;BYDAY=FR", "template": {"spec": TITLED}},
            ChangeRule(TARGET, ScheduleFields(rrule="FREQ=WEEKLY;BYDAY=TH;BYHOUR=9;BYMINUTE=0")),
            id="a time of day",
        ),
        pytest.param(
            "RecurrenceRule", {"rrule": "FREQ=WEEKLY;BYDAY=FR", "template": {"spec": TITLED}},
            Update(TARGET, Changes(due="T09:00")), id="only a time of day",
        ),
    ],
)  # fmt: skip
async def test_nothing_stays_by_which_what_the_file_puts_back_would_be_read_otherwise(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path, way: Way, kind: str, spec: dict[str, Any], command: Any,
) -> None:  # fmt: skip
    file = declare(kind, spec, tmp_path, "standup")
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    resource = TODOTASKS if kind == "TodoTask" else RECURRENCERULES
    before = (await kube.get(resource, "standup", namespace))["spec"]
    reply = await edited(kube, namespace, command)
    assert [each.result for each in reply.edits] == ["done"], reply
    kubectl("apply", "-n", namespace, *WAYS[way], "-f", str(file))
    assert (await kube.get(resource, "standup", namespace))["spec"] == before


async def test_what_stays_of_a_schedule_that_is_put_back_is_said(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path
) -> None:
    """`kubectl apply` joins the fields of `simple`; by server-side apply it is one field, and put back whole."""
    simple = {"frequency": "Weekly", "daysOfWeek": ["Friday"]}
    file = declare("RecurrenceRule", {"simple": simple, "template": {"spec": TITLED}}, tmp_path, "standup")
    kubectl("apply", "-n", namespace, "-f", str(file))
    change = ScheduleFields(rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH")
    reply = await edited(kube, namespace, ChangeRule(TARGET, change))
    stays = "What no file declares stays beside it as it is now: spec.simple.interval, spec.start."
    assert any(remark.endswith(stays) for remark in reply.remarks), reply.remarks
    kubectl("apply", "-n", namespace, "-f", str(file))
    after = (await kube.get(RECURRENCERULES, "standup", namespace))["spec"]
    assert after["simple"] == {**simple, "interval": 2}
    kubectl("apply", "-n", namespace, *WAYS["server"], "-f", str(file))
    reply = await edited(kube, namespace, ChangeRule(TARGET, change))
    assert not any("spec.simple.interval" in remark for remark in reply.remarks), reply.remarks


def holds(found: Any, declared: Any) -> bool:
    """Whether all that is declared stands there, whatever else does."""
    if isinstance(declared, dict):
        return all(key in found and holds(found[key], value) for key, value in declared.items())
    if isinstance(declared, list) and all(isinstance(each, str) for each in declared):
        return set(declared) <= set(found)  # tags, days that are left out: of a set each owner has its own
    return bool(found == declared)


async def test_without_force_server_side_apply_says_that_the_chat_has_changed_a_field(
    kubectl: Kubectl, kube: KubeClient, namespace: str, tmp_path: Path
) -> None:
    file = declare("TodoTask", {"title": "rent", "due": "2026-03-05"}, tmp_path, "rent")
    kubectl("apply", "-n", namespace, "--server-side", "-f", str(file))
    await edited(kube, namespace, Update(Target(names=("rent",)), Changes(due="2026-03-09")))
    with pytest.raises(KubectlFailed, match=r'conflict with "todotasks-chat"'):
        kubectl("apply", "-n", namespace, "--server-side", "-f", str(file))
