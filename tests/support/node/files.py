"""The configuration files of a node, as values. What each line is for stands beside it."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.support.node.network import Network
from tests.support.node.requirements import CNI

PAUSE = "localhost/pause:1"
SOCKET = "/run/containerd/containerd.sock"  # of the node's own /run


def containerd(root: Path, shim: Path) -> str:
    return f"""\
version = 3
root = "{root}/containerd"
state = "/run/containerd"
[grpc]
  address = "{SOCKET}"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "{PAUSE}"
[plugins."io.containerd.cri.v1.runtime"]
  # The machine may lack what raising a limit asks for (CAP_SYS_RESOURCE), and AppArmor.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["{CNI}"]
    conf_dir = "{root}/cni"
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      runtime_path = "{shim}"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        # crun, where it is installed, refuses cgroups in hybrid mode.
        BinaryName = "runc"
        SystemdCgroup = false
"""


def cni(network: Network, index: int) -> str:
    """A cable from each Pod to the node, which routes; a bridge would lead answers past kube-proxy."""
    ipam = {
        "type": "host-local",
        "ranges": [[{"subnet": network.pods(index)}]],
        "routes": [{"dst": "0.0.0.0/0"}],
        "dataDir": "/run/cni",
    }
    return json.dumps({"cniVersion": "1.0.0", "name": "pods", "plugins": [{"type": "ptp", "ipam": ipam}]})


def kubelet(network: Network, root: Path, authority: Path, cgroup: str) -> str:
    return _yaml(
        {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "containerRuntimeEndpoint": f"unix://{SOCKET}",
            "cgroupDriver": "cgroupfs",
            "cgroupRoot": f"/{cgroup}",
            "failCgroupV1": False,
            "featureGates": {"KubeletInUserNamespace": True},  # forgives a missing CAP_SYS_RESOURCE
            "failSwapOn": False,
            "enforceNodeAllocatable": [],
            "oomScoreAdj": 0,
            "localStorageCapacityIsolation": False,
            "evictionHard": {},  # the machine's disk is not the node's to judge
            "imageGCHighThresholdPercent": 100,
            "podLogsDir": str(root / "pods"),
            "resolvConf": str(root / "resolv.conf"),
            "clusterDNS": [network.dns_service],
            "clusterDomain": "cluster.local",
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": True},  # metrics-server comes with its account's token
                "x509": {"clientCAFile": str(authority)},
            },
            "authorization": {"mode": "AlwaysAllow"},  # who shows a certificate of the API server's authority
            "readOnlyPort": 0,
            "nodeStatusUpdateFrequency": "5s",
            "syncFrequency": "10s",
            "serializeImagePulls": False,
        }
    )


def kube_proxy(network: Network, kubeconfig: Path, name: str) -> str:
    return _yaml(
        {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "mode": "nftables",
            "hostnameOverride": name,
            # What comes from elsewhere is answered through the node that it came by.
            "clusterCIDR": network.all_pods,
            "clientConnection": {"kubeconfig": str(kubeconfig)},
            "conntrack": {"maxPerCore": 0, "min": 0},
            "healthzBindAddress": "127.0.0.1:10256",
            "metricsBindAddress": "127.0.0.1:10249",
        }
    )


def _yaml(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, sort_keys=False)
