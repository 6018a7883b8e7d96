"""kubectl's own flags: which cluster, as whom, how patiently. They mean what they mean to kubectl."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from todotasks.kube.connection.config import KubeConfig
    from todotasks.kube.errors import KubeConfigError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


@dataclass(frozen=True, slots=True)
class Connection:
    """The flags as they were given. A field's name is its flag's."""

    kubeconfig: Path | None = None
    context: str | None = None
    cluster: str | None = None
    user: str | None = None
    server: str | None = None
    tls_server_name: str | None = None
    certificate_authority: Path | None = None
    insecure_skip_tls_verify: bool = False
    token: str | None = None
    client_certificate: Path | None = None
    client_key: Path | None = None
    username: str | None = None
    password: str | None = None
    as_: str | None = None
    as_group: tuple[str, ...] = ()
    as_uid: str | None = None
    as_user_extra: tuple[str, ...] = ()
    request_timeout: float = 0.0  # seconds; 0: no limit of the person's

    def config(self) -> "KubeConfig":
        """Raises KubeConfigError for what cannot be read or does not go together."""
        # Only now: the client's imports are most of what a call costs, and `help` needs none of them.
        from todotasks.kube.connection.config import KubeConfig  # noqa: PLC0415

        try:
            found = KubeConfig.load(self.kubeconfig, self.context, cluster=self.cluster, user=self.user)
        except _refusal():
            if self.server is None or self.kubeconfig or self.context or self.cluster or self.user:
                raise
            found = KubeConfig(server=self.server)  # as kubectl: an address is enough
        return _through_proxy(self._impersonating(self._identified(self._addressed(found))), os.environ)

    def _addressed(self, found: "KubeConfig") -> "KubeConfig":
        if self.insecure_skip_tls_verify and self.certificate_authority is not None:
            raise _refusal()("--certificate-authority and --insecure-skip-tls-verify exclude each other")
        if self.server is not None:
            server = self.server if "://" in self.server else f"https://{self.server}"
            if not server.startswith(("https://", "http://")):
                raise _refusal()(f"--server: must be a URL with https:// or http://, got {self.server!r}")
            found = replace(found, server=server.rstrip("/"))
        if self.tls_server_name is not None:
            found = replace(found, tls_server_name=self.tls_server_name)
        if self.certificate_authority is not None:
            authority = _read("certificate-authority", self.certificate_authority)
            found = replace(found, ca_data=authority, insecure=False)
        if self.insecure_skip_tls_verify:
            found = replace(found, ca_data=None, insecure=True)
        return found

    def _identified(self, found: "KubeConfig") -> "KubeConfig":
        if self.token is not None:
            found = found.with_token(self.token)
        if (self.client_certificate is None) != (self.client_key is None):
            raise _refusal()("--client-certificate and --client-key belong together: one is missing")
        if self.client_certificate is not None and self.client_key is not None:
            found = replace(
                found,
                client_cert_data=_read("client-certificate", self.client_certificate),
                client_key_data=_read("client-key", self.client_key),
            )
        if self.username is not None:
            found = replace(found.anonymous(), username=self.username, password=self.password or "")
        return found

    def _impersonating(self, found: "KubeConfig") -> "KubeConfig":
        if self.as_ is None:
            if self.as_group or self.as_uid or self.as_user_extra:
                raise _refusal()("--as-group, --as-uid and --as-user-extra need --as: whom to act as")
            return found
        extra = tuple(each.partition("=")[::2] for each in self.as_user_extra)
        if any("=" not in each for each in self.as_user_extra):
            raise _refusal()(f"--as-user-extra: expected name=value, got {self.as_user_extra!r}")
        return replace(
            found,
            impersonate=self.as_,
            impersonate_groups=self.as_group,
            impersonate_uid=self.as_uid,
            impersonate_extra=extra,
        )

    def flags(self) -> tuple[str, ...]:
        """The same, for kubectl itself."""
        given: list[str] = []
        for name in self.__slots__:
            value: Any = getattr(self, name)
            flag = "--" + name.rstrip("_").replace("_", "-")
            if name == "request_timeout":
                given += [f"{flag}={value:g}s"] if value else []
            elif isinstance(value, tuple):
                given += [f"{flag}={each}" for each in value]
            elif value is True:
                given.append(flag)
            elif value:
                given.append(f"{flag}={value}")
        return tuple(given)


def _through_proxy(found: "KubeConfig", environ: Mapping[str, str]) -> "KubeConfig":
    """As kubectl: HTTPS_PROXY counts where the kubeconfig names none, but not for this host or NO_PROXY."""
    url = urlsplit(found.server)
    name = f"{url.scheme}_proxy"
    proxy = environ.get(name.upper()) or environ.get(name)
    if not proxy or found.proxy_url is not None or _is_direct(url.hostname or "", url.port, environ):
        return found
    return replace(found, proxy_url=proxy if "://" in proxy else f"http://{proxy}")


def _is_direct(host: str, port: int | None, environ: Mapping[str, str]) -> bool:
    import ipaddress  # noqa: PLC0415 - few have a proxy

    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    for entry in (environ.get("NO_PROXY") or environ.get("no_proxy") or "").replace(" ", "").split(","):
        name, _, of_port = entry.rpartition(":") if entry.count(":") == 1 else (entry, "", "")
        if not name or (of_port and of_port != str(port)):
            continue
        if name == "*" or host == name.lstrip(".") or host.endswith(f".{name.lstrip('.')}"):
            return True
        if address is not None and "/" in name:
            with suppress(ValueError):
                if address in ipaddress.ip_network(name, strict=False):
                    return True
    return False


def _refusal() -> "type[KubeConfigError]":
    from todotasks.kube.errors import KubeConfigError  # noqa: PLC0415

    return KubeConfigError


def _read(flag: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refusal()(f"--{flag}: {path} cannot be read: {error.strerror}") from error


class Duration(click.ParamType[float]):
    """`10s`, `1m30s`, `500ms`; a number alone is seconds, as with kubectl."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        text = str(value)
        if text.isdecimal():
            return float(text)
        parts = _DURATION.findall(text)
        if not parts or "".join(number + unit for number, unit in parts) != text:
            self.fail(f"{text!r}: expected seconds or a duration such as 10s, 500ms or 1m30s", param, ctx)
        return sum(float(number) * _UNITS[unit] for number, unit in parts)


