"""Running todotasks on one machine: the backing services, and our parts beside them.

Reading order: `folder` (where the data is, which run is going on), `service` (what every process has
in common), one module per service, `controlplane` (three of them in their order), `parts` (our own
processes), `supervisor` (start in order, watch, restart, stop in order). The tests' fixtures and the
stand-in for kind start the same classes: what the tests run is what `todotasks up` runs.
"""
