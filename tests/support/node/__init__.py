"""A real Kubernetes node for tests: containerd, kubelet, kube-proxy in namespaces of its own, without Docker.

    host       bridge ttN ── Kafka, PostgreSQL, mail, etcd, kube-apiserver, controllers, scheduler
    node-0..   one pid, mount and network namespace each; one process ends all that is in it
    Cluster    puts them together, with CoreDNS and metrics-server as Pods (`cluster.py`)

`requirements.why_not()` says what is missing on this machine. `python -m tests.support.node up|down|status`
is for looking around by hand. May import todo_cli.local and tests.support; nothing of it ships.
"""
