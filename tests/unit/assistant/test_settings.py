"""What the model's settings accept."""

import pytest

from todotasks.assistant import Assistant, ModelSettings
from todotasks.settings import SettingsError


@pytest.mark.parametrize(
    ("name", "value", "accepts"),
    [
        ("TODO_LLM_URL", "llm.example.com/v1", "an http or https URL without user and query"),
        ("TODO_LLM_URL", "https://user:pass@llm.example.com/v1", "an http or https URL without user"),
        ("TODO_LLM_MODE", "sometimes", "one of never, fallback, always"),
        ("TODO_LLM_TIMEOUT", "0", "a duration of at least 1s"),
        ("TODO_LLM_TITLES", "1000", "a whole number, 0 to 500"),
    ],
)
def test_a_wrong_setting_says_what_would_do(name: str, value: str, accepts: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        ModelSettings.load({name: value})
    assert name in str(wrong.value)
    assert accepts in str(wrong.value)


def test_without_an_endpoint_or_with_never_there_is_no_model() -> None:
    assert Assistant.of(ModelSettings.load({})) is None
    never = {"TODO_LLM_URL": "https://llm.example.com/v1", "TODO_LLM_MODE": "never"}
    assert Assistant.of(ModelSettings.load(never)) is None
