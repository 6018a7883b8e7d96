"""A broker and a database with TLS, passwords and rights switched on; started once for the folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.secured import Authority, SecuredKafka, SecuredPostgres, postgres_programs
from todo_cli.local.folder import Folder


@pytest.fixture(scope="package")
def authority(test_home: Path) -> Authority:
    return Authority(test_home / "authority")


@pytest.fixture(scope="package")
def broker(test_home: Path, kafka_jars: Path, authority: Authority) -> Iterator[SecuredKafka]:
    server = SecuredKafka(Folder.open(test_home / "secured-kafka"), kafka_jars, authority)
    server.start()
    server.wait_ready()
    yield server
    server.kill()
    shutil.rmtree(server.folder.root, ignore_errors=True)


@pytest.fixture(scope="package")
def database(test_home: Path, authority: Authority) -> Iterator[SecuredPostgres]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL that was built with TLS (on Debian: apt install postgresql)")
    server = SecuredPostgres(Folder.open(test_home / "secured-postgres"), authority, programs)
    server.start()
    server.wait_ready()
    server.on_ready()
    yield server
    server.kill()
    shutil.rmtree(server.folder.root, ignore_errors=True)
