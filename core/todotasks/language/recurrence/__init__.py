"""Recurrences as they are said ("every other friday at 9"), read into an RRULE.

`core` finds where one begins, `following` what stands behind that, `places` on which days, `surroundings` its
ends and exceptions. May import `time`.
"""
