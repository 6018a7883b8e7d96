"""The page docs/metrics.md, from the code: each part's modules are imported in a process of its own, as
the part imports them, and what its registry then holds is what its /metrics serves.

    python scripts/metrics.py [--check]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "metrics.md"
PARTS = {
    "operator": "todo_operator.process.main",
    "webhook": "todo_webhook.main",
    "gateway": "chat_gateway.server.main",
    "notifier": "todo_consumers.notifier.main",
    "audit": "todo_consumers.audit.main",
}
DUMP = """
import importlib, json, sys
from prometheus_client import REGISTRY
importlib.import_module(sys.argv[1])
if "todotasks.kube.client" in sys.modules:
    importlib.import_module("todotasks.kube.metrics")  # with the first client, which each part makes
print(json.dumps([
    [one._name, one._type, list(one._labelnames), one._documentation]
    for one in REGISTRY._collector_to_names if getattr(one, "_name", "").startswith("todotasks_")
]))
"""
HEAD = """<!-- Made by `make docs` from the code. Edit the metric's own words, not this page. -->

# Metrics

Every metric of every part, as `/metrics` serves it. Which of them to look at, and when, says
[operations](operations.md). A counter with labels has no series before it counts for the first time. No
label names a user, a namespace, a task or anything else that people make up: the number of series is
bounded. Besides these each part has Python's own `process_…` and `python_…`.

| metric | type | labels | of | what |
|---|---|---|---|---|
"""


def exposed() -> dict[str, tuple[str, list[str], str, list[str]]]:
    """Name -> type, labels, words, and the parts that serve it."""
    dumps = {
        part: subprocess.Popen([sys.executable, "-c", DUMP, module], stdout=subprocess.PIPE)
        for part, module in PARTS.items()
    }
    found: dict[str, tuple[str, list[str], str, list[str]]] = {}
    for part, process in dumps.items():
        out, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{PARTS[part]} cannot be imported")
        for given, kind, labels, words in json.loads(out):
            name = f"{given}_total" if kind == "counter" else given  # as it is exposed
            found.setdefault(name, (kind, labels, words, []))[3].append(part)
    return found


def page() -> str:
    """What docs/metrics.md has to say."""
    rows = []
    for name, (kind, labels, words, parts) in sorted(exposed().items()):
        of = "every part" if len(parts) == len(PARTS) else ", ".join(parts)
        shown = ", ".join(f"`{label}`" for label in labels)
        rows.append(f"| `{name}` | {kind} | {shown} | {of} | {words.rstrip('.')}. |".replace("\n", " "))
    return HEAD + "\n".join(rows) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Make docs/metrics.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page differs")
    asked = parser.parse_args()
    made = page()
    if not asked.check:
        PAGE.write_text(made, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != made:
        print("docs/metrics.md is not what the code says: run `make docs`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
