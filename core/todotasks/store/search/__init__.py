"""Search over the mirror: a query, the statement it becomes, its pages, and the words it is about.

`query` has the shape and says what is wrong with it, `words` reads a text as a search does, `statement`
writes the SQL, `pages` runs it and keeps the place. May import what `store` may.
"""
