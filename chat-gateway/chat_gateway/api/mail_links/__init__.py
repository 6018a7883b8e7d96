"""What a link in a mail opens: a page with a button, and the one thing that the button does.

Nobody is logged in here: the sealed token says what may be done, and `act` does no more. May import `http`,
`access`, `base`, never another module of `api`.
"""
