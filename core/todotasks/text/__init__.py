"""How a text is found: one reading of stored texts and of searches, for every door (HTTP, MCP, CLI, chat).

`analysis` makes lexemes of a text, `search` reads what somebody looks for and says what it matches, `alike`
puts misspelt words right. They are pure and know nothing of tasks: PostgreSQL indexes the same lexemes that a
list in memory is compared with. It imports nothing else of core.
"""
