"""A real Jaeger, all of it in one process, which keeps what it is sent in memory."""

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.programs import program
from todo_cli.local.processes import ports

READY_TIMEOUT = 60.0  # seconds
LISTENS = (  # every port that it opens, by its flag
    "collector.otlp.http.host-port",
    "collector.otlp.grpc.host-port",
    "collector.http-server.host-port",
    "collector.grpc-server.host-port",
    "query.http-server.host-port",
    "query.grpc-server.host-port",
    "admin.http.host-port",
)


class Jaeger:
    """`program` skips the test where it is not built."""

    def __init__(self, log: Path) -> None:
        binary = program("jaeger")
        taken: set[int] = set()
        for _ in LISTENS:
            taken.add(ports.choose(taken))
        self._ports = dict(zip(LISTENS, sorted(taken), strict=True))
        self._log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [str(binary), *(f"--{flag}=127.0.0.1:{port}" for flag, port in self._ports.items())],
                env=os.environ | {"SPAN_STORAGE_TYPE": "memory"},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def otlp(self) -> str:
        return f"http://127.0.0.1:{self._ports['collector.otlp.http.host-port']}"

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT
        while True:
            assert self._process.poll() is None, self._log.read_text()[-4000:]
            try:
                self._ask("/api/services")
            except OSError:
                assert time.monotonic() < deadline, self._log.read_text()[-4000:]
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        self._process.kill()  # asked to end it takes longer than a test; what it keeps is in memory anyway
        self._process.wait(10)

    def _ask(self, path: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self._ports['query.http-server.host-port']}{path}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def trace(self, id: str) -> list[dict[str, Any]]:
        """The spans of a trace as the page of Jaeger gets them; none where it knows of no such trace."""
        try:
            found = self._ask(f"/api/traces/{id}")["data"]
        except urllib.error.HTTPError:
            return []
        return [
            span | {"service": one["processes"][span["processID"]]["serviceName"]}
            for one in found
            for span in one["spans"]
        ]
