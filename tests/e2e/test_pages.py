"""The examples of the pages in `docs/`, typed on one running system: each page in a namespace of its own.

A page shows one run on one day. What differs with the day, the hour and the machine is masked on both sides
(`pages.MASKS`), and what only looks is asked again until the parts that come later (operator, mirror, log)
have come. What a page presupposes ("three tasks") is made before it, in `PAGES`.
"""

# ruff: noqa: E501 - commands are read along their line

import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.pages import YAML, Step, alike, alike_in_any_order, steps

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv/bin"
PATIENCE = 40.0  # seconds for what is asked again
HANGS = 120.0  # seconds after which a command that has not ended is taken to hang
END = "— end of the command —"
HOME = re.compile(r'(-n |namespace[= ]|"namespace": ")home\b')
LOOKS = re.compile(r"(kubectl (get|wait)|curl|psql|todotasks audit)\b")


@dataclass(frozen=True)
class Page:
    """How a page is run. `before`: by the number of a step, what its text presupposes there."""

    files: tuple[str, ...] = ()  # what the page's first YAML blocks are called
    setup: str = ""
    before: dict[int, str] = field(default_factory=dict)
    counts: bool = False  # whether numbers differ from run to run
    any_order: bool = False  # whether chance decides in which order rows come
    namespace: str = ""  # one that is there; else one of the page's own


TASK = "kubectl create -f - <<EOT\napiVersion: todotasks.dev/v1\nkind: TodoTask\n%s\nEOT\n"


def task(name: str, **spec: str) -> str:
    """A command that makes one."""
    fields = "".join(f"  {key}: {value}\n" for key, value in spec.items())
    return TASK % f"metadata: {{name: {name}}}\nspec:\n{fields}".rstrip()


def recorded(*whats: str) -> str:
    """Commands that wait until the audit log has each of these of the namespace."""
    log = "todotasks audit list -n home"
    return "\n" + "".join(
        f"timeout 60 bash -c 'until {log} | grep -q \"{what}\"; do sleep 0.3; done'\n" for what in whats
    )


BAD_RENT = """cat > rent.yaml <<EOT
apiVersion: todotasks.dev/v1
kind: TodoTask
metadata: {name: rent}
spec: {title: Pay the rent, parent: rent, due: "2027-02-30", timeZone: Europe Berlin}
EOT
"""
ZONE = "kubectl annotate namespace home todotasks.dev/time-zone=Europe/Berlin\n"
# `ana` has the rights of a person, and the log has her name.
ANA = "kubectl create rolebinding ana -n home --clusterrole=edit --user=ana\n"
PAGES = {
    "admission.md": Page(setup=task("move-house", title="Move house", dependsOn="[rent]")),
    "audit.md": Page(
        setup=ANA
        + task("pay-rent", title="Pay rent", due='"2099-01-01"').replace("create -f", "--as ana create -f")
        + recorded("create", "task.created")
        + """kubectl --as ana patch tt pay-rent --type=merge -p '{"spec": {"due": "2099-01-02"}}'\n"""
        + recorded("update", "task.updated")
        + "kubectl --as ana delete tt pay-rent\n",
        counts=True,
        any_order=True,
    ),
    "calendar.md": Page(),
    "chat.md": Page(
        setup="""curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' $URL/v1/chat \\
  -d '{"text": "add buy milk", "namespace": "home", "conversation": "demo"}'
"""
    ),
    "gateway.md": Page(namespace="default"),
    "kubectl-todo.md": Page(
        setup=ZONE
        + "kubectl apply -f $ROOT/manifests/samples/notificationchannel.yaml\n"
        + 'kubectl todo "call mom today at 23:59 p2"\n'
        + 'kubectl todo "file the tax return on 31 May 2027 at 18:00 p2 #finance"\n'
        + 'kubectl todo "pay rent on the 1st of every month"\n',
    ),
    "mcp.md": Page(
        setup=task("pay-the-rent", title="Pay the rent", due='"2026-12-01"', priority="High", tags="[home]")
        + task("task-0", title="Pay rent")
    ),
    "notifications.md": Page(
        setup="kubectl apply -f $ROOT/manifests/samples/notificationchannel.yaml\n"
        + task("rent", title="Pay the rent", due='"$(date -u -d "+1 day +5 sec" +%FT%TZ)"', reminders="[{before: 1d}]")
    ),
    "permissions.md": Page(),
    "recurrence-rules.md": Page(files=("chores.yaml",), before={3: "kubectl apply -f chores.yaml\n"}),
    "reminders.md": Page(files=("rent.yaml",), setup="kubectl apply -f rent.yaml\n"),
    "search.md": Page(
        setup=task("pay-rent", title="Pay rent", due='"2026-12-01T09:00"', timeZone="Europe/Berlin", priority="Urgent")
    ),
    "settings.md": Page(),
    "tasks.md": Page(
        files=("move.yaml",),
        before={13: BAD_RENT, 16: task("pack", title="Pack", parent="book-the-van", completed="true")},
    ),
}  # fmt: skip
# What a page makes itself.
MAKES_ITS_NAMESPACE = frozenset({"tasks.md"})


