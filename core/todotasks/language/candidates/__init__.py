"""Several readings of one message instead of the first that fits.

    message ─┬─ grammar ── Reading ──────────────┐
             └─ words × what is in sight ─ Group ─┴─ propose ─ Candidate, each with its evidence

A candidate is an action and the things it would be done to; `fill` makes the reading of the one that is
chosen. Pure. Imports grounding and the reader; the ranking imports it.
"""
