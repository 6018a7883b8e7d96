"""Which hosts a channel may call."""

import pytest

from todo_consumers.notifier.addresses import PublicResolver, is_public, require_public
from todo_consumers.notifier.outcome import Permanent


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # metadata services
        "100.64.0.1",  # carrier-grade NAT
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",  # IPv4 in IPv6
        "64:ff9b::a00:1",  # NAT64 of 10.0.0.1
        "2002:0a00:0001::",  # 6to4 of 10.0.0.1
        "ff02::1",
    ],
)
def test_an_address_that_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert is_public(address)


async def test_a_name_that_means_this_machine_is_refused_with_what_to_do() -> None:
    with pytest.raises(Permanent, match=r"localhost is not a public address.*TODO_NOTIFIER_ALLOW_PRIVATE"):
        await PublicResolver().resolve("localhost", 80)
    with pytest.raises(Permanent, match="not a public address"):
        await require_public("127.0.0.1", 80)
