"""The ValidatingWebhookConfiguration: what the API server asks us about, and by which authority it knows us.

In a cluster it is a manifest (`manifests/webhook`), and only its `caBundle` is kept here; `todotasks up` has
no Service to name, so there the process writes the whole of it, with its own address. `document` is both: a
test compares the manifest with it.

What is *not* asked about costs the API server nothing: the status, other kinds, the operator's own writes,
and
writes that change nothing (the match conditions are decided before anything is sent).
"""

import base64
from typing import Any

from todotasks.api import GROUP, VERSION
from todotasks.kube import KubeClient, Resource
from todotasks.kube.errors import Conflict, NotFound
from todotasks.kube.resources import (
    MUTATINGWEBHOOKCONFIGURATIONS,
    OUR_KINDS,
    VALIDATINGWEBHOOKCONFIGURATIONS,
)

NAME = "todotasks.dev"
FIELD_MANAGER = "todotasks-webhook"
TIMEOUT = 2  # seconds
VALIDATE, DELETED, STAMP = "/validate", "/deleted", "/stamp"
SYSTEM_NAMESPACE = "todotasks-system"
SERVICE = "todotasks-webhook"
OPERATOR = f"system:serviceaccount:{SYSTEM_NAMESPACE}:todotasks-operator"

NOT_THE_OPERATOR = f"request.userInfo.username != '{OPERATOR}'"
# Everything that a person can mean by a write.
A_CHANGE = """\
request.operation != 'UPDATE'
|| object.spec != oldObject.spec
|| has(object.metadata.labels) != has(oldObject.metadata.labels)
|| (has(object.metadata.labels) && object.metadata.labels != oldObject.metadata.labels)
|| has(object.metadata.annotations) != has(oldObject.metadata.annotations)
|| (has(object.metadata.annotations) && object.metadata.annotations != oldObject.metadata.annotations)
|| has(object.metadata.finalizers) != has(oldObject.metadata.finalizers)
|| (has(object.metadata.finalizers) && object.metadata.finalizers != oldObject.metadata.finalizers)
|| has(object.metadata.ownerReferences) != has(oldObject.metadata.ownerReferences)
|| (has(object.metadata.ownerReferences)
  && object.metadata.ownerReferences != oldObject.metadata.ownerReferences)
"""
# The operator deletes its reminders all the time; a task or a rule that it deletes (expired, pruned) is
# recorded.
NOT_THE_OPERATORS_OWN = f"request.resource.resource != 'reminders' || {NOT_THE_OPERATOR}"


def document(url: str | None = None) -> dict[str, Any]:
    """The configuration without a `caBundle`; with `url` for a process outside the cluster."""
    plurals = [resource.plural for resource in OUR_KINDS]

    def hook(
        name: str, path: str, operations: list[str], conditions: list[tuple[str, str]]
    ) -> dict[str, Any]:
        service = {"namespace": SYSTEM_NAMESPACE, "name": SERVICE, "path": path, "port": 443}
        return {
            "name": name,
            "clientConfig": {"service": service} if url is None else {"url": url.rstrip("/") + path},
            "rules": [
                {
                    "apiGroups": [GROUP],
                    "apiVersions": [VERSION],
                    "operations": operations,
                    "resources": plurals,
                    "scope": "Namespaced",
                }
            ],
            "matchConditions": [{"name": each, "expression": text} for each, text in conditions],
            "admissionReviewVersions": ["v1"],
            # A record of what was admitted is written, but not for a dry run.
            "sideEffects": "NoneOnDryRun",
            "failurePolicy": "Ignore",
            "matchPolicy": "Equivalent",
            "timeoutSeconds": TIMEOUT,
        }

    return {
        "apiVersion": VALIDATINGWEBHOOKCONFIGURATIONS.api_version,
        "kind": VALIDATINGWEBHOOKCONFIGURATIONS.kind,
        "metadata": {"name": NAME},
        "webhooks": [
            hook(
                "validate.todotasks.dev",
                VALIDATE,
                ["CREATE", "UPDATE"],
                [("not-the-operator", NOT_THE_OPERATOR), ("a-change", A_CHANGE)],
            ),
            hook(
                "deleted.todotasks.dev",
                DELETED,
                ["DELETE"],
                [("not-the-operators-reminders", NOT_THE_OPERATORS_OWN)],
            ),
        ],
    }


