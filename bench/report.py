"""What a run found: rows beside their raw limit and budget; Markdown for people, JSON for machines."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil


@dataclass
class Row:
    """One measurement; `ratio` is ours over raw, `kept` whether the budget held."""

    what: str
    ours: str
    raw: str
    ratio: float | None
    budget: str
    kept: bool | None
    note: str = ""


@dataclass
class Report:
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        print(
            f"  {row.what}: {row.ours} (raw {row.raw}{f', ratio {row.ratio:.2f}' if row.ratio else ''})",
            flush=True,
        )

    def markdown(self) -> str:
        lines = [
            "| what | ours | raw limit, same run | ratio | budget | kept |",
            "|---|---|---|---|---|---|",
        ]
        for row in self.rows:
            ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
            kept = {True: "yes", False: "**no**", None: ""}[row.kept]
            lines.append(f"| {row.what} | {row.ours} | {row.raw} | {ratio} | {row.budget} | {kept} |")
        notes = [f"- {row.what}: {row.note}" for row in self.rows if row.note]
        return "\n".join([*lines, "", *notes]).rstrip() + "\n"

    def write(self, folder: Path, options: dict[str, object]) -> tuple[Path, Path]:
        folder.mkdir(parents=True, exist_ok=True)
        machine = {
            "cores": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
            "python": platform.python_version(),
        }
        now = datetime.now(UTC).isoformat(timespec="seconds")
        document = {
            "at": now,
            "machine": machine,
            "options": options,
            "rows": [asdict(row) for row in self.rows],
        }
        markdown, data = folder / "bench.md", folder / "bench.json"
        size = f"{machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}"
        head = f"Measured {now} on {size}.\n\n"
        markdown.write_text(head + self.markdown())
        data.write_text(json.dumps(document, indent=2) + "\n")
        return markdown, data


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
