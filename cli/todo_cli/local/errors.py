"""What can keep a run from starting. Each message says what was found and what to do about it.

LocalError
├── FolderError      the data folder is foreign, broken, or from another version
├── AlreadyRunning   another `up` holds the folder
├── PortInUse        somebody listens where a service must
├── ToolMissing      a program that this machine has not got
└── ServiceFailed    a service ended or did not get ready
"""

from pathlib import Path


class LocalError(Exception):
    """todotasks could not run here."""


class FolderError(LocalError):
    """The data folder cannot be used."""


class AlreadyRunning(LocalError):
    """Another run holds this data folder."""


class PortInUse(LocalError):
    """A port that a service needs is taken."""


class ToolMissing(LocalError):
    """A program is missing on this machine."""


class ServiceFailed(LocalError):
    """A service ended or did not get ready; the end of its log tells why."""

    def __init__(self, message: str, log: Path | None = None, tail: str = "") -> None:
        parts = [message]
        if tail:
            parts.append("The end of its log:\n" + "\n".join(f"    {line}" for line in tail.splitlines()))
        if log is not None:
            parts.append(f"The whole log: {log}")
        super().__init__("\n".join(parts))
