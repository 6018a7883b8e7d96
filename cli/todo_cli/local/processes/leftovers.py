"""Stopping what runs in a folder, in the right order, whoever started it."""

import signal
from collections.abc import Iterable

from todo_cli.local.folder import Folder
from todo_cli.local.processes import process
from todo_cli.local.progress import Progress

SUPERVISOR = "supervisor"
# First our parts (every name that is not here), last what they stand on. The API server before etcd: without
# it, it ignores SIGTERM for more than a minute.
STOP_ORDER = ("kube-controller-manager", "kube-apiserver", "etcd", "kafka", "postgres", "smtp")
GRACE = 30.0  # seconds


def in_stop_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: STOP_ORDER.index(name) if name in STOP_ORDER else -1)


def stop_leftovers(folder: Folder, progress: Progress) -> list[str]:
    """Stop the processes of a run whose supervisor is gone. Returns what was stopped."""
    found = {name: run for name, run in folder.running().items() if not run.external and name != SUPERVISOR}
    ordered = in_stop_order(found)
    for name in ordered:
        run = found[name]
        with progress.step(f"{name} (pid {run.process.pid}) left from an earlier run: stopping it"):
            process.stop(run.process, signal.Signals(run.stop_signal), GRACE)
        folder.clear_run(name)
    return ordered
