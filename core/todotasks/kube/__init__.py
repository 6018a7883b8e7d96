"""The Kubernetes API, as seen by every part: one client, one reflector, one Lease.

config ─▶ client ─▶ reflector        kinds in `resources`, refusals in `errors`
             └────▶ lease

What only a long-running part needs is imported when it is first asked for: it brings the logging with it,
0.15 s that `kubectl todo` would wait for at each call.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from todotasks.kube.client import KubeClient, ListPage
from todotasks.kube.connection.config import KubeConfig
from todotasks.kube.resources import Resource

if TYPE_CHECKING:
    from todotasks.kube.lease import Lease
    from todotasks.kube.watch.reflector import (
        Change,
        Listed,
        ListedObject,
        PartialObject,
        Reflector,
        Skipped,
        Watched,
    )

_LATER = {
    "Lease": "lease",
    **dict.fromkeys(
        ("Change", "Listed", "ListedObject", "PartialObject", "Reflector", "Skipped", "Watched"),
        "watch.reflector",
    ),
}

__all__ = [
    "Change",
    "KubeClient",
    "KubeConfig",
    "Lease",
    "ListPage",
    "Listed",
    "ListedObject",
    "PartialObject",
    "Reflector",
    "Resource",
    "Skipped",
    "Watched",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
