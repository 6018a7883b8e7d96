"""The operator: brings tasks, rules and reminders to life, and keeps the record of what happened to them.

Floors, from the top; each may import those below it:
process > kopf_adapter > loop, relay > index, record > reconcile (and `todotasks`, never another part).
"""
