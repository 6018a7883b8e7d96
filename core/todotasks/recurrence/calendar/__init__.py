"""The calendar: which days and times a rule selects, and where the clocks of a zone stand.

Integers inside (days, seconds); no notation is known here. May import `errors`.
"""
