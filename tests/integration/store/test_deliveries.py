"""The ledger of the notifier: who is due, who comes first, and what a look at it costs."""

import pytest

from tests.integration.store.support import Database, fetch
from todotasks.store import RowRefused, Store

COLUMNS = "event_id, namespace, channel, reminder, event, state, due_at, created_at"
LONG = "".join(f"{number:04x}" for number in range(3_000))  # no compression makes it short


@pytest.fixture(autouse=True)
async def empty(store: Store, database: Database) -> None:
    await database.execute("truncate deliveries")


async def waiting(database: Database, namespace: str, channel: str, *seconds: float) -> None:
    """Rows of a channel, due so many seconds ago."""
    for number, ago in enumerate(seconds):
        await database.execute(
            f"insert into deliveries ({COLUMNS})"
            " values (%s, %s, %s, 'r', '', 'Pending', now() - make_interval(secs => %s), now())",
            (f"{namespace}-{channel}-{number}", namespace, channel, ago),
        )


async def test_the_channel_that_has_waited_longest_comes_first_whatever_it_is_called(
    store: Store, database: Database
) -> None:
    await waiting(database, "aaa", "first-by-name", 1, 50)
    await waiting(database, "zzz", "last-by-name", 90)
    await waiting(database, "mmm", "between", 60, 5)
    await waiting(database, "mmm", "not-yet", -60)
    assert await store.deliveries.channels_due() == [
        ("zzz", "last-by-name"), ("mmm", "between"), ("aaa", "first-by-name"),
    ]  # fmt: skip


async def test_the_oldest_of_a_channel_is_taken_and_is_not_due_for_others_meanwhile(
    store: Store, database: Database
) -> None:
    await waiting(database, "home", "mail", 1, 50)
    row = await store.deliveries.take("home", "mail", 60)
    assert row is not None
    assert (row.event_id, row.attempts) == ("home-mail-1", 1)
    await store.deliveries.take("home", "mail", 60)
    assert await store.deliveries.take("home", "mail", 60) is None
    assert await store.deliveries.channels_due() == []


async def test_what_waits_in_channels_costs_a_look_no_more_than_the_channels(
    store: Store, database: Database
) -> None:
    for channel in range(20):
        await database.execute(
            f"insert into deliveries ({COLUMNS})"
            " select %s || n, 'home', %s, 'r', '', 'Pending', now(), now() from generate_series(1, 500) n",
            (f"e-{channel}-", f"channel-{channel}"),
        )
    await database.execute("vacuum analyze deliveries")
    await database.execute("select pg_stat_reset_single_table_counters('deliveries'::regclass)")
    assert len(await store.deliveries.channels_due()) == 20
    await database.execute("select pg_stat_force_next_flush()")
    [(scanned,)] = await fetch(
        database, "select coalesce(seq_tup_read, 0) from pg_stat_user_tables where relname = 'deliveries'"
    )
    assert scanned == 0, "the table is not read through"


@pytest.mark.parametrize("name", ["a\x00b", LONG], ids=["NUL", "too long"])
async def test_what_can_never_be_kept_is_refused_and_no_outage(store: Store, name: str) -> None:
    with pytest.raises(RowRefused):
        await store.deliveries.accept("event", "home", "r", b"{}", [name])
    assert await store.deliveries.accept("event", "home", "r", b"{}", ["mail"]) == 1
