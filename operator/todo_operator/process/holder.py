"""The name under which this process holds a Lease, and who of an older name is certainly gone.

In a pod it is the pod's name: a container that is started again takes its Lease back at once. Elsewhere it
says which process on which machine, so that two operators on one machine are two; and because it does, a
process that is started after a crash can see that its predecessor is dead, and need not wait for the end of
its Lease. Only the same boot and the same space of process ids can tell that; of anybody else we know
nothing, and wait.
"""

import os
import re
import socket
from pathlib import Path

_NAME = re.compile(r"(?P<host>.+)/(?P<pid>[0-9]+)/(?P<space>[0-9a-f-]+)")


def holder_name() -> str:
    pod = os.environ.get("POD_NAME") or (
        socket.gethostname() if "KUBERNETES_SERVICE_HOST" in os.environ else ""
    )
    return pod or f"{socket.gethostname()}/{os.getpid()}/{_space()}"


def is_gone(holder: str) -> bool:
    """Whether the process of this name is dead. False for everybody of whom this machine cannot know."""
    match = _NAME.fullmatch(holder)
    if match is None or match["host"] != socket.gethostname() or match["space"] != _space():
        return False
    try:
        stat = Path(f"/proc/{match['pid']}/stat").read_text()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    # The name in parentheses may contain anything; the state is the letter after the last one.
    # Z, X: it has ended, and only its parent has not asked yet.
    return stat.rpartition(")")[2].split()[0] in ("Z", "X")


def _space() -> str:
    """Which boot of which machine, and which of its spaces of process ids."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        return f"{boot}-{os.stat('/proc/self/ns/pid').st_ino:x}"
    except OSError:
        return "0"
