"""What each path of HTTP answers: chat, edits, search, calendar, MCP, session.

A module holds the handlers of one subject and the shapes of their answers; `params` reads what searches
have in common, `common` what messages have. May import `conversations`, `http`, `access`, `base`, never
`server`.
"""
