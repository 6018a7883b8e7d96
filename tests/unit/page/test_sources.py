"""The page's sources: their own tests, their types, and that what is committed is what they give."""

import shutil
import subprocess

import pytest

from tests.support.page import PAGE, modules

needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="there is no node to run the page's tests with"
)


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=PAGE, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"


@needs_node
def test_the_pages_own_tests_pass() -> None:
    run("node", "--test", "test/")


@needs_node
def test_what_is_committed_is_what_the_sources_give() -> None:
    modules()
    run("node", "build.mjs", "--check")


@needs_node
def test_the_types_of_the_sources_hold() -> None:
    run(str(modules() / ".bin" / "tsc"), "-p", ".")
