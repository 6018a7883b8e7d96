"""`todotasks` as a person runs it: the command in a process of its own, its output read as it comes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from todo_cli.local.folder import Folder
from todo_cli.local.processes import process

START_TIMEOUT = 120.0  # seconds; on two busy cores
STOP_TIMEOUT = 90.0  # seconds


class Foreground:
    """`todotasks up` in the foreground."""

    def __init__(self, command: list[str], environ: dict[str, str]) -> None:
        self._child = subprocess.Popen(
            command,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self.lines.append(line.rstrip("\n"))

    def wait_for(self, words: str, timeout: float = START_TIMEOUT) -> None:
        deadline = time.monotonic() + timeout
        while words not in self.output:
            ended = self._child.poll() is not None
            assert not ended, f"it ended before it said {words!r}:\n{self.output}"
            assert time.monotonic() < deadline, f"it did not say {words!r}:\n{self.output}"
            time.sleep(0.05)

    def signal(self, signum: signal.Signals) -> None:
        self._child.send_signal(signum)

    def wait_end(self) -> int:
        code = self._child.wait(STOP_TIMEOUT)
        self._reader.join(10)
        return code


class Todotasks:
    """The command with one data folder."""

    def __init__(self, data_dir: Path, environ: dict[str, str] | None = None) -> None:
        self.data_dir = data_dir
        self.environ = {**os.environ, **(environ or {})}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "todo_cli", *arguments, f"--data-dir={self.data_dir}"]

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=START_TIMEOUT,
            check=False,
        )

    def start(self, *arguments: str) -> Foreground:
        return Foreground(self.command("up", *arguments), self.environ)

    def status(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self("status", "--json").stdout)
        return answer

    def service(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in self.status()["services"] if each["name"] == name)
        return found

    def processes(self) -> dict[str, process.ProcessRecord]:
        """Who runs, by the run files."""
        folder = Folder.existing(self.data_dir)
        runs = folder.running() if folder is not None else {}
        return {name: run.process for name, run in runs.items() if not run.external}

    def kill_everything(self) -> None:
        """SIGKILL to every process of the folder, as a crash of the machine's user session does."""
        everyone = list(self.processes().values())
        everyone += [child for parent in everyone for child in process.descendants(parent)]
        for each in everyone:
            process.send(each, signal.SIGKILL)
        for each in everyone:
            process.wait_gone(each, 10)
