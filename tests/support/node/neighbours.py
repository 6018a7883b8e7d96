"""Kafka, PostgreSQL and mail on the host, where Pods reach them: on the bridge, at their usual ports."""

from pathlib import Path

from tests.support.node.network import Network
from todo_cli.local.backing.kafka import Kafka
from todo_cli.local.backing.postgres import DATABASE, Postgres
from todo_cli.local.backing.smtp import Smtp
from todo_cli.local.folder import Folder
from todo_cli.local.processes.probe import Tcp

KAFKA_PORT, POSTGRES_PORT = 9092, 5432  # those that the NetworkPolicies allow


class BridgeKafka(Kafka):
    def __init__(self, folder: Folder, jars: Path, network: Network) -> None:
        super().__init__(folder, jars)
        self._network = network

    @property
    def address(self) -> str:
        return f"{self._network.host}:{KAFKA_PORT}"

    def listens_on(self) -> dict[str, int]:
        return {"kafka-controller": self.controller_port}


class BridgePostgres(Postgres):
    """Over TCP too. Whoever is on this bridge is believed: nobody else is."""

    def __init__(self, folder: Folder, network: Network) -> None:
        super().__init__(folder)
        self._network = network

    @property
    def bridge_url(self) -> str:
        return f"postgresql://postgres@{self._network.host}:{POSTGRES_PORT}/{DATABASE}"

    def prepare(self) -> None:
        super().prepare()
        ranges = (self._network.subnet, self._network.all_pods, self._network.containers)
        allowed = "".join(f"host all all {each} trust\n" for each in ranges)
        rules = self.data / "pg_hba.conf"
        text = rules.read_text()
        if allowed not in text:
            rules.write_text(text + allowed)

    def command(self) -> list[str]:
        options = [f"listen_addresses={self._network.host}", f"port={POSTGRES_PORT}", "max_connections=200"]
        return [*super().command(), *(word for each in options for word in ("-c", each))]


class BridgeSmtp(Smtp):
    def __init__(self, folder: Folder, network: Network) -> None:
        super().__init__(folder)
        self._network = network

    @property
    def address(self) -> str:
        return f"smtp://{self._network.host}:{self.port}"

    @property
    def probe(self) -> Tcp:
        return Tcp(self._network.host, self.port)

    def command(self) -> list[str]:
        return [*super().command(), f"--host={self._network.host}"]
