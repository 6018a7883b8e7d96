"""compose.yaml, run by podman beside a cluster without nodes: its parts work end to end.

The images of Kafka and PostgreSQL are in a registry: their places are held, and the parts are led to those
that all tests have. What compose tells Kafka, Kafka's own reader of it is given.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from confluent_kafka.admin import AdminClient

from tests.cluster.conftest import ROOT, signing_key
from tests.cluster.looking import ask, in_seconds, mails, make, make_task, token, until, wait_ready
from tests.support.node import images
from tests.support.node.cluster import Cluster
from todo_cli.local.controlplane.kubectl import KubectlFailed
from todo_cli.local.processes.ports import choose
from todo_cli.local.progress import Progress

NODES = 0
PROJECT = f"todotasks-{os.getpid()}"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PARTS = tuple(name for name, service in COMPOSE["services"].items() if "build" in service)
HOME = "composed"
PULLED = ("kafka", "postgres")
WAITS = ["python3", "-c", "import signal; signal.pause()"]


def podman(*arguments: str) -> str:
    return images.podman("--cgroup-manager=cgroupfs", "--events-backend=file", *arguments)


class Composed:
    """`podman-compose` with our file, and one beside it that says what differs here."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster, self._folder = cluster, folder
        self.gateway, self.webhook = choose(), choose()
        self._kubeconfig, self._key = folder / "kubeconfig", folder / "key.pem"
        self._kubeconfig.write_bytes(cluster.plane.kubeconfig.read_bytes())
        self._key.write_text(signing_key())
        for file in (self._kubeconfig, self._key):
            file.chmod(0o644)  # docs/install.md: user 10001 must be able to read both
        self._other = folder / "other.yaml"
        self._other.write_text(yaml.safe_dump(self._differs()))

    def _differs(self) -> dict[str, Any]:
        where = {
            "TODO_KAFKA_BOOTSTRAP": self.cluster.kafka.address,
            "TODO_DATABASE_URL": self.cluster.postgres.bridge_url,
            "TODO_NOTIFIER_ALLOW_PRIVATE": "true",
        }
        held = {"image": images.name_of("cli"), "entrypoint": WAITS}
        parts = {part: {"image": images.name_of(part), "environment": where} for part in PARTS}
        network = {"external": True, "name": PROJECT}
        return {"services": parts | dict.fromkeys(PULLED, held), "networks": {"default": network}}

    def __call__(self, *arguments: str) -> str:
        options = " ".join(images.RUNNING)
        answer = subprocess.run(
            [
                "podman-compose",
                "--podman-args=--runtime=runc --cgroup-manager=cgroupfs --events-backend=file",
                f"--podman-run-args={options}",
                f"--project-name={PROJECT}",
                *("-f", str(ROOT / "compose.yaml"), "-f", str(self._other)),
                *arguments,
            ],
            env={
                **os.environ,
                "KUBECONFIG_FILE": str(self._kubeconfig),
                "AUDIT_KEY_FILE": str(self._key),
                "GATEWAY_PORT": str(self.gateway),
                "WEBHOOK_PORT": str(self.webhook),
                "TODO_WEBHOOK_URL": f"https://127.0.0.1:{self.webhook}",
                "TODO_SMTP_URL": self.cluster.smtp.address,
            },
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert answer.returncode == 0, f"podman-compose {arguments}: {answer.stdout}\n{answer.stderr}"
        return answer.stdout + answer.stderr

    def ready(self, part: str) -> bool:
        """As the part says inside, where nobody publishes its port for health."""
        asked = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=5)"
        running = [*images.PODMAN, "--cgroup-manager=cgroupfs", "exec", f"{PROJECT}_{part}_1"]
        answer = subprocess.run([*running, "python3", "-c", asked], capture_output=True, check=False)
        return answer.returncode == 0

    def logs(self, part: str) -> str:
        running = [*images.PODMAN, "logs", "--tail=20", f"{PROJECT}_{part}_1"]
        answer = subprocess.run(running, capture_output=True, text=True, check=False)
        return f"── {part}\n{answer.stdout}{answer.stderr}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.gateway}"


@pytest.fixture(scope="module")
def composed(
    cluster: Cluster, progress: Progress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composed]:
    if shutil.which("podman-compose") is None:
        pytest.skip("there is no podman-compose: scripts/system-packages --node")
    images.ensure_base(progress)
    for target in (*PARTS, "cli"):
        images.build(target, progress)
    for folder in ("crds", "manifests/local"):
        cluster.kubectl("apply", "--server-side", "-k", str(ROOT / folder))
    cluster.kubectl("create", "namespace", HOME)
    running = Composed(cluster, tmp_path_factory.mktemp("compose"))
    podman("network", "create", f"--subnet={cluster.network.containers}", PROJECT)
    try:
        with progress.step("podman-compose up"):
            running("up", "--detach", "--no-build")
        try:
            for part in PARTS:
                with progress.step(f"{part} is ready"):
                    until(lambda part=part: running.ready(part), f"/readyz of {part}", 180)
        except AssertionError:
            print("\n".join(running.logs(part) for part in PARTS))
            raise
        yield running
    finally:
        try:
            running("down", "--volumes")
        finally:  # also where one of them starts again and again
            podman("network", "rm", "--force", PROJECT)


