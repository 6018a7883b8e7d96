"""How a request gets to the API server: kubeconfig, credentials, TLS, connections, retries.

`config` says where, `auth` as whom, `tls` whom to trust, `transport` (`brief` for a short process) over which
connection, `sender` how often. It knows paths
and bytes; the verbs are `kube.client`'s.
"""
