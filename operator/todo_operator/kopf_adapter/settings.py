"""kopf as a watch and nothing else: each setting, and why.

what kopf would do               here                      because
store its progress on objects    NoProgress                a write and an annotation for each object
store what it saw last           NoDiffBase                building the essence takes a third of its CPU
wait for its own writes          consistency_timeout 0     it writes nothing
post Kubernetes Events           posting off               the executor does, aggregated
look for CRDs and namespaces     scanning off              the kinds are known; a list and a watch less
list everything at its start     initial_streaming         our list has told it; see `session`
look for other operators         standalone                the Lease elects
give up after some failures      EndlessBackoffs           giving up ends the whole operator
keep a worker for each object    worker_limit, idle        ten thousand objects are ten thousand tasks
"""

import itertools
import logging
from collections.abc import Iterator
from typing import Any

from todo_operator.kopf_adapter.lone_kopf import kopf
from todotasks.api import GROUP
from todotasks.kube.resources import TODOTASKS

OPEN_TASKS = "spec.completed=false"  # what kopf watches: a completion leaves its sight like a deletion


class EndlessBackoffs:
    """Seconds between kopf's attempts: for ever, and soon enough after an outage.

    Its default gives up after 13 s or waits up to 21, and giving up ends the whole operator.
    """

    def __iter__(self) -> Iterator[float]:
        return itertools.chain((0.1, 0.2, 0.5, 1.0), itertools.repeat(2.0))


class NoProgress(kopf.ProgressStorage):
    """Nothing is stored on the objects: our handler has no progress."""

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None: ...
    def purge(self, **_: Any) -> None: ...
    def touch(self, **_: Any) -> None: ...

    def clear(self, *, essence: Any) -> Any:
        return essence


class NoDiffBase(kopf.DiffBaseStorage):
    """Nothing is stored or compared: building the essence of each object costs kopf a third of its CPU."""

    def build(self, **_: Any) -> Any:
        return {}

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None: ...


def configure(settings: kopf.OperatorSettings) -> None:
    """Called by kopf at its start."""
    settings.watching.field_selectors[GROUP, TODOTASKS.plural] = OPEN_TASKS
    settings.watching.initial_streaming = True
    settings.watching.inactivity_timeout = 70  # seconds; bookmarks come each 60
    settings.watching.server_timeout = 300  # seconds
    settings.networking.request_timeout = 30  # seconds
    settings.networking.error_backoffs = EndlessBackoffs()
    settings.networking.enforce_retry_after = True
    # The limit alone would throttle: a worker keeps its place for the whole idle timeout.
    settings.queueing.worker_limit = 256
    settings.queueing.idle_timeout = 0.05  # seconds
    settings.queueing.exit_timeout = 2.0  # seconds; handlers only pass on
    settings.persistence.progress_storage = NoProgress()
    settings.persistence.diffbase_storage = NoDiffBase()
    settings.persistence.consistency_timeout = 0
    settings.posting.enabled = False
    settings.scanning.disabled = True
    settings.peering.standalone = True
    # For each event two lines at INFO.
    for name in ("kopf.objects", "kopf._core", "kopf._cogs"):
        logging.getLogger(name).setLevel(logging.WARNING)
