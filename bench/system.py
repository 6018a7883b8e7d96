"""The system that is measured: started by `todotasks up` in a folder of its own, the operator beside it.

The backing services come from `todotasks up --no-parts`; the operator is started here, with the same settings
and ServiceAccount-less administrator's kubeconfig, so that a row can stop it, start it and time that.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
from confluent_kafka.admin import AdminClient

from todo_cli.local.controlplane import binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.processes import ports
from todo_cli.local.progress import Progress

TOOL = str(Path(sys.executable).with_name("todotasks"))
OPERATOR = str(Path(sys.executable).with_name("todo-operator"))
START_TIMEOUT = 900.0  # seconds; the first start may compile the control plane
LOOK_EVERY = 0.02  # seconds


class System:
    """Backing services in a temporary folder, and at most one operator process."""

    def __init__(self, folder: Path | None = None) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="todotasks-bench-")
        self.folder = folder or Path(self._temporary.name if self._temporary else "") / "data"
        self._operator: psutil.Popen | None = None
        self.starts = 0  # of the operator
        self._health_port = ports.choose(set())

    def __enter__(self) -> "System":
        subprocess.run(
            [TOOL, "up", "--data-dir", str(self.folder), "--detach", "--no-parts"],
            check=True,
            timeout=START_TIMEOUT,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_operator()
        subprocess.run([TOOL, "down", "--data-dir", str(self.folder)], check=False, timeout=120)
        if self._temporary is not None:
            self._temporary.cleanup()

    # ── addresses ────────────────────────────────────────────────────────────────────────────────
    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    def _services(self) -> dict[str, dict[str, object]]:
        answer = subprocess.run(
            [TOOL, "status", "--json", "--data-dir", str(self.folder)], capture_output=True, check=False
        )
        return {service["name"]: service for service in json.loads(answer.stdout)["services"]}

    @property
    def kafka(self) -> str:
        return str(self._services()["kafka"]["address"])

    @property
    def database_url(self) -> str:
        return str(self._services()["postgres"]["address"])

    @property
    def kubectl(self) -> Kubectl:
        return Kubectl(binaries.obtain(Progress(lambda line: None)).kubectl.path, self.kubeconfig)

    def process(self, name: str) -> psutil.Process:
        """One of the parts that cpu_seconds() names."""
        return self._processes()[name]

    # ── the operator ─────────────────────────────────────────────────────────────────────────────
    def start_operator(self, components: str = "reconcile,record,relay") -> None:
        self.starts += 1
        services = self._services()
        environment = os.environ | {
            "TODO_KUBECONFIG": str(self.kubeconfig),
            "TODO_DATABASE_URL": str(services["postgres"]["address"]),
            "TODO_KAFKA_BOOTSTRAP": str(services["kafka"]["address"]),
            "TODO_NAMESPACE": "todotasks-system",
            "TODO_HEALTH_PORT": str(self._health_port),
            "TODO_LOG_FORMAT": "json",
        }
        with (self.folder / "logs" / "bench-operator.log").open("ab") as log:
            self._operator = psutil.Popen(
                [OPERATOR, "--components", components], env=environment, stdout=log, stderr=log
            )

    def wait_ready(self, timeout: float = 120.0) -> None:
        started = time.perf_counter()
        while time.perf_counter() - started < timeout:
            self.check_alive()
            try:
                url = f"http://127.0.0.1:{self._health_port}/readyz"
                with urllib.request.urlopen(url, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                pass
            time.sleep(LOOK_EVERY)
        raise RuntimeError(f"the operator was not ready after {timeout:.0f} s")

    def wait_quiet(self, timeout: float) -> None:
        """Until the outbox is empty and the operator has nothing left to do."""
        deadline, calm = time.perf_counter() + timeout, 0
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            while calm < 5:
                self.keep_alive()
                used = self.cpu_seconds().get("operator", 0.0)
                time.sleep(0.4)
                row = connection.execute("SELECT EXISTS (SELECT FROM outbox)").fetchone()
                busy = abs(self.cpu_seconds().get("operator", 0.0) - used) / 0.4 > 0.2
                calm = 0 if busy or (row is not None and row[0]) else calm + 1
                if time.perf_counter() > deadline:
                    raise RuntimeError(f"still at work after {timeout:.0f} s")

    @property
    def is_alive(self) -> bool:
        return self._operator is not None and self._operator.poll() is None

    def keep_alive(self) -> None:
        """Starts the operator anew when it has ended, as a kubelet would."""
        if not self.is_alive:
            self.start_operator()

    def check_alive(self) -> None:
        """Raises if the operator has ended: what is waited for would never come."""
        if not self.is_alive:
            raise RuntimeError(f"the operator ended; see {self.folder}/logs/bench-operator.log")

    def stop_operator(self) -> None:
        if self._operator is not None and self._operator.poll() is None:
            self._operator.terminate()
            try:
                self._operator.wait(30)
            except psutil.TimeoutExpired:
                self._operator.kill()
        self._operator = None

    def forget_records(self) -> None:
        """An empty database and no topics, as if the operator had never run here."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        admin = AdminClient({"bootstrap.servers": self.kafka})
        ours = [name for name in admin.list_topics(timeout=10).topics if not name.startswith("__")]
        for done in admin.delete_topics(ours).values() if ours else ():
            done.result(30)
        time.sleep(1)  # the broker deletes in the background; a topic made again too soon is refused

    def metric(self, sample: str) -> float:
        """A sample of the operator's /metrics by its name and labels, as they stand there; 0 if it is not."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._health_port}/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                name, _, value = line.rpartition(" ")
                if name == sample:
                    return float(value)
        return 0.0

    # ── what it costs ────────────────────────────────────────────────────────────────────────────
    def _processes(self) -> dict[str, psutil.Process]:
        wanted = {
            path.stem: json.loads(path.read_text())["process"]["pid"]
            for path in (self.folder / "run").glob("*.json")
            if path.stem != "supervisor"  # the parent of all the others: they would count twice
        }
        found = {}
        for name, pid in wanted.items():
            if psutil.pid_exists(pid):
                found[name] = psutil.Process(pid)
        if self._operator is not None and self._operator.poll() is None:
            found["operator"] = psutil.Process(self._operator.pid)
        return found

    def cpu_seconds(self) -> dict[str, float]:
        """CPU seconds since its start of each part, its children (PostgreSQL's backends) included."""
        used = {}
        for name, process in self._processes().items():
            times = process.cpu_times()
            used[name] = times.user + times.system
            for child in process.children(recursive=True):
                try:
                    times = child.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                used[name] += times.user + times.system
        return used

    def memory_mib(self) -> dict[str, float]:
        """Resident memory of each part. PostgreSQL's processes share most of theirs: its first one only."""
        return {name: process.memory_info().rss / 2**20 for name, process in self._processes().items()}
