"""Flux applies the household again and again, while chat, page and `kubectl todo` change the same objects."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from tests.integration.gitops.flux import Flux
from tests.integration.operator.processes import Operators, operator_environment
from tests.support.gateway import RunningGateway, person, running_gateway
from tests.support.plane import Plane
from tests.support.programs import program
from todo_cli.local.controlplane import kubeconfig
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.resources import NOTIFICATIONCHANNELS, RECURRENCERULES, TODOTASKS

SAMPLES = Path(__file__).parents[3] / "manifests" / "gitops"
HOME = "household"
TALK_FOR = float(os.environ.get("TEST_GITOPS", "15"))  # seconds; `make test-cluster` says more
COMES_BACK = "whoever applies it next puts"
FLUX = "system:serviceaccount:flux-system:kustomize-controller"

Spec = dict[str, Any]


def household() -> dict[str, bytes]:
    return {f"household/{path.name}": path.read_bytes() for path in (SAMPLES / "household").glob("*.yaml")}


DECLARED: dict[str, Spec] = {
    document["metadata"]["name"]: document["spec"]
    for content in household().values()
    for document in yaml.safe_load_all(content)
    if document["kind"] == "RecurrenceRule"
}


@dataclass
class House:
    """The namespace that Flux fills, and a person in it with all three ways to say something."""

    kube: KubeClient
    flux: Flux
    gateway: RunningGateway
    token: str
    kubeconfig: Path
    kubectl: Path

    async def chat_of_rules(self, text: str) -> str:
        """After the list of rules was shown, in which they have numbers."""
        shown = {"text": "show my recurring tasks", "namespace": HOME}
        async with self.gateway("POST", "/v1/chat", self.token, json=shown) as answer:
            conversation = (await answer.json())["conversation"]
        return await self._post("/v1/chat", {"text": text, "namespace": HOME, "conversation": conversation})

    async def chat(self, text: str) -> str:
        return await self._post("/v1/chat", {"text": text, "namespace": HOME})

    async def page(self, *commands: dict[str, Any]) -> str:
        return await self._post("/v1/edits", {"commands": list(commands), "namespace": HOME})

    async def _post(self, path: str, body: dict[str, Any]) -> str:
        async with self.gateway("POST", path, self.token, json=body) as answer:
            assert answer.status == 200, await answer.text()
            said = await answer.json()
        assert [edit["result"] for edit in said["edits"]] == ["done"], said
        return " ".join([said["reply"], *said.get("remarks", ())])

    def todo(self, *words: str) -> str:
        path = f"{Path(sys.executable).parent}:{self.kubectl.parent}:/usr/bin:/bin"
        home = self.kubeconfig.parent
        done = subprocess.run(
            [str(self.kubectl), "todo", *words],
            env={"PATH": path, "KUBECONFIG": str(self.kubeconfig), "HOME": str(home), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done
        return done.stdout

    async def rule(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.kube.get(RECURRENCERULES, name, HOME)
        return found

    async def versions(self) -> dict[str, str]:
        """Everything that Flux applies or people made, by name, without the status."""
        found = {}
        for resource in (RECURRENCERULES, NOTIFICATIONCHANNELS, TODOTASKS):
            objects: list[dict[str, Any]] = await self.kube.list_(resource, HOME)
            for each in objects:
                meta = each["metadata"]
                stamp = (meta.get("annotations") or {}).get("todotasks.dev/last-actor")
                found[f"{resource.plural}/{meta['name']}"] = f"{meta['generation']} by {stamp}"
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(
    plane: Plane,
    postgres_url: str,
    kafka_bootstrap: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[House]:
    program("kustomize-controller")
    plane.heal()
    folder = tmp_path_factory.mktemp("gitops")
    operators = Operators(operator_environment(plane, folder, postgres_url, kafka_bootstrap), folder)
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as kube:
        flux = Flux(plane, kube, folder)
        try:
            operator = operators.start()
            await flux.start()
            await flux.follow(SAMPLES / "flux")
            operator.wait_ready()
            status = await flux.reconciled(await flux.commit(household()))
            assert ready(status) == "True", status
            token = person(plane.kubectl, HOME, "ana")
            config = folder / "ana.kubeconfig"
            kubeconfig.write(
                config,
                cluster=plane.kubectl.cluster(),
                user="ana",
                credentials={"token": token},
                namespace=HOME,
            )
            async with running_gateway(plane.kubeconfig, database_url=postgres_url) as gateway:
                yield House(kube, flux, gateway, token, config, plane.kubectl.binary)
        finally:
            await flux.stop()
            operators.end()
            plane.api.delete_namespace(HOME)


def ready(status: dict[str, Any]) -> str:
    return str(next(c["status"] for c in status["conditions"] if c["type"] == "Ready"))


def within(declared: Any, stored: Any) -> bool:
    """Whether all that the file says is so; what the schema adds does not count."""
    if isinstance(declared, dict):
        return isinstance(stored, dict) and all(
            within(value, stored.get(key)) for key, value in declared.items()
        )
    return bool(declared == stored)


async def assert_as_declared(house: House, *names: str) -> None:
    for name in names:
        spec = (await house.rule(name))["spec"]
        assert within(DECLARED[name], spec), (name, spec)
        assert len({"cron", "rrule", "simple"} & spec.keys()) == 1


async def test_words_that_the_file_cannot_say_do_not_stop_the_repository(house: House) -> None:
    said = await house.page(
        {
            "action": "recurrence-change",
            "target": {"names": ["recurrencerules/weekly-report"]},
            "schedule": {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;BYHOUR=16;BYMINUTE=0"},
        }
    )
    assert COMES_BACK in said
    assert "rrule" in (await house.rule("weekly-report"))["spec"]
    status = await house.flux.reconciled()
    assert ready(status) == "True", status
    await assert_as_declared(house, "weekly-report")


async def test_what_no_file_declares_is_peoples(house: House) -> None:
    assert COMES_BACK not in house.todo("pause the rent")
    await house.chat("buy milk #home tomorrow")
    before = await house.versions()
    status = await house.flux.reconciled()
    assert ready(status) == "True", status
    assert await house.versions() == before, (
        "Flux writes nothing, and takes nobody's place as the last writer"
    )
    assert (await house.rule("rent"))["spec"]["suspend"] is True
    house.todo("resume the rent")
    await house.chat("complete buy milk")


async def test_what_git_only_begins_is_peoples_once_it_is_there(house: House) -> None:
    await house.page(
        {"action": "recurrence-change", "target": {"names": ["recurrencerules/water-the-plants"]},
         "schedule": {"simple": {"frequency": "Daily", "interval": 5, "time": "20:00"}}},
    )  # fmt: skip
    status = await house.flux.reconciled()
    assert ready(status) == "True", status
    assert (await house.rule("water-the-plants"))["spec"]["simple"]["interval"] == 5


async def test_while_people_talk_every_reconciliation_stays_ready_and_nothing_flaps(house: House) -> None:
    """What a file declares comes back, as was announced; the rest stays; in silence nothing is written."""
    monthly = "FREQ=MONTHLY;BYDAY=1FR"
    report = {"names": ["recurrencerules/weekly-report"]}
    backup = {"names": ["recurrencerules/backup-test"]}
    declared_by_git = itertools.cycle(
        [
            lambda: house.chat_of_rules("move the fourth one to Mondays"),
            lambda: house.page(
                {"action": "recurrence-change", "target": backup, "schedule": {"cron": "0 9 1 * *"}}
            ),
            lambda: house.chat_of_rules("move the fourth one to Wednesdays"),
            lambda: house.page(
                {
                    "action": "recurrence-change",
                    "target": report,
                    "schedule": {"rrule": monthly},
                }
            ),
        ]
    )
    of_people = itertools.cycle([("pause", True), ("resume", False)])
    house.flux.told.clear()
    rounds, until = 0, time.monotonic() + TALK_FOR
    while time.monotonic() < until or rounds < 4:
        rounds += 1
        assert COMES_BACK in await next(declared_by_git)()
        word, paused = next(of_people)
        house.todo(word, "the", "weekly", "report")
        status = await house.flux.reconciled()
        assert ready(status) == "True", status
        await assert_as_declared(house, "weekly-report", "backup-test", "rent")
        assert (await house.rule("weekly-report"))["spec"].get("suspend", False) is paused

    silent = await house.versions()
    for _ in range(3):
        status = await house.flux.reconciled()
        assert ready(status) == "True", status
    assert await house.versions() == silent
    assert [told for told in house.flux.told if told[0] == "False"] == []
    print(f"{rounds} rounds of words, {rounds + 3} reconciliations, all Ready")


async def test_a_file_that_cannot_be_is_said_by_flux_and_mended_by_the_next_commit(house: House) -> None:
    """The other way round: that Ready is asserted above means something."""
    broken = household()
    broken["household/rent.yaml"] = broken["household/rent.yaml"].replace(b"dayOfMonth: 1", b"dayOfMonth: 32")
    await house.flux.commit(broken)
    status = await house.flux.reconciled()
    assert ready(status) == "False"
    assert any("dayOfMonth" in condition.get("message", "") for condition in status["conditions"])
    status = await house.flux.reconciled(await house.flux.commit(household()))
    assert ready(status) == "True", status
