"""Who we are at the API server: tokens that are renewed under us, plugins, certificates."""

import asyncio
import base64
import json
import os
import ssl
import stat
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trustme
import yaml

from tests.integration.kube.fronts import Front, Say
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import KubeConfigError, Unauthorized
from todotasks.kube.resources import SELFSUBJECTREVIEWS, SERVICEACCOUNTS


async def who(client: KubeClient) -> str:
    answer = await client.post_review(SELFSUBJECTREVIEWS, {})
    return str(answer["status"]["userInfo"]["username"]).rsplit(":", 1)[-1]


async def token_of(kube: KubeClient, namespace: str, account: str) -> str:
    await kube.apply(
        SERVICEACCOUNTS, account, {"metadata": {"name": account}}, namespace, field_manager="test"
    )
    path = SERVICEACCOUNTS.path(namespace, account, "token")
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    answer = await kube.sender.send("create", "POST", path, body=msgspec.json.encode(body))
    token: str = json.loads(answer)["status"]["token"]
    return token


# ── token files ──────────────────────────────────────────────────────────────────────────────────────
async def test_a_pod_finds_the_api_server_and_its_token_by_itself(
    config: KubeConfig, kube: KubeClient, namespace: str, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(await token_of(kube, namespace, "pod"))
    (tmp_path / "ca.crt").write_bytes(config.ca_data or b"")
    (tmp_path / "namespace").write_text(namespace)
    host, port = config.server.removeprefix("https://").split(":")
    environ = {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port}
    found = KubeConfig.load(environ=environ, service_account=tmp_path)
    assert found.namespace == namespace
    async with KubeClient(found) as client:
        assert await who(client) == "pod"


async def test_a_token_that_is_refused_is_read_again_from_its_file_once(
    config: KubeConfig, kube: KubeClient, namespace: str, tmp_path: Path, front: Front
) -> None:
    file = tmp_path / "token"
    file.write_text(await token_of(kube, namespace, "old"))
    ours = replace(config, server=front.url, token=None, token_file=str(file))
    async with KubeClient(ours) as client:
        assert await who(client) == "old"
        front.say(Say(401))
        file.write_text(await token_of(kube, namespace, "new"))
        assert await who(client) == "new"
        assert len(front.seen) == 3, "one that worked, one refused, one with the new token"
        front.say(Say(401), Say(401), Say(401))
        with pytest.raises(Unauthorized):
            await who(client)
        assert len(front.seen) == 5, "one refused, one after reading the file again, and no more"


async def test_a_renewed_token_file_is_noticed_without_a_refusal(
    config: KubeConfig, kube: KubeClient, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("todotasks.kube.connection.auth.TOKEN_FILE_AGE", 0.2)
    file = tmp_path / "token"
    file.write_text(await token_of(kube, namespace, "old"))
    async with KubeClient(replace(config, token=None, token_file=str(file))) as client:
        assert await who(client) == "old"
        file.write_text(await token_of(kube, namespace, "new"))
        await asyncio.sleep(0.25)
        assert await who(client) == "new"


async def test_many_requests_that_are_refused_at_once_ask_for_one_new_token(
    config: KubeConfig, kube: KubeClient, namespace: str, tmp_path: Path, front: Front
) -> None:
    plugin = Plugin(tmp_path, replace(config, server=front.url))
    plugin.answer(token=await token_of(kube, namespace, "old"))
    async with KubeClient(plugin.load()) as client:
        assert await who(client) == "old"
        front.say(*[Say(401)] * 20)
        plugin.answer(token=await token_of(kube, namespace, "new"))
        assert set(await asyncio.gather(*[who(client) for _ in range(20)])) == {"new"}
    assert plugin.calls == 2


# ── exec plugins ─────────────────────────────────────────────────────────────────────────────────────
class Plugin:
    """A kubeconfig with an exec plugin that prints what the test wrote, and counts its calls."""

    def __init__(self, folder: Path, config: KubeConfig, **user: Any) -> None:
        self._folder = folder
        script = folder / "plugin.py"
        script.write_text(
            textwrap.dedent(f"""\
                #!{sys.executable}
                import os, pathlib, sys
                here = pathlib.Path(__file__).parent
                (here / "info.json").write_text(os.environ["KUBERNETES_EXEC_INFO"])
                (here / "env").write_text(os.environ.get("FLAVOUR", "") + " ".join(sys.argv[1:]))
                with (here / "calls").open("a") as calls:
                    calls.write("x")
                print((here / "answer.json").read_text())
                """)
        )
        script.chmod(stat.S_IRWXU)
        exec_ = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": "./plugin.py",
            "args": ["get-token", "--cluster=x"],
            "env": [{"name": "FLAVOUR", "value": "sweet "}],
            "interactiveMode": "Never",
            "provideClusterInfo": True,
            **user,
        }
        self.path = folder / "kubeconfig"
        self.path.write_text(
            yaml.safe_dump(
                {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "current-context": "it",
                    "contexts": [{"name": "it", "context": {"cluster": "it", "user": "me"}}],
                    "clusters": [
                        {
                            "name": "it",
                            "cluster": {
                                "server": config.server,
                                "certificate-authority-data": base64.b64encode(
                                    config.ca_data or b""
                                ).decode(),
                            },
                        }
                    ],
                    "users": [{"name": "me", "user": {"exec": exec_}}],
                }
            )
        )

    def load(self) -> KubeConfig:
        return KubeConfig.load(self.path)

    def answer(self, **status: str) -> None:
        document = {
            "apiVersion": "client.authentication.k8s.io/v1",
            "kind": "ExecCredential",
            "status": status,
        }
        (self._folder / "answer.json").write_text(json.dumps(document))

    def print(self, text: str) -> None:
        (self._folder / "answer.json").write_text(text)

    @property
    def calls(self) -> int:
        return len((self._folder / "calls").read_text())

    def told(self, name: str) -> str:
        return (self._folder / name).read_text()


def expiring(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


async def test_a_plugin_is_run_once_while_its_answer_is_good_and_told_what_kubectl_tells(
    config: KubeConfig, kube: KubeClient, namespace: str, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, config)
    plugin.answer(token=await token_of(kube, namespace, "me"), expirationTimestamp=expiring(3600))
    async with KubeClient(plugin.load()) as client:
        assert set(await asyncio.gather(*[who(client) for _ in range(5)])) == {"me"}
    assert plugin.calls == 1
    info = json.loads(plugin.told("info.json"))
    assert info["kind"] == "ExecCredential"
    assert info["spec"]["cluster"]["server"] == config.server
    assert info["spec"]["interactive"] is False
    assert plugin.told("env") == "sweet get-token --cluster=x"


async def test_a_plugin_is_run_again_when_its_answer_expires(
    config: KubeConfig, kube: KubeClient, namespace: str, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, config)
    token = await token_of(kube, namespace, "me")
    plugin.answer(token=token, expirationTimestamp=expiring(5))  # within the margin: expired already
    async with KubeClient(plugin.load()) as client:
        await who(client)
        plugin.answer(token=token)
        await who(client)
        await who(client)
    assert plugin.calls == 2


@pytest.mark.parametrize(
    ("printed", "complaint"),
    [
        ("nonsense", "printed no ExecCredential"),
        ('{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}', "gave neither"),
        (
            '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential",'
            '"status":{"token":"x"}}',
            "should print an ExecCredential of client.authentication.k8s.io/v1",
        ),
    ],
)
async def test_a_plugin_that_prints_something_else_is_named(
    config: KubeConfig, tmp_path: Path, printed: str, complaint: str
) -> None:
    plugin = Plugin(tmp_path, config)
    plugin.print(printed)
    async with KubeClient(plugin.load()) as client:
        with pytest.raises(KubeConfigError, match=complaint):
            await who(client)


async def test_a_plugin_that_is_missing_says_how_to_get_it(config: KubeConfig, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, config, command="no-such-plugin", installHint="Install it from the shelf.")
    async with KubeClient(plugin.load()) as client:
        with pytest.raises(KubeConfigError, match=r"no-such-plugin.*Install it from the shelf\."):
            await who(client)


async def test_a_plugin_that_fails_is_quoted(config: KubeConfig, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, config, command="sh", args=["-c", "echo log in first >&2; exit 3"])
    async with KubeClient(plugin.load()) as client:
        with pytest.raises(KubeConfigError, match="ended with 3: log in first"):
            await who(client)


# ── client certificates ──────────────────────────────────────────────────────────────────────────────
class Certified:
    """A front that demands client certificates, and the authority that both sides trust."""

    def __init__(self) -> None:
        self.authority = trustme.CA()
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("127.0.0.1").configure_cert(self.context)
        self.authority.configure_trust(self.context)
        self.context.verify_mode = ssl.CERT_REQUIRED

    def issue(self, name: str) -> tuple[bytes, bytes]:
        leaf = self.authority.issue_cert(f"{name}.test", common_name=name)
        return leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes()


def name_in(peer: dict[str, Any] | None) -> str:
    assert peer is not None
    return str(next(value for part in peer["subject"] for key, value in part if key == "commonName"))


async def test_a_client_certificate_is_shown(config: KubeConfig) -> None:
    certified = Certified()
    certificate, key = certified.issue("me")
    async with Front(config, tls=certified.context) as front:
        ours = replace(
            config,
            server=front.url,
            ca_data=certified.authority.cert_pem.bytes(),
            client_cert_data=certificate,
            client_key_data=key,
        )
        async with KubeClient(ours) as client:
            await who(client)
        assert [name_in(peer) for peer in front.peers] == ["me"]


async def test_a_callers_requests_do_not_show_our_certificate(config: KubeConfig) -> None:
    certified = Certified()
    certified.context.verify_mode = ssl.CERT_OPTIONAL
    certificate, key = certified.issue("me")
    async with Front(config, tls=certified.context) as front:
        ours = replace(
            config,
            server=front.url,
            ca_data=certified.authority.cert_pem.bytes(),
            client_cert_data=certificate,
            client_key_data=key,
        )
        async with KubeClient(ours) as client:
            await who(client)
            assert config.token is not None
            await who(client.as_caller(config.token))
        assert [bool(peer) for peer in front.peers] == [True, False]


async def test_a_plugins_new_certificate_is_used_for_what_follows(config: KubeConfig, tmp_path: Path) -> None:
    certified = Certified()
    async with Front(config, tls=certified.context) as front:
        plugin = Plugin(
            tmp_path,
            replace(config, server=front.url, ca_data=certified.authority.cert_pem.bytes()),
        )
        for name, seconds in (("first", 5), ("second", 3600)):
            certificate, key = certified.issue(name)
            plugin.answer(
                token=config.token or "",
                clientCertificateData=certificate.decode(),
                clientKeyData=key.decode(),
                expirationTimestamp=expiring(seconds),
            )
            if name == "first":
                client = KubeClient(plugin.load())
            await who(client)
        await client.close()
        assert [name_in(peer) for peer in front.peers] == ["first", "second"]


async def test_a_certificate_leaves_no_file_behind(
    config: KubeConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    certificate, key = Certified().issue("me")
    async with KubeClient(replace(config, client_cert_data=certificate, client_key_data=key)) as client:
        await who(client)
    assert os.listdir(tmp_path) == []
