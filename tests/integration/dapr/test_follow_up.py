"""The example behind a real daprd: our events come as they are, each is done once, the gateway is invoked."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import pytest_asyncio
import yaml

from tests.integration.broker.support import read_topic
from tests.integration.operator.processes import Operators, operator_environment
from tests.support.gateway import person, running_gateway
from tests.support.plane import Plane
from tests.support.programs import program
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.processes.ports import choose
from todotasks.broker import Producer
from todotasks.events.envelope import HEADERS

DAPR = Path(__file__).parents[3] / "manifests" / "dapr"
WITHIN = 60.0  # seconds


def resources(folder: Path, values: dict[str, dict[str, str]], gateway: str) -> Path:
    """The samples, with this machine's addresses; everything else as it is shipped."""
    folder.mkdir()
    for name in ("pubsub", "resiliency", "state", "secrets", "gateway", "subscription"):
        document: dict[str, Any] = yaml.safe_load((DAPR / f"{name}.yaml").read_text())
        if name == "secrets":
            document["spec"]["type"] = "secretstores.local.file"
        if name == "gateway":
            document["spec"]["baseUrl"] = gateway
        if name in values:
            given = values[name]
            kept = [each for each in document["spec"]["metadata"] if each["name"] not in given]
            document["spec"]["metadata"] = [*kept, *({"name": k, "value": v} for k, v in given.items())]
            document.pop("auth", None)
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(document))
    return folder


class FollowUp:
    """The service and its sidecar, as two processes."""

    def __init__(self, folder: Path, found: Path) -> None:
        self._folder, self._resources = folder, found
        self.app_port, self._http, self._grpc = choose(), choose(), choose()
        self._daprd: subprocess.Popen[bytes] | None = None
        self._service: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.start_service()
        command = [
            str(program("daprd")), "--app-id", "follow-up", "--app-port", str(self.app_port),
            "--dapr-http-port", str(self._http), "--dapr-grpc-port", str(self._grpc),
            "--dapr-internal-grpc-port", str(choose()), "--metrics-port", str(choose()),
            "--resources-path", str(self._resources), "--placement-host-address", "",
        ]  # fmt: skip
        with (self._folder / "daprd.log").open("ab") as log:
            self._daprd = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "NAMESPACE": "todotasks-system"},
            )

    def start_service(self) -> None:
        environment = {"APP_PORT": str(self.app_port), "DAPR_HTTP_PORT": str(self._http)}
        with (self._folder / "service.log").open("ab") as log:
            self._service = subprocess.Popen(
                [sys.executable, str(DAPR / "follow_up.py")],
                env=os.environ | environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def kill_service(self) -> None:
        assert self._service is not None
        self._service.kill()
        self._service.wait(10)

    def stop(self) -> None:
        for process in (self._daprd, self._service):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait(10)

    def said(self) -> str:
        return "\n".join(
            (self._folder / name).read_text(errors="replace")[-2500:] for name in ("daprd.log", "service.log")
        )


@pytest_asyncio.fixture(loop_scope="session")
async def gateway_url(plane: Plane, fresh_database: Callable[[], str]) -> AsyncIterator[str]:
    async with running_gateway(plane.kubeconfig, database_url=fresh_database()) as running:
        yield running.url


async def test_each_completion_is_followed_up_once_whatever_is_told_twice(
    plane: Plane,
    namespace: str,
    gateway_url: str,
    fresh_kafka: Callable[[], Kafka],
    fresh_database: Callable[[], str],
    postgres_server: Postgres,
    tmp_path: Path,
) -> None:
    program("daprd")
    kafka, state = fresh_kafka(), fresh_database()
    token = person(plane.kubectl, namespace, "ana")
    (tmp_path / "secrets.json").write_text(msgspec.json.encode({"follow-up": {"token": token}}).decode())
    database = psycopg.conninfo.conninfo_to_dict(state)["dbname"]
    connection_string = f"host={postgres_server.socket_folder} user=postgres dbname={database}"
    found = resources(
        tmp_path / "resources",
        {
            "pubsub": {"brokers": kafka.address},
            "state": {"connectionString": connection_string},
            "secrets": {"secretsFile": str(tmp_path / "secrets.json"), "multiValued": "true"},
        },
        gateway_url,
    )
    operators = Operators(operator_environment(plane, tmp_path, fresh_database(), kafka.address), tmp_path)
    follow_up = FollowUp(tmp_path, found)
    path = f"/apis/todotasks.dev/v1/namespaces/{namespace}/todotasks"

    def complete(title: str, *tags: str) -> None:
        task = title.lower().replace(" ", "-")
        body = {"apiVersion": "todotasks.dev/v1", "kind": "TodoTask", "metadata": {"name": task}}
        plane.api("POST", path, {**body, "spec": {"title": title, "tags": list(tags)}})
        done = '{"spec": {"completed": true}}'
        plane.kubectl("patch", "todotask", task, "-n", namespace, "--type=merge", "-p", done)

    def followed() -> list[str]:
        return sorted(
            each["spec"]["title"]
            for each in plane.api("GET", path)["items"]
            if "again" in each["spec"].get("tags", ())
        )

    async def until(wanted: list[str]) -> None:
        deadline = time.monotonic() + WITHIN
        while followed() != wanted:
            assert time.monotonic() < deadline, f"{followed()}\n{follow_up.said()}"
            await asyncio.sleep(0.2)

    try:
        operators.start().wait_ready()
        follow_up.start()
        complete("Order parts", "follow-up")
        complete("Buy milk", "home")
        await until(["Look again at: Order parts"])

        # Kafka tells everything once more, as after a rebalance; and once while the service is away.
        config = {"bootstrap.servers": kafka.address}
        events = await read_topic(config, "task-events", 4)
        follow_up.kill_service()
        async with Producer(config) as producer:
            for message in events:
                key, value = message.key(), message.value()
                assert isinstance(key, bytes)
                await (await producer.send("task-events", key.decode(), value, HEADERS))
        complete("Send the offer", "follow-up")
        follow_up.start_service()
        await until(["Look again at: Order parts", "Look again at: Send the offer"])
    finally:
        follow_up.stop()
        operators.end()
    with psycopg.connect(state) as connection:
        (count,) = connection.execute("SELECT count(*) FROM state").fetchone() or (0,)
    assert count == 2, "both events are remembered"


@pytest.mark.parametrize("file", sorted(DAPR.glob("*.yaml")), ids=lambda file: file.name)
def test_the_samples_are_for_the_example_alone(file: Path) -> None:
    document = yaml.safe_load(file.read_text())
    if document["kind"] != "Kustomization":
        assert document["scopes"] == ["follow-up"]
