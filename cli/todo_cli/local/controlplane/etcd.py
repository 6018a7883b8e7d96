"""etcd: where the tasks are, with every write on disk before it is answered (fsync stays on)."""

from todo_cli.local.controlplane.pki import Pki
from todo_cli.local.folder import Folder
from todo_cli.local.processes.ports import LOOPBACK
from todo_cli.local.processes.probe import Http
from todo_cli.local.processes.service import Service

QUOTA_BYTES = 8 * 1024**3  # etcd's own default of 2 GiB is reached by a million tasks


class Etcd(Service):
    name = "etcd"

    def __init__(self, folder: Folder, binary: str, taken: str = "") -> None:
        super().__init__(folder, taken)
        self._binary = binary
        self.pki = Pki(folder.root / "pki")

    @property
    def client_port(self) -> int:
        return self.folder.port("etcd")

    @property
    def peer_port(self) -> int:
        return self.folder.port("etcd-peer")

    @property
    def address(self) -> str:
        return f"https://{LOOPBACK}:{self.client_port}"

    def listens_on(self) -> dict[str, int]:
        return {"etcd": self.client_port, "etcd-peer": self.peer_port}

    def prepare(self) -> None:
        self.pki.ensure()
        (self.folder.root / "etcd").mkdir(exist_ok=True, mode=0o700)

    def command(self) -> list[str]:
        peer = f"https://{LOOPBACK}:{self.peer_port}"
        return [
            self._binary,
            "--name=todotasks",
            f"--data-dir={self.folder.root / 'etcd'}",
            f"--listen-client-urls={self.address}",
            f"--advertise-client-urls={self.address}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=todotasks={peer}",
            *self._certificates("", "client-"),
            *self._certificates("peer-", "peer-client-"),
            f"--quota-backend-bytes={QUOTA_BYTES}",
            "--log-level=warn",
        ]

    @property
    def probe(self) -> Http:
        authority, client = self.pki.etcd_authority.certificate, self.pki.etcd_client
        return Http(f"{self.address}/health", str(authority), (str(client.certificate), str(client.key)))

    def _certificates(self, prefix: str, who: str) -> list[str]:
        """What it shows to others, and what others must show to it."""
        return [
            f"--{prefix}cert-file={self.pki.etcd_serving.certificate}",
            f"--{prefix}key-file={self.pki.etcd_serving.key}",
            f"--{prefix}trusted-ca-file={self.pki.etcd_authority.certificate}",
            f"--{who}cert-auth",
        ]
