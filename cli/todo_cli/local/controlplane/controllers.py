"""kube-controller-manager with the few controllers that a to-do list needs: no nodes, no pods.

Garbage collection (children of a deleted task), namespaces, ServiceAccounts, aggregated roles,
admission policy status, quotas. It must start after our CRDs are there: it looks for new kinds only
every 30 seconds, and until then a deleted rule's tasks would stay.
"""

from todo_cli.local.controlplane.apiserver import ApiServer
from todo_cli.local.folder import Folder
from todo_cli.local.processes.probe import Alive
from todo_cli.local.processes.service import Service

USER = "system:kube-controller-manager"
CONTROLLERS = (
    "garbage-collector-controller",
    "namespace-controller",
    "serviceaccount-controller",
    "clusterrole-aggregation-controller",
    "validatingadmissionpolicy-status-controller",
    "resourcequota-controller",
)


class Controllers(Service):
    name = "kube-controller-manager"

    def __init__(self, folder: Folder, binary: str, apiserver: ApiServer, taken: str = "") -> None:
        super().__init__(folder, taken)
        self._binary = binary
        self._apiserver = apiserver

    @property
    def address(self) -> str:
        return ""

    def prepare(self) -> None:
        self._apiserver.write_kubeconfig(self.folder.root / "pki" / "controllers.kubeconfig", USER)

    def command(self) -> list[str]:
        return [
            self._binary,
            f"--kubeconfig={self.folder.root / 'pki' / 'controllers.kubeconfig'}",
            f"--controllers={','.join(CONTROLLERS)}",
            "--leader-elect=false",
            "--secure-port=0",
            "--use-service-account-credentials=false",
        ]

    @property
    def probe(self) -> Alive:
        # It serves nothing. That it works shows in the ServiceAccount of each new namespace.
        return Alive()
