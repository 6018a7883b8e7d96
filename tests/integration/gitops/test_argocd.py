"""Argo CD's health of our kinds: the script, run by a Lua as Argo CD would."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ARGOCD = Path(__file__).parents[3] / "manifests" / "gitops" / "argocd"
LUA = next((found for name in ("lua5.1", "lua5.4", "lua") if (found := shutil.which(name))), None)
SCRIPT = (ARGOCD / "health.lua").read_text()


def as_lua(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"[{json.dumps(key)}] = {as_lua(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(as_lua(item) for item in value) + "}"
    return json.dumps(value) if value is not None else "nil"


def health(status: dict[str, Any] | None, generation: int = 2) -> tuple[str, str]:
    """What Argo CD would show: `obj` is a global there, and the script's value is a table."""
    if LUA is None:
        pytest.skip("there is no Lua (on Debian: apt install lua5.1)")
    obj = {"metadata": {"generation": generation}, "status": status}
    program = (
        f"obj = {as_lua(obj)}\nlocal function check()\n{SCRIPT}\nend\n"
        "local hs = check()\nio.write(hs.status, '\\n', hs.message or '')\n"
    )
    done = subprocess.run([LUA, "-"], input=program, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    found, _, message = done.stdout.partition("\n")
    return found, message


def conditions(*, seen: int = 2, **said: str) -> dict[str, Any]:
    made = [
        {"type": kind, "status": status, "reason": "Because", "message": f"{kind} is {status}"}
        for kind, status in said.items()
    ]
    return {"observedGeneration": seen, "conditions": made}


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        (None, "Progressing"),
        ({"observedGeneration": -1}, "Progressing"),
        (conditions(seen=1, Ready="True"), "Progressing"),
        (conditions(), "Progressing"),
        (conditions(Ready="True", Completed="False", Overdue="True"), "Healthy"),
        (conditions(Ready="True", Suspended="False"), "Healthy"),
        (conditions(Ready="True", Suspended="True"), "Suspended"),
        (conditions(Ready="False"), "Degraded"),
        (conditions(Ready="False", Stalled="True"), "Degraded"),
        (conditions(Ready="True", Stalled="False"), "Healthy"),
    ],
)
def test_the_health_that_argo_cd_shows(status: dict[str, Any] | None, shown: str) -> None:
    assert health(status)[0] == shown


def test_a_stalled_rule_says_why() -> None:
    assert health(conditions(Ready="False", Stalled="True")) == ("Degraded", "Stalled is True")


def test_the_configmap_has_the_script_for_all_our_kinds() -> None:
    config = yaml.safe_load((ARGOCD / "argocd-cm.yaml").read_text())["data"]["resource.customizations"]
    assert yaml.safe_load(config) == {"todotasks.dev/*": {"health.lua": SCRIPT}}
