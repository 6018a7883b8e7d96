"""The reference of what a write costs: a plain custom resource of the same fields.

The same schema as `crds/todotasks.dev_todotasks.yaml` in a group of its own, without our CEL rules,
selectable fields and policies (those name our group): what anybody's resource of this size costs this API
server, on this machine, now.
"""

import asyncio
import copy
from typing import Any

import yaml

from bench.raw import RawApi, a_task
from todo_cli.local.bundle import bundled

GROUP = "plain.todotasks.dev"
PLAIN = f"/apis/{GROUP}/v1/namespaces/{{namespace}}/todotasks"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


def plain_crd() -> dict[str, Any]:
    """The CRD of TodoTask without what validates it beyond its types."""
    folder = bundled("crds")
    assert folder is not None
    crd = yaml.safe_load((folder / "todotasks.dev_todotasks.yaml").read_text())
    crd["metadata"] = {"name": f"todotasks.{GROUP}"}
    crd["spec"]["group"] = GROUP
    crd["spec"]["names"].update(shortNames=["ptt"], categories=[])
    for version in crd["spec"]["versions"]:
        version.pop("selectableFields", None)
        version["schema"] = _without_rules(version["schema"])
    result: dict[str, Any] = crd
    return result


def _without_rules(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            # Conditions as everybody has them: each of their fields has its own owner.
            key: _without_rules(value)
            for key, value in node.items()
            if key not in {"x-kubernetes-validations", "x-kubernetes-map-type"}
        }
    return [_without_rules(item) for item in node] if isinstance(node, list) else copy.copy(node)


async def install(api: RawApi) -> None:
    """Makes the CRD and returns when the API server serves it."""
    await api.call("POST", CRDS, plain_crd())
    while True:
        try:
            await api.call("GET", PLAIN.format(namespace="default") + "?limit=1")
        except RuntimeError:
            await asyncio.sleep(0.1)
        else:
            return


def a_plain_task(namespace: str, name: str, title: str = "Water the plants") -> dict[str, Any]:
    """The same task as `raw.a_task`, of the plain kind."""
    return {**a_task(namespace, name, title), "apiVersion": f"{GROUP}/v1"}
