"""English: its calendar, commands, frames and topics, as tables.

Each module fills the shape of the same name in `language.words`; no code here decides anything. May import
those shapes only, never another language.
"""
