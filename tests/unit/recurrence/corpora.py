"""Where the shared test data lies: `TODO_CORPORA`, by default beside the repository."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("TODO_CORPORA", Path(__file__).parents[4] / "shared" / "corpora"))


def cases(name: str) -> list[Any]:
    """The cases of a recurrence corpus, as test parameters; one skipped test where it is absent."""
    file = FOLDER / "recurrence" / f"{name}.json"
    if not file.is_file():
        skip = pytest.mark.skip(reason=f"no test data at {file}: set TODO_CORPORA to its folder")
        return [pytest.param(None, id=f"{name} is absent", marks=[pytest.mark.corpora, skip])]
    found = json.loads(file.read_text())["cases"]
    return [pytest.param(case, id=case["id"], marks=pytest.mark.corpora) for case in found]
