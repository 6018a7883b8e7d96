"""The webhook away, restarted, its certificate turned over: what works, what does not, and nothing "
"refused by it."""

import json
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from tests.integration.crds.namespaced import Namespaced, document
from tests.integration.webhook.cases import task
from tests.integration.webhook.conftest import Webhook, in_force
from todo_cli.local.controlplane.kubectl import Kubectl

WRONG = task(timeZone="Europe/Berln")


def test_with_the_webhook_away_what_it_would_refuse_gets_in_and_all_else_works(
    here: Namespaced, webhook: Webhook
) -> None:
    """failurePolicy Ignore, as shipped: people go on; conditions say what is wrong."""
    webhook.kill()
    try:
        here.create("TodoTask", "wrong", WRONG)
        here("patch", "todotask", "wrong", "--type=merge", "-p", '{"spec":{"completed":true}}')
        here("delete", "todotask", "one")
    finally:
        webhook.start()
        in_force(here.kubectl)
    # What got in is judged by what is changed from now on: an old mistake holds up nothing else.
    changed = here("patch", "todotask", "wrong", "--type=merge", "-p", '{"spec":{"completed":false}}')
    assert "patched" in changed


def test_required_means_that_nothing_gets_in_unchecked(
    here: Namespaced, webhook: Webhook, kubectl: Kubectl
) -> None:
    """manifests/components/webhook-required sets Fail."""
    patch = json.dumps(
        [{"op": "replace", "path": f"/webhooks/{index}/failurePolicy", "value": "Fail"} for index in (0, 1)]
    )
    webhook.kill()
    try:
        kubectl("patch", "validatingwebhookconfiguration", "todotasks.dev", "--type=json", "-p", patch)
        refused = ""
        for _ in range(100):
            try:
                here("create", "--dry-run=server", "-f", "-", input_text=document("TodoTask", "wrong", WRONG))
            except Exception as error:
                refused = str(error)
                break
        assert 'failed calling webhook "validate.todotasks.dev"' in refused
        here.status("todotask", "one", {"observedGeneration": 1})  # the operator's work goes on
    finally:
        webhook.start()  # writes its own configuration again
        in_force(kubectl)


def test_a_restart_under_load_refuses_nothing(here: Namespaced, webhook: Webhook) -> None:
    """As shipped: what comes while none answers goes in unchecked."""
    stop = threading.Event()
    failures: list[str] = []
    names = (f"t-{number}" for number in range(10**6))

    def write() -> None:
        while not stop.is_set():
            try:
                here.create("TodoTask", next(names), task())
            except Exception as error:
                failures.append(str(error))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for end in (webhook.stop, webhook.kill):
            end()
            webhook.start()
        in_force(here.kubectl)
    finally:
        stop.set()
        writer.join()
    assert failures == []
    assert next(names) != "t-0"


def test_certificates_turned_over_under_load_refuse_nothing(
    make_webhook: Callable[..., Webhook], webhook: Webhook, kubectl: Kubectl, here: Namespaced
) -> None:
    """The authority and everything it signed are thrown away while people write; with Fail each "
    "failure would show."""
    stop, failures, count = threading.Event(), [], [0]

    def write() -> None:
        while not stop.is_set():
            count[0] += 1
            text = document("TodoTask", f"t-{count[0]}", task())
            try:
                here("create", "--dry-run=server", "-f", "-", input_text=text)
            except Exception as error:
                failures.append(str(error))

    before = _authorities(kubectl)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        (webhook.home / "tls" / "tls.crt").unlink()  # found missing at the next look: everything is made anew
        for _ in range(600):
            if _authorities(kubectl) != before or not writer.is_alive():
                break
            stop.wait(0.1)
        assert _authorities(kubectl) != before
        in_force(kubectl)
        done = count[0]
        while count[0] < done + 5:
            stop.wait(0.05)
    finally:
        stop.set()
        writer.join()
    assert failures == []


def _authorities(kubectl: Kubectl) -> str:
    path = "jsonpath={.webhooks[*].clientConfig.caBundle}"
    return kubectl("get", "validatingwebhookconfiguration", "todotasks.dev", "-o", path)


def test_the_manifest_is_what_the_process_registers() -> None:
    import yaml  # noqa: PLC0415

    from todo_webhook.registration import document as registered  # noqa: PLC0415
    from todo_webhook.registration import stamping_document  # noqa: PLC0415

    manifests = Path(__file__).parents[3] / "manifests"
    for folder, wanted in (("webhook", registered()), ("components/stamping-webhook", stamping_document())):
        stored = yaml.safe_load((manifests / folder / "configuration.yaml").read_text())
        stored["metadata"].pop("labels")
        assert stored == wanted


def test_the_default_installation_has_the_configuration_and_the_local_one_not(kubectl: Kubectl) -> None:
    manifests = Path(__file__).parents[3] / "manifests"
    for folder, wanted in (("default", 1), ("local", 0)):
        text = subprocess.run(
            [str(kubectl.binary), "kustomize", str(manifests / folder)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert text.count("kind: ValidatingWebhookConfiguration") == wanted
