"""A link that signs a browser in to the page, once: made by the gateway for a token of the kubeconfig."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import yaml

TIMEOUT = 5.0  # seconds


def sign_in_link(kubeconfig: Path, gateway: str) -> str | None:
    """`http://…/#sign-in=…`, good for ten minutes. None where the kubeconfig has no token (a certificate, a
    program that makes one), or the gateway does not answer: then one signs in with a token."""
    token = _token(kubeconfig)
    if token is None:
        return None
    request = urllib.request.Request(  # noqa: S310 the address is our own gateway's
        f"{gateway}/v1/session/link", data=b"", method="POST", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return gateway + str(json.load(answer)["path"])
    except (OSError, ValueError, KeyError):
        return None


def _token(kubeconfig: Path) -> str | None:
    try:
        document: Any = yaml.safe_load(kubeconfig.read_text())
        contexts = {each["name"]: each["context"] for each in document["contexts"]}
        users = {each["name"]: each["user"] for each in document["users"]}
        user = users[contexts[document["current-context"]]["user"]]
        token = user.get("token") or Path(user["tokenFile"]).read_text().strip()
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError):
        return None
    return str(token) or None
