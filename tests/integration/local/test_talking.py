"""`todotasks verify` and `todotasks events`, without a system to talk to."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from todo_cli.main import main


@pytest.mark.parametrize("command", ["verify", "events"])
def test_where_nothing_runs_it_says_what_is_missing_and_what_to_do(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TODO_DATABASE_URL", raising=False)
    monkeypatch.delenv("TODO_KAFKA_BOOTSTRAP", raising=False)
    result = CliRunner().invoke(main, [command, "--data-dir", str(tmp_path / "none")])
    assert result.exit_code == 1
    assert (
        "no address known of PostgreSQL (TODO_DATABASE_URL) and Kafka (TODO_KAFKA_BOOTSTRAP)" in result.output
    )
    assert "todotasks up" in result.output
