"""Kubeconfigs: where they are looked for, how several are merged, what is wrong with one."""

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from todotasks.kube import KubeConfig
from todotasks.kube.errors import KubeConfigError


def write(path: Path, **parts: Any) -> Path:
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "home",
        "contexts": [{"name": "home", "context": {"cluster": "home", "user": "me", "namespace": "team"}}],
        "clusters": [{"name": "home", "cluster": {"server": "https://home:6443/"}}],
        "users": [{"name": "me", "user": {"token": "t0ken"}}],
        **parts,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document))
    return path


def user(**fields: Any) -> dict[str, Any]:
    return {"users": [{"name": "me", "user": fields}]}


def cluster(**fields: Any) -> dict[str, Any]:
    return {"clusters": [{"name": "home", "cluster": {"server": "https://home:6443", **fields}}]}


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_the_current_context_says_where_and_who(tmp_path: Path) -> None:
    config = KubeConfig.load(write(tmp_path / "config"), environ={})
    assert (config.server, config.token, config.namespace) == ("https://home:6443", "t0ken", "team")


def test_another_context_can_be_asked_for(tmp_path: Path) -> None:
    path = write(
        tmp_path / "config",
        contexts=[
            {"name": "home", "context": {"cluster": "x"}},
            {"name": "b", "context": {"cluster": "home"}},
        ],
    )
    config = KubeConfig.load(path, "b", environ={})
    assert (config.server, config.token, config.namespace) == ("https://home:6443", None, "default")


def test_places_are_looked_at_in_order(tmp_path: Path) -> None:
    explicit = write(tmp_path / "a", **cluster(server="https://explicit"))
    named = write(tmp_path / "b", **cluster(server="https://named"))
    write(tmp_path / ".kube" / "config", **cluster(server="https://at-home"))
    account = tmp_path / "account"
    account.mkdir()
    (account / "token").write_text("x")
    environ = {
        "KUBECONFIG": str(named),
        "KUBERNETES_SERVICE_HOST": "10.0.0.1",
        "KUBERNETES_SERVICE_PORT_HTTPS": "443",
        "HOME": str(tmp_path),
    }

    def server(path: Path | None = None) -> str:
        return KubeConfig.load(path, environ=environ, service_account=account).server

    assert server(explicit) == "https://explicit"
    assert server() == "https://named"
    del environ["KUBECONFIG"]
    assert server() == "https://10.0.0.1:443"
    environ["KUBERNETES_SERVICE_HOST"] = "fd00::1"
    assert server() == "https://[fd00::1]:443"
    (account / "token").unlink()
    assert server() == "https://at-home"


def test_of_several_files_the_first_to_name_a_thing_wins_and_missing_ones_are_passed_over(
    tmp_path: Path,
) -> None:
    one = write(tmp_path / "one", users=[], **{"current-context": ""})
    two = write(tmp_path / "two", **cluster(server="https://not-this"), **user(token="from-two"))
    listed = f"{tmp_path / 'missing'}:{one}:{two}"
    config = KubeConfig.load(environ={"KUBECONFIG": listed})
    assert (config.server, config.token) == ("https://home:6443", "from-two")
    assert KubeConfig.load(listed, environ={}) == config


