"""Which hosts may be called for a user: public ones, unless the operator's setting says otherwise.

A channel is written by whoever may edit a namespace; without this it would be a way to make requests from
inside the cluster (to a metadata service, a database, the API server). A name is resolved here and the
connection goes to the address that was checked, so it cannot mean something else a moment later.
"""

import asyncio
import ipaddress
import socket
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


async def require_public(host: str, port: int) -> None:
    """Raises Permanent where a host has an address that is not public."""
    if not all(is_public(entry["host"]) for entry in await lookup(host, port)):
        raise refusal(host)


def refusal(host: str) -> Permanent:
    return Permanent(
        f"{host} is not a public address. Channels may not call private networks; whoever runs the notifier "
        "can allow it with TODO_NOTIFIER_ALLOW_PRIVATE=true."
    )
