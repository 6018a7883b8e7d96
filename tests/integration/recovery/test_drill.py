"""The drill of docs/backup.md, with real servers: what is lost comes back, nobody is told anything twice."""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest_asyncio
from confluent_kafka import Consumer as Reader
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.integration.audit.test_consumer import SCRIPTS
from tests.integration.audit.test_consumer import Consumer as Audit
from tests.integration.broker.support import read_topic
from tests.integration.operator.processes import Operators, operator_environment
from tests.support.plane import Plane
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres
from todo_consumers.audit.intake import GROUP, TOPICS
from todotasks.audit.published import MAP_NAME
from todotasks.store import Store
from todotasks.store.audit import AuditQuery

WITHIN = 90.0  # seconds
CANARY = "todotasks-canary"  # the operator's own, patched every half minute

Cluster = dict[tuple[str, str], int]  # namespace and name → resourceVersion


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    deadline = time.monotonic() + WITHIN
    while not await condition():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.1)


class Installation:
    """One namespace's tasks, an operator, the audit consumer, their Kafka; the database may change."""

    def __init__(self, plane: Plane, namespace: str, kafka: Kafka, folder: Path) -> None:
        self.plane, self.namespace, self.kafka, self.folder = plane, namespace, kafka, folder
        self.url = ""
        self._operators: Operators | None = None
        folder.joinpath("audit").mkdir()
        self._audit = Audit(folder / "audit", plane.kubectl, {"TODO_KAFKA_BOOTSTRAP": kafka.address})

    def start(self, url: str) -> None:
        self.url = url
        environment = operator_environment(self.plane, self.folder, url, self.kafka.address)
        self._operators = Operators({**environment, "TODO_WATCH_NAMESPACE": self.namespace}, self.folder)
        self._operators.start().wait_ready()
        self._audit.settings["TODO_DATABASE_URL"] = url
        self._audit.start()

    def stop(self) -> None:
        if self._operators is not None:
            for part in self._operators.parts:
                if part.alive:
                    part.stop()
        self._audit.end()

    # -- the truth ---------------------------------------------------------------------------------

    def path(self, name: str = "") -> str:
        return f"/apis/todotasks.dev/v1/namespaces/{self.namespace}/todotasks" + (f"/{name}" if name else "")

    def create(self, *names: str) -> None:
        for name in names:
            body = {
                "apiVersion": "todotasks.dev/v1", "kind": "TodoTask", "metadata": {"name": name},
                "spec": {"title": f"Task {name}"},
            }  # fmt: skip
            self.plane.api("POST", self.path(), body)

    def change(self, name: str, **spec: Any) -> None:
        change = {"spec": spec}
        self.plane.kubectl(
            "patch",
            "todotask",
            name,
            "-n",
            self.namespace,
            "--type=merge",
            "-p",
            msgspec.json.encode(change).decode(),
        )

    def delete(self, name: str) -> None:
        self.plane.api("DELETE", self.path(name))

    def cluster(self) -> Cluster:
        found = {}
        for each in self.plane.api("GET", self.path())["items"]:
            if each["metadata"]["name"] != CANARY:
                found[self.namespace, each["metadata"]["name"]] = int(each["metadata"]["resourceVersion"])
        return found

    # -- what is made of it ------------------------------------------------------------------------

    def mirror(self) -> Cluster:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute(
                "SELECT namespace, name, resource_version FROM tasks"
                " WHERE archived_at IS NULL AND name <> %s",
                [CANARY],
            ).fetchall()
        return {(namespace, name): int(version) for namespace, name, version in rows}

    async def mirrored(self) -> None:
        async def same() -> bool:
            return self.mirror() == self.cluster()

        await until(same, f"the mirror is not the cluster: {self.mirror()} / {self.cluster()}")

    async def events(self) -> list[dict[str, Any]]:
        """Every event of the namespace's changes that Kafka has, in the order of each partition."""
        found = await read_topic({"bootstrap.servers": self.kafka.address}, "task-events", 1)
        events = [msgspec.json.decode(message.value() or b"") for message in found]
        ours = f"{self.namespace}/"
        return [
            event for event in events if event["subject"].startswith(ours) and CANARY not in event["subject"]
        ]

    async def audited(self) -> list[Any]:
        async with await Store.open(self.url) as store:
            return list(await store.audit.find(AuditQuery(namespaces=(self.namespace,), limit=10_000)))

    async def audit_has_all(self) -> list[Any]:
        async def all_there() -> bool:
            wanted = {event["id"] for event in await self.events()}
            return wanted <= {row.entry["id"] for row in await self.audited()}

        await until(all_there, "the audit does not have every event")
        return await self.audited()


@pytest_asyncio.fixture(loop_scope="session")
async def home(
    plane: Plane, namespace: str, fresh_kafka: Callable[[], Kafka], tmp_path: Path
) -> AsyncIterator[Installation]:
    made = Installation(plane, namespace, fresh_kafka(), tmp_path)
    try:
        yield made
    finally:
        made.stop()
        plane.kubectl("delete", "configmap", MAP_NAME, "-n", "todotasks-system", "--ignore-not-found")


