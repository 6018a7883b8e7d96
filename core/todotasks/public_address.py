"""Which addresses are of the internet: one answer for who connects and for who warns beforehand. Pure.

Of IPv6 those that are given out for the internet (2000::/3). What is reserved today may be routed inside
somebody's network, and the ways to carry an IPv4 address in another one (compatible, translated, 6to4,
Teredo, ISATAP) end where that one is; two of them are in use, and there the inner address decides.
"""

import ipaddress
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})  # the first half of an interface's id (RFC 5214)
# What `is_global` says of these depends on the version of Python, or on the registry alone.
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "168.63.129.16/32",  # by its number of the internet; a service of each machine of Azure
        "192.0.0.0/24",  # protocol assignments; in Oracle's cloud a metadata service
        "192.88.99.0/24",  # the relays of 6to4
        "2001::/23",  # protocol assignments, Teredo
        "2002::/16",  # 6to4
        "2001:db8::/32",
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)


def is_public(address: str | Address) -> bool:
    """Not private, loopback, link-local, multicast, reserved. Raises ValueError for what is no address."""
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0]) if isinstance(address, str) else address
    if isinstance(found, ipaddress.IPv4Address):
        return found.is_global and not found.is_multicast and not _is_listed(found)
    if found.ipv4_mapped is not None:
        return is_public(found.ipv4_mapped)
    if found in _NAT64:
        return is_public(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    return (
        found.is_global
        and found in _GLOBAL_UNICAST
        and not _is_listed(found)
        and int(found) >> 32 & 0xFFFFFFFF not in _ISATAP
    )


def _is_listed(address: Address) -> bool:
    return any(address.version == network.version and address in network for network in _NOT_PUBLIC)
