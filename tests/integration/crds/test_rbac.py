"""Each account may do what its part does, and nothing else: asked of the API server, and tried."""

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
import yaml

from tests.integration.crds.cases import RESOURCES, SMALLEST, channel, reminder, rule, task
from tests.support.people import grant, person, token_of
from tests.support.plane import Plane
from todo_cli.local.controlplane.kubectl import Kubectl
from todotasks.kube import KubeClient, KubeConfig, resources
from todotasks.kube.errors import Forbidden, NotFound

RBAC = Path(__file__).parents[3] / "manifests" / "base" / "rbac"
ADDED = [
    str(RBAC.parents[1] / "components" / "webhook-local" / "rbac.yaml"),
    str(RBAC.parents[1] / "components" / "notifier-secrets" / "binding.yaml"),
]  # what `todotasks up` adds for a machine that has one owner


@pytest.fixture(scope="module", autouse=True)
def base_alone(kubectl: Kubectl) -> Iterator[None]:
    """The rights of the base: what a test before has added to this cluster is away meanwhile."""
    there = [path for path in ADDED if kubectl("get", "-f", path, "--ignore-not-found", "-o", "name").strip()]
    for path in there:
        kubectl("delete", "-f", path, "--ignore-not-found")
    yield
    for path in there:
        kubectl("apply", "-f", path)


SYSTEM = "todotasks-system"
HOME = "home"  # a namespace of people; reviews do not ask whether it exists

READ = ("get", "list", "watch")
WRITE = ("create", "update", "patch", "delete", "deletecollection")
KINDS = ("todotasks", "recurrencerules", "reminders", "notificationchannels")
STATUS = tuple(f"{kind}/status" for kind in KINDS)
FINALIZERS = ("todotasks/finalizers", "recurrencerules/finalizers", "reminders/finalizers")

Right = tuple[str, str]  # verb, resource as `plural.group/subresource`


def rights(verbs: Iterable[str], kinds: Iterable[str]) -> set[Right]:
    return {(verb, ours(kind)) for verb in verbs for kind in kinds}


def ours(kind: str) -> str:
    plural, _, subresource = kind.partition("/")
    return f"{plural}.todotasks.dev" + (f"/{subresource}" if subresource else "")


#: Everything that is asked of each account, in a namespace of people.
ASKED: set[Right] = (
    rights((*READ, *WRITE), (*KINDS, *STATUS))
    | rights(("update",), FINALIZERS)
    | rights(("get", "list", "delete"), ("auditlogs",))
    | {
        (verb, resource)
        for verb in (*READ, *WRITE)
        for resource in ("secrets", "configmaps", "namespaces", "events", "events.events.k8s.io", "pods")
    }
    | {("get", "pods/exec"), ("create", "serviceaccounts/token"), ("impersonate", "users")}
    | {
        (verb, resource)
        for verb in ("get", "create", "patch", "escalate", "bind")
        for resource in (
            "clusterroles.rbac.authorization.k8s.io",
            "roles.rbac.authorization.k8s.io",
            "customresourcedefinitions.apiextensions.k8s.io",
            "mutatingadmissionpolicies.admissionregistration.k8s.io",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            "leases.coordination.k8s.io",
        )
    }
)

ZONES = {(verb, "namespaces") for verb in READ}
ACCOUNTS: dict[str, set[Right]] = {
    "operator": (
        rights(READ, KINDS)
        | rights(("create", "patch", "delete"), ("todotasks", "reminders"))
        | rights(("patch",), STATUS)
        | rights(("update",), ("todotasks/finalizers", "recurrencerules/finalizers"))
        | ZONES
        | {(verb, "events") for verb in ("create", "get", "patch")}
    ),
    "relay": set(),
    "notifier": (
        rights(("get",), ("notificationchannels",))
        | rights(("patch",), ("reminders/status", "notificationchannels/status"))
    ),
    "gateway": rights(("list", "watch"), KINDS) | {("get", "namespaces"), ("list", "namespaces")},
    "webhook": rights(("list", "watch"), ("todotasks", "notificationchannels"))
    | {("list", "namespaces"), ("watch", "namespaces")},
    "audit": set(),
}

