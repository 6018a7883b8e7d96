"""Channels that are kept open, and for how long."""

from datetime import UTC, datetime

import pytest

from tests.integration.notifier.conftest import Bench
from todo_consumers.notifier.directory import KEPT, MOST_LOCKS, UNUSED, Directory
from todo_consumers.notifier.outcome import Permanent
from todotasks.channel_rules import ChannelLimits


class Clock:
    """Monotonic seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_directory(bench: Bench, clock: Clock) -> Directory:
    return Directory(bench.kube, limits=ChannelLimits(), smtp_url="smtp://mail.example.com", clock=clock)


async def test_a_channel_that_nobody_asks_for_any_more_is_closed(bench: Bench) -> None:
    clock, now = Clock(), datetime.now(UTC)
    for name in ("often", "seldom"):
        await bench.channel(name, {"webhook": {"url": "https://example.com/hook"}})
    directory = a_directory(bench, clock)
    seldom = await directory.channel(bench.namespace, "seldom", now)
    closed: list[object] = []
    close = seldom.close

    async def noted() -> None:
        closed.append(seldom)
        await close()

    seldom.close = noted  # type: ignore[method-assign]
    clock.seconds = UNUSED
    often = await directory.channel(bench.namespace, "often", now)
    assert closed == [], "it was asked for just within the time"
    clock.seconds = UNUSED + 1
    assert await directory.channel(bench.namespace, "often", now) is often
    assert closed == [seldom]
    assert await directory.channel(bench.namespace, "seldom", now) is not seldom, "it is opened anew"
    await directory.close()


async def test_one_that_is_asked_for_again_and_again_stays_open(bench: Bench) -> None:
    clock, now = Clock(), datetime.now(UTC)
    await bench.channel("often", {"webhook": {"url": "https://example.com/hook"}})
    directory = a_directory(bench, clock)
    often = await directory.channel(bench.namespace, "often", now)
    for _ in range(4):
        clock.seconds += UNUSED - KEPT
        assert await directory.channel(bench.namespace, "often", now) is often
    await directory.close()


@pytest.mark.parametrize("name", ["", "../../x", "a/b", "x" * 300, "Mail", "a\n"])
async def test_what_is_no_name_is_given_up_at_once_and_nothing_is_asked(bench: Bench, name: str) -> None:
    directory = a_directory(bench, Clock())
    with pytest.raises(Permanent, match="is no name that a NotificationChannel can have"):
        await directory.channel(bench.namespace, name, datetime.now(UTC))
    await directory.close()


async def test_names_that_no_channel_has_are_forgotten(bench: Bench) -> None:
    """Whoever may write reminders chooses the names; one of them costs a look, and is not kept."""
    directory = a_directory(bench, Clock())
    for number in range(MOST_LOCKS + 2):
        with pytest.raises(Permanent, match="there is no NotificationChannel"):
            await directory.channel(bench.namespace, f"none-{number}", datetime.now(UTC))
    assert len(directory._locks) <= MOST_LOCKS + 1
    await directory.close()
