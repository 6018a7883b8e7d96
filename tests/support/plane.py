"""The control plane as tests see it: where it is, and what one can do to it."""

import base64
import http.client
import json
import subprocess
from pathlib import Path

import pytest

from tests.support.api import KINDS, Api, Refused, api_of, ours
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.controlplane.plane import ControlPlane
from todo_cli.local.processes.service import Service

FEW = 50  # objects, which are deleted one by one while a test ends


class Plane:
    """A running control plane. `local` is the embedded one; a real kind cluster has none."""

    def __init__(self, kubeconfig: Path, kubectl: Kubectl, local: ControlPlane | None) -> None:
        self.kubeconfig = kubeconfig
        self.kubectl = kubectl
        self._local = local

    @property
    def local(self) -> ControlPlane:
        """The embedded control plane; skips the test where the cluster is a real kind cluster."""
        if self._local is None:
            pytest.skip("needs the embedded control plane: this cluster is a kind cluster in Docker")
        return self._local

    @property
    def api(self) -> Api:
        """As administrator, without a kubectl process."""
        return api_of(self.kubeconfig)

    @property
    def etcd_client_url(self) -> str:
        return self.local.etcd.address

    def kill_apiserver(self) -> None:
        self.local.apiserver.kill()

    def start_apiserver(self) -> None:
        _start(self.local.apiserver)

    def restart_apiserver(self) -> None:
        """SIGKILL and start: what a watch loses is lost the hard way."""
        self.kill_apiserver()
        self.start_apiserver()

    def kill_etcd(self) -> None:
        self.local.etcd.kill()

    def start_etcd(self) -> None:
        _start(self.local.etcd)

    def heal(self) -> None:
        """Start again what a test killed and, failing half-way, left down: the next test is innocent."""
        if self._local is not None:
            for service in self._local.services:
                if not service.alive:
                    _start(service)

    def leave_namespace(self, name: str) -> None:
        """Take what is of our kinds out of a test's namespace; nobody asks for the rest.

        The end of a namespace is a hundred requests, one or two for each kind there is: 0.2 s of processor
        time, six times what this takes. It ends, nobody waiting, where there is much in it, and in a cluster
        that may outlive the tests.
        """
        if self._local is None or not self._emptied(name):
            self.api.delete_namespace(name)

    def _emptied(self, namespace: str) -> bool:
        try:
            for plural in KINDS:
                found = self.api("GET", f"{ours(plural, namespace)}?limit=1")
                if found["metadata"].get("remainingItemCount", 0) > FEW:
                    return False
                if found["items"]:
                    self.api("DELETE", ours(plural, namespace))
        except Refused:  # by a webhook that has gone, by a server that has just begun
            return False
        return True

    def compact_etcd(self) -> int:
        """Forget every revision before the present one, so that old positions are Gone. Returns it.

        The API server still serves old positions from its watch cache: restart it as well.
        """
        revision = int(
            self._etcd("/v3/kv/range", {"key": base64.b64encode(b"\0").decode()})["header"]["revision"]
        )
        self._etcd("/v3/kv/compaction", {"revision": str(revision), "physical": True})
        return revision

    def _etcd(self, path: str, body: dict[str, object]) -> dict[str, dict[str, str]]:
        etcd = self.local.etcd
        connection = http.client.HTTPSConnection(
            "127.0.0.1", etcd.client_port, timeout=30, context=etcd.probe.tls()
        )
        connection.request("POST", path, json.dumps(body))
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        result: dict[str, dict[str, str]] = json.loads(content)
        return result


def _start(service: Service) -> None:
    service.start()
    service.wait_ready()


def docker_runs() -> bool:
    try:
        answer = subprocess.run(["docker", "info"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