# Their own namespace says in which zone times are read.
VIEW = rights(READ, KINDS) | rights(("get",), STATUS) | {("get", "namespaces")}
EDIT = VIEW | rights(WRITE, KINDS)
ADMIN = EDIT | rights(("get",), ("auditlogs",))
#: What the cluster's own roles get of ours.
ROLES = {"view": VIEW, "edit": EDIT, "admin": ADMIN}


class Become(Protocol):
    """A client with the token of a ServiceAccount."""

    def __call__(self, account: str, namespace: str = SYSTEM) -> AbstractAsyncContextManager[KubeClient]: ...


@pytest.fixture
def become(plane: Plane, kubectl: Kubectl) -> Become:
    @asynccontextmanager
    async def client(account: str, namespace: str = SYSTEM) -> AsyncIterator[KubeClient]:
        token = token_of(kubectl, f"{namespace}:{account}")
        config = KubeConfig.load(plane.kubeconfig).with_token(token)
        async with KubeClient(config, retry_for=2.0) as made:
            yield made

    return client


async def may(kube: KubeClient, right: Right, namespace: str, name: str = "") -> bool:
    verb, resource = right
    resource, _, subresource = resource.partition("/")
    plural, _, group = resource.partition(".")
    attributes = {
        "namespace": namespace,
        "verb": verb,
        "group": group,
        "resource": plural,
        "subresource": subresource,
        "name": name,
    }
    answer = await kube.post_review(
        resources.SELFSUBJECTACCESSREVIEWS, {"spec": {"resourceAttributes": attributes}}
    )
    return bool(answer["status"]["allowed"])


async def all_rights(kube: KubeClient, namespace: str) -> set[Right]:
    return {right for right in sorted(ASKED) if await may(kube, right, namespace)}


# ── asked ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("account", ACCOUNTS)
async def test_an_account_may_do_what_its_part_does_and_nothing_else(become: Become, account: str) -> None:
    async with become(f"todotasks-{account}") as kube:
        assert await all_rights(kube, HOME) == ACCOUNTS[account]


LEASES: dict[str, set[str]] = {
    "operator": {"todotasks-operator", "todotasks-relay"},
    "relay": {"todotasks-relay"},
    "notifier": set(),
    "gateway": set(),
    "webhook": set(),
    "audit": set(),
}


@pytest.mark.parametrize("account", LEASES)
async def test_an_account_may_hold_its_own_lease_only(become: Become, account: str) -> None:
    async with become(f"todotasks-{account}") as kube:
        for verb in ("get", "watch", "update"):
            right = (verb, "leases.coordination.k8s.io")
            held = {
                name
                for name in ("todotasks-operator", "todotasks-relay", "kube-controller-manager", "")
                if await may(kube, right, SYSTEM, name)
            }
            assert held == LEASES[account], verb
        create = ("create", "leases.coordination.k8s.io")
        assert await may(kube, create, SYSTEM) is bool(LEASES[account])
        assert not await may(kube, create, "kube-system")


@pytest.mark.parametrize("role", ROLES)
async def test_the_clusters_own_roles_get_their_share(
    kube: KubeClient, kubectl: Kubectl, become: Become, namespace: str, role: str
) -> None:
    person(kubectl, "ana", namespace, role)
    async with become("ana", namespace) as ana:
        found = await all_rights(ana, namespace)
        assert found >= ROLES[role]
        ours = {right for right in ROLES[role] if "todotasks.dev" in right[1]}
        assert {right for right in found if "todotasks.dev" in right[1]} == ours
        assert {right for right in await all_rights(ana, "default") if "todotasks.dev" in right[1]} == set()


@pytest.mark.parametrize("role", ROLES)
async def test_our_own_roles_are_enough_by_themselves(
    kube: KubeClient, kubectl: Kubectl, become: Become, namespace: str, role: str
) -> None:
    person(kubectl, "ana", namespace, f"todotasks-{role}")
    async with become("ana", namespace) as ana:
        assert await all_rights(ana, namespace) == ROLES[role]


