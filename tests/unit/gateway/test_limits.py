"""Whom a request is counted for, and how much each may have."""

import asyncio
import ipaddress

import pytest

from chat_gateway.access.limits import Buckets, Limits, Room
from chat_gateway.base.settings import GatewaySettings

TRUSTING = GatewaySettings(trusted_proxies=(ipaddress.ip_network("10.0.0.0/8"),))


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        (
            "203.0.113.9",
            "198.51.100.1",
            "203.0.113.9",
        ),  # no proxy of ours: it may say what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # the client wrote 1.2.3.4 itself
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "10.0.0.7", "10.0.0.7"),  # a client inside
        ("10.0.0.1", "nonsense", "unknown"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("2001:db8::ffff:1", "", "2001:db8::/64"),  # its holder can take any of them
        (None, "", "unknown"),
    ],
)
def test_a_request_is_counted_for_the_first_address_that_is_no_proxy_of_ours(
    remote: str | None, forwarded: str, counted: str
) -> None:
    assert Limits(TRUSTING).address(remote, forwarded) == counted


def test_without_trusted_proxies_only_the_connection_counts() -> None:
    assert Limits(GatewaySettings()).address("10.0.0.1", "198.51.100.1") == "10.0.0.1"


def test_one_bucket_that_is_empty_leaves_the_others_full() -> None:
    buckets = Buckets(rate=0.5, burst=2)
    assert [buckets.try_take("a") for _ in range(3)] == [None, None, 2.0]
    assert buckets.try_take("b") is None


def test_one_user_may_have_so_many_requests_under_way_and_no_more() -> None:
    limits = Limits(GatewaySettings(requests_at_once=2))
    with limits.one_of("a") as first, limits.one_of("a") as second, limits.one_of("a") as third:
        assert (first, second, third) == (True, True, False)
        with limits.one_of("b") as other:
            assert other
    with limits.one_of("a") as again:
        assert again


def test_the_number_of_buckets_is_bounded() -> None:
    buckets = Buckets(rate=1, burst=1, limit=2)
    for key in ("a", "b", "c"):
        assert buckets.try_take(key) is None
    assert buckets.try_take("a") is None  # was forgotten, in its favour
    assert buckets.try_take("c") is not None


async def test_one_users_crowd_waits_behind_itself_and_not_before_the_others() -> None:
    room = Room(each=2, total=3)
    inside: list[str] = []
    leave = asyncio.Event()

    async def visit(owner: str) -> None:
        async with room.of(owner):
            inside.append(owner)
            await leave.wait()

    async with asyncio.TaskGroup() as group:
        for owner in ("greedy",) * 50 + ("alice", "bob"):
            group.create_task(visit(owner))
        for _ in range(10):
            await asyncio.sleep(0)
        assert inside == ["greedy", "greedy", "alice"], "two of fifty, and who came last of all has a place"
        leave.set()
    assert len(inside) == 52
    assert not room._users, "nobody is remembered who does not wait"


async def test_whose_own_answers_fill_their_places_is_told_so_and_nobody_else() -> None:
    room = Room(each=1, total=2)
    async with room.of("greedy"):
        assert room.is_full_of("greedy")
        assert not room.is_full_of("alice")
        async with room.of("bob"):
            assert not room.is_full_of("greedy"), "all places are taken, by others too"
    assert not room.is_full_of("greedy")


async def test_who_gives_up_waiting_takes_no_place() -> None:
    room = Room(each=1, total=1)
    async with room.of("alice"):
        waiting = asyncio.create_task(room.of("bob").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with room.of("bob"):
        pass
    assert not room._users
