"""From a frame that fits to a `Reading`: what each slot names, which conditions hold, when it is due.

Everything works on one `Draft`, the command being read. May import all the rest of `language` but the reader.
"""
