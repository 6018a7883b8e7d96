"""One message from beginning to end: what is remembered before and after it, and its turn in between.

May import: all of edits, `todotasks.kube`, `todotasks.language`.
"""
