"""The API server as administrator, by plain HTTP: what fixtures make for a test needs no process.

A kubectl process takes 0.05 to 0.1 s before it has asked anything; a test that has a namespace and two people
would start eight of them. kubectl stays where kubectl is what is tested.
"""

import functools
import http.client
import json
import ssl
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from todotasks.kube.connection.auth import Credential
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.connection.tls import ssl_context

TIMEOUT = 30.0  # seconds

Body = dict[str, Any]


KINDS = {
    "recurrencerules": "RecurrenceRule",
    "todotasks": "TodoTask",
    "reminders": "Reminder",
    "notificationchannels": "NotificationChannel",
}


def ours(plural: str, namespace: str, name: str = "") -> str:
    """The path of a collection of one of our kinds, or of one object."""
    return f"/apis/todotasks.dev/v1/namespaces/{namespace}/{plural}" + (f"/{name}" if name else "")


class Refused(Exception):
    """The API server said no; the message is what it said."""

    def __init__(self, method: str, path: str, status: int, said: str) -> None:
        super().__init__(f"{method} {path}: {status} {said}")
        self.status = status


class Api:
    """One identity at one API server. Each request has a connection of its own: servers are killed here."""

    def __init__(self, config: KubeConfig) -> None:
        server = urlsplit(config.server)
        self._host, self._port = server.hostname or "", server.port
        self._headers = {"Accept": "application/json"}
        if config.token is not None:
            self._headers["Authorization"] = f"Bearer {config.token}"
        context = ssl_context(
            config, Credential(certificate=config.client_cert_data, key=config.client_key_data)
        )
        assert isinstance(context, ssl.SSLContext)
        self._context = context

    def __call__(
        self, method: str, path: str, body: Body | None = None, *, content: str = "application/json"
    ) -> Body:
        """What it answered; raises `Refused` for every answer that is not 2xx."""
        connection = http.client.HTTPSConnection(
            self._host, self._port, timeout=TIMEOUT, context=self._context
        )
        try:
            connection.request(
                method,
                path,
                None if body is None else json.dumps(body),
                headers={**self._headers, "Content-Type": content},
            )
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise Refused(method, path, answer.status, said.decode(errors="replace"))
        document: Body = json.loads(said)
        return document

    def create_namespace(self, name: str) -> None:
        self("POST", "/api/v1/namespaces", {"metadata": {"name": name}})

    def delete_namespace(self, name: str) -> None:
        """Asks for its end, which takes five seconds by itself and which nobody needs to see."""
        try:
            self("DELETE", f"/api/v1/namespaces/{name}")
        except Refused as error:
            if error.status != 404:
                raise

    def list_(self, plural: str, namespace: str) -> list[Body]:
        """The objects of one of our kinds, as they are stored."""
        items: list[Body] = self("GET", ours(plural, namespace))["items"]
        return items

    def get(self, plural: str, namespace: str, name: str) -> Body:
        return self("GET", ours(plural, namespace, name))

    def put(self, plural: str, namespace: str, name: str, spec: Body) -> None:
        """Make an object of one of our kinds or, where it is there, give these fields of its spec a value."""
        kind = KINDS[plural]
        body = {"apiVersion": "todotasks.dev/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
        try:
            self("POST", ours(plural, namespace), body)
        except Refused as error:
            if error.status != 409:
                raise
            self.patch(plural, namespace, name, {"spec": spec})

    def patch(self, plural: str, namespace: str, name: str, changes: Body) -> None:
        self("PATCH", ours(plural, namespace, name), changes, content="application/merge-patch+json")

    def delete(self, plural: str, namespace: str, name: str) -> None:
        self("DELETE", ours(plural, namespace, name))

    def create_account(self, namespace: str, name: str) -> None:
        self("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts", {"metadata": {"name": name}})

    def bind(self, namespace: str, binding: str, role: str, account: str) -> None:
        """Bind a ClusterRole in a namespace to an account, which is `<namespace>:<name>`; back when it holds.

        The authorizer hears of a binding by a watch, some moments after it is stored.
        """
        home, _, name = account.partition(":")
        self(
            "POST",
            f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings",
            {
                "metadata": {"name": binding},
                "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
                "subjects": [{"kind": "ServiceAccount", "namespace": home, "name": name}],
            },
        )
        rules = self("GET", f"/apis/rbac.authorization.k8s.io/v1/clusterroles/{role}").get("rules") or []
        rule = next((each for each in rules if each.get("resources")), None)
        if rule is not None:
            self._until_allowed(f"system:serviceaccount:{home}:{name}", namespace, rule)

    def _until_allowed(self, user: str, namespace: str, rule: Body) -> None:
        resource, _, subresource = rule["resources"][0].partition("/")
        asked = {
            "namespace": namespace,
            "verb": rule["verbs"][0],
            "group": rule["apiGroups"][0],
            "resource": resource,
            "subresource": subresource,
            "name": (rule.get("resourceNames") or [""])[0],
        }
        review = {"spec": {"user": user, "resourceAttributes": asked}}
        deadline = time.monotonic() + TIMEOUT
        path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
        while not self("POST", path, review)["status"]["allowed"]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{user} may still not {asked['verb']} {resource} in {namespace}")
            time.sleep(0.02)

    def token(self, namespace: str, account: str, seconds: int) -> str:
        """A new bearer token of a ServiceAccount (the API server gives none for less than ten minutes)."""
        asked = {"spec": {"expirationSeconds": seconds}}
        answer = self("POST", f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token", asked)
        token: str = answer["status"]["token"]
        return token


@functools.cache
def api_of(kubeconfig: Path) -> Api:
    """As whoever the kubeconfig names. A server that is killed and started keeps its address and its keys."""
    return Api(KubeConfig.load(kubeconfig))
