"""Zone names are accepted or refused alike on every machine."""

import pytest

from todotasks.api.zones import ZoneError, load_zone


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_accepts_iana_names(name):
    assert load_zone(name).key == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "America",  # a folder of zones
        "localtime",  # whatever this machine is set to
        "Factory",
        "posix/Europe/Berlin",
        "right/Europe/Berlin",  # counts leap seconds
        "../etc/passwd",
        "/etc/localtime",
        "\0",
        "x" * 100_000,
        "GMT+1",
    ],
)
def test_refuses_what_is_no_place(name):
    with pytest.raises(ZoneError, match="is not an IANA time zone"):
        load_zone(name)


@pytest.mark.parametrize("name", ["europe/berlin", "Europe/Berln", "Berlin", "Europe / Berlin"])
def test_suggests_the_nearest_name(name):
    with pytest.raises(ZoneError, match='did you mean "Europe/Berlin"'):
        load_zone(name)
