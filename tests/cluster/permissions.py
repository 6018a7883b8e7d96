"""What our accounts may do, by the RBAC that is installed, and what they did, by its audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.cluster.looking import NAMESPACE


@dataclass(frozen=True, order=True)
class Permission:
    """One verb on one resource, for one account. Names of objects and namespaces are left aside."""

    account: str
    verb: str
    resource: str  # as `todotasks.todotasks.dev/status`; the core group has no dot

    def __str__(self) -> str:
        return f"{self.account}: {self.verb} {self.resource}"


def resource_of(group: str, resource: str) -> str:
    plural, _, below = resource.partition("/")
    return plural + (f".{group}" if group else "") + (f"/{below}" if below else "")


def used(events: Iterable[dict[str, Any]], namespace: str = NAMESPACE) -> set[Permission]:
    """What the accounts of a namespace asked for and were not refused."""
    return {one for one, code in _asked(events, namespace) if code != 403}


def refused(events: Iterable[dict[str, Any]], namespace: str = NAMESPACE) -> set[Permission]:
    return {one for one, code in _asked(events, namespace) if code == 403}


def _asked(events: Iterable[dict[str, Any]], namespace: str) -> Iterable[tuple[Permission, int]]:
    prefix = f"system:serviceaccount:{namespace}:"
    for event in events:
        name, what = event["user"]["username"], event.get("objectRef")
        if name.startswith(prefix) and what is not None and "resource" in what:
            below = f"/{what['subresource']}" if "subresource" in what else ""
            resource = resource_of(what.get("apiGroup", ""), what["resource"] + below)
            code = event.get("responseStatus", {}).get("code", 0)
            yield Permission(name.removeprefix(prefix), event["verb"], resource), code


def granted(roles: list[dict[str, Any]], bindings: list[dict[str, Any]]) -> set[Permission]:
    """Of all Roles and ClusterRoles that are bound to an account of ours."""
    rules = {_place(role["kind"], role["metadata"]): role.get("rules") or [] for role in roles}
    found = set()
    for binding in bindings:
        accounts = {
            subject["name"]
            for subject in binding.get("subjects") or []
            if subject["kind"] == "ServiceAccount" and subject.get("namespace") == NAMESPACE
        }
        kind = binding["roleRef"]["kind"]
        home = binding["metadata"].get("namespace", "") if kind == "Role" else ""
        for rule in rules.get((kind, home, binding["roleRef"]["name"]), []):
            found |= {
                Permission(account, verb, resource_of(group, resource))
                for account in accounts
                for verb in rule["verbs"]
                for group in rule.get("apiGroups", [])
                for resource in rule.get("resources", [])
            }
    return found


def _place(kind: str, metadata: dict[str, Any]) -> tuple[str, str, str]:
    return kind, metadata.get("namespace", ""), metadata["name"]
