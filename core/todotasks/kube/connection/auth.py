"""The credentials of one client while it runs: what may change is read again when it is due.

A projected ServiceAccount token is replaced in its file about once an hour; an exec plugin's answer
says when it expires. Both are read at most once at a time, and once more when the API server says 401.
"""

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from todotasks.kube.connection.config import ExecPlugin, KubeConfig
from todotasks.kube.errors import KubeConfigError

TOKEN_FILE_AGE = 10.0  # seconds after which the file is looked at again; reading it takes 20 µs
EXPIRY_MARGIN = 10.0  # seconds before its expiry at which a credential counts as expired
EXEC_TIMEOUT = 60.0  # seconds that a plugin may take: some ask the person in a browser


class Credential(NamedTuple):
    """What a request carries. The certificate matters only when the connection is made."""

    authorization: str | None = None
    certificate: bytes | None = None
    key: bytes | None = None
    expires_at: float | None = None  # unix seconds


class _ExecStatus(msgspec.Struct, rename="camel"):
    token: str | None = None
    expiration_timestamp: datetime | None = None
    client_certificate_data: str | None = None
    client_key_data: str | None = None


class _ExecCredential(msgspec.Struct, rename="camel"):
    api_version: str = ""
    kind: str = ""
    status: _ExecStatus | None = None


class Credentials:
    """`current()` before every request, `reload()` after a 401."""

    def __init__(self, config: KubeConfig, *, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._clock = clock
        self._lock = asyncio.Lock()
        self._cached: Credential | None = None
        self._read_at = 0.0
        self._fixed = config.token_file is None and config.exec is None

    @property
    def can_change(self) -> bool:
        """Whether a 401 may be healed by asking again."""
        return not self._fixed

    async def current(self) -> Credential:
        if self._cached is not None and self._is_fresh(self._cached):
            return self._cached
        async with self._lock:
            if self._cached is None or not self._is_fresh(self._cached):
                self._cached = await self._read()
                self._read_at = self._clock()
            return self._cached

    async def reload(self, refused: Credential) -> Credential:
        """The credential after `refused` was refused. Many requests may fail at once; one asks again."""
        async with self._lock:
            if self._cached is refused:
                self._cached = await self._read()
                self._read_at = self._clock()
        return await self.current()

    def _is_fresh(self, credential: Credential) -> bool:
        if self._fixed:
            return True
        now = self._clock()
        if self._config.exec is None:
            return 0 <= now - self._read_at < TOKEN_FILE_AGE
        return credential.expires_at is None or now < credential.expires_at - EXPIRY_MARGIN

    async def _read(self) -> Credential:
        config = self._config
        certificate, key = config.client_cert_data, config.client_key_data
        if config.token_file is not None:
            token = await asyncio.to_thread(_read_token, config.token_file)
            return Credential(f"Bearer {token}", certificate, key)
        if config.exec is not None:
            return await _run_plugin(config.exec, config)
        if config.token is not None:
            return Credential(f"Bearer {config.token}", certificate, key)
        if config.username is not None:
            pair = f"{config.username}:{config.password or ''}".encode()
            return Credential(f"Basic {base64.b64encode(pair).decode()}", certificate, key)
        return Credential(None, certificate, key)


def _read_token(path: str) -> str:
    try:
        token = Path(path).read_text().strip()
    except OSError as error:
        raise KubeConfigError(f"the token file cannot be read: {error}") from error
    if not token:
        raise KubeConfigError(f"the token file {path} is empty")
    return token


async def _run_plugin(plugin: ExecPlugin, config: KubeConfig) -> Credential:
    """Run the plugin as kubectl does: it reads KUBERNETES_EXEC_INFO and answers on stdout."""
    environment = {**os.environ, **dict(plugin.env)}
    environment["KUBERNETES_EXEC_INFO"] = json.dumps(_exec_info(plugin, config))
    try:
        process = await asyncio.create_subprocess_exec(
            plugin.command,
            *plugin.args,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        hint = f". {plugin.install_hint}" if plugin.install_hint else ""
        raise KubeConfigError(f"the exec plugin {plugin.command!r} cannot be run: {error}{hint}") from error
    try:
        async with asyncio.timeout(EXEC_TIMEOUT):
            output, complaint = await process.communicate()
    except TimeoutError as error:
        raise KubeConfigError(
            f"the exec plugin {plugin.command!r} gave no answer within {EXEC_TIMEOUT:.0f} s"
        ) from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        said = complaint.decode("utf-8", "replace").strip()[-500:]
        raise KubeConfigError(f"the exec plugin {plugin.command!r} ended with {process.returncode}: {said}")
    return _credential_from(output, plugin)


def _credential_from(output: bytes, plugin: ExecPlugin) -> Credential:
    # Its output holds a secret, so no message of ours quotes it.
    try:
        answer = msgspec.json.decode(output, type=_ExecCredential)
    except msgspec.DecodeError as error:
        raise KubeConfigError(
            f"the exec plugin {plugin.command!r} printed no ExecCredential: {error}"
        ) from None
    if answer.kind != "ExecCredential" or answer.api_version != plugin.api_version:
        raise KubeConfigError(
            f"the exec plugin {plugin.command!r} should print an ExecCredential of {plugin.api_version}, "
            f"got {answer.kind!r} of {answer.api_version!r}"
        )
    status = answer.status
    if status is None or not (status.token or (status.client_certificate_data and status.client_key_data)):
        raise KubeConfigError(
            f"the exec plugin {plugin.command!r} gave neither status.token nor "
            "status.clientCertificateData with status.clientKeyData"
        )
    expiry = status.expiration_timestamp
    if expiry is not None and expiry.tzinfo is None:
        expiry = expiry.replace(tzinfo=UTC)
    return Credential(
        f"Bearer {status.token}" if status.token else None,
        status.client_certificate_data.encode() if status.client_certificate_data else None,
        status.client_key_data.encode() if status.client_key_data else None,
        expiry.timestamp() if expiry else None,
    )


def _exec_info(plugin: ExecPlugin, config: KubeConfig) -> dict[str, object]:
    spec: dict[str, object] = {"interactive": False}
    if plugin.provide_cluster_info:
        cluster: dict[str, object] = {"server": config.server}
        if config.ca_data is not None:
            cluster["certificate-authority-data"] = base64.b64encode(config.ca_data).decode()
        if config.insecure:
            cluster["insecure-skip-tls-verify"] = True
        if config.tls_server_name:
            cluster["tls-server-name"] = config.tls_server_name
        spec["cluster"] = cluster
    return {"apiVersion": plugin.api_version, "kind": "ExecCredential", "spec": spec}
