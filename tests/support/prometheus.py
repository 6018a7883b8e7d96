"""A real Prometheus that scrapes what it is told and evaluates our rules."""

import json
import re
import shutil
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from todo_cli.local.processes import ports

EVERY = 2  # seconds between two scrapes, and between two looks at the rules
READY_TIMEOUT = 30.0  # seconds
SHORT_FOR, SHORT_RANGE = "5s", "30s"
SHORT = "short"  # the label `form` of the shortened rules


def shortened(rules: str) -> str:
    """The same conditions, which need not last for minutes: `for:` and the ranges are seconds.

    What is compared with a quarter of an hour ago stays: it fires at once. Thresholds stay, too.
    """
    document = yaml.safe_load(re.sub(r"\[\d+m(:\d+m)?\]", _short_range, rules))
    for group in document["groups"]:
        group["name"] += "-short"
        for rule in group["rules"]:
            rule["labels"]["form"] = SHORT
            if "for" in rule:
                rule["for"] = SHORT_FOR
    return yaml.safe_dump(document, sort_keys=False)


def _short_range(found: re.Match[str]) -> str:
    return f"[{SHORT_RANGE}:{EVERY}s]" if found[1] else f"[{SHORT_RANGE}]"


class Prometheus:
    """`targets`: component to host:port. Evaluates the rules as they are, and shortened beside them."""

    def __init__(self, folder: Path, targets: Mapping[str, str], rules: str) -> None:
        program = shutil.which("prometheus")
        if program is None:
            pytest.skip(
                "no prometheus here: scripts/system-packages --install installs Debian's package of that name"
            )
        folder.mkdir(parents=True)
        self._targets = folder / "targets.json"
        self._write_targets(targets)
        (folder / "rules.yaml").write_text(rules)
        (folder / "rules_short.yaml").write_text(shortened(rules))
        config = {
            "global": {
                "scrape_interval": f"{EVERY}s",
                "scrape_timeout": f"{EVERY}s",
                "evaluation_interval": f"{EVERY}s",
            },
            "rule_files": ["rules.yaml", "rules_short.yaml"],
            "scrape_configs": [
                {
                    "job_name": "todotasks",
                    "file_sd_configs": [{"files": [str(self._targets)], "refresh_interval": "1s"}],
                }
            ],
        }
        (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
        self._log = folder / "prometheus.log"
        self.port = ports.choose()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    program,
                    f"--config.file={folder / 'prometheus.yaml'}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                    "--log.level=warn",
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _write_targets(self, targets: Mapping[str, str]) -> None:
        new = self._targets.with_suffix(".new")
        new.write_text(
            json.dumps([{"targets": [at], "labels": {"part": part}} for part, at in targets.items()])
        )
        new.replace(self._targets)

    def scrape(self, targets: Mapping[str, str]) -> None:
        """From now on these."""
        self._write_targets(targets)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_TIMEOUT
        while True:
            assert self._process.poll() is None, self._log.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5):
                    return
            except OSError:
                assert time.monotonic() < deadline, self._log.read_text()
                time.sleep(0.1)

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The series of an instant query; fails on an expression that is none."""
        asked = urllib.parse.urlencode({"query": expression})
        url = f"http://127.0.0.1:{self.port}/api/v1/query?{asked}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}: {error.read().decode()}") from None
        result: list[dict[str, Any]] = found["data"]["result"]
        return result

    def firing(self, form: str = SHORT) -> set[str]:
        """The alerts that fire now."""
        found = self.query(f'ALERTS{{alertstate="firing",form="{form}"}}')
        return {one["metric"]["alertname"] for one in found}

    def fired(self, within: float, form: str = SHORT) -> set[str]:
        """The alerts that fired at some time in the last seconds. `form=""`: of the rules as they are."""
        found = self.query(
            f'count_over_time(ALERTS{{alertstate="firing",form="{form}"}}[{max(1, round(within))}s])'
        )
        return {one["metric"]["alertname"] for one in found}

    def wait_firing(self, names: set[str], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not names <= (firing := self.firing()):
            assert time.monotonic() < deadline, f"{names - firing} do not fire; {firing} do"
            time.sleep(0.5)

    def wait_quiet(self, names: set[str], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while names & (firing := self.firing()):
            assert time.monotonic() < deadline, f"{names & firing} still fire"
            time.sleep(0.5)

    def wait_for(self, expression: str, timeout: float) -> None:
        """Until the expression has a series."""
        deadline = time.monotonic() + timeout
        while not self.query(expression):
            assert time.monotonic() < deadline, f"nothing: {expression}"
            time.sleep(0.5)
