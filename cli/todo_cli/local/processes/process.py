"""A process that may have been started by another run than this one.

A pid alone proves nothing: the kernel gives it to somebody else. So a process is remembered by its
pid *and* the moment it was created, and everything here asks for both before it believes or signals.
"""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import msgspec
import psutil

CREATED_TOLERANCE = 2.0  # seconds; the clock may be set while a process runs
POLL = 0.02  # seconds between two looks at a process that is ending
REAPED_WITHIN = 5.0  # seconds; a process that was killed may take that long to end on a busy machine


class ProcessRecord(msgspec.Struct, frozen=True):
    """What a run file keeps of a process."""

    pid: int
    created: float  # seconds since the epoch


# What this process started: only its parent can learn how a process ended.
_children: dict[ProcessRecord, "subprocess.Popen[bytes]"] = {}


def record_of(pid: int) -> ProcessRecord:
    """The record of a process that is running now."""
    return ProcessRecord(pid, psutil.Process(pid).create_time())


def alive(record: ProcessRecord) -> bool:
    """Whether exactly this process still runs; one that has ended but is not yet reaped does not."""
    child = _children.get(record)
    if child is not None and child.poll() is not None:
        return False
    try:
        process = psutil.Process(record.pid)
        if abs(process.create_time() - record.created) > CREATED_TOLERANCE:
            return False
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def how_it_ended(record: ProcessRecord) -> str:
    """The exit code or the signal of a process that we started ourselves and that has ended."""
    child = _children.get(record)
    try:
        # Its first thread may be gone and others not yet: until then there is no status.
        code = None if child is None else child.wait(REAPED_WITHIN)
    except subprocess.TimeoutExpired:
        code = None
    if code is None:
        return "ended"
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def name_of(pid: int) -> str | None:
    """The name of the program behind a pid; None when there is none, or only its exit status is left."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(process.name())
    except psutil.NoSuchProcess:
        return None


def descendants(record: ProcessRecord) -> list[ProcessRecord]:
    """Its children, and theirs."""
    if not alive(record):
        return []
    try:
        return [
            ProcessRecord(child.pid, child.create_time())
            for child in psutil.Process(record.pid).children(recursive=True)
        ]
    except psutil.NoSuchProcess:
        return []


def send(record: ProcessRecord, signum: signal.Signals) -> None:
    """Signal exactly this process; one that is gone is fine."""
    if alive(record):
        with contextlib.suppress(ProcessLookupError):
            os.kill(record.pid, signum)


def wait_gone(record: ProcessRecord, timeout: float) -> bool:
    """Wait until the process has ended; False when it has not after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while alive(record):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL)
    child = _children.get(record)
    if child is not None:
        # Reaped here: until then the pid is taken, and a PostgreSQL started anew would find its lock held.
        child.wait(timeout)
    return True


def stop(record: ProcessRecord, signum: signal.Signals, grace: float) -> bool:
    """Ask to end, wait, then kill. False when it had to be killed."""
    send(record, signum)
    if wait_gone(record, grace):
        return True
    send(record, signal.SIGKILL)
    wait_gone(record, 10.0)
    return False


def launch(
    command: list[str], *, environment: dict[str, str], cwd: Path, log: Path, user: str | None = None
) -> ProcessRecord:
    """Start a process in a session of its own: Ctrl-C reaches us only, and we stop things in our order."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=environment,
            user=user,
            start_new_session=True,
        )
    record = record_of(child.pid)
    _children[record] = child
    return record
