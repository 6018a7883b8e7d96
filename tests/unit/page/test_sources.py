"""The page's sources: their own tests, and that what is committed is what they give. Needs Node."""

import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "chat-gateway" / "page"

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
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm to fetch what builds the page")
    if not (PAGE / "node_modules" / "esbuild").exists():
        run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run("node", "build.mjs", "--check")
