"""Where the certificates are kept between two starts and between replicas: a Secret, a folder, or somebody
else's files.

`load` gives what is there and a token; `save` succeeds only if nobody else has saved since, so two replicas
that find the same thing due at the same moment end up with one authority.
"""

import base64
import os
from pathlib import Path
from typing import Any, Protocol

from todo_webhook.tls.material import Material
from todotasks.kube import KubeClient
from todotasks.kube.errors import AlreadyExists, Conflict, NotFound
from todotasks.kube.resources import SECRETS

FILES = {  # of the Secret and of the folder; cert-manager calls three of them the same
    "ca.crt": "bundle",
    "ca.key": "authority_key",
    "ca-previous.key": "previous_key",
    "tls.crt": "certificate",
    "tls.key": "key",
}


class Store(Protocol):
    """See the module."""

    async def load(self) -> tuple[Material | None, str]: ...
    async def save(self, material: Material, token: str) -> bool: ...


class SecretStore:
    """A Secret of our namespace, shared by all replicas."""

    def __init__(self, client: KubeClient, namespace: str, name: str) -> None:
        self._client, self._namespace, self._name = client, namespace, name

    async def load(self) -> tuple[Material | None, str]:
        try:
            found = await self._client.get(SECRETS, self._name, self._namespace)
        except NotFound:
            return None, ""
        data = {key: base64.b64decode(value) for key, value in (found.get("data") or {}).items()}
        return _material(data), found["metadata"]["resourceVersion"]

    async def save(self, material: Material, token: str) -> bool:
        metadata: dict[str, Any] = {"name": self._name, "labels": {"app.kubernetes.io/part-of": "todotasks"}}
        if token:
            metadata["resourceVersion"] = token
        encoded = {name: base64.b64encode(text).decode() for name, text in _data(material).items()}
        body = {"metadata": metadata, "type": "Opaque", "data": encoded}
        try:
            if token:
                await self._client.replace(SECRETS, self._name, body, self._namespace)
            else:
                await self._client.create(SECRETS, body, self._namespace)
        except (AlreadyExists, Conflict, NotFound):
            return False
        return True


class FolderStore:
    """A folder of one process: `todotasks up`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def load(self) -> tuple[Material | None, str]:
        found = {}
        for name in FILES:
            path = self._folder / name
            if path.exists():
                found[name] = path.read_bytes()
        return _material(found), ""

    async def save(self, material: Material, token: str) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, text in _data(material).items():
            path = self._folder / f".{name}"
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(text)
            path.rename(self._folder / name)
        return True


def _material(found: dict[str, bytes]) -> Material | None:
    """None where something is missing: then it is made anew."""
    wanted = {name for name in FILES if name != "ca-previous.key"}
    if not wanted <= found.keys():
        return None
    return Material(**{field: found[name] for name, field in FILES.items() if name in found})


def _data(material: Material) -> dict[str, bytes]:
    return {name: getattr(material, field) for name, field in FILES.items()}
