"""A mail server that delivers nothing: it stores what it is given, so that a person can look at it."""

import sys
from pathlib import Path
from typing import ClassVar

from todo_cli.local.folder import Folder
from todo_cli.local.processes.ports import LOOPBACK
from todo_cli.local.processes.probe import Tcp
from todo_cli.local.processes.service import Service


class Smtp(Service):
    name = "smtp"
    grace: ClassVar[float] = 5.0

    def __init__(self, folder: Folder, taken: str = "") -> None:
        super().__init__(folder, taken)

    @property
    def port(self) -> int:
        return self.folder.port(self.name)

    @property
    def address(self) -> str:
        return f"smtp://{LOOPBACK}:{self.port}"

    @property
    def mail(self) -> Path:
        return self.folder.root / "mail"

    @property
    def probe(self) -> Tcp:
        return Tcp(LOOPBACK, self.port)

    def listens_on(self) -> dict[str, int]:
        return {self.name: self.port}

    def prepare(self) -> None:
        self.mail.mkdir(exist_ok=True, mode=0o700)

    def command(self) -> list[str]:
        module = "todo_cli.local.backing.smtp_catcher"
        return [sys.executable, "-m", module, f"--port={self.port}", f"--folder={self.mail}"]