class Shell:
    """One bash, as a person has one: what is exported stays."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._bash = subprocess.Popen(
            ["bash"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1,
        )  # fmt: skip

    def __call__(self, command: str) -> tuple[int, str]:
        """The exit code, and all that was printed."""
        assert self._bash.stdin is not None and self._bash.stdout is not None
        self._bash.stdin.write(f"{{ {command}\n}} < /dev/null\nprintf '\\n%s %s\\n' '{END}' $?\n")
        self._bash.stdin.flush()
        lines: list[str] = []
        watchdog = threading.Timer(HANGS, self._bash.kill)
        watchdog.start()
        try:
            for line in self._bash.stdout:
                if line.startswith(END):
                    return int(line.removeprefix(END)), "".join(lines)
                lines.append(line)
        finally:
            watchdog.cancel()
        raise AssertionError(f"the shell ended in $ {command}\n{''.join(lines)}")

    def ok(self, command: str) -> str:
        code, out = self(command)
        assert code == 0, f"$ {command}\n{out}"
        return out

    def close(self) -> None:
        self._bash.kill()
        self._bash.wait()


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """`todotasks up` in a folder of its own, and a shell beside it in which the pages' names stand."""
    folder = tmp_path_factory.mktemp("pages")
    data = folder / ".todotasks"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {
        "PATH": f"{data / 'bin'}:{BIN}:{environment['PATH']}",
        "KUBECONFIG": str(data / "kubeconfig"),
        "XDG_STATE_HOME": str(folder / "state"),
        "LC_ALL": "C.UTF-8",
        "TZ": "Europe/Berlin",
        "TODO_AUDIT_HEAD_EVERY": "1s",
        "ROOT": str(ROOT),
    }
    shell = Shell(folder, environment)
    try:
        shell.ok("todotasks up --detach")
        shell.ok(
            """URL=$(todotasks status --json | jq -r '.services[] | select(.name == "gateway") | .address')"""
        )
        shell.ok("GATEWAY=$URL; kubectl create serviceaccount reader")
        shell.ok(
            "kubectl create clusterrolebinding reader --clusterrole=admin --serviceaccount=default:reader"
        )
        yield shell
    finally:
        shell.close()
        subprocess.run([BIN / "todotasks", "down", "--data-dir", data], env=environment, check=False)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_example_of_a_page_prints_what_the_page_shows(system: Shell, name: str) -> None:
    page, text = PAGES[name], (ROOT / "docs" / name).read_text()
    here = page.namespace or f"home-{name.removesuffix('.md')}"

    def typed(command: str) -> tuple[int, str]:
        code, out = system(HOME.sub(rf"\1{here}", command))
        return code, out.replace(here, page.namespace or "home")

    if not page.namespace and name not in MAKES_ITS_NAMESPACE:
        system.ok(f"kubectl create namespace {here}")
    system.ok(f"kubectl config set-context --current --namespace={here}")
    system.ok("TOKEN=$(kubectl create token reader -n default)")
    for file, content in zip(page.files, YAML.findall(text), strict=False):
        system.ok(f"cat > {file} <<'EOT'\n{content}EOT")
    for command in filter(None, [page.setup]):
        code, out = typed(command)
        assert code == 0, f"$ {command}\n{out}"
    for number, step in enumerate(steps(text)):
        if number in page.before:
            code, out = typed(page.before[number])
            assert code == 0, f"$ {page.before[number]}\n{out}"
        if not step.why_not:
            _holds(step, typed, page)


def _holds(step: Step, typed, page: Page) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + (PATIENCE if LOOKS.match(step.command) else 0.0)
    while True:
        code, out = typed(step.command)
        if not step.output:
            assert code == 0, f"$ {step.command}\n{out}"
            return
        same = alike_in_any_order if page.any_order else alike
        if same(step.output, out, counts=page.counts):
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"$ {step.command}\n{out}\nthe page:\n{step.output}")
        time.sleep(0.2)


def test_every_example_is_typed_or_says_why_not() -> None:
    silent = [
        f"{page.name}: {step.command}"
        for page in sorted((ROOT / "docs").glob("*.md"))
        if page.name not in PAGES
        for step in steps(page.read_text())
        if not step.why_not and not re.match(r"todotasks (next|parse)\b", step.command)
    ]
    assert silent == []
