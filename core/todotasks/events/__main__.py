"""`python -m todotasks.events`: writes the published schemas and docs/events.md anew.

To be run from the root of the repository after a change of the types; the tests fail until it was.
"""

import sys
from pathlib import Path

from todotasks.events import reference, schema
from todotasks.events.types import EVENT_TYPES


def main(root: Path) -> None:
    folder = root / "core/todotasks/events" / schema.FOLDER
    if not folder.parent.is_dir():
        sys.exit(f"{root} is not the root of the repository (no core/todotasks/events in it)")
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for entry in EVENT_TYPES.values():
        (folder / schema.file_name(entry)).write_bytes(schema.render(schema.build(entry)))
    (root / "docs").mkdir(exist_ok=True)
    (root / "docs/events.md").write_text(reference.render(), encoding="utf-8")


if __name__ == "__main__":
    main(Path.cwd())
