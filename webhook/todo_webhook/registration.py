"""The ValidatingWebhookConfiguration: what the API server asks us about, and by which authority it knows us.

In a cluster it is a manifest (`manifests/webhook`), and only its `caBundle` is kept here; `todotasks up` has
no Service to name, so there the process writes the whole of it, with its own address. `document` is both: a
test compares the manifest with it.

Whom the server may believe: the API server shows no certificate to a webhook unless its own start-up files
tell it to, which nobody can do in a managed cluster. So the address that it is told has a secret as its last
part, and the server answers nobody who does not know it. The configuration is the one place where the secret
is kept: who may read that may rewrite it too, or is trusted as much. Manifests name no path, so applying them
again leaves it alone.

What is *not* asked about costs the API server nothing: the status, other kinds, the operator's own writes,
and
writes that change nothing (the match conditions are decided before anything is sent).
"""

import base64
import copy
import hmac
import re
import secrets
import time
from typing import Any

from todotasks.api import GROUP, VERSION
from todotasks.kube import KubeClient, Resource
from todotasks.kube.errors import Conflict, KubeError, NotFound
from todotasks.kube.resources import (
    MUTATINGWEBHOOKCONFIGURATIONS,
    OUR_KINDS,
    VALIDATINGWEBHOOKCONFIGURATIONS,
)

NAME = "todotasks.dev"
FIELD_MANAGER = "todotasks-webhook"
TIMEOUT = 2  # seconds
VALIDATE, DELETED, STAMP = "/validate", "/deleted", "/stamp"
PATHS = {
    "validate.todotasks.dev": VALIDATE,
    "deleted.todotasks.dev": DELETED,
    "stamp.todotasks.dev": STAMP,
}
# The API server takes lower-case letters, digits, '-' and '.' in a part of a path; 128 bits.
SECRET = re.compile(r"[0-9a-f]{32}")
LOOK_AGAIN = 1.0  # seconds between two looks for a secret that somebody claims to know
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


def document(url: str | None = None, secret: str = "") -> dict[str, Any]:
    """The configuration without a `caBundle`; with `url` and `secret` for a process outside the cluster. That
    in a manifest names no path: the process adds it."""
    plurals = [resource.plural for resource in OUR_KINDS]

    def hook(name: str, operations: list[str], conditions: list[tuple[str, str]]) -> dict[str, Any]:
        service = {"namespace": SYSTEM_NAMESPACE, "name": SERVICE, "port": 443}
        return {
            "name": name,
            "clientConfig": {"service": service}
            if url is None
            else {"url": url.rstrip("/") + path_of(name, secret)},
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
                ["CREATE", "UPDATE"],
                [("not-the-operator", NOT_THE_OPERATOR), ("a-change", A_CHANGE)],
            ),
            hook(
                "deleted.todotasks.dev",
                ["DELETE"],
                [("not-the-operators-reminders", NOT_THE_OPERATORS_OWN)],
            ),
        ],
    }


def path_of(hook: str, secret: str) -> str:
    """`/validate/0123…`: where the API server reaches a webhook of ours."""
    return f"{PATHS.get(hook, VALIDATE)}/{secret}"


def stamping_document() -> dict[str, Any]:
    """For servers without MutatingAdmissionPolicy v1: `manifests/components/stamping-webhook`."""
    hook = document()["webhooks"][0]
    hook.update(
        name="stamp.todotasks.dev", sideEffects="None", failurePolicy="Fail", reinvocationPolicy="Never"
    )
    # The operator's writes are stamped as well; what changes nothing has its stamp already.
    hook["matchConditions"] = []
    return {
        "apiVersion": MUTATINGWEBHOOKCONFIGURATIONS.api_version,
        "kind": MUTATINGWEBHOOKCONFIGURATIONS.kind,
        "metadata": {"name": NAME},
        "webhooks": [hook],
    }


