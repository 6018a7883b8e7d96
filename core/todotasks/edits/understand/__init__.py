"""From words to commands: what the grammar has read, what answers a question, what a model may do.

May import: `edits.model` and `todotasks.language`. Pure.
"""
