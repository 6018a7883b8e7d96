"""Which objects a command means: by name, title, number, "it", filter; and how they look as rows of a list.

May import: `edits.model`, `edits.wording`, `todotasks.recurrence`. Pure.
"""
