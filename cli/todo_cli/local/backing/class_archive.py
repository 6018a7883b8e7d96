"""Kafka's classes as Java has them in memory: a file that a start maps, instead of loading and checking each.

That is half of a start's processor time. `prepare` makes it, once for each Java: a broker in a folder of its
own is started and stopped. Without it all works, and a start takes longer.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

from todo_cli.local.backing.kafka import Kafka, class_archive
from todo_cli.local.controlplane.binaries import build_lock
from todo_cli.local.errors import LocalError
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress


class _Archiving(Kafka):
    """A broker that writes the archive when it ends."""

    grace: ClassVar[float] = 180.0  # seconds; on a busy machine

    def __init__(self, folder: Folder, jars: Path, target: Path) -> None:
        super().__init__(folder, jars)
        self._target = target

    def command(self) -> list[str]:
        java, *rest = super().command()
        return [java, f"-XX:ArchiveClassesAtExit={self._target}", *rest]


def obtain(jars: Path, progress: Progress) -> Path | None:
    """The archive for the Java of this machine; None where that Java makes none."""
    target = class_archive(jars)
    if target is None or target.exists():
        return target
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    home = Path(tempfile.mkdtemp(prefix="todotasks-archive-"))
    with progress.step("Apache Kafka: its classes for quick starts, once") as step, build_lock(jars, step):
        try:
            if target.exists():  # another process made it while we waited for the lock
                return target
            broker = _Archiving(Folder.open(home), jars, unfinished)
            try:
                broker.start()
                broker.wait_ready()
            finally:
                broker.stop()
            unfinished.replace(target)
        except (LocalError, OSError) as error:
            step.result = f"not made: {error}"
            return None
        finally:
            unfinished.unlink(missing_ok=True)
            shutil.rmtree(home, ignore_errors=True)
        step.result = f"→ {target}"
    return target
