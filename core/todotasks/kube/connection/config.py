"""Where the API server is and who we are there.

`KubeConfig.load` looks where kubectl and client-go look: an explicit path, `KUBECONFIG` (several files,
merged as kubectl merges them: the first to name a thing wins), the pod's ServiceAccount, and
`~/.kube/config`. What it returns is a value without secrets in its repr; the credentials that change
while we run (token files, exec plugins) are only named here and read by `auth.Credentials`.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from todotasks.kube.errors import KubeConfigError

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")


@dataclass(frozen=True)
class ExecPlugin:
    """A command that prints an ExecCredential (client.authentication.k8s.io)."""

    command: str
    args: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    api_version: str = "client.authentication.k8s.io/v1"
    provide_cluster_info: bool = False
    install_hint: str = ""


@dataclass(frozen=True)
class KubeConfig:
    """One cluster, one identity. At most one of token, token_file and exec is set."""

    server: str
    ca_data: bytes | None = None
    insecure: bool = False
    tls_server_name: str | None = None
    proxy_url: str | None = None
    client_cert_data: bytes | None = field(default=None, repr=False)
    client_key_data: bytes | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    token_file: str | None = None
    exec: ExecPlugin | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    namespace: str = "default"
    # Whom to act as (`kubectl --as`): the API server asks whether we may.
    impersonate: str | None = None
    impersonate_groups: tuple[str, ...] = ()
    impersonate_uid: str | None = None
    impersonate_extra: tuple[tuple[str, str], ...] = ()  # name and value; a name may come again

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str] | None = None,
        context: str | None = None,
        *,
        cluster: str | None = None,
        user: str | None = None,
        environ: Mapping[str, str] | None = None,
        service_account: Path = SERVICE_ACCOUNT,
    ) -> "KubeConfig":
        """The first of: `path`, `$KUBECONFIG`, the pod's ServiceAccount, `~/.kube/config`.

        `path` may be a list of files like `$KUBECONFIG`; of several, some may be missing. `cluster` and
        `user` name entries of the kubeconfig that count instead of the context's.
        """
        environ = os.environ if environ is None else environ
        named = _paths(os.fspath(path) if path else environ.get("KUBECONFIG", ""))
        if named:
            return _from_files(named, context, cluster, user)
        if environ.get("KUBERNETES_SERVICE_HOST") and (service_account / "token").exists():
            return _in_cluster(environ, service_account)
        home = _expanded(environ.get("HOME") or "~") / ".kube" / "config"
        if home.exists():
            return _from_files([home], context, cluster, user)
        raise KubeConfigError(
            f"no kubeconfig: KUBECONFIG is not set, this is no pod ({service_account}/token is not there), "
            f"and {home} does not exist. Set TODO_KUBECONFIG or KUBECONFIG, or start one with `todotasks up`"
        )

    def with_token(self, token: str) -> "KubeConfig":
        """The same cluster as somebody else: nothing of our own identity goes along.

        A client certificate would win over the token at the API server, so it must go.
        """
        return replace(self.anonymous(), token=token)

    def anonymous(self) -> "KubeConfig":
        """The same cluster as nobody."""
        return replace(
            self,
            client_cert_data=None,
            client_key_data=None,
            token=None,
            token_file=None,
            exec=None,
            username=None,
            password=None,
            impersonate=None,
            impersonate_groups=(),
            impersonate_uid=None,
            impersonate_extra=(),
        )

    def impersonation(self) -> tuple[tuple[str, str], ...]:
        """The headers that every request carries when we act as somebody else."""
        return (
            *((("Impersonate-User", self.impersonate),) if self.impersonate else ()),
            *(("Impersonate-Group", group) for group in self.impersonate_groups),
            *((("Impersonate-Uid", self.impersonate_uid),) if self.impersonate_uid else ()),
            *((f"Impersonate-Extra-{quote(name, safe='')}", value) for name, value in self.impersonate_extra),
        )


def _in_cluster(environ: Mapping[str, str], folder: Path) -> KubeConfig:
    host = environ["KUBERNETES_SERVICE_HOST"]
    port = environ.get("KUBERNETES_SERVICE_PORT_HTTPS") or environ.get("KUBERNETES_SERVICE_PORT") or "443"
    if ":" in host:
        host = f"[{host}]"
    ca = folder / "ca.crt"
    namespace = folder / "namespace"
    return KubeConfig(
        server=f"https://{host}:{port}",
        ca_data=ca.read_bytes() if ca.exists() else None,
        token_file=str(folder / "token"),
        namespace=(namespace.read_text().strip() if namespace.exists() else "") or "default",
    )


@dataclass(frozen=True)
class _Entry:
    """A named piece of a kubeconfig, with the file it came from: relative paths are relative to it."""

    source: Path
    what: str
    body: Mapping[str, Any]

    def text(self, key: str) -> str | None:
        value = self.body.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise KubeConfigError(
                f"{self.source}: {self.what}.{key} must be a string, got {type(value).__name__}"
            )
        return value

    def path(self, key: str) -> Path | None:
        value = self.text(key)
        return None if value is None else self.source.parent / _expanded(value)

    def data(self, key: str) -> bytes | None:
        """`<key>-data` (base64) wins over the file `<key>`, as with kubectl."""
        inline = self.text(f"{key}-data")
        if inline is not None:
            try:
                return base64.b64decode(inline, validate=True)
            except (binascii.Error, ValueError) as error:
                raise KubeConfigError(
                    f"{self.source}: {self.what}.{key}-data is not base64: {error}"
                ) from error
        file = self.path(key)
        if file is None:
            return None
        try:
            return file.read_bytes()
        except OSError as error:
            raise KubeConfigError(f"{self.source}: {self.what}.{key}: {error}") from error


def _paths(text: str) -> list[Path]:
    return [_expanded(part) for part in text.split(os.pathsep) if part]


def _expanded(text: str) -> Path:
    """With the home that `~` stands for, as far as there is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # no HOME, and a user without a name
        return Path(text)


