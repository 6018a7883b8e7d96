"""Data folders of a test's own, in which nothing runs any more when the test is over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.plane import Plane
from tests.support.todotasks import Todotasks
from todo_cli.local.controlplane.binaries import Binaries


@pytest.fixture
def todotasks_in(test_home: Path, control_plane_binaries: Binaries) -> Iterator[Callable[..., Todotasks]]:
    """Makes `todotasks` for a folder. Below the session's home: a killed session is cleaned up from there."""
    made: list[Todotasks] = []

    def make(name: str, **environ: str) -> Todotasks:
        made.append(Todotasks(test_home / name, environ))
        return made[-1]

    yield make
    for each in made:
        each.kill_everything()


@pytest.fixture
def kubeconfig_of_plane(plane: Plane) -> Path:
    """A cluster that is there already."""
    return plane.kubeconfig
