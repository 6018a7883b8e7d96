"""What replies say, in English and German: phrases, times and titles in words, results and refusals.

May import: `edits.model`, the errors of `todotasks.kube`.
"""
