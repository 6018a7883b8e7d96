"""`kubectl todo watch` as a person runs it: in a pipe, and where one may not look."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.plugin.conftest import Terminal, There
from todo_cli.local.controlplane.kubectl import Kubectl


@contextmanager
def watching(terminal: Terminal, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(terminal.kubectl), "todo", "watch", *words],
        env=terminal.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_what_is_done_elsewhere_comes_line_by_line(ana: Terminal, there: There) -> None:
    there("buy milk", tags=["home"])
    with watching(ana, "#home") as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("+\t-\tMedium\tbuy milk\t")
        assert ana("add", "water the plants #home p1").code == 0
        assert process.stdout.readline().startswith("+\t-\tUrgent\twater the plants\t")
        assert ana("add", "essay #school").code == 0
        assert ana("done", "milk").code == 0
        assert process.stdout.readline().startswith("-\t-\tMedium\tbuy milk\t")


def test_who_may_not_look_is_told_so(ana: Terminal, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", "not-yours-to-watch")
    said = ana("watch", "-n", "not-yours-to-watch")
    assert said.code == 1
    assert "todotasks" in said.err
    assert said.out == ""
