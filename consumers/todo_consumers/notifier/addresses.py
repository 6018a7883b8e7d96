"""Which hosts may be called for a user: public ones, unless the operator's setting says otherwise.

A channel is written by whoever may edit a namespace; without this it would be a way to make requests from
inside the cluster (to a metadata service, a database, the API server). What decides is the address that a
socket is about to be connected to, never the text of a URL: a host has many spellings (`127。0。0。1`,
`0x7f.1`, a name that resolves to it), and an address only one. One guard serves all kinds of channels:

    webhook    `Resolver` and `public_socket` in aiohttp's connector
    mail       `connect`, whose socket the SMTP client is given
    push       `forbid_private_connections`, in the process that runs Apprise
"""

import asyncio
import contextlib
import socket
import sys
import threading
from typing import Any

import aiohttp.abc

from todo_consumers.notifier.outcome import Permanent, Temporary
from todotasks.public_address import is_public


class Resolver(aiohttp.abc.AbstractResolver):
    """aiohttp's resolver for the hosts of users. Raises Permanent for one that has no public address, unless
    private ones are allowed."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        found = await lookup(host, port)
        allowed = [entry for entry in found if self._allow_private or is_public(entry["host"])]
        if not allowed:
            raise refusal(host)
        return allowed

    async def close(self) -> None:
        """Nothing is held."""


async def lookup(host: str, port: int) -> list[aiohttp.abc.ResolveResult]:
    """All addresses of a name. Raises Temporary: a name that is not found now may be found later; Permanent
    for what can be no name."""
    try:
        rows = await _in_a_thread_of_its_own(host, port)
    except UnicodeError as error:  # a label that is empty or too long, once it is written in ASCII
        raise Permanent(f"{host} is no host that can be called") from error
    except OSError as error:
        raise Temporary(
            f"cannot find the host {host}: {error.strerror or error}", server_down=True
        ) from error
    return [
        aiohttp.abc.ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=port,
            family=family,
            proto=protocol,
            flags=int(socket.AI_NUMERICHOST),
        )
        for family, _, protocol, _, address in rows
    ]


async def _in_a_thread_of_its_own(host: str, port: int) -> list[tuple[Any, ...]]:
    """`getaddrinfo` of the C library: it blocks, and cannot be ended.

    Whoever runs the name servers of a name decides how long. The loop's threads are a few for everybody
    (uvloop's are two), so names that are answered late would keep all other hosts from being found. There
    are at most as many threads as attempts at once, and what nobody waits for any more ends by itself.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[tuple[Any, ...]]] = loop.create_future()

    def tell(rows: list[tuple[Any, ...]] | None, error: Exception | None) -> None:
        if found.done():
            return
        if error is not None:
            found.set_exception(error)
        else:
            found.set_result(rows or [])

    def ask() -> None:
        rows, failed = None, None
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failed = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(tell, rows, failed)

    threading.Thread(target=ask, name="lookup", daemon=True).start()
    return await found


def public_socket(info: tuple[Any, ...]) -> socket.socket:
    """aiohttp's socket factory: one for a public address (`info` as from getaddrinfo). Raises Permanent.

    aiohttp asks no resolver where it takes the host for an address, after it has normalised it; this sees
    what comes out of that.
    """
    family, kind, protocol, _, address = info
    if not is_public(str(address[0])):
        raise refusal(str(address[0]))
    return socket.socket(family, kind, protocol)


async def connect(host: str, port: int, *, allow_private: bool, within: float) -> socket.socket:
    """A connected socket to the first address of `host` that answers, after `within` seconds at most.

    Raises Permanent where the host has no public address, Temporary where none answers. Both say the same
    whatever was behind a closed or silent port: nobody learns from it what is there.
    """
    loop = asyncio.get_running_loop()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            for entry in await Resolver(allow_private=allow_private).resolve(host, port):
                made = socket.socket(entry["family"], socket.SOCK_STREAM, entry["proto"])
                made.setblocking(False)
                try:
                    await loop.sock_connect(made, (entry["host"], entry["port"]))
                except OSError:
                    made.close()
                except BaseException:
                    made.close()
                    raise
                else:
                    return made
    raise Temporary(f"cannot connect to {host}:{port}", server_down=True)


class PrivateAddressError(OSError):
    """A connection that `forbid_private_connections` did not let happen."""


def forbid_private_connections() -> None:
    """For the rest of this process: no socket is connected to an address that is not public.

    By an audit hook (PEP 578), because a library that opens its connections itself, by whatever client,
    cannot go around it. There is no way back, so it is for a process that does nothing else.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}:
            raise PermissionError(f"{event} is not for a process that works for users")
        if event not in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
            return
        connecting, address = arguments[0], arguments[1]
        if connecting.family not in {socket.AF_INET, socket.AF_INET6} or address is None:
            raise PrivateAddressError("not an address of the internet")
        if not is_public(str(address[0])):
            raise PrivateAddressError("not a public address")

    sys.addaudithook(hook)


def refusal(host: str) -> Permanent:
    return Permanent(
        f"{host} is not a public address. Channels may not call private networks; whoever runs the notifier "
        "can allow it with TODO_NOTIFIER_ALLOW_PRIVATE=true."
    )
