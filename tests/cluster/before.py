"""This product as it was at an earlier commit: its chart, and its images under a tag of their own."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.node import images
from todo_cli.local.progress import Progress

ROOT = Path(__file__).parents[2]
# The first whose parts all ran on a node; TEST_UPGRADE_FROM names another one.
COMMIT = os.environ.get("TEST_UPGRADE_FROM") or "b080913418f3ce945a07475d11750558c22068f8"
TAG = "before"


def sources(folder: Path) -> Path:
    """The repository as it was then, in `folder`; skips where this clone does not reach back so far."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", COMMIT], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode != 0:
        said = archive.stderr.decode().strip()
        pytest.skip(f"needs the commit {COMMIT[:12]} (git fetch --unshallow): {said}")
    subprocess.run(["tar", "--extract", f"--directory={folder}"], input=archive.stdout, check=True)
    return folder


def built(root: Path, progress: Progress) -> Path:
    """An archive of its images."""
    for target in images.TARGETS:
        images.build(target, progress, root=root, tag=TAG)
    return images.archive_of([images.name_of(target, TAG) for target in images.TARGETS], name=TAG)
