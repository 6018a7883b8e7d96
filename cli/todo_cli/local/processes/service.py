"""What every process on this machine has in common: start, get ready, be watched, stop, be killed.

A service belongs to a folder and is recognised there by its run file, so that another process (a test,
`todotasks down`, the next `up` after a crash) can stop or kill what this one started.
"""

import os
import signal
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from todo_cli.local.errors import ServiceFailed
from todo_cli.local.folder import Folder, RunFile
from todo_cli.local.processes import ports, process
from todo_cli.local.processes.probe import Probe

TAIL_LINES = 12
POLL = 0.05  # seconds between two looks whether a service is ready


class Service(ABC):
    """One process. Subclasses say how it is started and how one sees that it is ready."""

    name: str  # of its run file, its log, in `status`
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    grace: ClassVar[float] = 20.0  # seconds between the stop signal and SIGKILL
    ready_timeout: ClassVar[float] = 60.0

    def __init__(self, folder: Folder, taken: str = "") -> None:
        self.folder = folder
        self.taken = taken
        self._log_start = 0
        self._started: process.ProcessRecord | None = None

    # ── what a subclass says ─────────────────────────────────────────────────────────────────────
    @abstractmethod
    def command(self) -> list[str]:
        """The command line."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is reached."""

    @property
    @abstractmethod
    def probe(self) -> Probe:
        """How one sees that it serves."""

    def listens_on(self) -> dict[str, int]:
        """Its ports by the names that the folder has for them; they are checked before the start."""
        return {}

    def prepare(self) -> None:  # noqa: B027  most need nothing
        """Make the files that the process needs. Called before each start, changes nothing twice."""

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def on_ready(self) -> None:  # noqa: B027  most need nothing
        """What is to be done each time it has become ready."""

    # ── what is the same for all ─────────────────────────────────────────────────────────────────
    @property
    def log(self) -> Path:
        return self.folder.log(self.name)

    @property
    def alive(self) -> bool:
        return self.folder.read_run(self.name) is not None

    def start(self) -> None:
        """Start the process and return at once; `wait_ready` waits."""
        if self.alive:
            return
        for name, port in self.listens_on().items():
            # An old server that still ends would answer for the new one: the check must come first.
            remedy = f"Stop it, or give this run another port: `todotasks up --port {name}=<number>`."
            ports.require_free(port, self.name, remedy)
        self.prepare()
        self.folder.rotate_log(self.name)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        started = self.spawn()
        # If we crash here, the process runs without a run file: the next start then finds its port
        # taken and names the process.
        self.record(started)
        self._started = started

    def record(self, started: process.ProcessRecord) -> None:
        """Write the run file, by which every other process finds this service."""
        run = RunFile(started, self.address, self.taken, self.probe, self.stop_signal)
        self.folder.write_run(self.name, run)

    def spawn(self) -> process.ProcessRecord:
        return process.launch(
            self.command(), environment=self.environment(), cwd=self.folder.root, log=self.log
        )

    def wait_ready(self, timeout: float | None = None) -> None:
        limit = self.ready_timeout if timeout is None else timeout
        deadline = time.monotonic() + limit
        while True:
            # First the process, then the answer: whoever else listens there must not answer for it.
            if not self.alive:
                raise ServiceFailed(f"{self.name} ended while it was starting.", self.log, self.tail())
            missing = self.not_ready()
            if missing is None:
                self.on_ready()
                return
            if time.monotonic() > deadline:
                raise ServiceFailed(
                    f"{self.name} was not ready after {limit:.0f} s: {missing}.", self.log, self.tail()
                )
            time.sleep(POLL)

    def not_ready(self) -> str | None:
        """None when it serves; else what is missing."""
        return self.probe.missing()

    def how_it_ended(self) -> str:
        """In words, for a process that was started by this one."""
        return "ended" if self._started is None else process.how_it_ended(self._started)

    def tail(self) -> str:
        """The end of what it logged since its last start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            text = file.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-TAIL_LINES:])

    def stop(self) -> None:
        self._end(self.stop_signal, self.grace)

    def kill(self) -> None:
        """SIGKILL, as a crash would end it."""
        self._end(signal.SIGKILL, 10.0)

    def _end(self, signum: signal.Signals, grace: float) -> None:
        run = self.folder.read_run(self.name)
        if run is not None:
            process.stop(run.process, signum, grace)
        self.folder.clear_run(self.name)
