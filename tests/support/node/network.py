"""The addresses of one cluster, and the bridge that its nodes are on.

Clusters side by side have different numbers, each held by a lock for as long as its process lives. What a
killed one left on the host, its bridge and its cgroups, the next holder of the number removes.
"""

import fcntl
import ipaddress
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support import home
from todo_cli.local.errors import LocalError

CGROUPS = Path("/sys/fs/cgroup")
NUMBERS = range(8)
PATIENCE = 10.0  # seconds
NODES = 4  # at most, in one cluster


@dataclass(frozen=True)
class Network:
    """What has which address in the cluster of this number."""

    number: int

    @property
    def bridge(self) -> str:
        return f"tt{self.number}"

    @property
    def host(self) -> str:
        """Where Pods and nodes reach what runs on the host."""
        return f"10.213.{self.number}.1"

    @property
    def subnet(self) -> str:
        return f"10.213.{self.number}.0/24"

    @property
    def containers(self) -> str:
        """Where compose's containers are."""
        return f"10.216.{self.number}.0/24"

    @property
    def services(self) -> ipaddress.IPv4Network:
        return ipaddress.IPv4Network(f"10.215.{self.number}.0/24")

    @property
    def api_service(self) -> str:
        return str(self.services[1])

    @property
    def dns_service(self) -> str:
        return str(self.services[10])

    @property
    def all_pods(self) -> str:
        return f"10.214.{self.number * NODES}.0/{24 - (NODES - 1).bit_length()}"

    def node(self, index: int) -> str:
        return f"10.213.{self.number}.{10 + index}"

    def pods(self, index: int) -> str:
        return f"10.214.{self.number * NODES + index}.0/24"

    def cgroup(self, index: int) -> str:
        """Below each hierarchy of cgroups, what this node's Pods are in."""
        return f"todotasks-{self.number}-{index}"

    def link(self, index: int) -> str:
        """The host's end of the node's cable."""
        return f"tt{self.number}n{index}"

    def raise_bridge(self) -> None:
        self.clear()
        ip("link", "add", self.bridge, "type", "bridge")
        ip("address", "add", f"{self.host}/24", "dev", self.bridge)
        ip("link", "set", self.bridge, "up")

    def connect(self, index: int, pid: int) -> None:
        """Give the network namespace of a process an `eth0`, and the host its way to the Pods there."""
        ip("link", "add", self.link(index), "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        ip("link", "set", self.link(index), "master", self.bridge, "up")
        ip("route", "replace", self.pods(index), "via", self.node(index))
        if index == 0:
            ip("route", "replace", str(self.services), "via", self.node(index))

    def clear(self) -> None:
        """Take all of this number off the host; what is not there is fine."""
        if Path("/sys/class/net", self.bridge).exists():
            ip("link", "delete", self.bridge)  # with it go the routes over it
        for index in range(NODES):
            if Path("/sys/class/net", self.link(index)).exists():
                ip("link", "delete", self.link(index))
            for top in CGROUPS.glob(f"**/{self.cgroup(index)}"):
                folders = sorted((path for path in top.rglob("*") if path.is_dir()), reverse=True)
                for folder in [*folders, top]:
                    remove(folder)


def remove(cgroup: Path) -> None:
    """Its processes were killed, which takes them a moment."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return cgroup.rmdir()
        except FileNotFoundError:
            return None
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class Held:
    """A number, and the lock that says it is taken."""

    def __init__(self, network: Network, lock: IO[str]) -> None:
        self.network = network
        self._lock = lock

    def release(self) -> None:
        self.network.clear()
        self._lock.close()


def hold() -> Held:
    """The first number that no living process holds."""
    home.PLACE.mkdir(exist_ok=True)
    for number in NUMBERS:
        lock = (home.PLACE / f"node-network-{number}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        return Held(Network(number), lock)
    raise LocalError(f"all {len(NUMBERS)} networks for clusters of tests are taken")


def ip(*arguments: str) -> None:
    answer = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise LocalError(f"ip {' '.join(arguments)}: {answer.stderr.strip()}")
