"""How a reminder reads: the templates, and `markup`, which makes text and safe HTML of what people write.

Filled by `notification`. Imports nothing of the rest.
"""
