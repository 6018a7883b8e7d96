"""What can go wrong between us and PostgreSQL, as types a caller can act on.

    StoreError
    ├── StoreUnavailable   the database is away, restarting, full or too slow: wait, then do the same again
    ├── BatchRefused       a row of the batch is not taken: write its rows apart
    ├── RowRefused         the data itself is not taken: the same will never be, nothing else is wrong
    ├── Fenced             a newer leader has taken over: stop at once, never retry
    ├── SchemaError        the schema is not the one this program was written for: needs a person
    └── BadDatabaseUrl     the setting cannot be read

No message here contains the database URL or a password: drivers quote what they were given, so their
messages pass through `describe` first.
"""

import re

import psycopg

# Classes of SQLSTATE after which the same statement can succeed later: connection, resources, operator
# intervention, system, and the lock or idle timeout that our own session settings cause.
_WAIT_CLASSES = ("08", "53", "57", "58", "40")
_WAIT_STATES = ("55P03", "25P03", "25P04")
# A row the server will never take as it is: data, integrity, program limits (too long for an index).
_REFUSED_CLASSES = ("22", "23", "54")

_USERINFO = re.compile(r"(?<=://)[^/@\s\"]*@")
_PASSWORD = re.compile(r"(?i)\b(\w*password)\s*=\s*('(?:[^'\\]|\\.)*'|\S+)")


class StoreError(Exception):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """PostgreSQL cannot be reached or cannot work now. Nothing was written; wait and try the same again."""


class BatchRefused(StoreError):
    """PostgreSQL refuses a row of a batch that was to be written at once. Nothing of it was written."""


class RowRefused(StoreError):
    """PostgreSQL refuses the data itself: waiting does not help, and other data is taken."""


class Fenced(StoreError):
    """Another process leads now. This one must stop; nothing of its transaction was written."""

    def __init__(self, name: str, epoch: int, current: int | None) -> None:
        super().__init__(
            f"leadership {name!r}: epoch {epoch} was taken over"
            + (f" by epoch {current}" if current is not None else "; nobody is recorded as its leader")
        )
        self.name = name
        self.epoch = epoch
        self.current = current


class SchemaError(StoreError):
    """The database's schema does not fit this program."""


class BadDatabaseUrl(StoreError):
    """TODO_DATABASE_URL cannot be read."""


def redact(text: str) -> str:
    """`text` without the userinfo of URLs and without `password=` values."""
    return _PASSWORD.sub(r"\1=***", _USERINFO.sub("***@", text))


def describe(error: BaseException) -> str:
    """A driver's error in one line, without secrets."""
    return redact(" ".join(str(error).split())) or type(error).__name__


def is_refusal(error: psycopg.Error) -> bool:
    """Whether PostgreSQL refused the data itself, so that the same data will be refused again."""
    if error.sqlstate is None:  # the driver itself did, before it asked: a NUL in a text
        return isinstance(error, psycopg.DataError)
    return error.sqlstate[:2] in _REFUSED_CLASSES


def translate(error: psycopg.Error) -> StoreError:
    """The typed error for what the driver raised; raise it `from error`."""
    state = error.sqlstate
    if is_refusal(error):
        return RowRefused(f"PostgreSQL: {describe(error)}")
    if state is None:
        # No SQLSTATE: the connection itself broke, or the driver was misused.
        kind = StoreUnavailable if isinstance(error, psycopg.OperationalError) else StoreError
        return kind(f"PostgreSQL: {describe(error)}")
    if state[:2] in _WAIT_CLASSES or state in _WAIT_STATES:
        return StoreUnavailable(f"PostgreSQL: {describe(error)} (SQLSTATE {state})")
    if state in ("42P01", "42703", "42883"):
        return SchemaError(
            f"the database lacks what this program needs ({describe(error)}): run its migrations first"
        )
    return StoreError(f"PostgreSQL: {describe(error)} (SQLSTATE {state})")
