"""How much one user, and one address before it has shown who it is, may ask for.

A bucket for each, the least recently used ones dropped beyond a bound: a dropped bucket is a full one,
so forgetting is in favour of the caller.
"""

import asyncio
import ipaddress
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

from chat_gateway.base.settings import GatewaySettings, Network
from todotasks.rate_limit import RateLimiter

MOST_BUCKETS = 10_000
LOGIN_BURST = 10.0  # seconds' worth of unknown tokens at once: an office behind one address opens the page
# Answers that are made at once, of one user and in all; the others wait. A list of a namespace takes 3 kB a
# task, a calendar up to 30 MB, the times of an odd schedule most of a second of a processor.
LISTS_EACH, LISTS = 4, 16
CALENDARS_EACH, CALENDARS = 1, 3
SCHEDULES_EACH, SCHEDULES = 1, 2
V6_SITE = 64  # bits of an IPv6 address that its holder cannot choose


Holds = Literal["lists", "calendars", "schedules"]


class Buckets:
    """One token bucket a key."""

    def __init__(self, rate: float, burst: float, limit: int = MOST_BUCKETS) -> None:
        self._rate, self._burst, self._limit = rate, burst, limit
        self._buckets: OrderedDict[str, RateLimiter] = OrderedDict()

    def try_take(self, key: str) -> float | None:
        """None: go ahead. Otherwise in how many seconds it is worth trying again."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = RateLimiter(self._rate, self._burst)
            while len(self._buckets) > self._limit:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        return None if bucket.try_take() else 1 / self._rate


class Room:
    """Room for answers that cost much while they are made: whole lists, whole calendars, odd schedules.

    One user has at most `each` of the places, all together `total`. Whoever finds none waits in turn: one's
    further requests behind one's own, so that a crowd of one user's does not stand before everybody else.
    """

    def __init__(self, each: int, total: int) -> None:
        self._each = each
        self._total = asyncio.Semaphore(total)
        self._users: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def of(self, owner: str) -> AsyncIterator[None]:
        own, waiting = self._users.get(owner, (asyncio.Semaphore(self._each), 0))
        self._users[owner] = (own, waiting + 1)
        try:
            async with own, self._total:
                yield
        finally:
            own, waiting = self._users[owner]
            if waiting > 1:
                self._users[owner] = (own, waiting - 1)
            else:
                del self._users[owner]

    def is_full_of(self, owner: str) -> bool:
        """Whether nothing but the user's own answers is in the way of one more of theirs."""
        own, _ = self._users.get(owner, (None, 0))
        return own is not None and own.locked() and not self._total.locked()


class Limits:
    """All of a process's limits. Another replica counts for itself."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._at_once = settings.requests_at_once
        self._busy: Counter[str] = Counter()
        self.users = Buckets(settings.requests_per_second, settings.request_burst)
        self.logins = Buckets(settings.logins_per_second, settings.logins_per_second * LOGIN_BURST)
        self._trusted = settings.trusted_proxies
        self.rooms: dict[Holds, Room] = {
            "lists": Room(LISTS_EACH, LISTS),
            "calendars": Room(CALENDARS_EACH, CALENDARS),
            "schedules": Room(SCHEDULES_EACH, SCHEDULES),
        }

    @contextmanager
    def one_of(self, owner: str) -> Iterator[bool]:
        """Around a request that is no stream; False: this user has enough of them under way.

        All users share our connections to the API server, and slow lists of one would take them all.
        """
        self._busy[owner] += 1
        try:
            yield self._busy[owner] <= self._at_once
        finally:
            self._busy[owner] -= 1
            if not self._busy[owner]:
                del self._busy[owner]

    def address(self, remote: str | None, forwarded_for: str) -> str:
        """Whom a request is counted for before its token is known.

        From the right, the first address that is no proxy of ours: what stands left of it is whatever
        the client wrote there.
        """
        hops = [remote or "", *reversed([hop.strip() for hop in forwarded_for.split(",") if hop.strip()])]
        for hop in hops[:-1]:
            if not _within(hop, self._trusted):
                return _site(hop)
        return _site(hops[-1])


def _within(text: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)


def _site(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, V6_SITE), strict=False))
    return str(address)
