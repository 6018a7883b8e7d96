"""The words of a message, compared with what the person can see: titles, tags, projects, assignees.

    Sight (what is seen) ─ index ─┐
    Heard (the words)   ──────────┴─ match ─ Found: which words of the message name which thing, and how well

Pure. Imports the lexer, time and words of the language, nothing of tasks as resources.
"""
