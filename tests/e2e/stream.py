"""A stream of changes, and the judge of what became of it.

The driver writes tasks through the API server and remembers every write that the server acknowledged:
uid, resourceVersion, what changed. Whatever was killed meanwhile, afterwards the judge compares three
things with that memory: the mirror, the events in Kafka, and their order.

A write whose answer was lost (the server died in between) may or may not have happened: the driver then
reads the object and goes on from what is there.
"""

import asyncio
import contextlib
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec
from confluent_kafka import Consumer, TopicPartition

from todotasks.kube.client import KubeClient
from todotasks.kube.errors import KubeError, NotFound
from todotasks.kube.resources import TODOTASKS

PATIENCE = 60.0  # seconds for the next writes, also when a server has to come back first
TITLES = ("water the plants", "pay the rent", "write the report", "call the plumber")


@dataclass
class Written:
    """What the API server acknowledged for one task (one uid)."""

    name: str
    uid: str
    generation: int = 0
    versions: list[int] = field(default_factory=list)  # of writes that changed the spec, in order
    deleted: bool = False
    unsure: bool = False  # an answer was lost: there may be more versions than we know of


class Driver:
    """Creates, retitles, completes, reopens and deletes tasks of one namespace until told to stop."""

    def __init__(
        self, client: KubeClient, namespace: str, *, seed: int, rate: float, tasks: int = 25
    ) -> None:
        self.client, self.namespace, self.rate, self.tasks = client, namespace, rate, tasks
        self.random = random.Random(seed)
        self.live: dict[str, Written] = {}
        self.all: list[Written] = []
        self.writes = 0
        self.failed = 0
        self._stop = asyncio.Event()
        self._number = 0

    async def wrote(self, count: int) -> None:
        """Waits until so many more writes are acknowledged."""
        writes = self.writes + count
        try:
            async with asyncio.timeout(PATIENCE):
                while self.writes < writes:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(
                f"not within {PATIENCE:.0f} s: {count} writes; {self.writes} written, {self.failed} failed"
            ) from None

    async def tried(self, count: int, within: float = 1.0) -> None:
        """Waits for so many more writes or the first that fails; when one hangs, for `within` seconds."""
        writes, failed = self.writes + count, self.failed
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.writes < writes and self.failed == failed:
                    await asyncio.sleep(0.02)

    async def run(self) -> None:
        while not self._stop.is_set():
            try:
                await self._one()
            except NotFound:
                pass  # deleted by an answer that we did not get
            except (KubeError, TimeoutError):
                self.failed += 1
                await self._look_again()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 1 / self.rate)

    def stop(self) -> None:
        self._stop.set()

    async def _one(self) -> None:
        if len(self.live) < self.tasks:
            self._number += 1
            name = f"task-{self._number}"
            body = {
                "apiVersion": "todotasks.dev/v1",
                "kind": "TodoTask",
                "metadata": {"name": name, "namespace": self.namespace},
                "spec": {"title": f"{self.random.choice(TITLES)} {self._number}"},
            }
            self._note(await self.client.create(TODOTASKS, body, self.namespace))
            return
        name = self.random.choice(sorted(self.live))
        dice = self.random.random()
        if dice < 0.1:
            await self.client.delete(TODOTASKS, name, self.namespace)
            self.live.pop(name).deleted = True
            self.writes += 1
            return
        spec: dict[str, Any] = {"title": f"{self.random.choice(TITLES)} at {time.time_ns()}"}
        if dice < 0.4:
            spec = {"completed": dice < 0.25}
        patched = await self.client.patch(TODOTASKS, name, {"spec": spec}, self.namespace, kind="merge")
        self._note(patched)

    def _note(self, stored: dict[str, Any], *, unsure: bool = False) -> None:
        meta = stored["metadata"]
        written = self.live.get(meta["name"])
        if written is None or written.uid != meta["uid"]:
            written = Written(meta["name"], meta["uid"])
            self.live[meta["name"]] = written
            self.all.append(written)
        written.unsure |= unsure
        version = int(meta["resourceVersion"])
        # A patch that changed nothing answers with the version that stood there already, which may be
        # the operator's status write: no event is owed for it, so only generations are counted.
        generation = int(meta["generation"])
        if generation > written.generation:
            written.versions.append(version)
            written.generation = generation
        self.writes += 1

    async def _look_again(self) -> None:
        """After a lost answer: what is there now is the truth; what we thought of may be more or less."""
        for _ in range(600):
            try:
                items = await self.client.list_(TODOTASKS, self.namespace)
            except (KubeError, TimeoutError):
                await asyncio.sleep(0.1)
                continue
            present = {item["metadata"]["name"]: item for item in items}
            for name in list(self.live):
                if name not in present or present[name]["metadata"]["uid"] != self.live[name].uid:
                    gone = self.live.pop(name)
                    gone.deleted = gone.unsure = True
            for item in present.values():
                known = self.live.get(item["metadata"]["name"])
                if known is None or item["metadata"]["generation"] > known.generation:
                    # The version that this generation was written at is not known any more: a status
                    # write may have come after it.
                    self._note(item, unsure=True)
                    self.live[item["metadata"]["name"]].versions.pop()
            return
        raise AssertionError("the API server did not come back within a minute")


