"""Ports on the loopback address: choosing free ones, and naming who holds one that is not free.

Chosen below the range that the kernel takes outgoing ports from (32768 upwards on Linux), because a
port must still be free at the next start, days later.
"""

import random
import socket
import time

import psutil

from todo_cli.local.errors import PortInUse

LOOPBACK = "127.0.0.1"
LOWEST = 20_000
HIGHEST = 29_999
ATTEMPTS = 200
PATIENCE = 2.0  # seconds


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without it a port whose last connections are in TIME_WAIT looks taken; every server sets it.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def choose(taken: frozenset[int] | set[int] = frozenset(), preferred: int | None = None) -> int:
    """A free port: the preferred one when it is free, else a random one."""
    if preferred is not None and preferred not in taken and is_free(preferred):
        return preferred
    for _ in range(ATTEMPTS):
        port = random.randint(LOWEST, HIGHEST)  # noqa: S311  no secret hangs on it
        if port not in taken and is_free(port):
            return port
    raise PortInUse(f"found no free port between {LOWEST} and {HIGHEST} in {ATTEMPTS} attempts")


def holder(port: int) -> str:
    """Who listens there, in words; needs no rights, but names other users' processes only to root."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.AccessDenied:
        return "another process"
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            if connection.pid is None:
                break
            try:
                return f"process {connection.pid} ({psutil.Process(connection.pid).name()})"
            except psutil.Error:
                break
    return "another process"


def require_free(port: int, service: str, remedy: str) -> None:
    """Raise an error that names the holder and the way out, unless the port is free.

    A server that was just killed keeps its port until its last thread is gone: a moment of patience.
    """
    deadline = time.monotonic() + PATIENCE
    while not is_free(port):
        if time.monotonic() > deadline:
            raise PortInUse(f"{service} needs port {port}, but {holder(port)} listens there. {remedy}")
        time.sleep(0.05)