def stamping_document() -> dict[str, Any]:
    """For servers without MutatingAdmissionPolicy v1: `manifests/components/stamping-webhook`."""
    hook = document()["webhooks"][0]
    hook.update(
        name="stamp.todotasks.dev", sideEffects="None", failurePolicy="Fail", reinvocationPolicy="Never"
    )
    hook["clientConfig"]["service"]["path"] = STAMP
    # The operator's writes are stamped as well; what changes nothing has its stamp already.
    hook["matchConditions"] = []
    return {
        "apiVersion": MUTATINGWEBHOOKCONFIGURATIONS.api_version,
        "kind": MUTATINGWEBHOOKCONFIGURATIONS.kind,
        "metadata": {"name": NAME},
        "webhooks": [hook],
    }


class Registration:
    """Keeps the configuration in step. With `url` the whole of it is ours, else its `caBundle`, and that
    of the
    stamping configuration where there is one."""

    def __init__(self, client: KubeClient, *, url: str | None = None) -> None:
        self._client, self._url = client, url
        self.name = NAME

    async def bundle(self) -> bytes:
        """The authorities that the API server trusts by *every* one of our webhooks; empty where there "
        "is none."""
        bundles = {
            hook["clientConfig"].get("caBundle", "")
            for resource in (VALIDATINGWEBHOOKCONFIGURATIONS, MUTATINGWEBHOOKCONFIGURATIONS)
            for hook in ((await self._found(resource)) or {}).get("webhooks") or ()
        }
        return base64.b64decode(bundles.pop()) if len(bundles) == 1 else b""

    async def keep(self, bundle: bytes) -> bool:
        """Bring it into step; whether something had to be written."""
        encoded = base64.b64encode(bundle).decode()
        found = await self._found()
        if self._url is not None:
            wanted = document(self._url)
            for hook in wanted["webhooks"]:
                hook["clientConfig"]["caBundle"] = encoded
            if found is not None and _says(found["webhooks"], wanted["webhooks"]):
                return False
            await self._client.apply(
                VALIDATINGWEBHOOKCONFIGURATIONS, NAME, wanted, field_manager=FIELD_MANAGER, force=True
            )
            return True
        written = False
        for resource, configuration in (
            (VALIDATINGWEBHOOKCONFIGURATIONS, found),
            (MUTATINGWEBHOOKCONFIGURATIONS, await self._found(MUTATINGWEBHOOKCONFIGURATIONS)),
        ):
            if configuration is not None:  # else the manifest is not applied (yet)
                written |= await self._put(resource, configuration, encoded)
        return written

    async def _put(self, resource: Resource, configuration: dict[str, Any], bundle: str) -> bool:
        hooks = configuration.get("webhooks") or []
        if all(hook["clientConfig"].get("caBundle") == bundle for hook in hooks):
            return False
        for hook in hooks:
            hook["clientConfig"]["caBundle"] = bundle
        try:
            await self._client.replace(resource, NAME, configuration)
        except Conflict:
            return False  # somebody changed it at the same moment: at the next look
        return True

    async def _found(self, resource: Resource = VALIDATINGWEBHOOKCONFIGURATIONS) -> dict[str, Any] | None:
        try:
            return await self._client.get(resource, NAME)
        except NotFound:
            return None


def _says(found: Any, wanted: Any) -> bool:
    """Whether `found` has all that is wanted; the API server adds defaults."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_says(found.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(_says, found, wanted))
    return bool(found == wanted)
