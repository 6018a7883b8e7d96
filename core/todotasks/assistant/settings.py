"""Where the model is, and when it is asked. Without TODO_LLM_URL there is none."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from todotasks.settings import DURATION, SECRET, TEXT, Parser, Secret, Settings, setting

MOST_TITLES = 500


def _endpoint(text: str) -> str:
    parts = urlsplit(text)
    _ = parts.port  # raises if it is no number
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise ValueError
    return text.rstrip("/")


def _mode(text: str) -> str:
    if text not in {"never", "fallback", "always"}:
        raise ValueError
    return text


def _titles(text: str) -> int:
    count = int(text)
    if not 0 <= count <= MOST_TITLES:
        raise ValueError
    return count


ENDPOINT = Parser(
    "an http or https URL without user and query, such as https://llm.example.com/v1", _endpoint
)
MODE = Parser("one of never, fallback, always", _mode)
TITLES = Parser(f"a whole number, 0 to {MOST_TITLES}", _titles)


@dataclass(frozen=True)
class ModelSettings(Settings):
    """The model's part of a part's settings. Durations are in seconds."""

    llm_url: str | None = setting(
        "TODO_LLM_URL",
        ENDPOINT,
        "An OpenAI-compatible endpoint: what comes before /chat/completions. Messages, and titles of tasks, "
        "are sent there.",
    )
    llm_model: str = setting("TODO_LLM_MODEL", TEXT, "The name of the model there.", default="default")
    llm_key: Secret | None = setting("TODO_LLM_KEY", SECRET, "Sent there as a bearer token.")
    llm_mode: Literal["never", "fallback", "always"] = setting(
        "TODO_LLM_MODE",
        MODE,
        "When it is asked: never, where the grammar does not understand, or always.",
        default="fallback",
    )
    llm_timeout: float = setting(
        "TODO_LLM_TIMEOUT",
        DURATION,
        "How long it may take before the grammar's reading is taken.",
        default="8s",
    )
    llm_titles: int = setting(
        "TODO_LLM_TITLES", TITLES, "How many titles of open tasks it is told; 0: none.", default="50"
    )
