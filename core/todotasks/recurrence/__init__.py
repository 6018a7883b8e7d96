"""Recurrence: RFC 5545 rules, cron and `simple` schedules, on one clock policy. Pure: no I/O, no clock.

    spec ─▶ parse_rule ─▶ Rule ─▶ next_after, previous, between; explain(rule)
              │
              └─▶ [FieldError]: everything that is wrong, at once

Inside, from the bottom up: `calendar` (days, times, a zone's clocks), `notation` (RRULE, cron, simple),
`series` (instants), `rule`, `spec` (reads one), `explanation` (says one; `german` in German), `completion`
(counts from when a task was done). Imports nothing of the rest.

The policy for daylight saving stands in `clock`; `docs/recurrence.md` has what is accepted, with examples.
Imported when it is first asked for: `kubectl todo list` seldom sees a rule.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from todotasks.recurrence.completion import next_after_completion
    from todotasks.recurrence.errors import FieldError, RuleError
    from todotasks.recurrence.explanation import explain, why_never
    from todotasks.recurrence.month_ends import LeftOut, left_out
    from todotasks.recurrence.rule import Rule
    from todotasks.recurrence.spec import RuleSpec, parse_rule, rule_from_spec

_WHERE = {
    "next_after_completion": "completion",
    **dict.fromkeys(("FieldError", "RuleError"), "errors"),
    **dict.fromkeys(("explain", "why_never"), "explanation"),
    "Rule": "rule",
    **dict.fromkeys(("LeftOut", "left_out"), "month_ends"),
    **dict.fromkeys(("RuleSpec", "parse_rule", "rule_from_spec"), "spec"),
}

__all__ = [
    "FieldError",
    "LeftOut",
    "Rule",
    "RuleError",
    "RuleSpec",
    "explain",
    "left_out",
    "next_after_completion",
    "parse_rule",
    "rule_from_spec",
    "why_never",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found
