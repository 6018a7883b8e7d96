"""kopf is started as a container needs it."""

import asyncio
import getpass
from collections.abc import Mapping
from typing import Any

import pytest

from todo_operator.kopf_adapter.watches import run_watches
from todotasks.kube.connection.config import KubeConfig


class Nobody:
    def on_event(self, kind: str, type_: str | None, body: Mapping[str, Any]) -> None:
        raise AssertionError("there is no server")

    async def position(self, kind: str) -> str:
        raise AssertionError("there is no server")

    def leave_position(self, kind: str) -> None:
        raise AssertionError("there is no server")

    def heard(self, namespace: str, name: str, resource_version: str) -> None:
        raise AssertionError("there is no server")

    def begun(self, resource_version: str) -> None:
        raise AssertionError("there is no server")


async def test_it_starts_where_its_user_has_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in our images, and as OpenShift does it with any: the number is in no list of users."""

    def no_such_user() -> str:
        raise KeyError("getpwuid(): uid not found: 10001")

    monkeypatch.setattr(getpass, "getuser", no_such_user)
    stop, begun = asyncio.Event(), asyncio.Event()

    async def begin() -> None:
        begun.set()
        stop.set()

    async def end() -> None:
        pass

    await run_watches(
        listener=Nobody(),
        witness=Nobody(),
        config=KubeConfig(server="http://127.0.0.1:1"),
        namespace="",
        start=begin,
        stop=end,
        stop_flag=stop,
        started_flag=asyncio.Event(),
    )
    assert begun.is_set()
