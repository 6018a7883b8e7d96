"""`python -m tests.support.node up|down|status`: a cluster to look at by hand, until Ctrl-C or `down`.

`prepare` builds ahead of time what a first `up` would need.
"""

import signal
import sys
from pathlib import Path

from tests.support import programs
from tests.support.node import images, network, requirements
from tests.support.node.cluster import Cluster
from todo_cli.local.backing import kafka
from todo_cli.local.controlplane import binaries
from todo_cli.local.errors import LocalError
from todo_cli.local.folder import Folder
from todo_cli.local.processes import process
from todo_cli.local.progress import Progress

PLACE = Path(".todotasks-node")
COMMANDS = ("up", "down", "status", "prepare")


def main(command: str) -> int:
    if command == "up":
        return up()
    if command == "prepare":
        return prepare()
    folder = Folder.existing(PLACE)
    running = folder.running() if folder is not None else {}
    for name, run in running.items():
        print(f"{name}: pid {run.process.pid} {run.address}")
        if command == "down":
            process.stop(run.process, signal.SIGKILL, 5)
    if command == "down":
        network.hold().release()  # takes the bridge away, and what is left of cgroups
    return 0


def prepare() -> int:
    progress = Progress(lambda line: print(line, flush=True))
    try:
        for name in requirements.BUILT:
            programs.build(name, progress)
        images.ensure_base(progress)
    except LocalError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def up() -> int:
    if (reason := requirements.why_not()) is not None:
        print(f"A node cannot run here: {reason}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: whatever goes on, `stop` follows
    progress = Progress(lambda line: print(line, flush=True))
    folder = Folder.open(PLACE)
    with folder.exclusive():
        found = binaries.obtain(progress)
        cluster = Cluster(folder, found, kafka.obtain(progress), progress)
        try:
            cluster.start()
            print(f"Ready: export KUBECONFIG={cluster.plane.kubeconfig}; Ctrl-C ends it")
            signal.pause()
        except KeyboardInterrupt:
            print("Stopping", flush=True)
        finally:
            cluster.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if sys.argv[1:] and sys.argv[1] in COMMANDS else "status"))
