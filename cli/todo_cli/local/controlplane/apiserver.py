"""kube-apiserver: the whole of it, with RBAC, its own ServiceAccount keys and a first administrator.

Nothing of it is switched off: an API server without networking, discovery or node APIs never gets
ready. Its data is in etcd; in the folder it keeps keys and certificates only.
"""

from pathlib import Path
from typing import ClassVar

from todo_cli.local.controlplane import kubeconfig
from todo_cli.local.controlplane.pki import Pki
from todo_cli.local.folder import Folder
from todo_cli.local.processes.ports import LOOPBACK
from todo_cli.local.processes.probe import Http
from todo_cli.local.processes.service import Service

PREFERRED_PORT = 6443
ISSUER = "https://kubernetes.default.svc.cluster.local"
ADMINISTRATOR = "todotasks-admin"


class ApiServer(Service):
    name = "kube-apiserver"
    grace: ClassVar[float] = 30.0

    def __init__(
        self, folder: Folder, binary: str, *, etcd: str, taken: str = "", preferred_port: int | None = None
    ) -> None:
        super().__init__(folder, taken)
        self._binary = binary
        self._etcd = etcd
        self._preferred_port = preferred_port
        self.pki = Pki(folder.root / "pki")

    @property
    def port(self) -> int:
        return self.folder.port(self.name, self._preferred_port)

    @property
    def address(self) -> str:
        return f"https://{LOOPBACK}:{self.port}"

    @property
    def kubeconfig(self) -> Path:
        return self.folder.root / "kubeconfig"

    def listens_on(self) -> dict[str, int]:
        return {self.name: self.port}

    def prepare(self) -> None:
        self.pki.ensure()
        self.write_kubeconfig(self.kubeconfig, ADMINISTRATOR)

    def write_kubeconfig(self, path: Path, user: str) -> None:
        """A kubeconfig for one of the users of the token file."""
        kubeconfig.write(
            path,
            cluster=kubeconfig.cluster_of(self.address, self.pki.authority.certificate.read_bytes()),
            user=user,
            credentials={"token": self.pki.token_of(user)},
        )

    def command(self) -> list[str]:
        return [
            self._binary,
            f"--etcd-servers={self._etcd}",
            f"--etcd-cafile={self.pki.etcd_authority.certificate}",
            f"--etcd-certfile={self.pki.etcd_client.certificate}",
            f"--etcd-keyfile={self.pki.etcd_client.key}",
            f"--bind-address={LOOPBACK}",
            f"--secure-port={self.port}",
            # Else it looks for the machine's outer address, and ends where there is no network.
            f"--advertise-address={LOOPBACK}",
            "--endpoint-reconciler-type=none",
            f"--cert-dir={self.pki.folder}",
            f"--tls-cert-file={self.pki.serving.certificate}",
            f"--tls-private-key-file={self.pki.serving.key}",
            f"--service-account-issuer={ISSUER}",
            f"--service-account-key-file={self.pki.account_public}",
            f"--service-account-signing-key-file={self.pki.account_key}",
            f"--token-auth-file={self.pki.tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--profiling=false",
        ]

    @property
    def probe(self) -> Http:
        return Http(f"{self.address}/readyz", str(self.pki.authority.certificate))
