"""An optional language model behind the grammar: it proposes commands, the rest of the system decides.

`Assistant` is the `Interpreter` of `edits.interpreter`. It sends the message, and titles as data, to one
OpenAI-compatible endpoint, once (a second time if the answer was no valid call), and gives back commands that
have passed the same check as everybody's. It holds no credentials of the cluster, calls nothing else, and
sees nothing of what its commands lead to: no result ever goes back to it.
"""

from todotasks.assistant.assistant import Assistant
from todotasks.assistant.settings import ModelSettings

__all__ = ["Assistant", "ModelSettings"]
