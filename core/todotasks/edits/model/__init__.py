"""The values of edits, frozen and without I/O: commands, edits, plans, replies, conversations, the world.

May import: `todotasks.api`, `todotasks.language` (its settings), nothing else of edits.
"""
