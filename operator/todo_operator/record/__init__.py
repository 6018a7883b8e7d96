"""The record: list and watch to mirror, events and position in PostgreSQL, in one fenced transaction each.

`diff` is pure and says what to write; `per_kind` reads and writes. Imports nothing else of the operator.
"""
