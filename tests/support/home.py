"""Where a test session keeps its servers' data, and how it cleans up after one that was killed.

Each pytest process has one folder, named after its pid, in one place that all sessions of this user
share. The next session stops and removes what belongs to a process that is gone; without it every
SIGKILL of pytest would leave a control plane and a Kafka running.
"""

import fcntl
import os
import shutil
import signal
import tempfile
from pathlib import Path

import msgspec

from todo_cli.local.folder import Folder, write_atomically
from todo_cli.local.processes import process

PLACE = Path(tempfile.gettempdir()) / f"todotasks-tests-{os.getuid()}"
OWNER = "owner.json"


def make_home() -> Path:
    """This process's folder."""
    home = PLACE / str(os.getpid())
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(home / OWNER, msgspec.json.encode(process.record_of(os.getpid())))
    return home


def remove(home: Path) -> None:
    """Stop whatever still runs below a home, and remove it."""
    for marker in home.rglob("folder.json"):
        for run in Folder.open(marker.parent).running().values():
            process.stop(run.process, signal.SIGKILL, 5.0)
    shutil.rmtree(home, ignore_errors=True)


def prune() -> None:
    """Remove the homes of sessions that ended without cleaning up. pytest-xdist's workers do it in turn."""
    PLACE.mkdir(exist_ok=True)
    with (PLACE / "prune.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for owner_file in PLACE.glob(f"*/{OWNER}"):
            try:
                owner = msgspec.json.decode(owner_file.read_bytes(), type=process.ProcessRecord)
            except (OSError, msgspec.DecodeError):
                continue
            if not process.alive(owner):
                remove(owner_file.parent)
