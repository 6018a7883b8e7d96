"""The embedded control plane as Pods need it: reached over the bridge, with a scheduler, more controllers."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.support import programs
from tests.support.node.network import Network
from todo_cli.local.controlplane.apiserver import ApiServer
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.controllers import CONTROLLERS, Controllers
from todo_cli.local.controlplane.etcd import Etcd
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.controlplane.pki import Pki
from todo_cli.local.folder import Folder
from todo_cli.local.processes.probe import Alive
from todo_cli.local.processes.service import Service

WORKLOADS = (
    "root-ca-certificate-publisher-controller",  # every Pod mounts what it publishes
    "deployment-controller",
    "replicaset-controller",
    "statefulset-controller",
    "job-controller",
    "pod-garbage-collector-controller",
    "endpointslice-controller",
    "disruption-controller",
    "horizontal-pod-autoscaler-controller",
    "node-lifecycle-controller",
    "taint-eviction-controller",
)
OURS = "system:serviceaccount:todotasks-system:"
AUDIT_POLICY = {
    "apiVersion": "audit.k8s.io/v1",
    "kind": "Policy",
    "omitStages": ["RequestReceived"],
    "rules": [{"level": "Metadata"}],
}


class NodeApiServer(ApiServer):
    """On the bridge, behind the Service `kubernetes`, with a way to kubelets, and an audit log."""

    def __init__(self, folder: Folder, network: Network, binary: str, *, etcd: str) -> None:
        super().__init__(folder, binary, etcd=etcd)
        self._network = network
        self.pki = Pki(folder.root / "pki", (network.host, network.api_service))

    @property
    def address(self) -> str:
        return f"https://{self._network.host}:{self.port}"

    @property
    def audit_log(self) -> Path:
        return self.folder.root / "audit.log"

    def prepare(self) -> None:
        super().prepare()
        (self.folder.root / "audit-policy.yaml").write_text(yaml.safe_dump(AUDIT_POLICY))

    def command(self) -> list[str]:
        kubelet, front = self.pki.client("kubelet-client"), self.pki.client("front-proxy")
        # What is given twice counts as given last.
        return [
            *super().command(),
            f"--bind-address={self._network.host}",
            f"--advertise-address={self._network.host}",
            "--endpoint-reconciler-type=lease",
            f"--service-cluster-ip-range={self._network.services}",
            f"--kubelet-client-certificate={kubelet.certificate}",
            f"--kubelet-client-key={kubelet.key}",
            "--kubelet-preferred-address-types=InternalIP",
            f"--requestheader-client-ca-file={self.pki.authority.certificate}",
            "--requestheader-allowed-names=front-proxy",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-username-headers=X-Remote-User",
            f"--proxy-client-cert-file={front.certificate}",
            f"--proxy-client-key-file={front.key}",
            f"--audit-policy-file={self.folder.root / 'audit-policy.yaml'}",
            f"--audit-log-path={self.audit_log}",
        ]


class NodeControllers(Controllers):
    def command(self) -> list[str]:
        return [
            *super().command(),
            f"--controllers={','.join((*CONTROLLERS, *WORKLOADS))}",
            f"--root-ca-file={self._apiserver.pki.authority.certificate}",
        ]


class Scheduler(Service):
    name = "kube-scheduler"

    def __init__(self, folder: Folder, apiserver: ApiServer) -> None:
        super().__init__(folder)
        self._apiserver = apiserver

    @property
    def address(self) -> str:
        return ""

    @property
    def probe(self) -> Alive:
        return Alive()

    def command(self) -> list[str]:
        return [
            str(programs.built_path("kube-scheduler")),
            f"--kubeconfig={self._apiserver.kubeconfig}",
            "--leader-elect=false",
            "--secure-port=0",
        ]


class NodePlane:
    """etcd, kube-apiserver, kube-controller-manager and kube-scheduler on the host."""

    def __init__(self, folder: Folder, network: Network, binaries: Binaries) -> None:
        self.etcd = Etcd(folder, str(binaries.etcd.path))
        self.apiserver = NodeApiServer(folder, network, str(binaries.apiserver.path), etcd=self.etcd.address)
        self.etcd.pki = self.apiserver.pki  # whoever starts first makes the certificates of both
        self.controllers = NodeControllers(folder, str(binaries.controllers.path), self.apiserver)
        self.scheduler = Scheduler(folder, self.apiserver)
        self.kubectl = Kubectl(binaries.kubectl.path, self.apiserver.kubeconfig)

    @property
    def kubeconfig(self) -> Path:
        return self.apiserver.kubeconfig

    @property
    def services(self) -> tuple[Service, ...]:
        return (self.etcd, self.apiserver, self.controllers, self.scheduler)

    def start(self) -> None:
        for service in self.services:
            service.start()
            service.wait_ready()

    def audited(self) -> list[dict[str, Any]]:
        """What the API server was asked for, as its audit log says: also what it has put aside as full."""
        log = self.apiserver.audit_log
        files = [*sorted(log.parent.glob(f"{log.stem}-*{log.suffix}")), log]
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]
