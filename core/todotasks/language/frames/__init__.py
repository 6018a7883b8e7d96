"""Sentences: patterns of commands ("move {target} to <when>"), markers (#tag, @person, p1), and topics.

A frame is matched against an `utterance`: the words of a command with each time expression as one word.
May import `recurrence`, `time`, `lexer`, `reading` and `words`.
"""
