"""What our rules, stamps and webhook add to a write, beside a plain custom resource of the same fields.

The states take turns in one run (A B C C B A …): a plain CRD, our CRD alone, with the stamping policies,
with the webhook too. In each turn a number of creates, then patches of their titles, is sent by plain
aiohttp, and the processor time that the API server used meanwhile is divided by their number. What is
compared is processor time: where everything shares two cores, the time of an answer says how busy the
others are.
"""

import asyncio
import base64
import os
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bench import plain
from bench.raw import TASKS, RawApi, a_task, at_once
from bench.report import Report, Row, milliseconds, percentile
from bench.system import System
from todo_cli.local.bundle import bundled
from todo_cli.local.processes import ports
from todo_webhook import registration
from todo_webhook.tls.material import next_material

AT_ONCE = 16  # writes under way
BINDINGS = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings"
HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
STAMP = "todotasks.dev/last-actor"
WEBHOOK_SCRIPT = str(Path(sys.executable).with_name("todo-webhook"))


@dataclass
class Turns:
    """What was measured of one state, all its turns together."""

    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))  # seconds, by verb
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    alone: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # of writes one by one

    def cpu_ms(self, verb: str) -> float:
        return self.cpu[verb] / self.count[verb] * 1000

    def rate(self, verb: str) -> float:
        return self.count[verb] / self.seconds[verb]


@dataclass(frozen=True)
class State:
    name: str
    path: str
    make: Callable[[str, str], dict[str, Any]]
    policy: bool
    hook: bool


PLAIN = State("a plain CRD", plain.PLAIN, plain.a_plain_task, False, False)
SCHEMA = State("our schema", TASKS, lambda n, name: a_task(n, name, "Water the plants"), False, False)
STAMPS = State("schema and stamps", SCHEMA.path, SCHEMA.make, True, False)
WEBHOOK = State("schema, stamps and webhook", SCHEMA.path, SCHEMA.make, True, True)


async def measure(system: System, report: Report, *, count: int, rounds: int) -> None:
    """`count` creates and as many patches a state and turn, `rounds` turns."""
    states = [PLAIN, SCHEMA, STAMPS, WEBHOOK]
    turns = {state.name: Turns() for state in states}
    with webhook_process(system) as hook:
        await _measure(system, states, turns, hook, count=count, rounds=rounds)
    _tell(report, turns, states)


async def _measure(
    system: System,
    states: list[State],
    turns: dict[str, Turns],
    hook: dict[str, Any],
    *,
    count: int,
    rounds: int,
) -> None:
    async with RawApi.connect(system.kubeconfig) as api:
        await plain.install(api)
        for turn in range(rounds + 1):  # the first warms up
            for state in states if turn % 2 == 0 else states[::-1]:
                await _put(api, state, hook)
                await _turn(system, api, state, turns[state.name] if turn else Turns(), f"{turn}", count)


