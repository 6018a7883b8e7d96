"""What every test can ask for: a control plane, PostgreSQL, Kafka. Real ones, started when first asked for.

The cluster is pytest-kind's `kind_cluster`: real kind where Docker runs and kind is installed, else our
stand-in for `--kind-bin`, which starts the embedded control plane. Each pytest-xdist worker has its own
of everything, so that a test may count objects or kill a server without asking the others.

    plane            the control plane, with the CRDs and manifests/base applied
    namespace        a new namespace for each test (its tasks are deleted afterwards)
    kubectl          kubectl as administrator: returns what it prints, raises with what it said
    postgres_server  a PostgreSQL with .kill() and .start();   postgres_url: a new database per module
    kafka_server     an Apache Kafka with .kill() and .start(); kafka_bootstrap: its address
    module_plane, module_kafka                 servers of a module's own, which its tests may kill
    fresh_plane, fresh_postgres, fresh_kafka   makers of servers of a test's own, where it needs a new one
"""

import itertools
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from pytest_kind import KindCluster

from tests.support import home, weights
from tests.support.plane import Plane, docker_runs
from todo_cli.local.backing import kafka
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.bundle import bundled
from todo_cli.local.controlplane import binaries
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.controlplane.plane import ControlPlane
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress

# How long an example takes depends on who else uses the machine; a hang is found by the time limit of a test.
settings.register_profile("todotasks", deadline=None)
settings.load_profile("todotasks")

STAND_IN = Path(__file__).parent / "support" / "kind"
HOME = pytest.StashKey[Path | None]()
STANDS_IN = pytest.StashKey[bool]()

_counter = itertools.count()


# ── the run ──────────────────────────────────────────────────────────────────────────────────────────
def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("todotasks")
    group.addoption(
        "--chaos-twice",
        action="store_true",
        help="run what is marked chaos once more when it fails; the summary says so",
    )
    group.addoption(
        "--note-seconds",
        action="store_true",
        help=f"write into {weights.FILE.name} how long each file took: shared runs begin with the longest",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.chaos_twice:
        for item in items:
            if item.get_closest_marker("chaos") is not None:
                item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        # pytest-xdist hands the files out in this order, which must be the same for every worker.
        items[:] = weights.longest_first(items)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.option.note_seconds:
        weights.note(terminalreporter)


# ── the session ──────────────────────────────────────────────────────────────────────────────────────
def pytest_configure(config: pytest.Config) -> None:
    config.stash[HOME] = None
    if config.option.kind_bin is None:
        real = shutil.which("kind")
        config.option.kind_bin = real if real and docker_runs() else str(STAND_IN)
    config.stash[STANDS_IN] = config.option.kind_bin == str(STAND_IN)
    if config.option.cluster_name == "pytest-kind" or hasattr(config, "workerinput"):
        # pytest-kind deletes the cluster of its name at the end: neither two runs nor two pytest-xdist
        # workers, which inherit the option, may share one.
        config.option.cluster_name = f"todotasks-{os.getpid()}"


def pytest_unconfigure(config: pytest.Config) -> None:
    made = config.stash.get(HOME, None)
    if made is not None and not config.option.keep_cluster:
        home.remove(made)
    shutil.rmtree(Path(".pytest-kind") / str(config.option.cluster_name), ignore_errors=True)


@pytest.fixture(scope="session")
def test_home(pytestconfig: pytest.Config) -> Path:
    """The folder of this process's servers; also tells the stand-in for kind where to be."""
    made = pytestconfig.stash[HOME]
    if made is None:
        home.prune()
        made = pytestconfig.stash[HOME] = home.make_home()
        os.environ["TODO_KIND_HOME"] = str(made)
        os.environ["TODO_KIND_PYTHON"] = sys.executable
        if pytestconfig.option.kubeconfig is None:
            pytestconfig.option.kubeconfig = str(made / "kubeconfig")
    return made


@pytest.fixture(scope="session")
def progress(pytestconfig: pytest.Config) -> Progress:
    """Progress that is seen although pytest captures output: a first run compiles for minutes."""
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")

    def write(line: str) -> None:
        with capture.global_and_fixture_disabled():
            print(line, file=sys.stderr, flush=True)

    return Progress(write)


@pytest.fixture(scope="session")
def control_plane_binaries(pytestconfig: pytest.Config, progress: Progress) -> Binaries:
    found = binaries.obtain(progress)
    if pytestconfig.option.kind_kubectl_bin is None:
        pytestconfig.option.kind_kubectl_bin = str(found.kubectl.path)
    return found


# ── the control plane ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def plane(
    pytestconfig: pytest.Config,
    test_home: Path,
    control_plane_binaries: Binaries,
    request: pytest.FixtureRequest,
) -> Plane:
    """The control plane, with our CRDs and manifests applied."""
    cluster: KindCluster = request.getfixturevalue("kind_cluster")
    kubectl = Kubectl(control_plane_binaries.kubectl.path, Path(cluster.kubeconfig_path))
    local = None
    if pytestconfig.stash[STANDS_IN]:
        folder = Folder.open(test_home / cluster.name)
        local = ControlPlane(folder, control_plane_binaries, preferred_port=None)
    install(kubectl)
    return Plane(kubectl.kubeconfig, kubectl, local)


def install(kubectl: Kubectl) -> None:
    """Apply what the repository ships, as `todotasks up` does."""
    if (crds := bundled("crds")) is not None:
        kubectl.apply_crds(crds)
    if (base := bundled("manifests/base")) is not None:
        kubectl.apply(base)


