"""What a message was understood as: the values (`model`), in words (`describe`), as JSON (`serialize`).

May import `words`; knows nothing of how a message is read.
"""