def _from_files(
    paths: list[Path], context: str | None, other_cluster: str | None = None, other_user: str | None = None
) -> KubeConfig:
    documents = [(path, _read(path)) for path in paths if len(paths) == 1 or path.exists()]
    if not documents:
        raise KubeConfigError(f"none of these kubeconfigs exists: {', '.join(map(str, paths))}")
    sources = ", ".join(str(path) for path, _ in documents)
    chosen = context or next(
        (str(document["current-context"]) for _, document in documents if document.get("current-context")), ""
    )
    if not chosen:
        raise KubeConfigError(
            f"{sources}: current-context is not set; contexts: {_names(documents, 'contexts')}"
        )
    entry = _find(documents, "contexts", "context", chosen, sources)
    cluster_name, user_name = other_cluster or entry.text("cluster"), other_user or entry.text("user")
    if cluster_name is None:
        raise KubeConfigError(f"{entry.source}: {entry.what}.cluster is missing")
    cluster = _find(documents, "clusters", "cluster", cluster_name, sources)
    user = (
        _find(documents, "users", "user", user_name, sources)
        if user_name
        else _Entry(entry.source, "user", {})
    )
    server = cluster.text("server")
    if server is None:
        raise KubeConfigError(f"{cluster.source}: {cluster.what}.server is missing")
    if not server.startswith(("https://", "http://")):
        raise KubeConfigError(
            f"{cluster.source}: {cluster.what}.server must be a URL with https:// or http://, got {server!r}"
        )
    if user.body.get("auth-provider"):
        raise KubeConfigError(
            f"{user.source}: {user.what}.auth-provider is gone from Kubernetes since 1.26; use an exec plugin"
        )
    certificate, key = user.data("client-certificate"), user.data("client-key")
    if (certificate is None) != (key is None):
        missing = "client-key" if key is None else "client-certificate"
        raise KubeConfigError(
            f"{user.source}: {user.what} has one half of a client certificate; {missing} is missing"
        )
    token_file = user.path("tokenFile")
    return KubeConfig(
        server=server.rstrip("/"),
        ca_data=cluster.data("certificate-authority"),
        insecure=bool(cluster.body.get("insecure-skip-tls-verify", False)),
        tls_server_name=cluster.text("tls-server-name"),
        proxy_url=cluster.text("proxy-url"),
        client_cert_data=certificate,
        client_key_data=key,
        # As in client-go, tokenFile takes precedence over token: the file is what gets renewed.
        token=None if token_file else user.text("token"),
        token_file=str(token_file) if token_file else None,
        exec=_exec(user),
        username=user.text("username"),
        password=user.text("password"),
        namespace=entry.text("namespace") or "default",
        impersonate=user.text("as"),
        impersonate_groups=tuple(str(group) for group in user.body.get("as-groups") or ()),
        impersonate_uid=user.text("as-uid"),
        impersonate_extra=_extra(user),
    )


