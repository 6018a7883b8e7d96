"""What runs as the first process of a node's namespaces: `python -m tests.support.node.inside FILE`.

It makes the mounts and addresses, starts containerd, kubelet and kube-proxy, and ends when one of them does:
the kernel then ends every process of the pid namespace, unmounts, and takes the cable away.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.support.node.files import SOCKET
from tests.support.node.network import CGROUPS

PATIENCE = 60.0  # seconds
WEIGHT = 16  # processes of the host that the Pods of a node count as, about as many as they are


def main(path: Path) -> None:
    settings: dict[str, Any] = json.loads(path.read_text())
    root = Path(settings["root"])
    mount_own(root)
    make_cgroups(settings["cgroup"])
    wait_for(lambda: run_quietly("ip", "link", "show", "eth0"))
    address(settings)
    children = [start(root, "containerd", settings["containerd"])]
    wait_for(lambda: Path(SOCKET).exists())
    children += [start(root, name, settings[name]) for name in ("kubelet", "kube-proxy")]

    def end(*_: object) -> None:
        os._exit(0)  # the first process of a pid namespace takes all others with it

    signal.signal(signal.SIGTERM, end)
    while True:
        pid, status = os.wait()  # also orphans of Pods, whose parent the first process is
        for name, child in zip(("containerd", "kubelet", "kube-proxy"), children, strict=True):
            if child.pid == pid:
                print(f"{name} ended: {os.waitstatus_to_exitcode(status)}", flush=True)
                os._exit(1)


def mount_own(root: Path) -> None:
    """Everything that these programs keep at fixed places is this node's own, and gone with it."""
    run("mount", "--make-rshared", "/")
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    for place in ("/var/lib/kubelet", "/var/log"):
        own = root / place.strip("/").replace("/", "-")
        own.mkdir(exist_ok=True)
        Path(place).mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", str(own), place)
    Path("/run/lock").mkdir()
    (root / "resolv.conf").write_text("")


def make_cgroups(name: str) -> None:
    """One below each hierarchy; kubelet wants it to be there."""
    if (CGROUPS / "cgroup.controllers").exists():
        (CGROUPS / name).mkdir(exist_ok=True)
        enabled = (CGROUPS / "cgroup.controllers").read_text().split()
        for folder in (CGROUPS, CGROUPS / name):
            (folder / "cgroup.subtree_control").write_text(" ".join(f"+{each}" for each in enabled))
        weigh(CGROUPS / name / "cpu.weight", 100)
        return
    for hierarchy in CGROUPS.iterdir():
        if not hierarchy.is_dir() or hierarchy.is_symlink():
            continue
        (hierarchy / name).mkdir(exist_ok=True)
        for file in ("cpuset.cpus", "cpuset.mems"):
            if (hierarchy / file).exists():
                (hierarchy / name / file).write_text((hierarchy / file).read_text())
        weigh(hierarchy / name / "cpu.shares", 1024)


def weigh(file: Path, default: int) -> None:
    """Else all Pods of a node together get as much of a busy machine as one process of the host."""
    if file.exists():
        file.write_text(str(default * WEIGHT))


def address(settings: dict[str, Any]) -> None:
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", f"{settings['address']}/24", "dev", "eth0")
    run("ip", "link", "set", "eth0", "up")
    run("ip", "route", "add", "default", "via", settings["host"])
    for pods, node in settings["others"]:
        run("ip", "route", "add", pods, "via", node)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")


def start(root: Path, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
    with (root / f"{name}.log").open("ab") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=root)


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def run_quietly(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def wait_for(there: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        if time.monotonic() > deadline:
            raise TimeoutError("waited too long")
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
