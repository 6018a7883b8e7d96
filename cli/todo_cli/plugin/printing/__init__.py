"""What comes of a call, written: tables for a person, documents for a program.

`tables` lays an answer out on `paper` (columns, colours), with `dates` as one says them; `documents` are what
`-o` asks for. Imports nothing of the rest of the plugin.
"""
