"""A Kubernetes API without nodes: etcd, kube-apiserver and a kube-controller-manager with five controllers.

`binaries` finds or builds them, `pki` makes the keys, `plane` starts all in their order. May import
`processes` and what `local` has in common.
"""
