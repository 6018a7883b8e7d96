"""Which format a file has, and what was read of it. Zips (Vikunja's export, Todoist's backup) are opened."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from todo_cli.importing import ics, taskwarrior, todoist_csv, todoist_json, vikunja
from todo_cli.importing.model import Context, Export, ImportFailed

FORMATS = ("todoist", "vikunja", "taskwarrior", "ics")
LARGEST = 512 * 1024 * 1024  # bytes of a file, unpacked
ACCEPTED = (
    "a CSV or JSON of Todoist, the export of Vikunja (zip, or its data.json), the output of `task export` "
    "(Taskwarrior), or an .ics with VTODOs"
)

_JSON: tuple[tuple[str, Callable[[object], bool], Callable[[Any, Context], Export]], ...] = (
    ("taskwarrior", taskwarrior.is_taskwarrior, taskwarrior.read_taskwarrior),
    ("vikunja", vikunja.is_vikunja, vikunja.read_vikunja),
    ("todoist", todoist_json.is_todoist_json, todoist_json.read_todoist_json),
)


def read_file(name: str, data: bytes, context: Context, said: str | None = None) -> list[Export]:
    """All exports in one file; `said` is the format that the person named. Raises ImportFailed."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        found = [read_one(inner, content, context, said) for inner, content in unzipped(name, data)]
        if not found:
            raise ImportFailed(
                f"{name}: there is neither a data.json nor a .csv in the zip; accepted is {ACCEPTED}"
            )
        return found
    return [read_one(name, data, context, said)]


def unzipped(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                path = PurePath(info.filename)
                if path.name != "data.json" and path.suffix.lower() not in {".csv", ".ics"}:
                    continue
                if info.file_size > LARGEST:
                    raise ImportFailed(f"{name}: {info.filename} is larger than {LARGEST} bytes")
                yield info.filename, archive.read(info)
    except (zipfile.BadZipFile, RuntimeError) as error:
        raise ImportFailed(f"{name}: the zip cannot be read: {error}") from error


def read_one(name: str, data: bytes, context: Context, said: str | None) -> Export:
    try:
        return _read(name, data, context, said)
    except ImportFailed as error:
        raise ImportFailed(f"{name}: {error}") from error


def _read(name: str, data: bytes, context: Context, said: str | None) -> Export:
    if not data.strip():
        raise ImportFailed(f"the file is empty; accepted is {ACCEPTED}")
    if said in {None, "ics"} and (said or ics.is_ics(data)):
        return ics.read_ics(data, context)
    if said in {None, "todoist"} and todoist_csv.is_todoist_csv(data):
        return todoist_csv.read_todoist_csv(data, PurePath(name).stem, context)
    document = _document(data, said)
    for source, is_it, read in _JSON:
        if said in {None, source} and is_it(document):
            return read(document, context)
    if document == [] or (said == "todoist" and document == {}):
        return Export(said or "taskwarrior")
    raise ImportFailed(
        f"this is no export of {said}" if said else f"no format is recognised; accepted is {ACCEPTED}"
    )


def _document(data: bytes, said: str | None) -> Any:
    try:
        return taskwarrior.load(data) if said in {None, "taskwarrior"} else json.loads(data)
    except ImportFailed as error:
        if said is None:
            raise ImportFailed(f"no format is recognised ({error}); accepted is {ACCEPTED}") from error
        raise
    except (ValueError, RecursionError) as error:
        raise ImportFailed(f"not JSON: {error}") from error
