"""Whatever a model sends is commands or a refusal; nothing of it raises anything else."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from todotasks.assistant.assistant import commands_of
from todotasks.assistant.endpoint import ModelError, ToolCall, calls_of
from todotasks.tools.arguments import ArgumentsError
from todotasks.tools.table import TOOLS

_WORDS = st.sampled_from(
    [*(tool.name for tool in TOOLS), "choices", "message", "tool_calls", "function", "name", "arguments",
     "target", "title", "filter", "changes", "task", "schedule", "rrule", "due", "names", "ordinals"]
)  # fmt: skip
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=15,
)


@given(_JSON | st.fixed_dictionaries({"choices": st.lists(_JSON, max_size=2)}))
def test_any_json_is_calls_or_a_model_error(answer: Any) -> None:
    with suppress(ModelError):
        calls_of(json.dumps(answer).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_calls_or_a_model_error(answer: bytes) -> None:
    with suppress(ModelError):
        calls_of(answer)


@given(st.lists(st.tuples(_WORDS, st.text(max_size=40) | _JSON.map(json.dumps)), max_size=10))
def test_any_calls_are_commands_or_say_what_is_wrong(sent: list[tuple[str, str]]) -> None:
    with suppress(ArgumentsError):
        commands_of([ToolCall(str(number), *call) for number, call in enumerate(sent)])
