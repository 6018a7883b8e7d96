"""`todotasks import`: tasks of other programs, from their exports, as TodoTasks and RecurrenceRules.

    file ─▶ formats ─▶ [Item], [Remark] ─▶ objects ─▶ [Made] ─▶ cluster (a dry run, or create)

One module a format; they are pure, take bytes, and say with line or field what has no place in ours.
Imports the language (for schedules in words), `edits.model.names` and the client of `todotasks`.
"""
