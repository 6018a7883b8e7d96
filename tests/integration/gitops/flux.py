"""Flux beside the API server: the real kustomize-controller, and an archive in place of source-controller."""

import asyncio
import hashlib
import http.server
import io
import os
import subprocess
import tarfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import yaml

from tests.support.plane import Plane
from tests.support.programs import file_beside, program
from todo_cli.local.controlplane import kubeconfig
from todo_cli.local.processes.ports import choose
from todotasks.kube import KubeClient
from todotasks.kube.resources import Resource

PROGRAM = "kustomize-controller"
CRDS = (
    "source.toolkit.fluxcd.io_gitrepositories.yaml",
    "source.toolkit.fluxcd.io_buckets.yaml",
    "source.toolkit.fluxcd.io_ocirepositories.yaml",
    "kustomize.toolkit.fluxcd.io_kustomizations.yaml",
)
NAMESPACE = "flux-system"
ACCOUNT = "kustomize-controller"
GITREPOSITORIES = Resource("source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository")
KUSTOMIZATIONS = Resource("kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization")
ASKED = "reconcile.fluxcd.io/requestedAt"
PATIENCE = 90.0  # seconds for one reconciliation, health checks included


class Archives(http.server.ThreadingHTTPServer):
    """Serves what is put into it by name, as source-controller does."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        files = self.files

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = files.get(self.path.lstrip("/"))
                self.send_response(200 if content is not None else 404)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                self.wfile.write(content or b"")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def packed(files: Mapping[str, bytes]) -> bytes:
    """The same files, the same archive."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o644
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


class Flux:
    """`start()`, `commit(files)`, `reconciled()`; `told` is every Ready condition that was seen meanwhile."""

    def __init__(self, plane: Plane, kube: KubeClient, folder: Path) -> None:
        self._plane, self._kube, self._folder = plane, kube, folder
        self._archives = Archives()
        self._commits = 0
        self._asked = 0
        self._watching: asyncio.Task[None] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.log = folder / "kustomize-controller.log"
        self.told: list[tuple[str, str, str]] = []  # status, reason, message

    async def start(self) -> None:
        for name in CRDS:
            self._plane.kubectl("apply", "--server-side", "-f", str(file_beside(PROGRAM, name)))
        for name in CRDS:
            self._plane.kubectl(
                "wait", "--for=condition=Established", "--timeout=30s", "-f", str(file_beside(PROGRAM, name))
            )
        self._plane.api.create_namespace(NAMESPACE)
        self._plane.api.create_account(NAMESPACE, ACCOUNT)
        self._plane.kubectl(
            "create", "clusterrolebinding", "flux", "--clusterrole=cluster-admin",
            f"--serviceaccount={NAMESPACE}:{ACCOUNT}",
        )  # fmt: skip
        config = self._folder / "flux.kubeconfig"
        kubeconfig.write(
            config,
            cluster=self._plane.kubectl.cluster(),
            user=ACCOUNT,
            credentials={"token": self._plane.api.token(NAMESPACE, ACCOUNT, 7200)},
            namespace=NAMESPACE,
        )
        health, metrics = choose(), choose()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(program(PROGRAM)), "--enable-leader-election=false", "--events-addr=",
                    f"--health-addr=127.0.0.1:{health}", f"--metrics-addr=127.0.0.1:{metrics}",
                ],
                env={**os.environ, "KUBECONFIG": str(config), "RUNTIME_NAMESPACE": NAMESPACE},
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    async def follow(self, samples: Path) -> None:
        """Apply the samples of `manifests/gitops/flux`, and watch what becomes of them."""
        for name in ("source.yaml", "chores.yaml"):
            document = yaml.safe_load((samples / name).read_text())
            resource = GITREPOSITORIES if document["kind"] == "GitRepository" else KUSTOMIZATIONS
            await self._kube.create(resource, document, NAMESPACE)
        self._watching = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        lines = self._kube.watch_lines(KUSTOMIZATIONS, NAMESPACE, silence=600)
        async for line in lines:
            status = msgspec.json.decode(line)["object"].get("status") or {}
            for condition in status.get("conditions") or ():
                seen = (condition["status"], condition["reason"], condition.get("message", ""))
                if condition["type"] == "Ready" and (not self.told or self.told[-1] != seen):
                    self.told.append(seen)

    async def commit(self, files: Mapping[str, bytes]) -> str:
        """As source-controller does after a fetch: the archive, and where it is. Returns the revision."""
        self._commits += 1
        revision = f"main@sha1:{hashlib.sha1(str(self._commits).encode()).hexdigest()}"
        content, name = packed(files), f"{self._commits}.tar.gz"
        self._archives.files[name] = content
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        ready = {
            "type": "Ready", "status": "True", "reason": "Succeeded", "message": f"stored {revision}",
            "lastTransitionTime": now, "observedGeneration": 1,
        }  # fmt: skip
        artifact = {
            "digest": f"sha256:{hashlib.sha256(content).hexdigest()}", "lastUpdateTime": now, "path": name,
            "revision": revision, "size": len(content),
            "url": f"http://127.0.0.1:{self._archives.server_port}/{quote(name)}",
        }  # fmt: skip
        status = {"conditions": [ready], "observedGeneration": 1, "artifact": artifact}
        await self._kube.patch(GITREPOSITORIES, "chores", {"status": status}, NAMESPACE, subresource="status")
        return revision

    async def reconciled(self, revision: str | None = None) -> dict[str, Any]:
        """Ask for a reconciliation, as `flux reconcile` does, and wait until it was done. Its status."""
        self._asked += 1
        asked = f"asked-{self._asked}"
        await self._kube.patch(
            KUSTOMIZATIONS, "chores", {"metadata": {"annotations": {ASKED: asked}}}, NAMESPACE
        )
        until = time.monotonic() + PATIENCE
        while True:
            found: dict[str, Any] = await self._kube.get(KUSTOMIZATIONS, "chores", NAMESPACE)
            status: dict[str, Any] = found.get("status") or {}
            ready = next((c for c in status.get("conditions") or () if c["type"] == "Ready"), None)
            over = ready is not None and ready["status"] != "Unknown"
            if over and status.get("lastHandledReconcileAt") == asked:
                if ready is not None and ready["status"] == "False":
                    return status
                if revision is None or status.get("lastAppliedRevision") == revision:
                    return status
            assert self._process is not None
            assert self._process.poll() is None, self.tail()
            assert time.monotonic() < until, f"not reconciled in {PATIENCE:g} s: {status}\n{self.tail()}"
            await asyncio.sleep(0.1)

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
        self._archives.shutdown()
