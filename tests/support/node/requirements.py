"""What a node needs from this machine."""

import os
import shutil
import sys
from pathlib import Path

from tests.support import programs
from todo_cli.local.backing import kafka

DEBIAN = {  # program → the package that has it
    "runc": "runc",
    "nft": "nftables",
    "conntrack": "conntrack",
    "iptables": "iptables",
    "podman": "podman",
    "mmdebstrap": "mmdebstrap",
    "ip": "iproute2",
    "unshare": "util-linux",
}
WITHOUT_NODES = ("podman", "mmdebstrap", "ip")  # what a cluster without nodes needs of them
CNI = Path("/usr/lib/cni")
BUILT = (
    "containerd",
    "containerd-shim-runc-v2",
    "ctr",
    "kubelet",
    "kube-proxy",
    "kube-scheduler",
    "coredns",
    "metrics-server",
    "helm",
)


def why_not(nodes: int = 1) -> str | None:
    """None when so many nodes can run here; else what is missing, in words."""
    if sys.platform != "linux":
        return "a node runs on Linux only"
    if os.geteuid() != 0:
        return "a node needs root: namespaces, mounts, links"
    needed = DEBIAN if nodes else WITHOUT_NODES
    missing = [DEBIAN[name] for name in needed if shutil.which(name) is None]
    if nodes and not (CNI / "ptp").is_file():
        missing.append("containernetworking-plugins")
    if missing:
        return f"not here, and installed by scripts/system-packages --node: {' '.join(missing)}"
    if not Path("/sys/fs/cgroup").is_dir():
        return "there are no cgroups below /sys/fs/cgroup"
    return programs.why_not(*(BUILT if nodes else ("kube-scheduler",))) or kafka.why_not()