@contextmanager
def webhook_process(system: System) -> Iterator[dict[str, Any]]:
    """A webhook beside the API server, with certificates of ours, and the configuration that asks it.

    It registers nothing by itself: the states put the configuration in and take it out.
    """
    folder = system.folder / "bench-webhook"
    folder.mkdir()
    material = next_material(None, ["127.0.0.1"], b"", datetime.now(UTC))
    for name, text in (("tls.crt", material.certificate), ("tls.key", material.key)):
        (folder / name).write_bytes(text)
    port, health = ports.choose(set()), ports.choose(set())
    environment = os.environ | {
        "TODO_KUBECONFIG": str(system.kubeconfig),
        "TODO_KAFKA_BOOTSTRAP": system.kafka,
        "TODO_WEBHOOK_HOST": "127.0.0.1",
        "TODO_WEBHOOK_PORT": str(port),
        "TODO_WEBHOOK_TLS_OWN": "false",
        "TODO_WEBHOOK_TLS_DIR": str(folder),
        "TODO_HEALTH_HOST": "127.0.0.1",
        "TODO_HEALTH_PORT": str(health),
    }
    with (system.folder / "logs" / "bench-webhook.log").open("ab") as log:
        process = subprocess.Popen([WEBHOOK_SCRIPT], env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while not _is_ready(f"http://127.0.0.1:{health}/readyz"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"the webhook did not get ready; see {system.folder}/logs/bench-webhook.log"
                )
            time.sleep(0.1)
        configuration = registration.document(f"https://127.0.0.1:{port}")
        for hook in configuration["webhooks"]:
            hook["clientConfig"]["caBundle"] = base64.b64encode(material.bundle).decode()
            hook["failurePolicy"] = "Fail"  # a figure without the webhook must not pass for one with it
        yield configuration
    finally:
        process.terminate()
        process.wait(30)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def _turn(system: System, api: RawApi, state: State, into: Turns, turn: str, count: int) -> None:
    namespace = f"bench-admission-{turn}-{abs(hash(state.name)) % 10**6}"
    await api.namespace(namespace)
    path = state.path.format(namespace=namespace)

    async def create(index: int) -> None:
        await api.call("POST", path, state.make(namespace, f"t-{index}"))

    async def patch(index: int) -> None:
        body = {"spec": {"title": f"Water the plants {time.perf_counter_ns()}"}}  # each a change
        await api.call("PATCH", f"{path}/t-{index}", body, "application/merge-patch+json")

    verbs: tuple[tuple[str, Callable[[int], Awaitable[None]]], ...] = (("create", create), ("patch", patch))
    for verb, do in verbs:
        cpu, started = system.cpu_seconds()["kube-apiserver"], time.perf_counter()
        await at_once([lambda i=i, do=do: do(i) for i in range(count)], AT_ONCE)  # type: ignore[misc]
        into.seconds[verb] += time.perf_counter() - started
        await asyncio.sleep(0.3)  # what it still does for them (watch cache, collection of garbage)
        into.cpu[verb] += system.cpu_seconds()["kube-apiserver"] - cpu
        into.count[verb] += count
        for index in range(count // 4):
            began = time.perf_counter()
            await do(index + (count if verb == "create" else 0))
            into.alone[verb].append(time.perf_counter() - began)


async def _put(api: RawApi, state: State, hook: dict[str, Any]) -> None:
    """Brings policies and webhook into force, or out of it, and waits until a write shows it."""
    for binding in _bindings():
        await _present(api, BINDINGS, binding, wanted=state.policy)
    await _present(api, HOOKS, hook, wanted=state.hook)
    while True:
        wrong = {**a_task("default", "probe", "x")}
        wrong["spec"] = {**wrong["spec"], "timeZone": "Nowhere/There"}
        stamped = await api.call(
            "POST", TASKS.format(namespace="default") + "?dryRun=All", a_task("default", "probe", "x")
        )
        try:
            await api.call("POST", TASKS.format(namespace="default") + "?dryRun=All", wrong)
            asked = False
        except RuntimeError as error:
            asked = "is not an IANA time zone" in str(error)
        if (STAMP in stamped["metadata"].get("annotations", {})) == state.policy and asked == state.hook:
            return
        await asyncio.sleep(0.1)


def _bindings() -> list[dict[str, Any]]:
    folder = bundled("manifests/base")
    assert folder is not None
    documents = yaml.safe_load_all((folder / "policies" / "stamps.yaml").read_text())
    return [document for document in documents if document["kind"] == "MutatingAdmissionPolicyBinding"]


async def _present(api: RawApi, collection: str, document: dict[str, Any], *, wanted: bool) -> None:
    names = {item["metadata"]["name"] for item in (await api.call("GET", collection))["items"]}
    name = document["metadata"]["name"]
    if wanted and name not in names:
        await api.call("POST", collection, document)
    elif not wanted and name in names:
        await api.call("DELETE", f"{collection}/{name}")


def _tell(report: Report, turns: dict[str, Turns], states: list[State]) -> None:
    base = turns[PLAIN.name]
    budgets = {("create", STAMPS.name): 1.3, ("create", WEBHOOK.name): 1.8}
    for verb in ("create", "patch"):
        for state in states[1:]:
            ours = turns[state.name]
            ratio, budget = ours.cpu_ms(verb) / base.cpu_ms(verb), budgets.get((verb, state.name))
            p50, p99 = (percentile(ours.alone[verb], share) for share in (0.5, 0.99))
            b50, b99 = (percentile(base.alone[verb], share) for share in (0.5, 0.99))
            report.add(
                Row(
                    what=f"processor time of the API server a {verb}: {state.name}",
                    ours=f"{ours.cpu_ms(verb):.2f} ms",
                    raw=f"{base.cpu_ms(verb):.2f} ms ({PLAIN.name})",
                    ratio=ratio,
                    budget="" if budget is None else f"≤ {budget}",
                    kept=None if budget is None else ratio <= budget,
                    note=f"{ours.rate(verb):.0f}/s against {base.rate(verb):.0f}/s, {AT_ONCE} at once; "
                    f"one by one p50 "
                    f"{milliseconds(p50)} against {milliseconds(b50)}, p99 {milliseconds(p99)} against "
                    f"{milliseconds(b99)}",
                )
            )
