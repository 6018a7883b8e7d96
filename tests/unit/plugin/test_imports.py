"""What a call of `kubectl todo` imports: that is nearly all it costs. (What a whole call imports, with its
answers, is told in tests/integration/plugin.)"""

import subprocess
import sys

import pytest

from tests.support.imports import HEAVY, NEVER

OFFLINE = NEVER | HEAVY | {"yaml"}
FROM_A_LIST = """
from datetime import UTC, datetime
from todo_cli.plugin.asking import asked
import todo_cli.plugin.main, todo_cli.plugin.talk
for words in (), ("list",), ("today",), ("next",), ("rules",), ("done", "2"), ("show", "2"), ("undo",):
    asked(words, now=datetime.now(UTC), zone=UTC, sort="due", limit=50)
"""


def imported(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import todo_cli.main", OFFLINE | {"todotasks.language"}),
        ("import todo_cli.plugin.main", OFFLINE),
        (FROM_A_LIST, NEVER | HEAVY),
    ],
    ids=["todotasks", "kubectl todo help", "kubectl todo list"],
)
def test_a_call_imports_no_library_that_it_does_not_need(code: str, unwanted: set[str]) -> None:
    assert not imported(code) & unwanted


def test_the_gateway_has_imported_it_all_before_the_first_message() -> None:
    later = HEAVY - {"rich"} | {"todotasks.edits.plan.changing", "todotasks.language.corrections"}
    assert later <= imported("import chat_gateway.server.process")
