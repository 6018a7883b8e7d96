"""How a request gets to the API server: kubeconfig, credentials, TLS, connections, retries.

`config` says where, `auth` as whom, `transport` over which connection, `sender` how often. It knows paths
and bytes; the verbs are `kube.client`'s.
"""
