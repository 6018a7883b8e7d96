"""The reflector's promise, checked against a model of an API server that breaks at every step.

The model keeps a history of versions, like etcd. Hypothesis chooses what happens between any two reads:
objects come, change and go, streams end, refuse or break in every way, history is compacted. Whatever
it chooses, a consumer that follows the contract ends with exactly what is there, and between two lists
it sees every change once, in order.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from todotasks.kube import KubeClient, Listed, ListPage, PartialObject, Reflector, Watched
from todotasks.kube.errors import (
    Gone,
    Invalid,
    NotServed,
    ServerError,
    TooManyRequests,
    Unanswered,
    Unreachable,
)
from todotasks.kube.resources import TODOTASKS
from todotasks.kube.watch import reflector as module
from todotasks.retry import Backoff

STEPS = 60  # random steps before the model calms down


class Model:
    """An API server with one kind in one namespace."""

    def __init__(self, chance: random.Random, *, streaming_lists: bool) -> None:
        self.chance = chance
        self.streaming_lists = streaming_lists
        self.version = 10
        self.compacted = 10
        self.objects: dict[str, dict[str, Any]] = {}
        self.history: list[tuple[int, str, dict[str, Any]]] = []
        self.steps = 0
        for _ in range(chance.randint(0, 40)):
            self.change()

    # -- what people do ------------------------------------------------------------------------------
    def change(self) -> None:
        self.version += self.chance.randint(1, 3)  # other kinds use versions too
        uid = self.chance.choice(list(self.objects) or [""]) if self.chance.random() < 0.6 else ""
        if not uid:
            uid = f"uid-{self.version}"
            name = f"task-{self.chance.randint(0, 5)}"
            self._record("ADDED", uid, name)
        elif self.chance.random() < 0.5:
            self._record("MODIFIED", uid, self.objects[uid]["metadata"]["name"])
        else:
            self._record("DELETED", uid, self.objects[uid]["metadata"]["name"])

    def _record(self, kind: str, uid: str, name: str) -> None:
        body = {"metadata": {"uid": uid, "name": name, "resourceVersion": str(self.version)}}
        self.history.append((self.version, kind, body))
        if kind == "DELETED":
            del self.objects[uid]
        else:
            self.objects[uid] = body

    @property
    def calm(self) -> bool:
        return self.steps >= STEPS

    def step(self) -> None:
        """Some time passes."""
        self.steps += 1
        if self.calm:
            return
        for _ in range(self.chance.choice([0, 0, 1, 2, 4])):
            self.change()
        if self.chance.random() < 0.25:
            self.compacted = self.chance.randint(self.compacted, self.version)

    def maybe_refuse(self) -> None:
        if self.calm or self.chance.random() > 0.3:
            return
        raise self.chance.choice([
            Unreachable("no route", sent=False),
            Unreachable("reset"),
            ServerError(503, "ServiceUnavailable", "starting"),
            TooManyRequests(429, "TooManyRequests", "slow"),
            NotServed(404, "NotServed", "no such kind"),
        ])  # fmt: skip

    # -- what the client calls -----------------------------------------------------------------------
    def retrying(self, seconds: float) -> "Model":
        return self

    def patient(self, silence: float) -> "Model":
        return self

    async def list_page(
        self, resource: Any, namespace: Any, *, limit: int | None, continue_: str = "", **selectors: str
    ) -> ListPage:
        self.step()
        self.maybe_refuse()
        if continue_:
            version, after = continue_.split("/")
            if int(version) < self.compacted and not self.calm:
                raise Gone(410, "Expired", "the provided continue parameter is too old")
        else:
            version, after = str(self.version), ""
        there = self._at(int(version))
        rest = [uid for uid in sorted(there) if uid > after]
        page = rest if limit is None else rest[:limit]
        more = f"{version}/{page[-1]}" if len(page) < len(rest) else ""
        return ListPage([msgspec.Raw(json.dumps(there[uid]).encode()) for uid in page], version, more, None)

    def _at(self, version: int) -> dict[str, dict[str, Any]]:
        there: dict[str, dict[str, Any]] = {}
        for at, kind, body in self.history:
            if at > version:
                break
            there.pop(body["metadata"]["uid"], None)
            if kind != "DELETED":
                there[body["metadata"]["uid"]] = body
        return there

    @asynccontextmanager
    async def watch(
        self, resource: Any, namespace: Any, params: dict[str, str], *, silence: Callable[[], float]
    ) -> AsyncIterator[AsyncIterator[list[bytes]]]:
        self.step()
        self.maybe_refuse()
        initial = "sendInitialEvents" in params
        if initial and not self.streaming_lists:
            raise Invalid(422, "Invalid", "sendInitialEvents is forbidden")
        if not initial and int(params["resourceVersion"]) < self.compacted and self.chance.random() < 0.5:
            raise Gone(410, "Expired", "too old resource version")
        yield self._stream(initial, params.get("resourceVersion", ""))

    async def _stream(self, initial: bool, start: str) -> AsyncIterator[list[bytes]]:
        lines: list[bytes] = []
        if initial:
            sent = self.version
            snapshot = list(self.objects.values())
            self.chance.shuffle(snapshot)
            lines += [line("ADDED", body) for body in snapshot]
            self.step()  # things happen while the snapshot is being sent
            lines += [line(kind, body) for at, kind, body in self.history if at > sent]
            sent = self.version
            lines.append(bookmark(sent, end=True))
        else:
            sent = int(start)
            if sent < self.compacted:
                yield [line("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "old"})]
                return
        while True:
            while lines:
                count = self.chance.randint(1, len(lines))
                yield lines[:count]
                lines = lines[count:]
                if not self.calm:
                    end = self.chance.random()
                    if end < 0.05:
                        return
                    if end < 0.1:
                        raise Unreachable("cut")
                    if end < 0.13:
                        yield [
                            line("ERROR", {"kind": "Status", "code": 500, "reason": "x", "message": "odd"})
                        ]
                        return
                    if end < 0.15:
                        yield [b'{"type":"NONSENSE","object":{}}']
                        return
            self.step()
            lines = [line(kind, body) for at, kind, body in self.history if at > sent]
            sent = self.version
            if not lines:
                lines = [bookmark(sent)]
            await asyncio.sleep(0)


def line(kind: str, body: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "object": body}, separators=(",", ":")).encode()


def bookmark(version: int, end: bool = False) -> bytes:
    metadata: dict[str, Any] = {"resourceVersion": str(version)}
    if end:
        metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
    return line("BOOKMARK", {"kind": "TodoTask", "metadata": metadata})


class Mirror:
    """A consumer that does what the contract says, and checks what it is given."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.live: dict[str, str] = {}  # uid to resourceVersion
        self.listing: dict[str, str] | None = None
        self.position = 0

    def take(self, batch: Listed[PartialObject] | Watched[PartialObject]) -> None:
        if isinstance(batch, Listed):
            assert batch.first or self.listing is not None, "a list opens with its first page"
            if batch.first:
                self.listing = {}
            assert self.listing is not None
            for item in batch.objects:
                metadata = item.object.metadata
                self.listing[metadata.uid] = metadata.resource_version
            assert bool(batch.resource_version) == batch.complete
            if batch.complete:
                self.live, self.listing = self.listing, None
                self.position = int(batch.resource_version)
            return
        assert self.listing is None, "no change comes in the middle of a list"
        before = self.position
        for change in batch.changes:
            metadata = change.object.metadata
            assert int(metadata.resource_version) > self.position, "no change comes twice or out of order"
            self.position = int(metadata.resource_version)
            if change.type == "DELETED":
                self.live.pop(metadata.uid, None)
            else:
                self.live[metadata.uid] = metadata.resource_version
        position = int(batch.resource_version)
        assert position >= self.position
        self.position = position
        happened = [at for at, _, _ in self.model.history if before < at <= position]
        assert len(happened) == len(batch.changes), "nothing between two positions is left out"


