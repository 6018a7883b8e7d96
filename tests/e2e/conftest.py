"""Servers that the kill tests may kill: one set a module, since each test brings back what it took."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import install
from tests.e2e.system import Servers
from tests.support.plane import Plane
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.plane import ControlPlane
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress


@pytest.fixture(scope="module")
def servers(
    test_home: Path,
    control_plane_binaries: Binaries,
    kafka_jars: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Servers]:
    folder = test_home / f"e2e-{request.module.__name__.rsplit('.', 1)[-1]}"
    control = ControlPlane(Folder.open(folder / "plane"), control_plane_binaries, preferred_port=None)
    postgres = Postgres(Folder.open(folder / "postgres"))
    kafka = Kafka(Folder.open(folder / "kafka"), kafka_jars)
    try:
        kafka.start()
        control.start(Progress(lambda line: None))
        install(control.kubectl)
        postgres.start()
        postgres.wait_ready()
        kafka.wait_ready()
        plane = Plane(control.kubeconfig, control.kubectl, control)
        yield Servers(plane, postgres, kafka, folder)
    finally:
        for service in (*reversed(control.services), postgres, kafka):
            service.kill()


@pytest.fixture
def running(servers: Servers) -> Iterator[Servers]:
    """The servers, all up; the processes a test started end with it."""
    yield servers
    servers.stop_parts()
