"""How a conversation is held and checked: what is said, what is there afterwards, what the commands do."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.support.api import api_of
from tests.support.gateway import RunningGateway
from todo_cli.local.controlplane.kubectl import Kubectl

CASES = yaml.safe_load((Path(__file__).parent / "cases.yaml").read_text())
PLURALS = ("todotasks", "recurrencerules", "reminders")
KINDS = {"TodoTask": "tasks", "RecurrenceRule": "rules", "Reminder": "reminders"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "tasks": {"completed": False, "priority": "Medium"},
    "rules": {
        "basis": "Schedule",
        "concurrencyPolicy": "Allow",
        "missedPolicy": "Latest",
        "suspend": False,
        "historyLimit": 3,
    },
    "reminders": {"suspend": False},
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLACE = re.compile(r"\{([a-z]+|\+\d+)\}")


def late_morning_zone() -> str:
    """A zone in which it is about eleven: no date changes while a test runs, and 3pm is yet to come."""
    offset = 11 - datetime.now(UTC).hour
    offset = offset if offset > -13 else offset + 24
    # POSIX signs: Etc/GMT-3 is three hours ahead of Greenwich.
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/GMT"


@dataclass(frozen=True)
class Calendar:
    zone: str

    @property
    def today(self) -> date:
        return datetime.now(ZoneInfo(self.zone)).date()

    def fill(self, value: Any) -> Any:
        """The value with its dates."""
        if isinstance(value, str):
            return PLACE.sub(lambda found: self._said(found[1]), value)
        if isinstance(value, list):
            return [self.fill(each) for each in value]
        if isinstance(value, dict):
            return {key: self.fill(each) for key, each in value.items()}
        return value

    def _said(self, word: str) -> str:
        if word == "zone":
            return self.zone
        if word in WEEKDAYS:
            ahead = (WEEKDAYS.index(word) - self.today.weekday()) % 7
            return (self.today + timedelta(days=ahead or 7)).isoformat()
        days = {"today": 0, "tomorrow": 1}.get(word)
        return (self.today + timedelta(days=int(word) if days is None else days)).isoformat()


@dataclass(frozen=True)
class Talk:
    """One conversation of one person in one namespace."""

    gateway: RunningGateway
    token: str
    namespace: str
    conversation: str
    zone: str

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        body = {
            "text": text,
            "namespace": self.namespace,
            "timeZone": self.zone,
            "conversation": self.conversation,
            **more,
        }
        async with self.gateway("POST", "/v1/chat", self.token, json=body) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "application/json"
            said: dict[str, Any] = await answer.json()
            return said


def what_is_there(kubectl: Kubectl, namespace: str) -> dict[str, dict[str, Any]]:
    """{"tasks": {name: spec}, …} as it is stored, without what the API fills in."""
    api = api_of(kubectl.kubeconfig)
    listed = [item for plural in PLURALS for item in api.list_(plural, namespace)]
    found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS.values()}
    for item in listed:
        kind = KINDS[item["kind"]]
        found[kind][item["metadata"]["name"]] = plain(kind, item["spec"])
    return found


def plain(kind: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in spec.items() if DEFAULTS[kind].get(key, ...) != value}
    if kind == "rules":
        kept["template"] = {**kept["template"], "spec": plain("tasks", kept["template"]["spec"])}
    return kept


def run_in(namespace: str, command: str, instead_of: str, kubeconfig: Path, kubectl: Path) -> None:
    """Run a command that a reply has printed, as it stands but for the namespace."""
    assert instead_of in command
    elsewhere = command.replace(f"namespace: {instead_of}\n", f"namespace: {namespace}\n").replace(
        f" -n {instead_of}", f" -n {namespace}"
    )
    environ = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    environ["PATH"] = f"{kubectl.parent}{os.pathsep}{environ['PATH']}"
    answer = subprocess.run(
        ["bash", "-c", elsewhere], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert answer.returncode == 0, f"{elsewhere}\n{answer.stderr}"