def run(server: Postgres, program: str, *arguments: str) -> None:
    beside = Path(server.command()[0]).parent
    done = subprocess.run(
        [str(beside / program), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def rewind(kafka: Kafka) -> None:
    """`kafka-consumer-groups --reset-offsets --to-earliest` of a group that nobody is in."""
    config = {"bootstrap.servers": kafka.address}
    admin, reader = AdminClient(config), Reader({**config, "group.id": "looks"})
    known = reader.list_topics(timeout=10).topics
    beginning = [TopicPartition(topic, number, 0) for topic in TOPICS for number in known[topic].partitions]
    reader.close()
    for future in admin.alter_consumer_group_offsets(
        [ConsumerGroupTopicPartitions(GROUP, beginning)]
    ).values():
        future.result(timeout=30)


def committed(kafka: Kafka) -> int:
    """How far the audit has come, all partitions together."""
    admin = AdminClient({"bootstrap.servers": kafka.address})
    asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(GROUP)])
    (answer,) = (future.result(timeout=30) for future in asked.values())
    return sum(max(each.offset, 0) for each in answer.topic_partitions)


def verdict(home: Installation) -> tuple[int, Any]:
    """Exit code and finding of `todotasks audit verify`."""
    answer = subprocess.run(
        [str(SCRIPTS / "todotasks"), "audit", "--data-dir", str(home.folder), "verify", "--json"],
        env=os.environ | {"TODO_DATABASE_URL": home.url, "TODO_KUBECONFIG": str(home.plane.kubeconfig)},
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    return answer.returncode, msgspec.json.decode(answer.stdout)[-1]


async def test_a_mirror_without_a_backup_is_rebuilt_from_the_cluster(
    home: Installation, fresh_database: Callable[[], str]
) -> None:
    home.start(fresh_database())
    home.create("a", "b", "c")
    home.change("a", completed=True)
    home.delete("b")
    await home.mirrored()
    before = await home.audit_has_all()
    home.stop()

    home.start(fresh_database())  # empty: the mirror, the outbox, the deliveries, the audit are gone
    home.create("d")
    await home.mirrored()
    after = await home.events()
    told_again = {event["id"] for event in after} - {row.entry["id"] for row in before}
    by_id = {event["id"]: event for event in after}
    for event in (by_id[each] for each in told_again):
        name = event["subject"].partition("/")[2]
        assert name in {"a", "c", "d"}, "nothing of what was deleted"
    assert not any(event["type"].endswith("deleted.v1") for event in (by_id[each] for each in told_again))


async def test_a_mirror_whose_tables_were_emptied_is_rebuilt(
    home: Installation, fresh_database: Callable[[], str]
) -> None:
    home.start(fresh_database())
    home.create("a", "b")
    await home.mirrored()
    audited = await home.audit_has_all()
    home.stop()
    with psycopg.connect(home.url) as connection:
        connection.execute("TRUNCATE tasks, objects, positions")
    home.delete("b")
    home.start(home.url)
    await home.mirrored()
    assert home.mirror().keys() == {(home.namespace, "a")}
    assert len(await home.audit_has_all()) >= len(audited)


async def test_a_database_from_a_backup_catches_up_and_tells_nobody_anything_twice(
    home: Installation, fresh_database: Callable[[], str], postgres_server: Postgres
) -> None:
    home.start(fresh_database())
    home.create("a", "b", "c")
    home.change("a", completed=True)
    await home.mirrored()
    at_backup = {row.entry["id"] for row in await home.audit_has_all()}
    backup = home.folder / "todotasks.dump"
    run(postgres_server, "pg_dump", "--format=custom", f"--file={backup}", home.url)

    home.create("d")
    home.change("b", title="Renamed after the backup")
    home.delete("c")
    await home.mirrored()
    before = {row.entry["id"] for row in await home.audit_has_all()}
    assert before > at_backup
    told = {event["id"] for event in await home.events()}
    home.stop()

    restored = fresh_database()  # the old one is lost
    run(postgres_server, "pg_restore", "--no-owner", f"--dbname={restored}", str(backup))
    came_to = committed(home.kafka)
    rewind(home.kafka)
    assert committed(home.kafka) < came_to
    home.change("b", priority="High")  # while all is down
    home.start(restored)
    await home.mirrored()
    rows = await home.audit_has_all()

    ids = [row.entry["id"] for row in rows]
    assert len(ids) == len(set(ids)), "an entry is there once, however often its event comes"
    assert before <= set(ids), "what was written behind the backup came again from Kafka"
    now_told = {event["id"] for event in await home.events()}
    new = now_told - told
    assert len(new) == 1, f"only the change made meanwhile is news: {new}"

    async def caught_up() -> bool:
        return committed(home.kafka) >= came_to

    await until(caught_up, "the audit has not come as far as before")
    code, finding = verdict(home)
    assert code in {0, 3}
    if code == 3:  # the order of partitions was another one: heads that were published before say so
        assert "forked" in str(finding).lower()