@pytest.fixture(scope="session")
def kubectl(plane: Plane) -> Kubectl:
    return plane.kubectl


@pytest.fixture
def namespace(plane: Plane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A new namespace with a name that says whose it is."""
    test = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")[:40].strip("-")
    name = f"{test}-{os.getpid()}-{next(_counter)}"
    plane.heal()
    plane.api.create_namespace(name)
    yield name
    plane.heal()
    plane.leave_namespace(name)


@contextmanager
def making_planes(home: Path, found: Binaries) -> Iterator[Callable[[], Plane]]:
    """Makes control planes, which end with the block."""
    made: list[ControlPlane] = []

    def make() -> Plane:
        folder = Folder.open(home / f"fresh-plane-{next(_counter)}")
        local = ControlPlane(folder, found, preferred_port=None)
        made.append(local)
        local.start(Progress(lambda line: None))
        install(local.kubectl)
        return Plane(local.kubeconfig, local.kubectl, local)

    try:
        yield make
    finally:
        for local in made:
            local.kill()
            shutil.rmtree(local.folder.root, ignore_errors=True)


@pytest.fixture
def fresh_plane(test_home: Path, control_plane_binaries: Binaries) -> Iterator[Callable[[], Plane]]:
    """Makes control planes of a test's own, which it may kill; they end with the test."""
    with making_planes(test_home, control_plane_binaries) as make:
        yield make


@pytest.fixture(scope="module")
def _module_plane(test_home: Path, control_plane_binaries: Binaries) -> Iterator[Plane]:
    with making_planes(test_home, control_plane_binaries) as make:
        yield make()


@pytest.fixture
def module_plane(_module_plane: Plane) -> Plane:
    """A control plane of the module's own, which its tests may kill; up again for each test."""
    _module_plane.heal()
    return _module_plane


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def postgres_server(test_home: Path) -> Iterator[Postgres]:
    server = Postgres(Folder.open(test_home / "postgres-server"))
    server.start()
    server.wait_ready()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """A new, empty database for the module."""
    name = f"test_{next(_counter)}"
    administer(postgres_server, "CREATE DATABASE {}", name)
    yield postgres_server.url(name)
    administer(postgres_server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@pytest.fixture
def fresh_database(postgres_server: Postgres) -> Iterator[Callable[[], str]]:
    """Makes empty databases, for a test that needs one, or several, of its own."""
    made: list[str] = []

    def make() -> str:
        made.append(f"test_{next(_counter)}")
        administer(postgres_server, "CREATE DATABASE {}", made[-1])
        return postgres_server.url(made[-1])

    yield make
    for name in made:
        administer(postgres_server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def administer(server: Postgres, statement: str, database: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(database)))  # type: ignore[arg-type]


@pytest.fixture
def fresh_postgres(test_home: Path) -> Iterator[Callable[[], Postgres]]:
    """Makes PostgreSQL servers of a test's own, which it may kill; they end with the test."""
    made: list[Postgres] = []

    def make() -> Postgres:
        server = Postgres(Folder.open(test_home / f"fresh-postgres-{next(_counter)}"))
        made.append(server)
        server.start()
        server.wait_ready()
        return server

    yield make
    for server in made:
        server.kill()
        shutil.rmtree(server.folder.root, ignore_errors=True)


# ── Kafka ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="session")
def kafka_jars(progress: Progress) -> Path:
    missing = kafka.why_not()
    if missing is not None:
        pytest.skip(f"Apache Kafka cannot run here: {missing}")
    return kafka.obtain(progress)


@pytest.fixture(scope="session")
def kafka_server(test_home: Path, kafka_jars: Path) -> Iterator[kafka.Kafka]:
    server = kafka.Kafka(Folder.open(test_home / "kafka-server"), kafka_jars)
    server.start()
    server.wait_ready()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def kafka_bootstrap(kafka_server: kafka.Kafka) -> str:
    return kafka_server.address


@contextmanager
def making_kafkas(home: Path, jars: Path) -> Iterator[Callable[[], kafka.Kafka]]:
    """Makes Kafka brokers, which end with the block."""
    made: list[kafka.Kafka] = []

    def make() -> kafka.Kafka:
        server = kafka.Kafka(Folder.open(home / f"fresh-kafka-{next(_counter)}"), jars)
        made.append(server)
        server.start()
        server.wait_ready()
        return server

    try:
        yield make
    finally:
        for server in made:
            server.kill()
            shutil.rmtree(server.folder.root, ignore_errors=True)


@pytest.fixture
def fresh_kafka(test_home: Path, kafka_jars: Path) -> Iterator[Callable[[], kafka.Kafka]]:
    """Makes Kafka brokers of a test's own, which it may kill; they end with the test."""
    with making_kafkas(test_home, kafka_jars) as make:
        yield make


@pytest.fixture(scope="module")
def _module_kafka(test_home: Path, kafka_jars: Path) -> Iterator[kafka.Kafka]:
    with making_kafkas(test_home, kafka_jars) as make:
        yield make()


@pytest.fixture
def module_kafka(_module_kafka: kafka.Kafka) -> kafka.Kafka:
    """A Kafka broker of the module's own, which its tests may kill; up again for each test."""
    if not _module_kafka.alive:
        _module_kafka.start()
        _module_kafka.wait_ready()
    return _module_kafka
