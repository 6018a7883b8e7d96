"""kubectl in one namespace, with what the tests read from it."""

import json
from typing import Any

import yaml

from tests.integration.crds.cases import Spec
from todo_cli.local.controlplane.kubectl import Kubectl


def document(kind: str, name: str, spec: Spec, labels: dict[str, str] | None = None) -> str:
    metadata = {"name": name, **({"labels": labels} if labels else {})}
    return yaml.safe_dump(
        {"apiVersion": "todotasks.dev/v1", "kind": kind, "metadata": metadata, "spec": spec}
    )


class Namespaced:
    """kubectl in the test's namespace."""

    def __init__(self, kubectl: Kubectl, namespace: str) -> None:
        self.kubectl = kubectl
        self.namespace = namespace

    def __call__(self, *arguments: str, input_text: str | None = None) -> str:
        return self.kubectl("-n", self.namespace, *arguments, input_text=input_text)

    def create(self, kind: str, name: str, spec: Spec, labels: dict[str, str] | None = None) -> None:
        self("create", "-f", "-", input_text=document(kind, name, spec, labels))

    def table(self, *arguments: str) -> list[list[str]]:
        """What `kubectl get` prints, cell by cell: columns are as wide as their longest cell."""
        lines = self("get", *arguments).splitlines()
        starts = [i for i, char in enumerate(lines[0]) if char != " " and (i == 0 or lines[0][i - 1] == " ")]
        ends = [*starts[1:], None]
        return [[line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for line in lines]

    def names(self, *arguments: str) -> list[str]:
        """`kind/name` of what `kubectl get` finds."""
        return sorted(
            line.split(".", 1)[0] + "/" + line.split("/", 1)[1]
            for line in self("get", *arguments, "-o", "name").split()
        )

    def status(self, kind: str, name: str, status: dict[str, Any]) -> None:
        self(
            "patch", kind, name, "--subresource=status", "--type=merge", "-p", json.dumps({"status": status})
        )

    def json(self, *arguments: str) -> Any:
        return json.loads(self("get", *arguments, "-o", "json"))
