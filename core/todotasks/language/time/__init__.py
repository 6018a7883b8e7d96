"""Time expressions: dates, times of day, periods, offsets; found one by one, joined, resolved to moments.

`find` is the door; `expression` holds what is known while it is being read. May import `lexer` and `reading`.
"""
