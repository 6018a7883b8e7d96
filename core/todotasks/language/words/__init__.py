"""The words of the languages as data, a folder a language; a `_schema` module says what each list means.

`languages` names the folders there are. Imports nothing.
"""
