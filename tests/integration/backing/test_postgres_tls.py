"""The store on a PostgreSQL that takes TLS only, with the server's name verified in full."""

from pathlib import Path

import psycopg
import pytest

from tests.support.secured import Authority, SecuredPostgres
from todotasks.store import BadDatabaseUrl, Store, StoreUnavailable


async def test_the_store_works_over_a_verified_connection(database: SecuredPostgres) -> None:
    async with await Store.open(database.verified()) as store:
        await store.migrate()
    with psycopg.connect(database.verified()) as connection:
        row = connection.execute(
            "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).fetchone()
    assert row is not None
    assert row[0] is True
    assert row[1] in {"TLSv1.2", "TLSv1.3"}


async def test_the_url_of_cloudnativepg_and_two_variables_are_enough(
    database: SecuredPostgres, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As manifests/components/cloudnative-pg gives them: its URL says nothing of TLS."""
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(authority.file))
    url = database.verified().partition("?")[0]
    async with await Store.open(url) as store:
        await store.migrate()
    monkeypatch.setenv("PGSSLROOTCERT", str(Path(authority.file).with_name("nothing.pem")))
    with pytest.raises((StoreUnavailable, BadDatabaseUrl)):
        async with await Store.open(url) as store:
            await store.migrate()


@pytest.mark.parametrize("what", ["another name", "another authority", "without TLS", "a wrong password"])
async def test_a_connection_that_is_not_what_was_asked_for_is_refused(
    database: SecuredPostgres, tmp_path: Path, what: str
) -> None:
    url = {
        "another name": database.verified(host="127.0.0.1"),
        "another authority": database.verified(sslrootcert=str(Authority(tmp_path).file)),
        "without TLS": database.verified(sslmode="disable"),
        "a wrong password": database.verified(password="wr0ng-secret"),
    }[what]
    with pytest.raises((StoreUnavailable, BadDatabaseUrl)) as refused:
        async with await Store.open(url) as store:
            await store.migrate()
    assert "wr0ng-secret" not in str(refused.value)
    assert database.PASSWORD not in str(refused.value)
