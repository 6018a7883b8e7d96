"""librdkafka's built-in broker: for a machine without Java, and only to look around.

It is what librdkafka's own tests use. It keeps its messages in the memory of one process, some five
megabytes a partition, and knows no fencing; what a Kafka promises, it does not. It chooses its own port
at each start, so the parts are restarted when it is.
"""

import sys
from pathlib import Path
from typing import ClassVar

from todo_cli.local.folder import Folder
from todo_cli.local.processes.probe import Kafka
from todo_cli.local.processes.service import Service

NOTICE = (
    "librdkafka's built-in broker, a stand-in and not a Kafka: no event outlives a stop, about 5 MB are kept "
    "per partition, and nothing is fenced. Tasks and PostgreSQL are not touched by that"
)


class BuiltinKafka(Service):
    name = "kafka"
    grace: ClassVar[float] = 5.0

    def __init__(self, folder: Folder, taken: str = "") -> None:
        super().__init__(folder, taken)

    @property
    def _address_file(self) -> Path:
        return self.folder.root / "run" / "kafka.address"

    @property
    def address(self) -> str:
        try:
            return self._address_file.read_text()
        except FileNotFoundError:
            return ""

    @property
    def probe(self) -> Kafka:
        return Kafka({"bootstrap.servers": self.address})

    def not_ready(self) -> str | None:
        return self.probe.missing() if self.address else "it has not said its address yet"

    def prepare(self) -> None:
        self._address_file.unlink(missing_ok=True)

    def command(self) -> list[str]:
        module = "todo_cli.local.backing.builtin_broker"
        return [sys.executable, "-m", module, f"--address-file={self._address_file}"]

    def on_ready(self) -> None:
        # Only now is the address known that the run file is to say.
        run = self.folder.read_run(self.name)
        if run is not None:
            self.record(run.process)