class Registration:
    """Keeps the configuration in step. With `url` the whole of it is ours; else its `caBundle` and the paths,
    and those of the stamping configuration where there is one."""

    def __init__(self, client: KubeClient, *, url: str | None = None) -> None:
        self._client, self._url = client, url
        self.name = NAME
        self._secrets: list[str] = []  # the newest last; the one before, for requests that are on their way
        self._looked = -LOOK_AGAIN

    async def bundle(self) -> bytes:
        """The authorities that the API server trusts by *every* one of our webhooks; empty where there is
        none."""
        bundles = {
            hook["clientConfig"].get("caBundle", "")
            for resource in (VALIDATINGWEBHOOKCONFIGURATIONS, MUTATINGWEBHOOKCONFIGURATIONS)
            for hook in ((await self._found(resource)) or {}).get("webhooks") or ()
        }
        return base64.b64decode(bundles.pop()) if len(bundles) == 1 else b""

    async def keep(self, bundle: bytes | None) -> bool:
        """Bring it into step; whether something had to be written. None: somebody else keeps the
        `caBundle`."""
        encoded = None if bundle is None else base64.b64encode(bundle).decode()
        found = await self._found()
        stamping = None if self._url else await self._found(MUTATINGWEBHOOKCONFIGURATIONS)
        # That of the configuration first: the other replicas know that one.
        secret = _secret_of(found) or _secret_of(stamping) or self._newest or secrets.token_hex(16)
        self._know(secret)  # before it is written: the API server may call within the same millisecond
        if self._url is not None:
            wanted = document(self._url, secret)
            for hook in wanted["webhooks"]:
                if encoded is not None:
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
            (MUTATINGWEBHOOKCONFIGURATIONS, stamping),
        ):
            if configuration is not None:  # else the manifest is not applied (yet)
                written |= await self._put(resource, configuration, encoded, secret)
        return written

    async def knows(self, secret: str) -> bool:
        """Whether a caller may be believed. A secret that another replica has just written is looked up,
        once a second at most, whoever asks."""
        if self._is_known(secret):
            return True
        if not SECRET.fullmatch(secret) or time.monotonic() - self._looked < LOOK_AGAIN:
            return False
        self._looked = time.monotonic()
        try:
            for resource in (VALIDATINGWEBHOOKCONFIGURATIONS, MUTATINGWEBHOOKCONFIGURATIONS):
                if written := _secret_of(await self._found(resource)):
                    self._know(written)
                    break
        except KubeError:
            return False
        return self._is_known(secret)

    @property
    def _newest(self) -> str:
        return self._secrets[-1] if self._secrets else ""

    def _know(self, secret: str) -> None:
        if secret != self._newest:
            self._secrets = [*self._secrets[-1:], secret]

    def _is_known(self, secret: str) -> bool:
        return any(hmac.compare_digest(secret.encode(), each.encode()) for each in self._secrets)

    async def _put(
        self, resource: Resource, configuration: dict[str, Any], bundle: str | None, secret: str
    ) -> bool:
        hooks = configuration.get("webhooks") or []
        before = copy.deepcopy(hooks)
        for hook in hooks:
            if bundle is not None:
                hook["clientConfig"]["caBundle"] = bundle
            if service := hook["clientConfig"].get("service"):
                service["path"] = path_of(hook["name"], secret)
        if hooks == before:
            return False
        try:
            await self._client.replace(resource, self.name, configuration)
        except Conflict:
            return False  # somebody changed it at the same moment: at the next look
        return True

    async def _found(self, resource: Resource = VALIDATINGWEBHOOKCONFIGURATIONS) -> dict[str, Any] | None:
        try:
            return await self._client.get(resource, self.name)
        except NotFound:
            return None


def _secret_of(configuration: dict[str, Any] | None) -> str:
    """What its first path ends in, if that is a secret of ours; else empty."""
    for hook in (configuration or {}).get("webhooks") or ():
        where = hook["clientConfig"]
        path = where.get("url") or (where.get("service") or {}).get("path") or ""
        last = path.rpartition("/")[2]
        if SECRET.fullmatch(last):
            return str(last)
    return ""


def _says(found: Any, wanted: Any) -> bool:
    """Whether `found` has all that is wanted; the API server adds defaults."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_says(found.get(key), value) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(_says, found, wanted))
    return bool(found == wanted)
