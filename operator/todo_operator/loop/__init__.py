"""The control loop: what is heard goes to the index, whom it concerns into the queue, plans become calls.

informer > queue, alarms > executor > API server; emitter > outbox. Imports index, record and reconcile.
"""