def test_each_part_is_as_locked_up_as_the_file_says(composed: Composed) -> None:
    for part in PARTS:
        (found,) = json.loads(podman("inspect", f"{PROJECT}_{part}_1"))
        assert found["HostConfig"]["ReadonlyRootfs"] is True
        assert found["EffectiveCaps"] in ([], None)
        assert "no-new-privileges" in " ".join(found["HostConfig"]["SecurityOpt"])
        assert found["Config"]["User"] == "10001:10001"


def test_a_sentence_becomes_a_task_that_is_ready_and_found(composed: Composed) -> None:
    cluster, who = composed.cluster, token(composed.cluster)
    ask(f"{composed.url}/v1/chat", who, {"text": "buy milk tomorrow at 9am", "namespace": HOME})
    (task,) = cluster.get("todotasks", f"-n={HOME}")["items"]
    wait_ready(cluster, HOME, task["metadata"]["name"])
    until(
        lambda: ask(f"{composed.url}/v1/tasks?namespace={HOME}&q=milk", who)["items"], "the task, by search"
    )


def test_the_webhook_is_asked_at_the_port_that_is_published(composed: Composed) -> None:
    with pytest.raises(KubectlFailed, match="Europe/Nowhere"):
        make_task(composed.cluster, HOME, "nowhere", due="2040-01-01T10:00", timeZone="Europe/Nowhere")


def test_a_mail_arrives(composed: Composed) -> None:
    cluster = composed.cluster
    make(cluster, "NotificationChannel", HOME, "mail", email={"to": ["ana@example.com"]})
    make_task(cluster, HOME, "rent")
    about = {"taskRef": {"name": "rent"}, "channels": ["mail"]}
    make(cluster, "Reminder", HOME, "rent-now", **about, at=in_seconds(3))
    until(lambda: mails(cluster.smtp.mail, "The task rent"), "the mail")


def test_who_did_what_is_recorded(composed: Composed) -> None:
    url = f"{composed.url}/v1/audit/stats?namespace={HOME}&by=action"

    def recorded() -> set[str]:
        return {group["key"] for group in ask(url, token(composed.cluster))["groups"]}

    until(lambda: {"task.created", "create"} <= recorded(), "an entry of the event and one of the request")


def test_kafka_takes_what_the_file_tells_it(kafka_jars: Path, tmp_path: Path) -> None:
    """Its image starts with this very class, which makes a file of the variables and formats the log."""
    ports = {"9092": str(choose()), "9093": str(choose())}
    told = {}
    for name, value in COMPOSE["services"]["kafka"]["environment"].items():
        text = str(value).replace("kafka:", "localhost:")
        for port, other in ports.items():
            text = text.replace(port, other)
        told[name] = text
    told["KAFKA_LOG_DIRS"] = str(tmp_path / "data")
    folders = [tmp_path / name for name in ("default", "mounted", "final")]
    for folder in folders:
        folder.mkdir()
    for name in ("server.properties", "log4j2.yaml", "tools-log4j2.yaml"):
        (folders[0] / name).write_text("")
    java = ["java", "-Xmx256m", "-cp", f"{kafka_jars}/*"]
    options = [f"{option}={folder}" for option, folder in zip(("-D", "-M", "-F"), folders, strict=True)]
    setup = subprocess.run(
        [*java, "kafka.docker.KafkaDockerWrapper", "setup", *options],
        env={**os.environ, **told, "CLUSTER_ID": "5L6g3nShT-eMCtK--X86sw"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert setup.returncode == 0, setup.stdout + setup.stderr
    log = tmp_path / "kafka.log"
    with log.open("wb") as out:
        broker = subprocess.Popen(
            [*java, "kafka.Kafka", str(folders[2] / "server.properties")], stdout=out, stderr=out
        )
    try:
        client = AdminClient({"bootstrap.servers": f"localhost:{ports['9092']}"})

        def answers() -> bool:
            assert broker.poll() is None, log.read_text()[-3000:]
            try:
                return len(client.list_topics(timeout=2).brokers) == 1
            except Exception as error:
                print(error, file=sys.stderr)
                return False

        until(answers, "a broker that answers", 120)
    finally:
        broker.kill()
        broker.wait(30)
