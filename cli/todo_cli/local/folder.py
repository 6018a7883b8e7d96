"""The data folder: everything that a run keeps, and what is running in it now.

    folder.json          made by us, in which format; the ports chosen at the first start
    lock                 held by the one run that supervises the folder
    run/<service>.json   who runs now: pid and the moment it was created, address, where it was taken from
    logs/<service>.log
    etcd/ postgres/ kafka/ mail/ pki/ parts/     the data itself

`folder.json` outlives every stop; the files in `run/` are only hints, believed when their process
still lives. So a crash at any moment, also between starting a process and writing its file, leaves
nothing that the next start cannot see through (it then finds the process by its port).
"""

import fcntl
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from todo_cli.local.errors import AlreadyRunning, FolderError
from todo_cli.local.processes import ports
from todo_cli.local.processes.probe import Alive, Probe
from todo_cli.local.processes.process import ProcessRecord, alive

FORMAT = 1
MARKER = "folder.json"
ROTATE_BYTES = 20 * 1024 * 1024


class Marker(msgspec.Struct):
    """What `folder.json` holds."""

    format: int
    ports: dict[str, int]


class RunFile(msgspec.Struct, frozen=True):
    """What `run/<service>.json` holds."""

    process: ProcessRecord  # for a service that is not ours the supervisor, which uses it
    address: str = ""
    taken: str = ""  # which one was taken and why, in words
    probe: Probe = Alive()
    stop_signal: int = signal.SIGTERM
    external: bool = False


class Folder:
    """A data folder that was opened, which means: it is ours and we can read it."""

    def __init__(self, root: Path, marker: Marker) -> None:
        self.root = root
        self._marker = marker
        for name in ("run", "logs"):
            (root / name).mkdir(exist_ok=True)

    @classmethod
    def open(cls, root: Path) -> "Folder":
        """Open the folder, or make it. Never touches a folder that somebody else made."""
        root = root.absolute()
        marker_path = root / MARKER
        if not root.exists():
            try:
                root.mkdir(parents=True)
            except OSError as error:
                raise FolderError(
                    f"cannot make the data folder {root}: {error.strerror}. Give another one with --data-dir."
                ) from error
        if not root.is_dir():
            raise FolderError(f"{root} is a file, not a folder. Give another one with --data-dir.")
        if marker_path.exists():
            return cls(root, _read_marker(marker_path))
        if any(root.iterdir()):
            raise FolderError(
                f"{root} has files in it, but no {MARKER}: it was not made by todotasks, or it lost that "
                "file. Nothing was changed. Give an empty or a new folder with --data-dir."
            )
        if not os.access(root, os.W_OK | os.X_OK):
            raise FolderError(f"cannot write to {root}. Give another folder with --data-dir.")
        folder = cls(root, Marker(FORMAT, {}))
        folder._write_marker()
        return folder

    @classmethod
    def existing(cls, root: Path) -> "Folder | None":
        """The folder, if there is one; makes nothing."""
        return cls.open(root) if (root.absolute() / MARKER).exists() else None

    # ── ports ────────────────────────────────────────────────────────────────────────────────────
    def port(self, name: str, preferred: int | None = None) -> int:
        """The port of this name: the same at each start, chosen free at the first."""
        if name not in self._marker.ports:
            self.set_port(name, ports.choose(set(self._marker.ports.values()), preferred))
        return self._marker.ports[name]

    def known_port(self, name: str) -> int | None:
        """The port of this name, if one was chosen."""
        return self._marker.ports.get(name)

    def set_port(self, name: str, port: int) -> None:
        self._marker.ports[name] = port
        self._write_marker()

    def _write_marker(self) -> None:
        write_atomically(self.root / MARKER, msgspec.json.format(msgspec.json.encode(self._marker)))

    # ── who runs ─────────────────────────────────────────────────────────────────────────────────
    def write_run(self, name: str, run: RunFile) -> None:
        write_atomically(self.root / "run" / f"{name}.json", msgspec.json.encode(run))

    def read_run(self, name: str) -> RunFile | None:
        """The run file of a service whose process lives; a stale or damaged file counts as none."""
        run = self._read_run(name)
        return run if run is not None and alive(run.process) else None

    def _read_run(self, name: str) -> RunFile | None:
        try:
            return msgspec.json.decode((self.root / "run" / f"{name}.json").read_bytes(), type=RunFile)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def clear_run(self, name: str) -> None:
        (self.root / "run" / f"{name}.json").unlink(missing_ok=True)

    def running(self) -> dict[str, RunFile]:
        """Every service that runs now, by name."""
        return {name: run for name, run in self.runs().items() if alive(run.process)}

    def runs(self) -> dict[str, RunFile]:
        """Every service that was started and not stopped, whether it still lives or not."""
        names = sorted(path.stem for path in (self.root / "run").glob("*.json"))
        return {name: run for name in names if (run := self._read_run(name)) is not None}

    # ── logs ─────────────────────────────────────────────────────────────────────────────────────
    def log(self, name: str) -> Path:
        return self.root / "logs" / f"{name}.log"

    def rotate_log(self, name: str) -> None:
        """Keep a log and its predecessor. Truncated in place: the process goes on writing to it."""
        path = self.log(name)
        if path.exists() and path.stat().st_size > ROTATE_BYTES:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            os.truncate(path, 0)

    # ── one run at a time ────────────────────────────────────────────────────────────────────────
    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the folder; the kernel lets go of it when this process ends, however it ends."""
        with (self.root / "lock").open("w") as lock:
            _lock_or_raise(lock, self.root)
            yield

    def is_held(self) -> bool:
        """Whether some run holds the folder now."""
        try:
            with self.exclusive():
                return False
        except AlreadyRunning:
            return True


def _lock_or_raise(lock: IO[str], root: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise AlreadyRunning(f"todotasks is already running in {root}") from error


def _read_marker(path: Path) -> Marker:
    try:
        marker = msgspec.json.decode(path.read_bytes(), type=Marker)
    except (msgspec.DecodeError, OSError) as error:
        raise FolderError(
            f"the data folder is broken: {path} cannot be read ({error}). If it holds nothing you need, "
            f"remove {path.parent} and start again; otherwise restore this file from a backup. It must "
            f'hold {{"format": {FORMAT}, "ports": {{}}}} at least.'
        ) from error
    if marker.format != FORMAT:
        raise FolderError(
            f"{path.parent} has data format {marker.format}, this todotasks writes format {FORMAT}. Use the "
            "version that made it, or give another folder with --data-dir."
        )
    return marker


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file as one step: a reader, or a crash, sees the old or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
