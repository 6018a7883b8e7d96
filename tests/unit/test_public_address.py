"""Which addresses are of the internet, in whatever way they are written."""

import pytest

from todotasks.public_address import is_public


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
        "::127.0.0.1",  # the old way to write IPv4 in IPv6
        "::ffff:0:10.0.0.1",  # translated (SIIT)
        "::ffff:127.0.0.1%eth0",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",  # NAT64 of a network of one's own
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
        "2600::200:5efe:10.0.0.1",  # ISATAP
        "fec0::1",  # site-local, of old
        "fd00:ec2::254",  # a metadata service
        "2001:db8::1",
        "3fff::1",
        "4000::1",  # given out for nothing yet
        "100::1",
        "168.63.129.16",  # of the internet by its number; Azure's own service on every machine
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "240.0.0.1",
    ],
)
def test_an_address_that_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_taken(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "localhost", "127.1", "1.2.3.4.5", "0x7f.1"])
def test_what_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        is_public(text)
