"""The conditions that a frame names behind its pattern: each a small question about the command.

    ("update", "give {assignee} {target}", "assignee-is-person +later")
                                            └── conditions ──────┘ └── effects: how the slots are filled

A condition is a function with a name and an example of what holds, or does not. All must hold for a frame to
fit; a name beginning with `+` is no condition but an effect.
"""

from todotasks.language.slots.conditions.fits import fits
from todotasks.language.slots.conditions.orders import level_of
from todotasks.language.slots.conditions.table import CONDITIONS

__all__ = ["CONDITIONS", "fits", "level_of"]
