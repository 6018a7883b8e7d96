"""The program: options, Leases, probes, the components and the right order of their beginning and end.

May import everything of the operator; nothing imports it.
"""
