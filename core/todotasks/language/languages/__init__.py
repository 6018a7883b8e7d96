"""A language ready for use: its tables compiled once (`compiled`), and which one a message is in (`detect`).

May import `frames` and what lies below it.
"""