@dataclass
class Judgement:
    """What was found wrong; empty means that every promise held."""

    problems: list[str] = field(default_factory=list)
    events: int = 0
    duplicates: int = 0
    coalesced: int = 0

    def __str__(self) -> str:
        head = f"{self.events} events, {self.duplicates} repeated, {self.coalesced} coalesced"
        return "\n".join([head, *self.problems[:20]])


def read_topic(bootstrap: str, topic: str) -> list[dict[str, Any]]:
    """Everything in the topic, each partition in order; a tombstone as `{"tombstone": key}`."""
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": f"judge-{time.time_ns()}", "enable.auto.commit": False}
    )
    try:
        messages: list[dict[str, Any]] = []
        for partition in consumer.list_topics(topic, timeout=20).topics[topic].partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=20)
            if high <= low:
                continue
            consumer.assign([TopicPartition(topic, partition, low)])
            position = low
            deadline = time.monotonic() + 60
            while position < high:
                assert time.monotonic() < deadline, f"{topic}[{partition}] stopped at {position} of {high}"
                for message in consumer.consume(min(1000, high - position), 0.5):
                    assert message.error() is None, message.error()
                    position = message.offset() + 1
                    value = message.value()
                    found = msgspec.json.decode(value) if value else {"tombstone": message.key().decode()}
                    found["_key"] = (message.key() or b"").decode()
                    messages.append(found)
        return messages
    finally:
        consumer.close()


def judge_events(driver: Driver, messages: list[dict[str, Any]], *, gaps_allowed: bool = False) -> Judgement:
    """Compares the events of the driver's namespace with what the API server acknowledged.

    `gaps_allowed`: intermediate versions may be missing where a relist merged them and said `coalesced`.
    """
    verdict = Judgement()
    seen: set[str] = set()
    per_task: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in messages:
        if not event.get("subject", "").startswith(f"{driver.namespace}/"):
            continue
        verdict.events += 1
        if event["id"] in seen:
            verdict.duplicates += 1  # at least once: consumers drop it by its id
            continue
        seen.add(event["id"])
        per_task[event["_key"]].append(event)
        verdict.coalesced += bool(event["data"].get("coalesced"))
    for written in driver.all:
        events = per_task.get(written.uid, [])
        sequences = [int(event["sequence"]) for event in events if "overdue" not in event["type"]]
        if sequences != sorted(sequences):
            verdict.problems.append(f"{written.name}: out of order: {sequences}")
        covered = set(sequences)
        # Born and deleted while nobody could watch: a list afterwards has no trace of it to compare.
        unseen = written.deleted and not events
        merged = unseen or any(event["data"].get("coalesced") for event in events)
        for version in written.versions:
            if version not in covered and not (gaps_allowed and merged):
                kinds = [(e["type"].split(".")[-2], int(e["sequence"])) for e in events]
                verdict.problems.append(f"{written.name} {written.uid}: no event for {version}; has {kinds}")
        kinds = [event["type"] for event in events]
        created = sum("task.created" in kind for kind in kinds)
        deleted = sum("task.deleted" in kind for kind in kinds)
        if created != 1 and not (gaps_allowed and unseen):
            verdict.problems.append(f"{written.name} {written.uid}: {created} created events, not one")
        if deleted != int(written.deleted) and not (gaps_allowed and unseen):
            verdict.problems.append(
                f"{written.name} {written.uid}: {deleted} deleted events, wanted {int(written.deleted)}"
            )
        if events and deleted and "task.deleted" not in kinds[-1]:
            verdict.problems.append(f"{written.name}: something came after its deletion: {kinds[-3:]}")
    return verdict


def judge_mirror(live: list[dict[str, Any]], mirror: dict[str, tuple[int, dict[str, Any]]]) -> list[str]:
    """Compares the API server's tasks with the live rows of the mirror, uid → (resourceVersion, document)."""
    problems = []
    truth = {item["metadata"]["uid"]: item for item in live}
    problems += [
        f"not in the mirror: {truth[uid]['metadata']['name']}" for uid in truth.keys() - mirror.keys()
    ]
    problems += [f"in the mirror but gone: {uid}" for uid in mirror.keys() - truth.keys()]
    for uid in truth.keys() & mirror.keys():
        version, document = mirror[uid]
        wanted = int(truth[uid]["metadata"]["resourceVersion"])
        if version != wanted:
            problems.append(f"{truth[uid]['metadata']['name']}: mirrored at {version}, is at {wanted}")
        elif document["spec"] != truth[uid]["spec"]:
            problems.append(f"{truth[uid]['metadata']['name']}: {json.dumps(document['spec'])}")
    return problems
