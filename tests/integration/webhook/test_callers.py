"""The webhook's port is open to whatever runs in the cluster: only the API server is believed there."""

import base64
import contextlib
import json
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.integration.crds.namespaced import Namespaced
from tests.integration.webhook.conftest import Webhook
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_webhook.registration import NAME, Registration, document, stamping_document
from todotasks.kube import KubeClient, KubeConfig
from todotasks.kube.errors import NotFound
from todotasks.kube.resources import MUTATINGWEBHOOKCONFIGURATIONS as MUTATING
from todotasks.kube.resources import VALIDATINGWEBHOOKCONFIGURATIONS as VALIDATING

FORGED = {
    "apiVersion": "admission.k8s.io/v1",
    "kind": "AdmissionReview",
    "request": {
        "uid": "1",
        "operation": "DELETE",
        "kind": {"group": "todotasks.dev", "version": "v1", "kind": "TodoTask"},
        "resource": {"group": "todotasks.dev", "version": "v1", "resource": "todotasks"},
        "namespace": "default",
        "name": "rent",
        "userInfo": {"username": "hannah", "groups": []},
        "oldObject": {"metadata": {"name": "rent", "namespace": "default"}, "spec": {"title": "Rent"}},
    },
}


def configuration(kubectl: Kubectl) -> dict[str, Any]:
    return dict(json.loads(kubectl("get", "validatingwebhookconfiguration", NAME, "-o", "json")))


def post(address: str, authority: bytes) -> int:
    trusting = ssl.create_default_context(cadata=authority.decode())
    asked = urllib.request.Request(address, json.dumps(FORGED).encode(), method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=10, context=trusting) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_stranger_at_the_port_is_not_answered_and_not_recorded(
    here: Namespaced, webhook: Webhook, kubectl: Kubectl
) -> None:
    told = configuration(kubectl)["webhooks"][1]["clientConfig"]
    authority = base64.b64decode(told["caBundle"])
    begin, _, secret = told["url"].rpartition("/")
    for forged in (begin, f"{begin}/", f"{begin}/{'0' * 32}", f"{begin}/{secret}0", f"{begin}/%00"):
        assert post(forged, authority) == 404, forged
    assert secret not in (webhook.home / "log").read_text()
    counted = 'todotasks_webhook_reviews_total{kind="",operation="",outcome="unknown_caller"}'
    assert counted in webhook.metrics()
    # It is the secret that makes the difference, and nothing else.
    assert post(told["url"], authority) == 200


def test_the_secret_outlives_a_restart(here: Namespaced, webhook: Webhook, kubectl: Kubectl) -> None:
    before = configuration(kubectl)["webhooks"][0]["clientConfig"]["url"]
    webhook.stop()
    webhook.start()
    assert configuration(kubectl)["webhooks"][0]["clientConfig"]["url"] == before


@pytest.fixture
async def mine(plane: Plane) -> Any:
    """A client of somebody who may keep configurations, and both of ours, under other names."""
    async with KubeClient(KubeConfig.load(plane.kubeconfig)) as client:
        yield client
        for resource in (VALIDATING, MUTATING):
            with contextlib.suppress(NotFound):
                await client.delete(resource, "replicas.todotasks.dev")


class Elsewhere(Registration):
    """As it is, but for the object's name: the shared control plane has one of that name already."""

    def __init__(self, client: KubeClient) -> None:
        super().__init__(client)
        self.name = "replicas.todotasks.dev"


def harmless(configured: dict[str, Any]) -> dict[str, Any]:
    """The same for a namespace that is not there, so that nobody waits for it."""
    configured["metadata"] = {"name": "replicas.todotasks.dev"}
    for hook in configured["webhooks"]:
        hook["failurePolicy"] = "Ignore"
        hook["namespaceSelector"] = {"matchLabels": {"kubernetes.io/metadata.name": "nobodys"}}
    return configured


async def test_replicas_share_one_secret_and_learn_it_from_the_configuration(mine: KubeClient) -> None:
    await mine.create(VALIDATING, harmless(document()))
    await mine.create(MUTATING, harmless(stamping_document()))
    first, second = Elsewhere(mine), Elsewhere(mine)
    assert await first.keep(b"an authority\n")
    found = await mine.get(VALIDATING, "replicas.todotasks.dev")
    paths = [hook["clientConfig"]["service"]["path"] for hook in found["webhooks"]]
    secret = paths[0].rpartition("/")[2]
    assert paths == [f"/validate/{secret}", f"/deleted/{secret}"]
    stamping = await mine.get(MUTATING, "replicas.todotasks.dev")
    assert stamping["webhooks"][0]["clientConfig"]["service"]["path"] == f"/stamp/{secret}"
    # The other one has not looked yet, and is called already.
    assert not await second.knows("0" * 32)
    assert await first.knows(secret)
    second._looked -= 2  # a second later
    assert await second.knows(secret)
    assert not await second.keep(b"an authority\n"), "nothing is left to write"


async def test_applying_the_manifest_again_leaves_the_secret_and_the_authority(
    mine: KubeClient, plane: Plane
) -> None:
    wanted = harmless(document())
    await mine.apply(VALIDATING, "replicas.todotasks.dev", wanted, field_manager="flux", force=True)
    await Elsewhere(mine).keep(b"an authority\n")
    before = await mine.get(VALIDATING, "replicas.todotasks.dev")
    await mine.apply(VALIDATING, "replicas.todotasks.dev", wanted, field_manager="flux", force=True)
    after = await mine.get(VALIDATING, "replicas.todotasks.dev")
    assert after["webhooks"] == before["webhooks"]


async def test_with_an_authority_from_elsewhere_only_the_paths_are_written(mine: KubeClient) -> None:
    """cert-manager's cainjector keeps the caBundle."""
    await mine.create(VALIDATING, harmless(document()))
    assert await Elsewhere(mine).keep(None)
    told = (await mine.get(VALIDATING, "replicas.todotasks.dev"))["webhooks"][0]["clientConfig"]
    assert told["service"]["path"].startswith("/validate/")
    assert not told.get("caBundle")
