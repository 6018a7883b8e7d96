"""`kubectl todo edit`: the very task in `kubectl edit`; in a dry run in an editor whose result is only tried.

`kubectl edit` knows no dry run, so there the object is fetched, edited in a file of one's own, and the API
server is asked what it would make of it (`kubectl replace --dry-run=server`): nothing changes.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

FAILED = 1


def edit(name: str, namespace: str, *, dry_run: bool, output: str, flags: Sequence[str]) -> int:
    """`name` is `<kind>/<name>`; `output` empty, or how the edited object is printed. The exit code."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        print("edit needs kubectl on the PATH", file=sys.stderr)
        return FAILED
    place = ["-n", namespace, *flags]
    shown = ["-o", output] if output else []
    if dry_run:
        return _tried(kubectl, name, place, shown)
    # The editor writes on standard output too: what is asked for there comes after it.
    told = sys.stderr if output else None
    code = subprocess.run([kubectl, "edit", name, *place], check=False, stdout=told).returncode
    if code or not output:
        return code
    return subprocess.run([kubectl, "get", name, *place, *shown], check=False).returncode


def _tried(kubectl: str, name: str, place: Sequence[str], shown: Sequence[str]) -> int:
    found = subprocess.run([kubectl, "get", name, *place, "-o", "yaml"], check=False, stdout=subprocess.PIPE)
    if found.returncode:
        return found.returncode
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{name.replace('/', '-')}.yaml")
        file.write_bytes(found.stdout)
        editor = os.environ.get("KUBE_EDITOR") or os.environ.get("EDITOR") or "vi"
        code = subprocess.run(["sh", "-c", f"{editor} {shlex.quote(str(file))}"], check=False).returncode
        if code:
            print(f"the editor ended with {code}: nothing was tried", file=sys.stderr)
            return FAILED
        if file.read_bytes() == found.stdout:
            print("Edit cancelled, no changes made.", file=sys.stderr)
            return 0
        tried = [kubectl, "replace", "--dry-run=server", "-f", str(file), *place, *shown]
        return subprocess.run(tried, check=False).returncode
