"""Our own processes, as `todotasks up` runs them beside the control plane. One entry per part.

Each runs with a kubeconfig whose token belongs to the part's own ServiceAccount, as in a cluster: a
right that its role lacks is missing here too, and shows on the first day. Tokens live for an hour and
are renewed in their file long before; the kube client reads the file again.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cryptography.fernet import Fernet

from todo_cli.local.controlplane import kubeconfig
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
from todo_cli.local.errors import ToolMissing
from todo_cli.local.folder import Folder, write_atomically
from todo_cli.local.processes.ports import LOOPBACK
from todo_cli.local.processes.probe import Http
from todo_cli.local.processes.service import Service
from todotasks.audit import Signer

SYSTEM_NAMESPACE = "todotasks-system"
TOKEN_SECONDS = 3600
RENEW_AFTER = TOKEN_SECONDS / 2  # seconds
RETRY_AFTER = 10.0  # seconds after a renewal that failed


@dataclass(frozen=True)
class PartSpec:
    """What the launcher must know of a part."""

    name: str  # in `status`, of its log, its folder
    script: str  # the console script of the distribution
    service_account: str  # in todotasks-system, from manifests/base
    settings: tuple[str, ...]  # which of the run's settings it is given
    arguments: tuple[str, ...] = ()
    serves: bool = False  # somebody calls it: it has a port of its own name, besides that for health
    scheme: str = "http"


# In the order in which they start.
PARTS: tuple[PartSpec, ...] = (
    PartSpec(
        name="operator",
        script="todo-operator",
        service_account="todotasks-operator",
        settings=("TODO_DATABASE_URL", "TODO_KAFKA_BOOTSTRAP"),
    ),
    PartSpec(
        name="webhook",
        script="todo-webhook",
        service_account="todotasks-webhook",
        settings=("TODO_KAFKA_BOOTSTRAP",),
        serves=True,
        scheme="https",
    ),
    PartSpec(
        name="notifier",
        script="todo-notifier",
        service_account="todotasks-notifier",
        settings=("TODO_DATABASE_URL", "TODO_KAFKA_BOOTSTRAP", "TODO_SMTP_URL"),
    ),
    PartSpec(
        name="audit",
        script="todo-audit",
        service_account="todotasks-audit",
        settings=("TODO_DATABASE_URL", "TODO_KAFKA_BOOTSTRAP"),
    ),
    PartSpec(
        name="gateway",
        script="todo-gateway",
        service_account="todotasks-gateway",
        settings=("TODO_DATABASE_URL",),
        serves=True,
    ),
)
LINKED = frozenset({"notifier", "gateway"})  # who make and open the links of mails

Settings = Callable[[], Mapping[str, str]]


class Part(Service):
    """One of our processes. `run_settings` says where the backing services are, at this moment."""

    grace: ClassVar[float] = 15.0
    ready_timeout: ClassVar[float] = 90.0

    def __init__(self, folder: Folder, spec: PartSpec, kubectl: Kubectl, run_settings: Settings) -> None:
        super().__init__(folder, f"as ServiceAccount {spec.service_account}")
        self.spec = spec
        self.name = spec.name
        self._kubectl = kubectl
        self._run_settings = run_settings
        self._given: dict[str, str] = {}
        self._renew_at = 0.0

    @property
    def home(self) -> Path:
        return self.folder.root / "parts" / self.name

    @property
    def health_port(self) -> int:
        return self.folder.port(f"{self.name}-health")

    @property
    def address(self) -> str:
        if self.spec.serves:
            return f"{self.spec.scheme}://{LOOPBACK}:{self.folder.port(self.name)}"
        return f"http://{LOOPBACK}:{self.health_port}"

    @property
    def probe(self) -> Http:
        return Http(f"http://{LOOPBACK}:{self.health_port}/readyz")

    def listens_on(self) -> dict[str, int]:
        health = {f"{self.name}-health": self.health_port}
        return {self.name: self.folder.port(self.name), **health} if self.spec.serves else health

    def command(self) -> list[str]:
        script = Path(sys.executable).with_name(self.spec.script)
        if not script.exists():
            raise ToolMissing(
                f"there is no {self.spec.script} beside {sys.executable}: install todotasks with all its "
                "extras, as `make .venv` does"
            )
        return [str(script), *self.spec.arguments]

    def prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.renew_token()
        kubeconfig.write(
            self.home / "kubeconfig",
            cluster=self._kubectl.cluster(),
            user=self.spec.service_account,
            credentials={"tokenFile": str(self.home / "token")},
            namespace=SYSTEM_NAMESPACE,
        )
        if self.name == "gateway" and not self._session_key.exists():
            write_atomically(self._session_key, Fernet.generate_key())
        if self.name in LINKED and not self._mail_link_key.exists():
            write_atomically(self._mail_link_key, Fernet.generate_key())
        if self.name == "audit" and not self._audit_key.exists():
            write_atomically(self._audit_key, Signer.generate()[1])

    @property
    def _session_key(self) -> Path:
        """Kept, so that who is logged in stays so when everything is started again."""
        return self.home / "session-key"

    @property
    def _mail_link_key(self) -> Path:
        """One for the notifier and the gateway; kept, so that the links of mails stay good."""
        return self.folder.root / "parts" / "mail-link-key"

    def _link_settings(self) -> dict[str, str]:
        page = f"http://{LOOPBACK}:{self.folder.port('gateway')}"
        return {
            "TODO_PAGE_URL": os.environ.get("TODO_PAGE_URL") or page,
            "TODO_MAIL_LINK_KEYS": os.environ.get("TODO_MAIL_LINK_KEYS") or self._mail_link_key.read_text(),
        }

    @property
    def _audit_key(self) -> Path:
        """Kept: what it has signed is verified by it."""
        return self.home / "audit-key.pem"

    def environment(self) -> dict[str, str]:
        """The user's own settings, then the run's; the administrator's kubeconfig is not passed on."""
        inherited = {key: value for key, value in os.environ.items() if key != "KUBECONFIG"}
        self._given = self.wanted_settings()
        return {**inherited, **self._given}

    def wanted_settings(self) -> dict[str, str]:
        run = self._run_settings()
        return {
            "TODO_LOG_FORMAT": os.environ.get("TODO_LOG_FORMAT", "json"),
            **{name: run[name] for name in self.spec.settings if name in run},
            "TODO_KUBECONFIG": str(self.home / "kubeconfig"),
            "TODO_NAMESPACE": SYSTEM_NAMESPACE,
            "TODO_HEALTH_HOST": LOOPBACK,
            "TODO_HEALTH_PORT": str(self.health_port),
            **(self._link_settings() if self.name in LINKED else {}),
            **(self._serving_settings(run) if self.spec.serves else {}),
            **({"TODO_AUDIT_KEY_FILE": str(self._audit_key)} if self.name == "audit" else {}),
        }

    def _serving_settings(self, run: Mapping[str, str]) -> dict[str, str]:
        prefix = f"TODO_{self.name.upper()}"
        port = {f"{prefix}_HOST": LOOPBACK, f"{prefix}_PORT": str(self.folder.port(self.name))}
        if self.name == "webhook":
            # Outside the cluster: it registers itself by its address, and keeps its certificates here.
            return {**port, "TODO_WEBHOOK_URL": self.address, "TODO_WEBHOOK_TLS_DIR": str(self.home / "tls")}
        caught = run.get("TODO_MAIL_FOLDER")  # of a mail server of ours alone
        return {
            **port,
            **({"TODO_MAIL_FOLDER": caught} if caught else {}),
            # One person's machine: what it costs (docs/mcp.md) is not what matters here.
            "TODO_MCP": os.environ.get("TODO_MCP") or "true",
            "TODO_SESSION_KEYS": os.environ.get("TODO_SESSION_KEYS") or self._session_key.read_text(),
        }

    @property
    def settings_changed(self) -> bool:
        """Whether a backing service has moved since this part was started.

        One that is just being started again may not know its address yet: that is no move.
        """
        wanted = self.wanted_settings()
        return all(wanted.values()) and wanted != self._given

    def renew_token_when_due(self) -> str | None:
        """Renew the token when half its life is over; returns what went wrong, if anything."""
        if time.monotonic() < self._renew_at:
            return None
        try:
            self.renew_token()
        except KubectlFailed as error:
            self._renew_at = time.monotonic() + RETRY_AFTER
            return str(error)
        return None

    def renew_token(self) -> None:
        token = self._kubectl.token(SYSTEM_NAMESPACE, self.spec.service_account, TOKEN_SECONDS)
        write_atomically(self.home / "token", token.encode())
        self._renew_at = time.monotonic() + RENEW_AFTER
