"""Links of mails on a real API server: once, for one thing, by nobody who has the gateway for more."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.fernet import Fernet

from tests.support.gateway import GENEROUS, RunningGateway, running_gateway
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.api.stamps import MAIL_LINK_USER
from todotasks.kube import KubeClient, KubeConfig, resources
from todotasks.kube.errors import Forbidden, Invalid
from todotasks.mail_links import PATH, MailLink, MailLinks
from todotasks.settings import Secret

KEY = Fernet.generate_key().decode()
LINKS = MailLinks([KEY])


@pytest.fixture
async def gateway(plane: Plane) -> AsyncIterator[RunningGateway]:
    plane.heal()
    async with running_gateway(
        plane.kubeconfig, settings=replace(GENEROUS, mail_link_keys=(Secret(KEY),))
    ) as running:
        yield running


@pytest.fixture
def task(kubectl: Kubectl, namespace: str) -> dict[str, Any]:
    """A task with a reminder, as they are when a mail goes out."""
    items = [
        {
            "kind": "TodoTask",
            "metadata": {"name": "rent"},
            "spec": {"title": "Pay <rent>", "due": "2027-03-01"},
        },
        {
            "kind": "Reminder",
            "metadata": {"name": "rem"},
            "spec": {"taskRef": {"name": "rent"}, "beforeDue": "1h"},
        },
    ]
    for item in items:
        body = {"apiVersion": "todotasks.dev/v1", **item}
        kubectl("apply", "-n", namespace, "-f", "-", input_text=json.dumps(body))
    return read(kubectl, "tt", "rent", namespace)


def read(kubectl: Kubectl, kind: str, name: str, namespace: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kubectl("get", kind, name, "-n", namespace, "-o", "json"))
    return found


@pytest.fixture
def link(kubectl: Kubectl, namespace: str, task: dict[str, Any]) -> MailLink:
    reminder = read(kubectl, "rem", "rem", namespace)
    return MailLink(
        "done", namespace, "rent", task["metadata"]["uid"], "rem", reminder["metadata"]["uid"],
        "ana@example.com", "Pay <rent>", "0123456789abcdef",
    )  # fmt: skip


def path_of(link: MailLink) -> str:
    return PATH + LINKS.url(link).rpartition(PATH)[2]


async def ask(gateway: RunningGateway, method: str, path: str, **form: str) -> tuple[int, str]:
    async with gateway(method, path, data=form or None) as answer:
        assert answer.content_type == "text/html"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        return answer.status, await answer.text()


async def test_following_a_link_changes_nothing_and_its_button_does_it_once(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, link: MailLink
) -> None:
    path = path_of(link)
    for _ in range(3):
        status, page = await ask(gateway, "GET", path)
        assert status == 200 and "Mark as done" in page and "Pay &lt;rent&gt;" in page
        async with gateway("HEAD", path) as answer:
            assert answer.status == 200
    assert not read(kubectl, "tt", "rent", namespace)["spec"].get("completed", False)
    status, page = await ask(gateway, "POST", path, do="done")
    assert status == 200 and "Done." in page
    written = read(kubectl, "tt", "rent", namespace)
    assert written["spec"]["completed"] is True
    annotations = written["metadata"]["annotations"]
    assert annotations["todotasks.dev/last-actor"] == MAIL_LINK_USER
    assert annotations["todotasks.dev/mail-link-of"] == "ana@example.com"
    kubectl("patch", "tt", "rent", "-n", namespace, "--type=merge", "-p", '{"spec":{"completed":false}}')
    for method in ("GET", "POST"):
        status, page = await ask(gateway, method, path)
        assert status == 410 and "used already" in page
    assert not read(kubectl, "tt", "rent", namespace)["spec"].get("completed", False)


async def test_of_many_who_press_at_once_on_two_replicas_one_does_it(
    gateway: RunningGateway, plane: Plane, kubectl: Kubectl, namespace: str, link: MailLink
) -> None:
    snooze = msgspec.structs.replace(link, action="snooze")
    async with running_gateway(
        plane.kubeconfig, settings=replace(GENEROUS, mail_link_keys=(Secret(KEY),))
    ) as other:
        answers = await asyncio.gather(
            *(ask(each, "POST", path_of(snooze), do="1h") for each in (gateway, other) * 4)
        )
    assert sorted({status for status, _ in answers}) == [200, 410]
    assert [status for status, _ in answers].count(200) == 1
    until = datetime.fromisoformat(read(kubectl, "rem", "rem", namespace)["spec"]["snoozeUntil"])
    assert timedelta(minutes=50) < until - datetime.now(UTC) <= timedelta(hours=1)


async def test_a_task_that_is_done_gone_or_another_by_now_is_left_alone(
    gateway: RunningGateway, kubectl: Kubectl, namespace: str, link: MailLink
) -> None:
    kubectl("patch", "tt", "rent", "-n", namespace, "--type=merge", "-p", '{"spec":{"completed":true}}')
    status, page = await ask(gateway, "POST", path_of(link))
    assert status == 200 and "done already" in page
    kubectl("delete", "rem", "rem", "-n", namespace)
    status, page = await ask(gateway, "GET", path_of(msgspec.structs.replace(link, action="snooze")))
    assert status == 410 and "reminder is not there" in page
    kubectl("delete", "tt", "rent", "-n", namespace)
    status, page = await ask(gateway, "POST", path_of(link))
    assert status == 410 and "not there any more" in page
    another = {"apiVersion": "todotasks.dev/v1", "kind": "TodoTask", "metadata": {"name": "rent"}}
    kubectl("apply", "-n", namespace, "-f", "-", input_text=json.dumps(another | {"spec": {"title": "x"}}))
    for action in ("done", "snooze"):
        status, page = await ask(gateway, "POST", path_of(msgspec.structs.replace(link, action=action)))
        assert status == 410
    assert not read(kubectl, "tt", "rent", namespace)["spec"].get("completed", False)


async def test_a_link_that_was_made_up_damaged_or_is_of_another_key_is_a_clear_page(
    gateway: RunningGateway, link: MailLink
) -> None:
    foreign = PATH + MailLinks([Fernet.generate_key().decode()]).url(link).rpartition(PATH)[2]
    whole = path_of(link)
    for path in (foreign, whole[:-5], PATH + "nonsense", whole + "x" * 4000):
        for method in ("GET", "POST"):
            status, page = await ask(gateway, method, path)
            assert status == 404 and "not a link of ours" in page


async def test_who_acts_for_links_may_change_what_they_are_for_and_nothing_else(
    plane: Plane, kubectl: Kubectl, namespace: str, task: dict[str, Any]
) -> None:
    config = replace(KubeConfig.load(plane.kubeconfig), impersonate=MAIL_LINK_USER)
    kubectl("label", "tt", "rent", "-n", namespace, "who=ana")
    async with KubeClient(config) as client:
        done = {"completed": True}
        of_task: list[dict[str, Any]] = [
            {"spec": {"title": "hacked"}},
            {"spec": done | {"priority": "Low"}},
            {"spec": done | {"due": None}},
            {"metadata": {"labels": {"who": None}}, "spec": done},
            {"metadata": {"annotations": {"x": "y"}}, "spec": done},
            {"metadata": {"finalizers": ["a.b/c"]}, "spec": done},
            {"metadata": {"annotations": {"todotasks.dev/mail-link-of": "me"}}},
        ]
        refused = [(resources.TODOTASKS, "rent", patch) for patch in of_task]
        for spec in ({"message": "hacked"}, {"suspend": True}):
            refused.append((resources.REMINDERS, "rem", {"spec": spec}))
        for resource, name, patch in refused:
            with pytest.raises(Invalid, match="a link of a mail"):
                await client.patch(resource, name, patch, namespace)
        with pytest.raises(Forbidden):
            await client.delete(resources.TODOTASKS, "rent", namespace)
        with pytest.raises(Forbidden):
            await client.create(
                resources.TODOTASKS, {"metadata": {"name": "new"}, "spec": {"title": "x"}}, namespace
            )
        await client.patch(
            resources.REMINDERS, "rem", {"spec": {"snoozeUntil": "2027-02-01T00:00:00Z"}}, namespace
        )
        written = await client.patch(resources.TODOTASKS, "rent", {"spec": done}, namespace)
        assert written["spec"]["completed"] is True
        with pytest.raises(Invalid, match="reopen"):  # and it takes nothing back
            await client.patch(resources.TODOTASKS, "rent", {"spec": {"completed": False}}, namespace)


async def test_no_token_and_no_recipient_is_in_the_log(
    gateway: RunningGateway,
    link: MailLink,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = path_of(link)
    await ask(gateway, "GET", path)
    await ask(gateway, "POST", path)
    await ask(gateway, "POST", path)
    said = capsys.readouterr()
    logged = said.out + said.err + caplog.text
    assert path.rpartition("/")[2] not in logged and "ana@example.com" not in logged
