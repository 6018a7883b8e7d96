"""People: ServiceAccounts that play users, with the role that a test gives them."""

from todo_cli.local.controlplane.kubectl import Kubectl

TOKEN_LIFE = "10m"


def grant(kubectl: Kubectl, role: str, account: str, namespace: str, *, binding: str = "") -> None:
    """Bind a ClusterRole in a namespace to `account`, which is `<namespace>:<name>`."""
    kubectl(
        "create",
        "rolebinding",
        binding or f"{account.partition(':')[2]}-{role}",
        "-n",
        namespace,
        f"--clusterrole={role}",
        f"--serviceaccount={account}",
    )


def person(kubectl: Kubectl, name: str, namespace: str, role: str = "") -> str:
    """Make `name` in `namespace`, with a role there if one is said; the account as `<namespace>:<name>`."""
    kubectl("create", "serviceaccount", name, "-n", namespace)
    account = f"{namespace}:{name}"
    if role:
        grant(kubectl, role, account, namespace)
    return account


def token_of(kubectl: Kubectl, account: str, life: str = TOKEN_LIFE) -> str:
    """A bearer token of the account, valid for `life` (the API server allows 10m at the least)."""
    namespace, _, name = account.partition(":")
    return kubectl("create", "token", name, "-n", namespace, f"--duration={life}").strip()
