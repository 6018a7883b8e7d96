"""Which cluster this is: positions (resourceVersions, cursors) of one mean nothing in another."""

from todotasks.kube.client import KubeClient
from todotasks.kube.errors import Forbidden, NotFound
from todotasks.kube.resources import NAMESPACES
from todotasks.kube.watch.observed import PartialObject

SYSTEM = "kube-system"  # there is one in every cluster, and nobody makes it anew


async def cluster_uid(kube: KubeClient, namespace: str = "") -> str:
    """The uid of the one namespace that is looked after, which rights in that namespace show; else that of
    `kube-system`. Forbidden or NotFound where neither may be seen.
    """
    if namespace:
        try:
            return await _uid(kube, namespace)
        except (Forbidden, NotFound):
            pass  # an account that may see only what names the cluster
    return await _uid(kube, SYSTEM)


async def _uid(kube: KubeClient, namespace: str) -> str:
    found = await kube.get(NAMESPACES, namespace, type=PartialObject)
    return found.metadata.uid
