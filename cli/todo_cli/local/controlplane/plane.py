"""The embedded control plane: etcd, the API server, our CRDs, the controllers, in this order.

It stops in the opposite order and waits each time: an API server that outlives its etcd ignores
SIGTERM for more than a minute, holds its port meanwhile, and answers for its successor.
"""

from pathlib import Path

from todo_cli.local.bundle import bundled
from todo_cli.local.controlplane.apiserver import PREFERRED_PORT, ApiServer
from todo_cli.local.controlplane.binaries import Binaries, Binary
from todo_cli.local.controlplane.controllers import Controllers
from todo_cli.local.controlplane.etcd import Etcd
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.folder import Folder
from todo_cli.local.processes.service import Service
from todo_cli.local.progress import Progress


class ControlPlane:
    """Three processes of one folder."""

    def __init__(
        self, folder: Folder, binaries: Binaries, *, preferred_port: int | None = PREFERRED_PORT
    ) -> None:
        self.folder = folder
        self.etcd = Etcd(folder, str(binaries.etcd.path), _taken(binaries.etcd))
        self.apiserver = ApiServer(
            folder,
            str(binaries.apiserver.path),
            etcd=self.etcd.address,
            taken=_taken(binaries.apiserver),
            preferred_port=preferred_port,
        )
        self.controllers = Controllers(
            folder, str(binaries.controllers.path), self.apiserver, _taken(binaries.controllers)
        )
        self.kubectl = Kubectl(binaries.kubectl.path, self.apiserver.kubeconfig)

    @property
    def kubeconfig(self) -> Path:
        return self.apiserver.kubeconfig

    @property
    def services(self) -> tuple[Service, ...]:
        return (self.etcd, self.apiserver, self.controllers)

    def start(self, progress: Progress) -> None:
        """Start all of it; what already runs is left alone."""
        for service in (self.etcd, self.apiserver):
            with progress.step(service.name) as step:
                service.start()
                service.wait_ready()
                step.result = f"at {service.address}, {service.taken}"
        self.apply_crds(progress)
        with progress.step(self.controllers.name) as step:
            self.controllers.start()
            self.controllers.wait_ready()
            step.result = self.controllers.taken

    def apply_crds(self, progress: Progress) -> None:
        folder = bundled("crds")
        if folder is None:
            return
        with progress.step("custom resources") as step:
            step.result = f"{len(self.kubectl.apply_crds(folder))} kinds from {folder}"

    def stop(self) -> None:
        for service in reversed(self.services):
            service.stop()

    def kill(self) -> None:
        """SIGKILL to all of it, as when the machine's user ends everything at once."""
        for service in reversed(self.services):
            service.kill()


def _taken(binary: Binary) -> str:
    return f"from {binary.source}" if binary.source != "built just now" else binary.source
