"""Which hosts may be called for a user: public ones, unless the operator's setting says otherwise.

A channel is written by whoever may edit a namespace; without this it would be a way to make requests from
inside the cluster (to a metadata service, a database, the API server). What decides is the address that a
socket is about to be connected to, never the text of a URL: a host has many spellings (`127。0。0。1`,
`0x7f.1`, a name that resolves to it), and an address only one. One guard serves all kinds of channels:

    webhook    `PublicResolver` and `public_socket` in aiohttp's connector
    mail       `connect`, whose socket the SMTP client is given
    push       `forbid_private_connections`, in the process that runs Apprise
"""

import asyncio
import contextlib
import ipaddress
import socket
import sys
from typing import Any

import aiohttp.abc

from todo_consumers.notifier.outcome import Permanent, Temporary

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether it is an address of the internet: not private, loopback, link-local, multicast, reserved."""
    found: Address = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        for inner in (found.ipv4_mapped, found.sixtofour, found.teredo[1] if found.teredo else None):
            if inner is not None:
                return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class PublicResolver(aiohttp.abc.AbstractResolver):
    """aiohttp's resolver that gives only public addresses. Raises Permanent for a host that has none."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        found = await lookup(host, port)
        public = [entry for entry in found if is_public(entry["host"])]
        if not public:
            raise refusal(host)
        return public

    async def close(self) -> None:
        """Nothing is held."""


async def lookup(host: str, port: int) -> list[aiohttp.abc.ResolveResult]:
    """All addresses of a name. Raises Temporary: a name that is not found now may be found later."""
    loop = asyncio.get_running_loop()
    try:
        rows: list[Any] = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Temporary(
            f"cannot find the host {host}: {error.strerror or error}", server_down=True
        ) from error
    return [
        aiohttp.abc.ResolveResult(
            hostname=host,
            host=address[0],
            port=port,
            family=family,
            proto=protocol,
            flags=int(socket.AI_NUMERICHOST),
        )
        for family, _, protocol, _, address in rows
    ]


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
    found = await (_Anything() if allow_private else PublicResolver()).resolve(host, port)
    loop = asyncio.get_running_loop()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            for entry in found:
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


class _Anything(aiohttp.abc.AbstractResolver):
    """The resolver where private networks are allowed."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[aiohttp.abc.ResolveResult]:
        return await lookup(host, port)

    async def close(self) -> None:
        """Nothing is held."""


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
