"""The rules: pure functions `validate_x(spec, context) -> list[FieldError]` and `warn_x(...) ->
list[str]`, one module a kind.

No I/O, no clock, no client: what they know of the cluster is in the `Context`. They may import
`todotasks.api` and `todotasks.recurrence`.
"""

from todo_webhook.rules.judge import judge
from todo_webhook.rules.model import Context, Limits, TaskNode, Verdict

__all__ = ["Context", "Limits", "TaskNode", "Verdict", "judge"]
