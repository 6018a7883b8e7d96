"""kubectl, for what happens once: applying our manifests, asking for a ServiceAccount's token.

Those are cold paths on which kubectl does what a cluster's administrator would do by hand: kustomize,
server-side apply, waiting. The parts themselves never use it.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from todo_cli.local.errors import LocalError

FIELD_MANAGER = "todotasks-up"
TIMEOUT = 60.0  # seconds
TOKEN_TIMEOUT = 10.0  # seconds; whoever watches over everything else waits for it


class KubectlFailed(LocalError):
    """kubectl refused; what it said is the message."""


@dataclass(frozen=True)
class Kubectl:
    """kubectl with the kubeconfig it is to use."""

    binary: Path
    kubeconfig: Path

    def __call__(self, *arguments: str, input_text: str | None = None, timeout: float = TIMEOUT) -> str:
        """Run it and return what it printed; raise with what it said when it fails."""
        try:
            answer = subprocess.run(
                [str(self.binary), *arguments],
                input=input_text,
                capture_output=True,
                text=True,
                timeout=timeout,
                check=False,
                env={**os.environ, "KUBECONFIG": str(self.kubeconfig)},
            )
        except subprocess.TimeoutExpired as error:
            raise KubectlFailed(f"kubectl {' '.join(arguments)}: no answer in {timeout:.0f} s") from error
        if answer.returncode != 0:
            said = answer.stderr.strip() or answer.stdout.strip()
            raise KubectlFailed(f"kubectl {' '.join(arguments)}: {said}")
        return answer.stdout

    def apply(self, folder: Path) -> list[str]:
        """Server-side apply of a folder, a kustomization or plain files. Returns each `kind/name`."""
        flag = "-k" if (folder / "kustomization.yaml").exists() else "-f"
        # --force-conflicts: what we ship is ours; a hand edit of it in this cluster gives way.
        options = ("--server-side", "--force-conflicts", f"--field-manager={FIELD_MANAGER}", "--output=name")
        return self("apply", *options, flag, str(folder)).split()

    def apply_crds(self, folder: Path) -> list[str]:
        """Apply custom resources and wait until the API server serves them."""
        applied = self.apply(folder)
        self("wait", "--for=condition=Established", "--timeout=30s", *applied)
        return applied

    def cluster(self) -> dict[str, object]:
        """The cluster that the kubeconfig's current context names: address, authority, as written there."""
        view = json.loads(self("config", "view", "--minify", "--raw", "--flatten", "--output=json"))
        cluster: dict[str, object] = view["clusters"][0]["cluster"]
        return cluster

    def token(self, namespace: str, service_account: str, seconds: int) -> str:
        """A new token of a ServiceAccount (TokenRequest)."""
        duration = f"--duration={seconds}s"
        arguments = ("create", "token", service_account, f"--namespace={namespace}", duration)
        return self(*arguments, timeout=TOKEN_TIMEOUT).strip()
