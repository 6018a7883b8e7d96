"""The web page's sources and what its lock file names (esbuild, axe-core, TypeScript), fetched once."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "chat-gateway" / "page"
NEEDED = ("esbuild", "axe-core", "typescript")


def modules() -> Path:
    """The folder `node_modules`, as the lock file has it; skips where there is no npm to fetch it."""
    folder = PAGE / "node_modules"
    with (PAGE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers may come at once
        if not all((folder / name / "package.json").exists() for name in NEEDED):
            npm = shutil.which("npm")
            if npm is None:
                pytest.skip("there is no npm to fetch what the page is built and checked with")
            fetch = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(fetch, cwd=PAGE, check=True, timeout=240)
    return folder
