"""Which hosts a channel may call."""

import socket

import pytest

from todo_consumers.notifier.addresses import PublicResolver, connect, is_public, public_socket
from todo_consumers.notifier.outcome import Permanent, Temporary


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
        await connect("127.0.0.1", 25, allow_private=False, within=1)


def test_the_address_that_a_socket_is_made_for_decides() -> None:
    with pytest.raises(Permanent, match=r"127\.0\.0\.1 is not a public address"):
        public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80)))
    public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80))).close()


async def test_nobody_learns_what_is_behind_a_port() -> None:
    """Closed or silent: the same words."""
    silent = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = [socket.socket() for _ in range(4)]
    with silent, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        for each in waiting:  # a full backlog answers no further connection
            each.setblocking(False)
            each.connect_ex(silent.getsockname())
        told = []
        for port in (closed.getsockname()[1], silent.getsockname()[1]):
            with pytest.raises(Temporary) as caught:
                await connect("127.0.0.1", port, allow_private=True, within=0.3)
            told.append(str(caught.value).replace(str(port), "PORT"))
    for each in waiting:
        each.close()
    assert told == ["cannot connect to 127.0.0.1:PORT"] * 2