_FILE = click.Path(path_type=Path)
_OPTIONS: tuple[Callable[..., Any], ...] = (
    click.option("--kubeconfig", type=_FILE, help="Default: as kubectl finds it."),
    click.option("--context", help="Of the kubeconfig.  [default: its current one]"),
    click.option("--cluster", help="Of the kubeconfig, instead of the context's."),
    click.option("--user", help="Of the kubeconfig, instead of the context's."),
    click.option("-s", "--server", help="Address of the API server."),
    click.option("--tls-server-name", help="Name that its certificate must have."),
    click.option("--certificate-authority", type=_FILE, help="Who has signed its certificate."),
    click.option("--insecure-skip-tls-verify", is_flag=True, help="Believe any certificate."),
    click.option("--token", help="Bearer token; nothing else of the kubeconfig's user goes along."),
    click.option("--client-certificate", type=_FILE, help="For TLS."),
    click.option("--client-key", type=_FILE, help="For TLS."),
    click.option("--username", help="For basic authentication."),
    click.option("--password", help="For basic authentication."),
    click.option("--as", "as_", help="Whom to act as; the API server asks whether you may."),
    click.option("--as-group", multiple=True, help="Group to act as, may be repeated."),
    click.option("--as-uid", help="UID to act as."),
    click.option("--as-user-extra", multiple=True, metavar="NAME=VALUE", help="What else is known of them."),
    click.option(
        "--request-timeout", type=Duration(), default=0.0, metavar="DURATION",
        help="How long one request may take: 10s, 1m.  [default: no limit]",
    ),
)  # fmt: skip


# Of kubectl's own workings. Whoever has them in an alias or a script need not take them out for us.
_WITHOUT_EFFECT = (
    "--cache-dir", "--kuberc", "--log-flush-frequency", "--profile", "--profile-output", "--vmodule",
    "--v/-v",
)  # fmt: skip
_SWITCHES_WITHOUT_EFFECT = ("--disable-compression", "--match-server-version", "--warnings-as-errors")


def kubectls_own_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Taken, and without effect."""
    for names in _WITHOUT_EFFECT:
        command = click.option(*names.split("/"), hidden=True, expose_value=False)(command)
    for name in _SWITCHES_WITHOUT_EFFECT:
        command = click.option(name, is_flag=True, hidden=True, expose_value=False)(command)
    return command


def connection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The flags; the command gets one `connection` for all of them."""

    def with_connection(**given: Any) -> Any:
        of_connection = {name: given.pop(name) for name in Connection.__slots__}
        return command(**given, connection=Connection(**of_connection))

    with_connection.__doc__ = command.__doc__
    with_connection.__name__ = command.__name__
    # The options of the command itself were put there by the decorators below this one.
    with_connection.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    decorated: Callable[..., Any] = with_connection
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
