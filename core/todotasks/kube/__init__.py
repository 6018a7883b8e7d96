"""The Kubernetes API, as seen by every part: one client, one reflector, one Lease.

config ─▶ client ─▶ reflector        kinds in `resources`, refusals in `errors`
             └────▶ lease
"""

from todotasks.kube.client import KubeClient, ListPage
from todotasks.kube.config import KubeConfig
from todotasks.kube.gate import RateLimiter
from todotasks.kube.lease import Lease
from todotasks.kube.reflector import Change, Listed, Observed, PartialObject, Reflector, Skipped, Watched
from todotasks.kube.resources import Resource

__all__ = [
    "Change",
    "KubeClient",
    "KubeConfig",
    "Lease",
    "ListPage",
    "Listed",
    "Observed",
    "PartialObject",
    "RateLimiter",
    "Reflector",
    "Resource",
    "Skipped",
    "Watched",
]
