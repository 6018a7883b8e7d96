"""The manifests that this distribution ships: in a checkout the folders at its root, in a wheel a copy."""

from importlib import resources
from pathlib import Path


def bundled(name: str) -> Path | None:
    """The folder `crds`, `manifests/base` or `manifests/local`; None when there is nothing in it."""
    package = Path(str(resources.files("todo_cli")))
    for root in (package / "_bundle", package.parent.parent):
        folder = root / name
        if folder.is_dir() and any(folder.glob("*.yaml")):
            return folder
    return None
