"""Which hosts a channel may call."""

import asyncio
import socket
import threading
from typing import Any

import pytest

from todo_consumers.notifier.addresses import Resolver, connect, lookup, public_socket
from todo_consumers.notifier.outcome import Permanent, Temporary


async def test_a_name_that_means_this_machine_is_refused_with_what_to_do() -> None:
    with pytest.raises(Permanent, match=r"localhost is not a public address.*TODO_NOTIFIER_ALLOW_PRIVATE"):
        await Resolver(allow_private=False).resolve("localhost", 80)
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


async def test_names_that_are_answered_late_keep_no_other_name_from_being_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name servers of a name are whose name it is; the loop's own threads are a few for everybody."""
    real, over = socket.getaddrinfo, threading.Event()

    def getaddrinfo(host: str, *rest: Any, **more: Any) -> Any:
        if host.endswith(".tarpit.example"):
            over.wait(20)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    waiting = [asyncio.create_task(lookup(f"{n}.tarpit.example", 443)) for n in range(100)]
    try:
        assert [entry["host"] for entry in await lookup("127.0.0.1", 443)] == ["127.0.0.1"]
        assert not any(task.done() for task in waiting)
        waiting[0].cancel()  # whoever gives up waits for nothing more
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
    finally:
        over.set()
    told = await asyncio.gather(*waiting[1:], return_exceptions=True)
    assert {str(error) for error in told if "1.tarpit" in str(error)} >= {
        "cannot find the host 1.tarpit.example: Temporary failure in name resolution"
    }
    assert all(isinstance(error, Temporary) for error in told)


@pytest.mark.parametrize("host", ["a..example", "." + "a" * 70 + ".example", "\u00fc" * 64 + ".example"])
async def test_what_can_be_no_name_is_given_up_at_once(host: str) -> None:
    with pytest.raises(Permanent, match="no host that can be called"):
        await lookup(host, 443)
