"""A whole cluster for tests: network, neighbours, control plane, nodes, DNS, metrics, images.

cluster = Cluster(folder, binaries, jars, progress, nodes=2)   without nodes: what stands on the host alone
cluster.start()        Ready when it returns
cluster.kubectl(...)   as administrator
cluster.stop()         everything ends; nothing is left on the host
"""

import json
from pathlib import Path
from typing import Any

from tests.support.node import images
from tests.support.node.machine import Machine
from tests.support.node.neighbours import BridgeKafka, BridgePostgres, BridgeSmtp
from tests.support.node.network import Held, hold
from tests.support.node.plane import NodePlane
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.folder import Folder
from todo_cli.local.processes.service import Service
from todo_cli.local.progress import Progress

MANIFESTS = Path(__file__).parent / "manifests"
SYSTEM = ("coredns", "metrics-server")


class Cluster:
    def __init__(
        self, folder: Folder, binaries: Binaries, jars: Path, progress: Progress, *, nodes: int = 1
    ) -> None:
        self.folder = folder
        self._held: Held = hold()
        self.network = self._held.network
        self._progress = progress
        self.plane = NodePlane(folder, self.network, binaries)
        self.kafka = BridgeKafka(folder, jars, self.network)
        self.postgres = BridgePostgres(folder, self.network)
        self.smtp = BridgeSmtp(folder, self.network)
        self.machines = [Machine(folder, self.network, index, nodes, self.plane) for index in range(nodes)]

    @property
    def kubectl(self) -> Kubectl:
        return self.plane.kubectl

    @property
    def neighbours(self) -> tuple[Service, ...]:
        return (self.kafka, self.postgres, self.smtp)

    def start(self) -> None:
        archive = self.make_images() if self.machines else None
        with self._progress.step("bridge, Kafka, PostgreSQL, mail"):
            self.network.raise_bridge()
            for service in self.neighbours:
                service.start()
            for service in self.neighbours:
                service.wait_ready()
        with self._progress.step("control plane"):
            self.plane.start()
        for machine in self.machines:
            with self._progress.step(machine.name):
                machine.start()
                machine.wait_ready()
        if archive is None:
            return
        for machine in self.machines:
            with self._progress.step(f"{machine.name}: images"):
                machine.import_images(archive)
        with self._progress.step("nodes are Ready"):
            for machine in self.machines:
                self.wait(f"node/{machine.name}", "create")
                self.wait(f"node/{machine.name}", "condition=Ready")
        with self._progress.step("DNS and metrics"):
            for name in SYSTEM:
                self.apply(self.manifest(name))
            for name in SYSTEM:
                self.wait(f"deployment/{name}", "condition=Available", namespace="kube-system")

    def make_images(self) -> Path:
        """Everything that the nodes run, as one archive; built anew where the sources have changed."""
        images.ensure_base(self._progress)
        images.ensure_pause()
        others = [images.ensure_program(name) for name in SYSTEM]
        for target in images.TARGETS:
            images.build(target, self._progress)
        with self._progress.step("archive of the images"):
            return images.archive_of(
                [images.PAUSE, *others, *(images.name_of(target) for target in images.TARGETS)]
            )

    def manifest(self, name: str) -> str:
        text = (MANIFESTS / f"{name}.yaml").read_text()
        text = text.replace("DNS_SERVICE", self.network.dns_service)
        return text.replace("IMAGE", images.ensure_program(name))

    def apply(self, text: str) -> None:
        self.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", input_text=text)

    def get(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.kubectl("get", *arguments, "--output=json"))
        return found

    def wait(self, what: str, condition: str, *, namespace: str = "default", seconds: int = 120) -> None:
        self.kubectl(
            "wait",
            what,
            f"--namespace={namespace}",
            f"--for={condition}",
            f"--timeout={seconds}s",
            timeout=seconds + 10,
        )

    def stop(self) -> None:
        """In the order in which nobody misses anybody; then the host is as it was."""
        for service in (*self.machines, *reversed(self.plane.services), *reversed(self.neighbours)):
            service.kill()
        self._held.release()
