"""How long each file of tests takes, so that workers which share a run begin with the longest.

Else one of them still has a minute of kill tests before it when the others are done. The figures are a hint:
an old one costs balance, nothing else. `--note-seconds` writes them anew.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("seconds.json")
WORTH_NOTING = 3.0  # seconds; what is shorter fills the gaps
UNMEASURED = 15.0  # seconds that a new file with servers is believed to take


def known() -> dict[str, float]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def file_of(nodeid: str) -> str:
    return nodeid.split("::", 1)[0]


def longest_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """The items, file by file, in the order in which the files should be begun."""
    seconds = known()

    def weight(item: pytest.Item) -> tuple[float, str]:
        path = file_of(item.nodeid)
        return -seconds.get(path, 0.0 if "/unit/" in path else UNMEASURED), path

    return sorted(items, key=weight)


def note(reporter: pytest.TerminalReporter) -> None:
    """Write what this run took; files that it did not run keep their figures."""
    took: dict[str, float] = defaultdict(float)
    for reports in reporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                took[file_of(report.nodeid)] += report.duration
    seconds = {path: value for path, value in known().items() if Path(path).exists()} | took
    kept = {path: round(value) for path, value in sorted(seconds.items()) if value >= WORTH_NOTING}
    FILE.write_text(json.dumps(kept, indent=2) + "\n")
