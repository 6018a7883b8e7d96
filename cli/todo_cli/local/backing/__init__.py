"""The backing services of one machine: PostgreSQL, Kafka, SMTP, each taken from the first place that has it.

`choice` decides and says which it took; one module for each server that we start ourselves. May import
`processes`, `controlplane` (its folder of binaries) and what `local` has in common.
"""
