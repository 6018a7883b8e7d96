"""Text into tokens that know what they can be, and tokens into the commands of a message (`segment`).

May import `words`.
"""