def test_relative_paths_are_relative_to_the_file_they_stand_in(tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    path = write(
        folder / "config",
        **cluster(**{"certificate-authority": "ca.pem"}),
        **user(**{"client-certificate": "me.pem", "client-key": "me.key", "tokenFile": "token"}),
    )
    for name in ("ca.pem", "me.pem", "me.key"):
        (folder / name).write_text(name)
    config = KubeConfig.load(path, environ={})
    assert (config.ca_data, config.client_cert_data, config.client_key_data) == (
        b"ca.pem",
        b"me.pem",
        b"me.key",
    )
    assert config.token_file == str(folder / "token")


def test_inline_data_wins_over_a_file_and_a_token_file_over_a_token(tmp_path: Path) -> None:
    path = write(
        tmp_path / "config",
        **cluster(**{"certificate-authority": "no-such", "certificate-authority-data": b64("inline")}),
        **user(token="old", tokenFile="/run/token"),
    )
    config = KubeConfig.load(path, environ={})
    assert config.ca_data == b"inline"
    assert (config.token, config.token_file) == (None, "/run/token")


def test_cluster_options_are_taken_over(tmp_path: Path) -> None:
    options = {"insecure-skip-tls-verify": True, "tls-server-name": "api", "proxy-url": "http://proxy:1"}
    config = KubeConfig.load(write(tmp_path / "config", **cluster(**options)), environ={})
    assert (config.insecure, config.tls_server_name, config.proxy_url) == (True, "api", "http://proxy:1")


def test_a_plugin_is_read_with_all_it_needs(tmp_path: Path) -> None:
    plugin = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "bin/login",
        "args": ["a"],
        "env": [{"name": "X", "value": "y"}],
        "provideClusterInfo": True,
        "installHint": "get it",
    }
    config = KubeConfig.load(write(tmp_path / "config", **user(exec=plugin)), environ={})
    assert config.exec is not None
    assert config.exec.command == str(tmp_path / "bin" / "login")
    assert (config.exec.args, config.exec.env) == (("a",), (("X", "y"),))
    assert config.exec.provide_cluster_info


def test_as_somebody_else_nothing_of_ours_goes_along(tmp_path: Path) -> None:
    path = write(
        tmp_path / "config",
        **user(
            **{"client-certificate-data": b64("c"), "client-key-data": b64("k")},
            token="ours",
            username="u",
            password="p",
        ),
    )
    ours = KubeConfig.load(path, environ={})
    theirs = ours.with_token("theirs")
    assert theirs == KubeConfig(server=ours.server, token="theirs", namespace="team")


def test_no_secret_shows_in_a_repr(tmp_path: Path) -> None:
    path = write(
        tmp_path / "config",
        **user(
            **{"client-certificate-data": b64("secret-c"), "client-key-data": b64("secret-k")},
            token="secret-t",
            password="secret-p",
        ),
    )
    assert "secret" not in repr(KubeConfig.load(path, environ={}))


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"current-context": ""}, "current-context is not set; contexts: home"),
        ({"current-context": "work"}, "there is no context 'work'; contexts: home"),
        ({"clusters": []}, "there is no cluster 'home'; clusters: none"),
        ({"users": []}, "there is no user 'me'; users: none"),
        (cluster(server=None), r"clusters\[home\].cluster.server is missing"),
        (cluster(server="home:6443"), "must be a URL with https:// or http://, got 'home:6443'"),
        (cluster(**{"certificate-authority-data": "%%"}), "certificate-authority-data is not base64"),
        (cluster(**{"certificate-authority": "gone.pem"}), "certificate-authority: .*No such file"),
        (
            user(**{"client-certificate-data": b64("x")}),
            "one half of a client certificate; client-key is missing",
        ),
        (user(token=5), "token must be a string, got int"),
        (user(**{"auth-provider": {"name": "gcp"}}), "auth-provider is gone"),
        (user(exec={"apiVersion": "client.authentication.k8s.io/v1"}), "exec.command is missing"),
        (user(exec={"command": "x"}), "exec.apiVersion must be"),
    ],
)
def test_what_is_wrong_is_said_with_its_file_and_field(
    tmp_path: Path, parts: dict[str, Any], complaint: str
) -> None:
    path = write(tmp_path / "config", **parts)
    with pytest.raises(KubeConfigError, match=complaint) as refusal:
        KubeConfig.load(path, environ={})
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "complaint"), [("{", "is not YAML"), ("- 1", "is not a kubeconfig"), (None, "No such file")]
)
def test_a_file_that_is_none_is_named(tmp_path: Path, text: str | None, complaint: str) -> None:
    path = tmp_path / "config"
    if text is not None:
        path.write_text(text)
    with pytest.raises(KubeConfigError, match=complaint):
        KubeConfig.load(path, environ={})


def test_no_kubeconfig_at_all_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(
        KubeConfigError, match=r"no kubeconfig: KUBECONFIG is not set.*\.kube/config does not exist"
    ):
        KubeConfig.load(environ={"HOME": str(tmp_path)}, service_account=tmp_path)
