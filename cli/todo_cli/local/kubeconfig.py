"""Kubeconfig files, as everything that speaks to the API server reads them."""

import base64
from pathlib import Path
from typing import Any

import yaml

from todo_cli.local.folder import write_atomically

NAME = "todotasks"


def write(
    path: Path,
    *,
    server: str,
    authority: bytes,
    user: str,
    token: str | None = None,
    token_file: Path | None = None,
    namespace: str = "default",
) -> None:
    """Write a kubeconfig with one cluster, one user and one context, readable by its owner only."""
    credentials: dict[str, str] = {}
    if token is not None:
        credentials["token"] = token
    if token_file is not None:
        credentials["tokenFile"] = str(token_file)
    cluster = {"server": server, "certificate-authority-data": base64.b64encode(authority).decode()}
    document: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NAME, "cluster": cluster}],
        "users": [{"name": user, "user": credentials}],
        "contexts": [
            {"name": NAME, "context": {"cluster": NAME, "user": user, "namespace": namespace}},
        ],
        "current-context": NAME,
    }
    write_atomically(path, yaml.safe_dump(document, sort_keys=False).encode())
