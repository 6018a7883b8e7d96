"""What our rules, stamps and webhook add to a write, beside a plain custom resource of the same fields.

The states take turns in one run (A B C C B A …): a plain CRD, our CRD alone, with the stamping policies, with
the webhook too. In each turn a number of creates, then patches of their titles, is sent by plain aiohttp, and
the processor time that the API server used meanwhile is divided by their number. What is compared is
processor
time: where everything shares two cores, the time of an answer says how busy the others are.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import yaml

from bench import plain
from bench.raw import TASKS, RawApi, a_task, at_once
from bench.report import Report, Row, milliseconds, percentile
from bench.system import System
from todo_cli.local.bundle import bundled

AT_ONCE = 16  # writes under way
BINDINGS = "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings"
HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
STAMP = "todotasks.dev/last-actor"


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


async def measure(system: System, report: Report, *, count: int, rounds: int, webhook: bool) -> None:
    """`count` creates and as many patches a state and turn, `rounds` turns."""
    states = [PLAIN, SCHEMA, STAMPS] + ([WEBHOOK] if webhook else [])
    turns = {state.name: Turns() for state in states}
    async with RawApi.connect(system.kubeconfig) as api:
        await plain.install(api)
        hook = await _taken_out(api, HOOKS, "todotasks.dev") if webhook else None
        for turn in range(rounds + 1):  # the first warms up
            for state in states if turn % 2 == 0 else states[::-1]:
                await _put(api, state, hook)
                await _turn(system, api, state, turns[state.name] if turn else Turns(), f"{turn}", count)
    _tell(report, turns, states)


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


async def _put(api: RawApi, state: State, hook: dict[str, Any] | None) -> None:
    """Brings the policy and the webhook into force, or out of it, and waits until a write shows it."""
    if state is PLAIN:
        return
    for binding in _bindings():
        await _present(api, BINDINGS, binding, wanted=state.policy)
    if hook is not None:
        await _present(api, HOOKS, hook, wanted=state.hook)
    while True:
        made = await api.call(
            "POST", SCHEMA.path.format(namespace="default") + "?dryRun=All", a_task("default", "probe", "x")
        )
        if (STAMP in made["metadata"].get("annotations", {})) == state.policy:
            await asyncio.sleep(1.0 if hook is not None else 0.2)  # a webhook's configuration is read as late
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


async def _taken_out(api: RawApi, collection: str, part: str) -> dict[str, Any]:
    """The configuration as it stands in the cluster, so that it can be put back as it was."""
    found = next(i for i in (await api.call("GET", collection))["items"] if part in i["metadata"]["name"])
    bare = {"name": found["metadata"]["name"], "labels": found["metadata"].get("labels", {})}
    return json.loads(json.dumps({**found, "metadata": bare}))  # type: ignore[no-any-return]


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
