"""`todotasks verify` and `todotasks events`, without a system to talk to."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.poison import poisoned
from tests.support.reminders import a_due_event
from todo_cli.local.backing.kafka import Kafka
from todo_cli.main import main
from todotasks.broker.producer import Producer
from todotasks.broker.topics import REMINDERS, ensure_topics
from todotasks.events import encode


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


async def test_events_shows_what_lies_between_what_is_none(
    fresh_kafka: Callable[[], Kafka], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = fresh_kafka().address
    monkeypatch.setenv("TODO_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TODO_KAFKA_BOOTSTRAP", address)
    await ensure_topics({"bootstrap.servers": address})
    good = [a_due_event(name=f"rent-{number}", uid=f"uid-{number}") for number in range(3)]
    async with Producer({"bootstrap.servers": address}) as producer:
        for event in good:
            for bad in poisoned(event).values():
                await (await producer.send(REMINDERS, "home/rent", bad))
            await (await producer.send(REMINDERS, "home/rent", encode(event)))
    arguments = ["events", "--topic", "reminders", "--data-dir", str(tmp_path)]
    result = await asyncio.to_thread(CliRunner().invoke, main, arguments)
    assert result.exit_code == 0, result.output
    assert sum("reminder.due.v1" in line for line in result.stdout.splitlines()) >= len(good)
    assert "is skipped: not a structured CloudEvent" in result.stderr
    whole = await asyncio.to_thread(CliRunner().invoke, main, [*arguments, "--json"])
    shown = {json.loads(line)["id"] for line in whole.stdout.splitlines() if line.startswith("{")}
    assert {event.id for event in good} <= shown
