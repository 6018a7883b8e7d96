"""A system of `todotasks up` that a real Prometheus watches, somebody who uses it, and harm to do to it."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import psycopg
import yaml
from confluent_kafka import Producer

from tests.support.prometheus import Prometheus
from tests.support.todotasks import Foreground, Todotasks
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.folder import Folder, RunFile
from todo_cli.local.processes import ports, process

PARTS = ("operator", "webhook", "gateway", "notifier", "audit")
HOME = "observed"  # the namespace of whoever uses it
SAID = (  # in turn, so that each outcome of a chat is counted
    "buy milk tomorrow at 9am",
    "pay the rent on the 1st of every month",
    "what is due this week?",
    "water the plants in 40 minutes and remind me",
    "mark milk as done",
    "undo",
    "the xylophone is done",
    "lorem ipsum dolor",
    "delete everything",
    "no",
)


class Observed:
    """The system, its Prometheus, and what a test does with them."""

    def __init__(self, todotasks: Todotasks, run: Foreground, kubectl: Kubectl) -> None:
        self.todotasks, self.run, self.kubectl = todotasks, run, kubectl
        folder = Folder.existing(todotasks.data_dir)
        assert folder is not None
        self.folder = folder
        self.gateway = f"http://127.0.0.1:{folder.port('gateway')}"
        user = yaml.safe_load((todotasks.data_dir / "kubeconfig").read_text())["users"][0]["user"]
        self.token = str(user.get("token") or Path(user["tokenFile"]).read_text().strip())
        self.prometheus: Prometheus

    @property
    def targets(self) -> dict[str, str]:
        return {part: f"127.0.0.1:{self.folder.port(f'{part}-health')}" for part in PARTS}

    def metrics(self, part: str) -> str:
        with urllib.request.urlopen(f"http://{self.targets[part]}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    # ── using it ─────────────────────────────────────────────────────────────────────────────────────
    def ask(
        self, path: str, body: dict[str, Any] | None = None, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        """One request to the gateway: its status, and its JSON."""
        request = urllib.request.Request(
            self.gateway + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _json(error.read())
        except OSError:
            return 0, {}

    def say(self, text: str, **headers: str) -> dict[str, Any]:
        status, answer = self.ask(
            "/v1/chat", {"text": text, "namespace": HOME, "conversation": "observed"}, **headers
        )
        return answer if status == 200 else {}

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Somebody talks to it, searches and looks on, about twice a second."""
        over = threading.Event()

        def talk() -> None:
            turn = 0
            while not over.wait(0.5):
                self.say(SAID[turn % len(SAID)])
                self.ask("/v1/tasks?q=milk")
                if turn % 5 == 0:
                    self.ask("/nowhere")
                turn += 1

        def look_on() -> None:
            request = urllib.request.Request(
                f"{self.gateway}/v1/stream?namespace={HOME}",
                headers={"Authorization": f"Bearer {self.token}"},
            )
            while not over.is_set():
                with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=5) as stream:
                    while not over.is_set() and stream.readline():
                        pass

        threads = [threading.Thread(target=each, daemon=True) for each in (talk, look_on)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join(60)

    def create(
        self, name: str, namespace: str = HOME, annotations: dict[str, str] | None = None, **spec: Any
    ) -> None:
        self.apply(
            {
                "apiVersion": "todotasks.dev/v1",
                "kind": "TodoTask",
                "metadata": {"name": name, "namespace": namespace, "annotations": annotations or {}},
                "spec": {"title": name, **spec},
            }
        )

    def apply(self, *documents: dict[str, Any]) -> None:
        path = self.folder.root / "applied.yaml"
        path.write_text(yaml.safe_dump_all(documents))
        self.kubectl("apply", "-f", str(path))

    def search_many(self, requests: int = 8) -> None:
        """At once, each in its own thread: what hangs holds up itself alone."""
        with ThreadPoolExecutor(requests) as pool:
            list(pool.map(lambda _: self.ask("/v1/tasks?q=milk"), range(requests)))

    # ── harm ─────────────────────────────────────────────────────────────────────────────────────────
    def service(self, name: str) -> RunFile:
        return self.folder.running()[name]

    @contextlib.contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """A service that hangs: its connections stay open, and nothing comes."""
        record = self.service(name).process
        everyone = [record, *process.descendants(record)]
        for each in everyone:
            process.send(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in reversed(everyone):
                process.send(each, signal.SIGCONT)

    def environment_of(self, part: str) -> dict[str, str]:
        return dict(psutil.Process(self.service(part).process.pid).environ())

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.service("postgres").address, autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def produce(self, topic: str, value: bytes, times: int = 1) -> None:
        producer = Producer({"bootstrap.servers": self.service("kafka").address})
        for _ in range(times):
            producer.produce(topic, value, key="observed")
        assert producer.flush(30) == 0


def _json(body: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(body)
    except ValueError:
        return {}
    return found


# ── a webhook that everything is wrong with ──────────────────────────────────────────────────────────
MOST_WAITING = 50
BROKEN = f"""
import sys
from todo_webhook import records, review

def judge(*arguments):
    raise RuntimeError("a rule that fails")

review.judge = judge
records.Records.__init__.__kwdefaults__["most_waiting"] = {MOST_WAITING}  # else 20,000 reviews
from todo_webhook.main import main
sys.exit(main())
"""


@contextlib.contextmanager
def broken_webhook(observed: Observed, certificates: Path) -> Iterator[tuple[str, str]]:
    """A second webhook, to which the API server does not come: a rule fails, its Kafka is nowhere, its
    certificate (`certificates`) is somebody else's. Yields its address and that of its health server."""
    port, health = ports.choose(), ports.choose()
    environment = observed.environment_of("webhook") | {
        "TODO_WEBHOOK_TLS_OWN": "false",
        "TODO_WEBHOOK_TLS_DIR": str(certificates),
        "TODO_WEBHOOK_PORT": str(port),
        "TODO_HEALTH_PORT": str(health),
        "TODO_KAFKA_BOOTSTRAP": "127.0.0.1:1",
    }
    log = observed.folder.root / "broken_webhook.log"
    with log.open("wb") as out:
        running = subprocess.Popen(
            [sys.executable, "-c", BROKEN], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 60
        while True:
            assert running.poll() is None, log.read_text()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{health}/readyz", timeout=5).close()
                break
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield f"https://127.0.0.1:{port}", f"127.0.0.1:{health}"
    finally:
        running.kill()
        running.wait()
