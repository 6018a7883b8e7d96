"""What is known of all objects, who is concerned by whose change, and the input of each decision.

One `Kind` a kind, on one store of known objects. Synchronous, no I/O; imports reconcile only.
"""
