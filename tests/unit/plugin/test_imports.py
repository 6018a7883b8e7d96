"""What a call of `kubectl todo` imports: that is nearly all it costs."""

import subprocess
import sys

import pytest

# Large, and nothing that a call for one person needs.
NEVER = {
    "jinja2",
    "psycopg",
    "confluent_kafka",
    "kopf",
    "cryptography",
    "apprise",
    "opentelemetry",
    "mcp",
    "jsonschema",
}
OFFLINE = NEVER | {"aiohttp", "prometheus_client", "rich", "yaml"}


def imported(code: str) -> set[str]:
    script = f"import sys; {code}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import todo_cli.main", OFFLINE | {"todotasks.language"}),
        ("import todo_cli.plugin.main", OFFLINE),
        ("import todo_cli.plugin.main, todo_cli.plugin.talk", NEVER),
    ],
)
def test_a_call_imports_no_library_that_it_does_not_need(code: str, unwanted: set[str]) -> None:
    assert not imported(code) & unwanted