def _extra(user: _Entry) -> tuple[tuple[str, str], ...]:
    given = user.body.get("as-user-extra") or {}
    if not isinstance(given, Mapping):
        raise KubeConfigError(f"{user.source}: {user.what}.as-user-extra must be a mapping")
    return tuple((str(name), str(value)) for name, values in given.items() for value in values or ())


def _exec(user: _Entry) -> ExecPlugin | None:
    body = user.body.get("exec")
    if not body:
        return None
    if not isinstance(body, Mapping):
        raise KubeConfigError(f"{user.source}: {user.what}.exec must be a mapping")
    entry = _Entry(user.source, f"{user.what}.exec", body)
    command = entry.text("command")
    if command is None:
        raise KubeConfigError(f"{user.source}: {user.what}.exec.command is missing")
    if os.sep in command and not os.path.isabs(command):
        command = str(user.source.parent / command)
    version = entry.text("apiVersion") or ""
    if version not in {"client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"}:
        raise KubeConfigError(
            f"{user.source}: {user.what}.exec.apiVersion must be client.authentication.k8s.io/v1 "
            f"or …/v1beta1, got {version!r}"
        )
    return ExecPlugin(
        command=command,
        args=tuple(str(arg) for arg in body.get("args") or ()),
        env=tuple((str(item["name"]), str(item.get("value", ""))) for item in body.get("env") or ()),
        api_version=version,
        provide_cluster_info=bool(body.get("provideClusterInfo", False)),
        install_hint=entry.text("installHint") or "",
    )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(path.read_text())
    except OSError as error:
        raise KubeConfigError(f"{path}: {error.strerror or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KubeConfigError(f"{path} is not YAML: {error}") from error
    if document is None:
        return {}  # an empty file: as kubectl, a kubeconfig that says nothing
    if not isinstance(document, Mapping):
        raise KubeConfigError(
            f"{path} is not a kubeconfig: it should be a mapping with clusters, users, contexts"
        )
    return document


def _find(
    documents: list[tuple[Path, Mapping[str, Any]]], plural: str, singular: str, name: str, sources: str
) -> _Entry:
    for path, document in documents:
        for item in document.get(plural) or ():
            if isinstance(item, Mapping) and item.get("name") == name:
                body = item.get(singular) or {}
                if not isinstance(body, Mapping):
                    raise KubeConfigError(f"{path}: {plural}[{name}].{singular} must be a mapping")
                return _Entry(path, f"{plural}[{name}].{singular}", body)
    raise KubeConfigError(
        f"{sources}: there is no {singular} {name!r}; {plural}: {_names(documents, plural)}"
    )


def _names(documents: list[tuple[Path, Mapping[str, Any]]], plural: str) -> str:
    names = [
        str(item.get("name"))
        for _, document in documents
        for item in document.get(plural) or ()
        if isinstance(item, Mapping)
    ]
    return ", ".join(names) or "none"
