"""`-o jsonpath=…` and its kin: the objects that a call is about, printed by kubectl itself."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

from todotasks.api import GROUP_VERSION
from todotasks.edits.model.edit import Plural
from todotasks.kube.resources import RECURRENCERULES, REMINDERS, TODOTASKS, Resource

RESOURCES: dict[Plural, Resource] = {
    "todotasks": TODOTASKS,
    "recurrencerules": RECURRENCERULES,
    "reminders": REMINDERS,
}
FAILED = 1
Named = tuple[Plural, str, str]  # resource, namespace, name


def print_by_kubectl(objects: Sequence[Named], output: str, flags: Sequence[str], *, alone: bool) -> int:
    """kubectl's exit code. `alone`: one object is printed as itself, else all of them are a List."""
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        print(f"-o {output.partition('=')[0]} needs kubectl on the PATH", file=sys.stderr)
        return FAILED
    if not objects:
        return 0
    sys.stdout.flush()
    command = [kubectl, "get", *flags, "-o", output]
    if alone and len(objects) == 1:
        ((resource, namespace, name),) = objects
        one = f"{resource}.{GROUP_VERSION.partition('/')[0]}"
        return _code(subprocess.run([*command, one, name, "-n", namespace], check=False))
    # Named on standard input they are a List also where there is one, in our order, of any namespaces.
    names = "\n".join(json.dumps(_named(each)) for each in objects)
    return _code(subprocess.run([*command, "-f", "-"], check=False, input=names.encode()))


def _code(done: "subprocess.CompletedProcess[bytes]") -> int:
    """A pipe that is closed early is no error."""
    return 0 if done.returncode == -signal.SIGPIPE else done.returncode


def _named(of: Named) -> dict[str, object]:
    resource, namespace, name = of
    metadata = {"namespace": namespace, "name": name}
    return {"apiVersion": GROUP_VERSION, "kind": RESOURCES[resource].kind, "metadata": metadata}
