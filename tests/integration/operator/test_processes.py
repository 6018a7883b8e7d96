"""The operator as a process: kopf, Lease, probes, restart, takeover, and many tasks at once."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from tests.integration.manifests.test_server_takes_it import in_namespace
from tests.integration.operator.processes import (
    LEASE_SECONDS,
    SHORT_LEASE,
    SYSTEM_NAMESPACE,
    Operator,
    Operators,
    metric,
    operator_environment,
    wait_until,
)
from tests.integration.operator.rig import Tasks, is_current, told
from tests.integration.operator.test_reconciling import in_seconds
from tests.support.plane import Plane
from todo_cli.local.backing.postgres import Postgres
from todotasks.api import TodoTask
from todotasks.kube.client import KubeClient
from todotasks.kube.resources import LEASES

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def environment(
    plane: Plane, fresh_database: Callable[[], str], kafka_bootstrap: str, tmp_path: Path
) -> dict[str, str]:
    return operator_environment(plane, tmp_path, fresh_database(), kafka_bootstrap)


@pytest.fixture
def operators(environment: dict[str, str], tmp_path: Path) -> Iterator[Operators]:
    made = Operators(environment, tmp_path)
    yield made
    made.end()


async def ready(part: Operator) -> float:
    return await asyncio.to_thread(part.wait_ready)


# ── one operator ─────────────────────────────────────────────────────────────────────────────────────
async def test_kubectl_waits_for_what_the_operator_says(operators: Operators, plane: Plane, namespace: str):
    operator = operators.start()
    print(f"ready after {await ready(operator):.1f} s")
    manifest = f"""
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata: {{name: rent, namespace: {namespace}}}
spec: {{title: Pay rent}}
"""
    patch = ("patch", "tt/rent", "-n", namespace, "--type=merge")
    wait = ("wait", "tt/rent", "-n", namespace, "--timeout=20s")
    plane.kubectl("apply", "-f", "-", input_text=manifest)
    plane.kubectl(*wait, "--for=condition=Ready")
    plane.kubectl(*patch, '-p={"spec":{"completed":true}}')
    plane.kubectl(*wait, "--for=condition=Completed")
    plane.kubectl(*patch, '-p={"spec":{"completed":false}}')
    plane.kubectl(*wait, "--for=condition=Completed=False")
    assert operator.probe("/healthz") == (200, "ok\n")
    assert operator.stop() == 0, operator.tail()


async def test_the_canary_comes_back_on_every_leg(operators: Operators, plane: Plane):
    operator = operators.start()
    await ready(operator)
    legs = "todotasks_canary_seconds"
    await asyncio.to_thread(
        wait_until, lambda: operator.probe("/metrics")[1].count(f"{legs}{{") == 3, 30, "three legs"
    )
    listed = plane.kubectl("get", "tt", "-n", SYSTEM_NAMESPACE, "-l", "todotasks.dev/canary", "-o", "name")
    assert listed.split() == ["todotask.todotasks.dev/todotasks-canary"]
    assert operator.probe("/healthz") == (200, "ok\n")


async def test_a_killed_operator_writes_nothing_when_it_is_back(operators: Operators, tasks: Tasks):
    operator = operators.start()
    await ready(operator)
    await tasks.create("plain")
    await tasks.create("soon", due=in_seconds(3600))
    await tasks.create("late", due=in_seconds(-3600))
    await tasks.create("sub", parent="plain", dependsOn=["late"])
    await tasks.create("done", completed=True)
    for task in await tasks.all():
        await tasks.until(task.metadata.name, is_current)
    await tasks.until("plain", lambda t: t.status.subtasks is not None)
    await asyncio.sleep(0.5)
    before = {t.metadata.name: t.metadata.resource_version for t in await tasks.all()}
    operator.kill()
    operator.start()
    seconds = await ready(operator)
    await asyncio.sleep(2)
    assert {t.metadata.name: t.metadata.resource_version for t in await tasks.all()} == before
    print(f"ready again after {seconds:.1f} s, nothing written")
    assert metric(operator, "todotasks_known") >= 5


async def test_a_thousand_tasks_created_at_once_are_all_ready(operators: Operators, tasks: Tasks):
    operator = operators.start()
    await ready(operator)
    began = time.monotonic()
    limit = asyncio.Semaphore(32)

    async def create(n: int) -> None:
        async with limit:
            await tasks.create(f"task-{n}")

    await asyncio.gather(*(create(n) for n in range(1_000)))
    created = time.monotonic() - began
    not_ready = 1_000
    while not_ready:
        assert time.monotonic() - began < 90, f"{not_ready} did not become ready"
        await asyncio.sleep(0.2)
        not_ready = 1_000 - sum(told(t, "Ready") == "True Accepted" for t in await tasks.all())
    seconds = time.monotonic() - began
    print(f"1,000 tasks: created in {created:.1f} s, all ready after {seconds:.1f} s")


async def test_only_the_chosen_namespace_is_looked_after(
    operators: Operators, plane: Plane, tasks: Tasks, kube
):
    other = f"{tasks.namespace}-other"
    plane.api.create_namespace(other)
    operator = operators.start(TODO_WATCH_NAMESPACE=tasks.namespace)
    await ready(operator)
    await Tasks(kube, other).create("foreign")
    await tasks.create("own")
    await tasks.until_told("own", "Ready", "True Accepted")
    await tasks.edit("own", completed=True)
    await tasks.until_told("own", "Completed", "True Completed")
    assert (await Tasks(kube, other).get("foreign")).status.observed_generation == -1
    assert operator.stop() == 0


async def test_rights_in_one_namespace_are_enough_and_its_time_zone_is_followed(
    environment: dict[str, str], plane: Plane, tasks: Tasks, tmp_path: Path
):
    """With the bindings of overlays/namespaced: it can neither list namespaces nor watch them."""
    documents = in_namespace(plane.kubectl, tmp_path, tasks.namespace)
    rights = [one for one in documents if one["kind"] in ("ServiceAccount", "Role", "RoleBinding")]
    plane.kubectl("apply", "--server-side", "-f", "-", input_text=yaml.safe_dump_all(rights))
    database, kafka = environment["TODO_DATABASE_URL"], environment["TODO_KAFKA_BOOTSTRAP"]
    own = operator_environment(plane, tmp_path, database, kafka, home=tasks.namespace)
    own |= {"TODO_NAMESPACE": tasks.namespace, "TODO_WATCH_NAMESPACE": tasks.namespace}
    operators = Operators(own, tmp_path)
    try:
        operator = operators.start()
        await ready(operator)
        await tasks.create("rent", due="2040-01-01T10:00")
        await tasks.until("rent", lambda t: is_due(t, datetime(2040, 1, 1, 10, tzinfo=UTC)))
        zone = "todotasks.dev/time-zone=America/New_York"
        plane.kubectl("annotate", "namespace", tasks.namespace, zone)
        await tasks.until("rent", lambda t: is_due(t, datetime(2040, 1, 1, 15, tzinfo=UTC)))
        assert "is forbidden" not in operator.tail(500)
        assert operator.stop() == 0
    finally:
        operators.end()


def is_due(task: TodoTask, at: datetime) -> bool:
    return task.status.due_time == at


# ── away ─────────────────────────────────────────────────────────────────────────────────────────────
async def test_tasks_are_completed_while_postgresql_is_away(
    environment: dict[str, str], fresh_postgres: Callable[[], Postgres], tmp_path: Path, tasks: Tasks
):
    """The recorder stands still then; kopf sees the completion as a deletion, and it is looked at."""
    postgres = fresh_postgres()
    operators = Operators(environment | {"TODO_DATABASE_URL": postgres.address}, tmp_path)
    try:
        operator = operators.start()
        await ready(operator)
        await tasks.create("rent")
        await tasks.until_told("rent", "Ready", "True Accepted")
        postgres.kill()
        await tasks.edit("rent", completed=True)
        await tasks.until_told("rent", "Completed", "True Completed")
        await tasks.create("new")
        await tasks.until_told("new", "Ready", "True Accepted")
        status, reason = operator.probe("/readyz")
        assert status == 503
        assert "PostgreSQL" in reason
        assert operator.probe("/healthz")[0] == 200
        postgres.start()
        print(f"ready {await ready(operator):.1f} s after PostgreSQL was back")
    finally:
        operators.end()


async def test_an_operator_that_starts_before_its_servers_waits_for_them(operators: Operators):
    operator = operators.start(TODO_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    await asyncio.to_thread(
        wait_until, lambda: "PostgreSQL" in operator.probe("/readyz")[1], 60, "a reason in /readyz"
    )
    assert operator.probe("/healthz")[0] == 200
    assert operator.stop() == 0


# ── two operators ────────────────────────────────────────────────────────────────────────────────────
async def test_of_two_operators_one_works_and_the_other_takes_over_when_it_is_killed(
    operators: Operators, tasks: Tasks
):
    first = operators.start("first", **SHORT_LEASE)
    await ready(first)
    second = operators.start("second", **SHORT_LEASE)
    await asyncio.to_thread(wait_until, lambda: second.probe("/readyz")[0] == 503, 60, "a standby")
    assert "Lease" in second.probe("/readyz")[1]
    assert second.probe("/healthz")[0] == 200
    await tasks.create("one")
    await tasks.until_told("one", "Ready", "True Accepted")
    first.kill()
    killed = time.monotonic()
    await tasks.create("two")
    await tasks.until_told("two", "Ready", "True Accepted")
    seconds = time.monotonic() - killed
    print(f"takeover after SIGKILL: {seconds:.1f} s with a Lease of {LEASE_SECONDS} s")
    await ready(second)


async def test_an_operator_that_ends_in_good_order_hands_over_at_once(operators: Operators, tasks: Tasks):
    first = operators.start("first", **SHORT_LEASE)
    await ready(first)
    second = operators.start("second", **SHORT_LEASE)
    await asyncio.to_thread(wait_until, lambda: second.probe("/readyz")[0] == 503, 60, "a standby")
    assert await asyncio.to_thread(first.stop) == 0
    stopped = time.monotonic()
    await tasks.create("two")
    await tasks.until_told("two", "Ready", "True Accepted")
    print(f"takeover after SIGTERM: {time.monotonic() - stopped:.1f} s after its end")


async def test_a_leader_that_slept_through_its_lease_ends_with_an_error(operators: Operators, tasks: Tasks):
    first = operators.start("first", **SHORT_LEASE)
    await ready(first)
    second = operators.start("second", **SHORT_LEASE)
    first.process.send_signal(signal.SIGSTOP)
    await ready(second)
    first.process.send_signal(signal.SIGCONT)
    assert await asyncio.to_thread(first.process.wait, 20) == 3
    await tasks.create("rent")
    await tasks.until_told("rent", "Ready", "True Accepted")


async def test_the_relay_can_be_a_process_of_its_own(operators: Operators, tasks: Tasks, environment):
    operator = operators.start("operator", "reconcile,record")
    relay = operators.start("relay", "relay")
    await ready(operator)
    await ready(relay)
    await tasks.create("rent")
    await tasks.until_told("rent", "Ready", "True Accepted")
    relayed = await asyncio.to_thread(
        wait_until, lambda: metric(relay, "todotasks_relay_messages_total") >= 2, 20, "messages in Kafka"
    )
    print(f"relayed by the other process after {relayed:.1f} s")
    assert operator.stop() == 0
    assert relay.stop() == 0


# ── options ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("arguments", "settings", "says"),
    [
        (["--components", "reconcile"], {}, "reconcile needs record in the same process"),
        (["--components", "cook"], {}, "unknown component cook: there are reconcile, record, relay"),
        (["--components", ""], {}, "no component is chosen"),
        ([], {"TODO_DATABASE_URL": ""}, "TODO_DATABASE_URL is not set"),
        ([], {"TODO_KAFKA_BOOTSTRAP": ""}, "TODO_KAFKA_BOOTSTRAP is not set"),
        ([], {"TODO_KUBECONFIG": "/nowhere"}, "/nowhere"),
        ([], {"TODO_LEASE_DURATION": "soon"}, "TODO_LEASE_DURATION (the environment) must be a duration"),
    ],
)
def test_what_cannot_be_used_is_said_at_once(environment, arguments, settings, says):
    program = Path(sys.executable).with_name("todo-operator")
    ended = subprocess.run(
        [program, *arguments],
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert says in ended.stderr


# ── one user's wide request ──────────────────────────────────────────────────────────────────────────
RING = int(os.environ.get("TEST_RING", "400"))  # tasks; `make test-long` makes 2,500
STIRRERS = 4
RENEWALS = 2  # of the Lease, while the ring is stirred
OVERTAKEN = 5  # changes of the ring, one after the other, that may be served before a task made earlier


class Ring:
    """Tasks of which each depends on the next 32: 80,000 edges at 2,500 tasks, and all of them one cycle."""

    def __init__(self, tasks: Tasks, operator: Operator) -> None:
        self.tasks, self._operator = tasks, operator
        self.changes = 0

    async def make(self) -> None:
        room = asyncio.Semaphore(16)

        async def make(number: int) -> None:
            async with room:
                await self.tasks.create(f"q{number}", dependsOn=self._next_ones(number, 32))

        await asyncio.gather(*(make(number) for number in range(RING)))

    async def change(self) -> str:
        """Each asks anew who waits for whom."""
        self.changes += 1
        number = self.changes
        name = f"q{number % RING}"
        await self.tasks.edit(name, dependsOn=self._next_ones(number % RING, 32 - number // RING % 2 - 1))
        return name

    async def stir(self) -> None:
        while True:
            await self.change()

    async def served(self) -> None:
        """One change, and the operator has seen it."""
        name = await self.change()
        while not is_current(await self.tasks.get(name)):
            assert self._operator.alive, self._operator.tail()
            await asyncio.sleep(0.02)

    @staticmethod
    def _next_ones(number: int, count: int) -> list[str]:
        return [f"q{(number + step) % RING}" for step in range(1, count + 1)]


@pytest.mark.timeout(600)  # a hang: nothing here is about seconds
async def test_a_wide_ring_of_tasks_costs_neither_the_lease_nor_other_peoples_turn(
    operators: Operators, kube: KubeClient, plane: Plane, namespace: str
):
    """On a busy machine everything takes longer, the ring too: so it is counted whose turn comes first."""
    operator = operators.start()
    await ready(operator)
    mine = Tasks(kube, f"{namespace}-b")
    plane.api.create_namespace(mine.namespace)
    ring = Ring(Tasks(kube, namespace), operator)
    await ring.make()
    stirring = [asyncio.create_task(ring.stir()) for _ in range(STIRRERS)]
    overtaken, renewals, seconds = [], set(), []
    try:
        while len(renewals) <= RENEWALS or len(overtaken) < 4:
            began = time.monotonic()
            overtaken.append(await changes_served_before(mine, f"mine-{len(overtaken)}", ring))
            seconds.append(f"{time.monotonic() - began:.1f}")
            lease = await kube.get(LEASES, "todotasks-operator", SYSTEM_NAMESPACE)
            renewals.add(lease["spec"]["renewTime"])
            assert not any(each.done() for each in stirring), "the ring is stirred"
    finally:
        for each in stirring:
            each.cancel()
        await asyncio.gather(*stirring, return_exceptions=True)
    print(f"{ring.changes} changes of the ring; served before each task made earlier: {overtaken}")
    print(f"Ready after {', '.join(seconds)} s")
    assert max(overtaken) <= OVERTAKEN
    assert operator.alive, operator.tail()
    assert metric(operator, "todotasks_lease_lost_total") == 0
    plane.api.delete_namespace(mine.namespace)


async def changes_served_before(tasks: Tasks, name: str, ring: Ring) -> int:
    """How many changes of the ring, one after the other, are served before `name`, which came before them."""
    await tasks.create(name)
    served = 0
    while told(await tasks.get(name), "Ready") is None:
        await ring.served()
        served += 1
    return served
