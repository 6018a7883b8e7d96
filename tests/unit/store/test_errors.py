"""Which error of the driver becomes which of ours, and what no message may show."""

import psycopg
import pytest
from psycopg import errors as pg

from todotasks.store.connections import connection_parameters
from todotasks.store.errors import (
    Fenced,
    RowRefused,
    SchemaError,
    StoreUnavailable,
    describe,
    is_refusal,
    redact,
    translate,
)

WAIT = [
    psycopg.OperationalError("connection to server failed"),
    pg.AdminShutdown("terminating"),
    pg.CrashShutdown("crash"),
    pg.CannotConnectNow("starting up"),
    pg.TooManyConnections("too many clients"),
    pg.DiskFull("no space left"),
    pg.SerializationFailure("retry"),
    pg.DeadlockDetected("deadlock"),
    pg.LockNotAvailable("lock timeout"),
    pg.QueryCanceled("statement timeout"),
    pg.IdleInTransactionSessionTimeout("idle"),
    pg.IoError("disk"),
]
REFUSED = [
    pg.UntranslatableCharacter("\\u0000"),
    pg.InvalidTextRepresentation("json"),
    pg.NumericValueOutOfRange("bigint"),
    pg.NotNullViolation("null"),
    pg.ProgramLimitExceeded("index row size"),
    psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"),  # of the driver
]


@pytest.mark.parametrize("error", WAIT, ids=lambda error: type(error).__name__)
def test_what_time_heals_is_unavailable(error: psycopg.Error) -> None:
    assert isinstance(translate(error), StoreUnavailable)
    assert not is_refusal(error)


@pytest.mark.parametrize("error", REFUSED, ids=lambda error: type(error).__name__)
def test_what_the_data_causes_is_a_refusal_and_no_outage(error: psycopg.Error) -> None:
    assert is_refusal(error)
    assert type(translate(error)) is RowRefused


def test_a_missing_table_says_to_migrate() -> None:
    with pytest.raises(SchemaError, match="run its migrations first"):
        raise translate(pg.UndefinedTable('relation "tasks" does not exist'))


def test_fenced_says_by_whom() -> None:
    assert str(Fenced("recorder", 3, 4)) == "leadership 'recorder': epoch 3 was taken over by epoch 4"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://me:hunter2@db/x failed", "postgresql://***@db/x failed"),
        ("postgresql://me:hun%40ter2@db", "postgresql://***@db"),
        ("host=db password=hunter2 user=me", "host=db password=*** user=me"),
        ("password='a b\\' c' user=me", "password=*** user=me"),
        ("sslpassword=hunter2", "sslpassword=***"),
        ("mail me@example.com", "mail me@example.com"),
    ],
)
def test_messages_show_no_secret(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_a_message_is_one_line_and_never_empty() -> None:
    assert describe(psycopg.OperationalError("one\n\ttwo")) == "one two"
    assert describe(TimeoutError()) == "TimeoutError"


def test_our_network_timeouts_step_back_for_those_of_the_url() -> None:
    parameters = connection_parameters("postgresql://db/x?connect_timeout=30&application_name=mine", "ours")
    assert (parameters["connect_timeout"], parameters["application_name"]) == ("30", "mine")
    assert connection_parameters("postgresql://db/x", "ours")["application_name"] == "ours"
