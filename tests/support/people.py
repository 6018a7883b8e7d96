"""People: ServiceAccounts that play users, with the role that a test gives them."""

from tests.support.api import api_of
from todo_cli.local.controlplane.kubectl import Kubectl

TOKEN_LIFE = 600  # seconds; the API server allows ten minutes at the least


def grant(kubectl: Kubectl, role: str, account: str, namespace: str, *, binding: str = "") -> None:
    """Bind a ClusterRole in a namespace to `account`, which is `<namespace>:<name>`."""
    name = binding or f"{account.partition(':')[2]}-{role}"
    api_of(kubectl.kubeconfig).bind(namespace, name, role, account)


def person(kubectl: Kubectl, name: str, namespace: str, role: str = "") -> str:
    """Make `name` in `namespace`, with a role there if one is said; the account as `<namespace>:<name>`."""
    api_of(kubectl.kubeconfig).create_account(namespace, name)
    account = f"{namespace}:{name}"
    if role:
        grant(kubectl, role, account, namespace)
    return account


def token_of(kubectl: Kubectl, account: str, life: int = TOKEN_LIFE) -> str:
    """A bearer token of the account, valid for `life` seconds."""
    namespace, _, name = account.partition(":")
    return api_of(kubectl.kubeconfig).token(namespace, name, life)
