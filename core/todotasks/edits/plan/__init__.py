"""What a command comes to in a world: `plan(command, world) -> Plan`, a module a kind of command. Pure.

May import: `edits.targets` and what lies below it, `todotasks.recurrence`.
"""
