"""kubectl's own flags, as the client gets them and as kubectl would."""

from pathlib import Path

import click
import pytest
import yaml

from todo_cli.connection import Connection, Duration
from todotasks.kube.errors import KubeConfigError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    entry = {"server": "https://one:6443", "certificate-authority-data": "Y2E="}
    text = yaml.safe_dump(
        {
            "current-context": "one",
            "contexts": [{"name": "one", "context": {"cluster": "one", "user": "ana", "namespace": "home"}}],
            "clusters": [
                {"name": "one", "cluster": entry},
                {"name": "two", "cluster": {"server": "https://two:6443"}},
            ],
            "users": [
                {"name": "ana", "user": {"token": "of-ana"}},
                {"name": "ben", "user": {"token": "of-ben"}},
                {"name": "root", "user": {"token": "of-root", "as": "carl", "as-groups": ["staff"]}},
            ],
        }
    )
    path = tmp_path / "kubeconfig"
    path.write_text(text)
    return path


def test_without_flags_the_context_decides(file: Path) -> None:
    found = Connection(kubeconfig=file).config()
    assert (found.server, found.token, found.namespace) == ("https://one:6443", "of-ana", "home")
    assert found.impersonation() == ()


def test_cluster_and_user_count_instead_of_the_contexts(file: Path) -> None:
    found = Connection(kubeconfig=file, cluster="two", user="ben").config()
    assert (found.server, found.token, found.namespace) == ("https://two:6443", "of-ben", "home")


def test_a_cluster_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(KubeConfigError, match="nosuch"):
        Connection(kubeconfig=file, cluster="nosuch").config()


def test_an_address_alone_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    assert Connection(server="localhost:8443", token="t").config().server == "https://localhost:8443"


def test_a_token_takes_nothing_of_the_kubeconfigs_user_along(file: Path) -> None:
    found = Connection(kubeconfig=file, user="root", token="mine").config()
    assert found.token == "mine"
    assert found.impersonation() == ()


def test_whom_to_act_as_becomes_headers(file: Path) -> None:
    found = Connection(kubeconfig=file, as_="bob", as_group=("a", "b"), as_uid="7").config()
    assert found.impersonation() == (
        ("Impersonate-User", "bob"), ("Impersonate-Group", "a"), ("Impersonate-Group", "b"),
        ("Impersonate-Uid", "7"),
    )  # fmt: skip
    extra = Connection(kubeconfig=file, as_="bob", as_user_extra=("scopes=a", "scopes=b", "x/y=1=2")).config()
    assert extra.impersonation()[1:] == (
        ("Impersonate-Extra-scopes", "a"), ("Impersonate-Extra-scopes", "b"),
        ("Impersonate-Extra-x%2Fy", "1=2"),
    )  # fmt: skip
    of_file = Connection(kubeconfig=file, user="root").config()
    assert of_file.impersonation() == (("Impersonate-User", "carl"), ("Impersonate-Group", "staff"))


def test_trust_is_given_or_waived(file: Path, tmp_path: Path) -> None:
    waived = Connection(kubeconfig=file, insecure_skip_tls_verify=True).config()
    assert (waived.insecure, waived.ca_data) == (True, None)
    authority = tmp_path / "ca.crt"
    authority.write_bytes(b"another")
    assert Connection(kubeconfig=file, certificate_authority=authority).config().ca_data == b"another"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"insecure_skip_tls_verify": True, "certificate_authority": Path("x")}, "exclude each other"),
        ({"certificate_authority": Path("/nosuch")}, "--certificate-authority: /nosuch"),
        ({"client_key": Path("x")}, "belong together"),
        ({"as_group": ("a",)}, "need --as"),
        ({"server": "ftp://x"}, "--server"),
    ],
)
def test_what_does_not_go_together_is_said(file: Path, given: dict[str, object], message: str) -> None:
    with pytest.raises(KubeConfigError, match=message):
        Connection(kubeconfig=file, **given).config()  # type: ignore[arg-type]


def test_kubectl_gets_the_same_flags(file: Path) -> None:
    connection = Connection(
        kubeconfig=file, as_="bob", as_group=("a", "b"), insecure_skip_tls_verify=True, request_timeout=90.0
    )
    assert connection.flags() == (
        f"--kubeconfig={file}", "--insecure-skip-tls-verify", "--as=bob", "--as-group=a", "--as-group=b",
        "--request-timeout=90s",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0.0), ("5", 5.0), ("10s", 10.0), ("1m30s", 90.0), ("500ms", 0.5), ("1.5h", 5400.0)],
)
def test_a_duration_is_read_as_kubectl_reads_it(text: str, seconds: float) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["soon", "5 s", "-1s", "1d", ""])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter, match="1m30s"):
        Duration().convert(text, None, None)


@pytest.mark.parametrize(
    ("server", "environ", "proxy"),
    [
        ("https://one:6443", {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://one:6443", {"https_proxy": "p:3128"}, "http://p:3128"),
        ("http://one:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("https://127.0.0.1:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("https://localhost:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("https://[::1]:6443", {"HTTPS_PROXY": "http://p:3128"}, None),
        ("https://api.one.example:6443", {"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "x, .example"}, None),
        ("https://api.one.example", {"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "one.example"}, None),
        ("https://notone.example", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "one.example"}, "http://p:1"),
        ("https://10.1.2.3:6443", {"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "10.0.0.0/8"}, None),
        ("https://11.1.2.3:6443", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, "http://p:1"),
        ("https://10.1.2.3:6443", {"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "10.1.2.3:6443"}, None),
        ("https://one:6443", {"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "*"}, None),
        ("https://one:6443", {"NO_PROXY": "*"}, None),
    ],
)
def test_a_proxy_of_the_environment_counts_as_for_kubectl(
    server: str, environ: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert Connection(kubeconfig=file, server=server).config().proxy_url == proxy


def test_a_kubeconfigs_own_proxy_counts_before_the_environments(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://p:3128")
    own = yaml.safe_load(file.read_text())
    own["clusters"][0]["cluster"]["proxy-url"] = "http://q:1"
    file.write_text(yaml.safe_dump(own))
    assert Connection(kubeconfig=file).config().proxy_url == "http://q:1"


def test_an_empty_file_among_several_says_nothing(file: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    both = Path(f"{tmp_path / 'empty'}:{file}")
    assert Connection(kubeconfig=both).config().server == "https://one:6443"
