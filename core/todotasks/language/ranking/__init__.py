"""Which candidate is meant: facts of each, weighed by a linear model whose weights were learned.

    facts ── names that are true of a candidate ──┐
    weights.json (made by `make train`) ──────────┴─ score ─ chance ─ act, ask, or say so

Deterministic, a few hundred additions a message. `weights.json` carries the fingerprint of the facts' code;
a test fails when they do not belong together. Imports candidates and grounding.
"""
