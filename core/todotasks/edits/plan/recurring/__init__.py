"""Tasks that come back: made, converted, paused, changed, left out once; and their schedules as fields.

May import: `edits.plan` beside it, and what `edits.plan` may.
"""