@given(seed=st.integers(0, 2**32), streaming=st.booleans(), mode=st.sampled_from(["stream", "chunk"]))
@settings(max_examples=150, deadline=None)
def test_whatever_breaks_the_consumer_ends_with_exactly_what_is_there(
    seed: int, streaming: bool, mode: Any
) -> None:
    chance = random.Random(seed)
    model = Model(chance, streaming_lists=streaming)
    asyncio.run(follow(model, mode, chance))


async def follow(model: Model, mode: Any, chance: random.Random) -> None:
    mirror = Mirror(model)
    reflector = Reflector(
        cast(KubeClient, model),
        TODOTASKS,
        PartialObject,
        mode=mode,
        chunk_size=3,
        max_batch=chance.randint(1, 5),
        name="model",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BACKOFF", Backoff(0.0, 0.0))
        patch.setattr(module.log, "info", lambda *a, **k: None)
        patch.setattr(module.log, "warning", lambda *a, **k: None)
        async with asyncio.timeout(20):
            async for batch in reflector:
                mirror.take(batch)
                if model.calm and mirror.listing is None and mirror.position >= model.version:
                    break
    there = {uid: body["metadata"]["resourceVersion"] for uid, body in model.objects.items()}
    assert mirror.live == there


def test_a_list_that_never_gets_through_as_a_stream_is_made_in_pages() -> None:
    class NeverEnding(Model):
        async def _stream(self, initial: bool, start: str) -> AsyncIterator[list[bytes]]:
            if initial:
                yield [line("ADDED", body) for body in self.objects.values()]
                raise Unreachable("a proxy cuts long answers")
            async for lines in super()._stream(initial, start):
                yield lines

    model = NeverEnding(random.Random(2), streaming_lists=True)
    model.steps = STEPS
    asyncio.run(follow(model, "stream", random.Random(2)))


def test_a_server_that_hangs_is_given_more_time_from_try_to_try_and_less_once_it_answers() -> None:
    waited: list[float] = []

    class Hanging(Model):
        @asynccontextmanager
        async def watch(
            self, resource: Any, namespace: Any, params: dict[str, str], *, silence: Callable[[], float]
        ) -> AsyncIterator[AsyncIterator[list[bytes]]]:
            waited.append(silence())
            if len(waited) in {1, 2, 3, 4, 5, 7}:
                raise Unanswered("it hangs")
            yield self._until_the_server_ends_it(silence)

        async def _until_the_server_ends_it(self, silence: Callable[[], float]) -> AsyncIterator[list[bytes]]:
            assert silence() == 70, "an answer has begun: bookmarks come once a minute"
            yield [bookmark(self.version, end=False)]

    async def scenario() -> None:
        model = Hanging(random.Random(1), streaming_lists=True)
        model.steps = STEPS
        reflector = Reflector(cast(KubeClient, model), TODOTASKS, PartialObject, resume_from="0", name="m")
        async with asyncio.timeout(20):
            async for _ in reflector:
                if len(waited) == 8:
                    return

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BACKOFF", Backoff(0.0, 0.0))
        asyncio.run(scenario())
    assert waited == [5, 10, 20, 30, 30, 30, 5, 10]


def test_a_restored_backup_is_noticed_also_behind_a_lost_connection() -> None:
    """The version goes back under a running reflector: its position must not be waited for."""

    async def scenario() -> None:
        model = Model(random.Random(1), streaming_lists=True)
        model.steps = STEPS
        reflector = Reflector(cast(KubeClient, model), TODOTASKS, PartialObject, resume_from="5000", name="m")
        async with asyncio.timeout(20):
            async for batch in reflector:
                assert isinstance(batch, Listed)
                assert "restored from a backup" in batch.reason
                return

    asyncio.run(scenario())
