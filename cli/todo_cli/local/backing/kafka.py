"""Apache Kafka as one node (KRaft), from the jars of its Maven release, sized for a small machine.

It keeps its log in the folder and takes the same road as any Kafka: nothing in our code knows that it
is local. Topics are not made on first use; the parts make theirs with the partitions they need.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import ClassVar

from todo_cli.local.controlplane.binaries import build_lock, cache_folder
from todo_cli.local.errors import LocalError
from todo_cli.local.folder import Folder, write_atomically
from todo_cli.local.processes import probe
from todo_cli.local.processes.ports import LOOPBACK
from todo_cli.local.processes.service import Service
from todo_cli.local.progress import Progress

HEAP = "256m"
RETENTION_HOURS = 168  # a week; what must be kept longer is in the compacted topic and in PostgreSQL
OLDEST_JAVA = 17
FORMAT_TIMEOUT = 60.0  # seconds
DOWNLOAD_TIMEOUT = 900.0  # seconds


def pom() -> Path:
    return Path(str(resources.files("todo_cli"))) / "local" / "backing" / "kafka_broker" / "pom.xml"


def pinned_version() -> str:
    match = re.search(r"<artifactId>kafka_2\.13</artifactId>\s*<version>([^<]+)</version>", pom().read_text())
    if match is None:
        raise LocalError(f"{pom()} does not name kafka_2.13")
    return match.group(1)


def jars_folder(environ: Mapping[str, str] = os.environ) -> Path:
    return cache_folder(environ) / "kafka" / pinned_version()


def why_not(environ: Mapping[str, str] = os.environ) -> str | None:
    """None when Apache Kafka can run here; else what is missing."""
    java = shutil.which("java", path=environ.get("PATH"))
    if java is None:
        return f"there is no Java {OLDEST_JAVA} or newer (on Debian: apt install default-jre-headless)"
    version = java_version(java)
    if version < OLDEST_JAVA:
        return f"{java} is Java {version}, it needs {OLDEST_JAVA} or newer"
    if not jars_folder(environ).is_dir() and shutil.which("mvn", path=environ.get("PATH")) is None:
        return "there is no Maven to fetch it with (on Debian: apt install maven)"
    return None


def java_version(java: str) -> int:
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)
    match = re.search(r'version "(\d+)', answer.stderr)
    return int(match.group(1)) if match else 0


def obtain(progress: Progress, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of jars; fetched once by Maven, from wherever this machine's Maven fetches."""
    folder = jars_folder(environ)
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    title = f"Apache Kafka {pinned_version()}: fetching its jars, once"
    with progress.step(title) as step, build_lock(folder, step):
        if folder.is_dir():  # another process fetched them while we waited for the lock
            return folder
        unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
        command = ["mvn", "--batch-mode", "--quiet", "-f", str(pom()), "dependency:copy-dependencies"]
        try:
            answer = subprocess.run(
                [*command, "-DincludeScope=runtime", f"-DoutputDirectory={unfinished}"],
                capture_output=True,
                text=True,
                timeout=DOWNLOAD_TIMEOUT,
                check=False,
                env=dict(environ),
            )
            if answer.returncode != 0:
                said = "\n    ".join((answer.stdout + answer.stderr).strip().splitlines()[-12:])
                raise LocalError(
                    f"Maven could not fetch Apache Kafka (exit code {answer.returncode}):\n    {said}\n"
                    "Use a Kafka that you have instead: TODO_KAFKA_BOOTSTRAP=<host:port>."
                )
            unfinished.replace(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        step.result = f"→ {folder}"
    return folder


def class_archive(jars: Path) -> Path | None:
    """Where the classes lie ready for the Java on the PATH, once `prepare` has made it; None without Java.

    Another Java could not use it: the name is of the program, which an upgrade replaces.
    """
    java = shutil.which("java")
    if java is None:
        return None
    program = Path(java).resolve()
    found = program.stat()
    made_by = hashlib.sha256(f"{program} {found.st_size} {found.st_mtime_ns}".encode()).hexdigest()[:12]
    return jars.with_name(f"{jars.name}-{made_by}.jsa")


class Kafka(Service):
    name = "kafka"
    grace: ClassVar[float] = 30.0

    def __init__(self, folder: Folder, jars: Path, taken: str = "") -> None:
        super().__init__(folder, taken)
        self._jars = jars

    @property
    def port(self) -> int:
        return self.folder.port("kafka")

    @property
    def controller_port(self) -> int:
        return self.folder.port("kafka-controller")

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def data(self) -> Path:
        return self.folder.root / "kafka"

    @property
    def properties(self) -> Path:
        return self.folder.root / "kafka.properties"

    def listens_on(self) -> dict[str, int]:
        return {"kafka": self.port, "kafka-controller": self.controller_port}

    def prepare(self) -> None:
        self.data.mkdir(exist_ok=True, mode=0o700)
        self.data.chmod(0o700)  # one that an older version made
        settings = self.settings()
        write_atomically(
            self.properties, "".join(f"{key}={value}\n" for key, value in settings.items()).encode()
        )
        if (self.data / "meta.properties").exists():
            return
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", "--standalone", "--ignore-formatted"]
        answer = subprocess.run(
            # With "=", because one id in 64 begins with "-" and would pass for an option.
            [*self._java(), *tool, f"--cluster-id={cluster_id}", "-c", str(self.properties)],
            capture_output=True,
            text=True,
            timeout=FORMAT_TIMEOUT,
            check=False,
        )
        if answer.returncode != 0:
            raise LocalError(
                f"Kafka could not format {self.data}: {(answer.stderr or answer.stdout).strip()}"
            )

    def settings(self) -> dict[str, str | int]:
        """server.properties: one replica of everything, few threads, retention said explicitly."""
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "listeners": f"PLAINTEXT://{self.address},CONTROLLER://{LOOPBACK}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.address}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "controller.quorum.bootstrap.servers": f"{LOOPBACK}:{self.controller_port}",
            # After SIGKILL the next broker waits until the old one's session is over: 9 s by default.
            "broker.session.timeout.ms": 3000,
            "broker.heartbeat.interval.ms": 500,
            "log.dirs": str(self.data),
            "log.retention.hours": RETENTION_HOURS,
            "log.segment.bytes": 64 * 1024 * 1024,
            "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 6,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 6,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "num.network.threads": 2,
            "num.io.threads": 4,
            "background.threads": 2,
        }

    def command(self) -> list[str]:
        return [*self._java(), "kafka.Kafka", str(self.properties)]

    def _java(self) -> list[str]:
        archive = class_archive(self._jars)
        return [
            "java",
            *([f"-XX:SharedArchiveFile={archive}"] if archive is not None and archive.exists() else []),
            f"-Xmx{HEAP}",
            "-Xms64m",
            "-XX:+UseSerialGC",
            # The quick compiler only: ready in half the CPU time, and at our rates cheaper per message too.
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS",
            "-cp",
            f"{self._jars}/*",
        ]

    @property
    def probe(self) -> probe.Kafka:
        return probe.Kafka({"bootstrap.servers": self.address})