# ── tried ────────────────────────────────────────────────────────────────────────────────────────────
async def test_the_operator_works_with_its_token(kube: KubeClient, become: Become, namespace: str) -> None:
    owner = await kube.create(
        resources.RECURRENCERULES, {"metadata": {"name": "rent"}, "spec": rule()}, namespace
    )
    async with become("todotasks-operator") as operator:
        reference = {
            "apiVersion": "todotasks.dev/v1",
            "kind": "RecurrenceRule",
            "name": "rent",
            "uid": owner["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        body = {"metadata": {"name": "rent-1", "ownerReferences": [reference]}, "spec": task()}
        made = await operator.create(resources.TODOTASKS, body, namespace)
        await operator.patch(
            resources.TODOTASKS,
            "rent-1",
            {"metadata": {"uid": made["metadata"]["uid"]}, "status": {"observedGeneration": 1}},
            namespace,
            subresource="status",
        )
        await operator.apply(
            resources.REMINDERS,
            "rent-1",
            {"metadata": {"name": "rent-1"}, "spec": reminder()},
            namespace,
            field_manager="todotasks-operator",
        )
        await operator.patch(
            resources.RECURRENCERULES, "rent", {"status": {"occurrences": 1}}, namespace, subresource="status"
        )
        assert len(await operator.list_(resources.TODOTASKS)) >= 1
        await operator.delete(resources.TODOTASKS, "rent-1", namespace)


async def test_the_operator_cannot_write_what_is_the_peoples(
    kube: KubeClient, become: Become, namespace: str
) -> None:
    await kube.create(resources.RECURRENCERULES, {"metadata": {"name": "rent"}, "spec": rule()}, namespace)
    async with become("todotasks-operator") as operator:
        with pytest.raises(Forbidden, match='cannot patch resource "recurrencerules"'):
            await operator.patch(resources.RECURRENCERULES, "rent", {"spec": {"suspend": True}}, namespace)
        with pytest.raises(Forbidden, match="cannot delete resource"):
            await operator.delete(resources.RECURRENCERULES, "rent", namespace)
        with pytest.raises(Forbidden, match="cannot create resource"):
            await operator.create(
                resources.NOTIFICATIONCHANNELS, {"metadata": {"name": "x"}, "spec": channel()}, namespace
            )
        with pytest.raises(Forbidden, match='cannot list resource "secrets"'):
            await operator.list_(resources.SECRETS, namespace)


async def test_the_operator_holds_its_lease(kube: KubeClient, become: Become) -> None:
    async with become("todotasks-operator") as operator:
        body = {"metadata": {"name": "todotasks-relay", "namespace": SYSTEM}, "spec": {"holderIdentity": "a"}}
        with suppress(NotFound):  # what an operator of another test has left in this cluster
            await kube.delete(resources.LEASES, "todotasks-relay", SYSTEM)
        await operator.create(resources.LEASES, body, SYSTEM)
        found = await operator.get(resources.LEASES, "todotasks-relay", SYSTEM)
        await operator.replace(resources.LEASES, "todotasks-relay", found, SYSTEM)
        params = {"fieldSelector": "metadata.name=todotasks-relay", "timeoutSeconds": "1"}
        async for _ in operator.watch_lines(resources.LEASES, SYSTEM, params):
            break
        with pytest.raises(Forbidden):
            await operator.get(resources.LEASES, "somebody-elses", SYSTEM)
        with pytest.raises(Forbidden):
            await operator.delete(resources.LEASES, "todotasks-relay", SYSTEM)
        await kube.delete(resources.LEASES, "todotasks-relay", SYSTEM)


async def test_the_notifier_reads_a_secret_only_where_it_was_let(
    kube: KubeClient, kubectl: Kubectl, become: Become, namespace: str
) -> None:
    secret = {"metadata": {"name": "slack"}, "stringData": {"url": "slack://token"}}
    await kube.create(resources.SECRETS, secret, namespace)
    await kube.create(resources.REMINDERS, {"metadata": {"name": "r"}, "spec": reminder()}, namespace)
    async with become("todotasks-notifier") as notifier:
        with pytest.raises(Forbidden, match='cannot get resource "secrets"'):
            await notifier.get(resources.SECRETS, "slack", namespace)
        grant(kubectl, "todotasks-notifier-secrets", f"{SYSTEM}:todotasks-notifier", namespace)
        assert (await notifier.get(resources.SECRETS, "slack", namespace))["data"]
        with pytest.raises(Forbidden):
            await notifier.list_(resources.SECRETS, namespace)
        with pytest.raises(Forbidden):
            await notifier.get(resources.SECRETS, "slack", "kube-system")
        deliveries = {"status": {"deliveries": [{"channel": "mail", "state": "Delivered", "attempts": 1}]}}
        await notifier.patch(resources.REMINDERS, "r", deliveries, namespace, subresource="status")
        with pytest.raises(Forbidden):
            await notifier.patch(resources.REMINDERS, "r", {"spec": {"suspend": True}}, namespace)


async def test_the_gateway_writes_nothing_by_itself(kube: KubeClient, become: Become, namespace: str) -> None:
    async with become("todotasks-gateway") as gateway:
        for kind, spec in SMALLEST.items():
            await gateway.list_(RESOURCES[kind])
            with pytest.raises(Forbidden):
                await gateway.create(RESOURCES[kind], {"metadata": {"name": "x"}, "spec": spec}, namespace)


async def test_who_may_edit_completes_a_task_but_not_its_status(
    kube: KubeClient, kubectl: Kubectl, become: Become, namespace: str
) -> None:
    person(kubectl, "ana", namespace, "edit")
    async with become("ana", namespace) as ana:
        await ana.create(resources.TODOTASKS, {"metadata": {"name": "rent"}, "spec": task()}, namespace)
        await ana.patch(resources.TODOTASKS, "rent", {"spec": {"completed": True}}, namespace)
        with pytest.raises(Forbidden, match="todotasks/status"):
            await ana.patch(
                resources.TODOTASKS,
                "rent",
                {"status": {"observedGeneration": 1}},
                namespace,
                subresource="status",
            )
        with pytest.raises(Forbidden):
            await ana.create(resources.TODOTASKS, {"metadata": {"name": "rent"}, "spec": task()}, "default")


# ── written ──────────────────────────────────────────────────────────────────────────────────────────
class Granted(NamedTuple):
    role: str
    rule: dict[str, list[str]]


GRANTED = [
    Granted(document["metadata"]["name"], rule_)
    for path in sorted(RBAC.glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
    if document["kind"] in {"Role", "ClusterRole"}
    for rule_ in document["rules"]
]


@pytest.mark.parametrize("granted", GRANTED, ids=lambda granted: granted.role)
def test_no_role_has_a_wildcard_or_a_way_to_more(granted: Granted) -> None:
    words = [word for part in granted.rule.values() for word in part]
    assert "*" not in "".join(words)
    verbs = set(granted.rule["verbs"])
    if granted.rule.get("resourceNames") == ["todotasks:mail-link"]:
        verbs -= {
            "impersonate"
        }  # one user, whom a policy binds: tests/integration/gateway/test_mail_links.py
    assert not {"escalate", "bind", "impersonate"} & verbs
    if "secrets" in granted.rule["resources"]:
        known = {
            ("todotasks-notifier-secrets", "get", ""),
            # Its own certificate, in the namespace of the parts: a name cannot be asked of create.
            ("todotasks-webhook-tls", "create", ""),
            ("todotasks-webhook-tls", "get update", "todotasks-webhook-tls"),
        }
        names = " ".join(granted.rule.get("resourceNames", []))
        assert (granted.role, " ".join(granted.rule["verbs"]), names) in known


def test_each_file_is_applied() -> None:
    listed = yaml.safe_load((RBAC / "kustomization.yaml").read_text())["resources"]
    assert sorted(listed) == sorted(path.name for path in RBAC.glob("*.yaml") if path.stem != "kustomization")
