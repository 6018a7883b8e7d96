"""One node, as a service: the process that holds its namespaces."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import psutil

from tests.support import programs
from tests.support.node import files
from tests.support.node.network import Network
from tests.support.node.plane import NodePlane
from todo_cli.local.folder import Folder
from todo_cli.local.processes.probe import Alive
from todo_cli.local.processes.service import Service

ROOT = Path(__file__).parents[3]


class Machine(Service):
    """containerd, kubelet and kube-proxy of one node."""

    # SIGKILL, on purpose: it ends `unshare`, which has its child killed, which ends the pid namespace.
    stop_signal: ClassVar[signal.Signals] = signal.SIGKILL

    def __init__(self, folder: Folder, network: Network, index: int, nodes: int, plane: NodePlane) -> None:
        super().__init__(folder)
        self.name = f"node-{index}"
        self.index = index
        self._network, self._nodes, self._plane = network, nodes, plane
        self.root = folder.root / self.name

    @property
    def address(self) -> str:
        return self._network.node(self.index)

    @property
    def probe(self) -> Alive:
        return Alive()

    def not_ready(self) -> str | None:
        """Whether images can be brought to it; that it is Ready for Pods, the API server says."""
        socket = Path(f"/proc/{self.pid}/root{files.SOCKET}")
        return None if socket.exists() else "containerd does not listen"

    def prepare(self) -> None:
        self.root.mkdir(exist_ok=True)
        (self.root / "cni").mkdir(exist_ok=True)
        cgroup = self._network.cgroup(self.index)
        kubeconfig = self._plane.kubeconfig
        authority = self._plane.apiserver.pki.authority.certificate
        written = {
            "containerd.toml": files.containerd(self.root, programs.built_path("containerd-shim-runc-v2")),
            "cni/pods.conflist": files.cni(self._network, self.index),
            "kubelet.yaml": files.kubelet(self._network, self.root, authority, cgroup),
            "kube-proxy.yaml": files.kube_proxy(self._network, kubeconfig, self.name),
        }
        for name, text in written.items():
            (self.root / name).write_text(text)
        settings = {
            "root": str(self.root),
            "cgroup": cgroup,
            "address": self.address,
            "host": self._network.host,
            "others": [
                (self._network.pods(other), self._network.node(other))
                for other in range(self._nodes)
                if other != self.index
            ],
            "containerd": [str(programs.built_path("containerd")), f"--config={self.root}/containerd.toml"],
            "kubelet": [
                str(programs.built_path("kubelet")),
                f"--config={self.root}/kubelet.yaml",
                f"--kubeconfig={kubeconfig}",
                f"--hostname-override={self.name}",
                f"--node-ip={self.address}",
                f"--root-dir={self.root}/kubelet",
                f"--cert-dir={self.root}/kubelet-pki",
            ],
            "kube-proxy": [str(programs.built_path("kube-proxy")), f"--config={self.root}/kube-proxy.yaml"],
        }
        (self.root / "node.json").write_text(json.dumps(settings, indent=2))

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}

    def command(self) -> list[str]:
        unshare = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        inside = [sys.executable, "-m", "tests.support.node.inside", str(self.root / "node.json")]
        return [*unshare, "--propagation=private", *inside]

    def start(self) -> None:
        super().start()
        self._network.connect(self.index, self.pid)

    @property
    def pid(self) -> int:
        """The first process of its namespaces, as the host counts."""
        run = self.folder.read_run(self.name)
        assert run is not None, f"{self.name} does not run"
        while not (children := psutil.Process(run.process.pid).children()):
            pass
        return children[0].pid

    def enter(self, *command: str, timeout: float = 300) -> str:
        """Run a command in the node."""
        inside = ["nsenter", f"--target={self.pid}", "--net", "--mount", "--pid"]
        answer = subprocess.run(
            [*inside, *command], capture_output=True, text=True, timeout=timeout, check=False
        )
        assert answer.returncode == 0, f"{command}: {answer.stderr or answer.stdout}"
        return answer.stdout

    def import_images(self, archive: Path) -> None:
        ctr = str(programs.built_path("ctr"))
        self.enter(ctr, f"--address={files.SOCKET}", "--namespace=k8s.io", "images", "import", str(archive))

    def logs(self) -> str:
        """The end of what its three programs said."""
        return "\n".join(
            f"── {path.name}\n" + "\n".join(path.read_text(errors="replace").splitlines()[-15:])
            for path in sorted(self.root.glob("*.log"))
        )

    def _end(self, signum: signal.Signals, grace: float) -> None:
        super()._end(signum, grace)
        shutil.rmtree(self.root / "kubelet", ignore_errors=True)
