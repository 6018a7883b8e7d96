"""Kubeconfig files, as everything that speaks to the API server reads them."""

import base64
from collections.abc import Mapping
from pathlib import Path

import yaml

from todo_cli.local.folder import write_atomically

NAME = "todotasks"


def cluster_of(server: str, authority: bytes) -> dict[str, object]:
    """The `cluster` block of a kubeconfig."""
    return {"server": server, "certificate-authority-data": base64.b64encode(authority).decode()}


def write(
    path: Path,
    *,
    cluster: Mapping[str, object],
    user: str,
    credentials: Mapping[str, str],
    namespace: str = "default",
) -> None:
    """Write a kubeconfig with one cluster, one user and one context, readable by its owner only.

    `credentials` is the user's block: {"token": …} or {"tokenFile": …}.
    """
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NAME, "cluster": dict(cluster)}],
        "users": [{"name": user, "user": dict(credentials)}],
        "contexts": [{"name": NAME, "context": {"cluster": NAME, "user": user, "namespace": namespace}}],
        "current-context": NAME,
    }
    write_atomically(path, yaml.safe_dump(document, sort_keys=False).encode())
