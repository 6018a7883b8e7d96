"""Images without a registry: a base by mmdebstrap, ours by the Dockerfile, others of one program each."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support import programs
from tests.support.node.files import PAUSE
from todo_cli.local.controlplane.binaries import cache_folder
from todo_cli.local.errors import LocalError
from todo_cli.local.progress import Progress

ROOT = Path(__file__).parents[3]
SUITE = "bookworm"
BASE = f"localhost/todotasks-base:{SUITE}"
PACKAGES = ("python3", "python3-venv", "ca-certificates")
TARGETS = ("operator", "webhook", "gateway", "notifier", "audit", "cli")
TAG = "test"
LABEL = "todotasks.sources"
LABELS = "{{range $name, $value := .Labels}}{{$name}}={{$value}} {{end}}"
# Raising a limit is refused where CAP_SYS_RESOURCE is missing, and crun where cgroups are in hybrid mode.
RUNNING = ("--ulimit=nofile=1024:1024", "--ulimit=nproc=1024:1024")
PODMAN = ("podman", "--runtime=runc")
LOOKS = 10
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PAUSE_SOURCE = """\
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGINT, syscall.SIGTERM)
	<-ends
}
"""


def name_of(target: str, tag: str = TAG) -> str:
    return f"localhost/todotasks-{target}:{tag}"


def podman(*arguments: str, timeout: float = 1800) -> str:
    answer = subprocess.run(
        [*PODMAN, *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )
    if answer.returncode != 0:
        said = "\n    ".join((answer.stdout + answer.stderr).splitlines()[-20:])
        raise LocalError(f"podman {' '.join(arguments[:2])} …:\n    {said}")
    return answer.stdout


def inspected(*arguments: str) -> str:
    """podman looks at all images for it, and fails where another takes one away meanwhile: then again."""
    for _ in range(LOOKS):
        try:
            return podman("image", "inspect", *arguments)
        except LocalError as error:
            if "image not known" not in str(error):
                raise
            time.sleep(1)
    return podman("image", "inspect", *arguments)


def exists(image: str) -> bool:
    return subprocess.run([*PODMAN, "image", "exists", image], check=False).returncode == 0


def size(image: str) -> int:
    """Bytes of all its layers."""
    return int(inspected("--format={{.Size}}", image))


def ensure_base(progress: Progress) -> None:
    """A Debian with Python, that stands in for the public image that the Dockerfile begins with."""
    if exists(BASE):
        return
    with (
        progress.step(f"base image of Debian {SUITE}, once"),
        tempfile.TemporaryDirectory(prefix="todotasks-base-") as made,
    ):
        archive = Path(made) / "base.tar"
        command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(archive)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            raise LocalError(f"mmdebstrap: {answer.stderr[-2000:]}")
        podman("import", str(archive), BASE)


def over_base(target: str) -> float:
    """How many MB the image has over its base."""
    return (size(name_of(target)) - size(BASE)) / 1e6


def run_python(target: str, *arguments: str) -> str:
    """What Python says in the image, read-only as in a Pod, on both of its outputs."""
    python = "--entrypoint=/opt/todotasks/bin/python"
    command = [*PODMAN, "run", "--rm", "--network=none", "--read-only", *RUNNING, python, name_of(target)]
    answer = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=300, check=True)
    return answer.stdout + answer.stderr


def build(target: str, progress: Progress, *, root: Path = ROOT, tag: str = TAG) -> None:
    """One target of our Dockerfile. Where pip and uv find packages is this machine's business: mounted."""
    label, name = f"{LABEL}={sources(root)}", name_of(target, tag)
    if exists(name) and label in inspected("--format=" + LABELS, name):
        return  # podman would find the same in its cache, but takes ten seconds to
    folder = cache_folder() / "node"  # the same each time: what is mounted counts for podman's cache
    folder.mkdir(parents=True, exist_ok=True)
    with progress.step(f"image {name.rpartition('/')[2]}") as step:
        mounts = []
        for place, text in installers(os.environ).items():
            file = folder / Path(place).name
            file.write_text(text)
            mounts.append(f"--volume={file}:{place}:ro")
        if CERTIFICATES.exists():
            mounts.append(f"--volume={CERTIFICATES}:{CERTIFICATES}:ro")
        podman(
            "build",
            "--network=host",
            *RUNNING,
            *mounts,
            f"--build-arg=BASE={BASE}",
            f"--target={target}",
            f"--label={label}",
            f"--tag={name}",
            str(root),
        )
        step.result = f"{(size(name) - size(BASE)) / 1e6:.0f} MB over its base"


def sources(root: Path = ROOT) -> str:
    """A digest of what our images are made of: the base, the Dockerfile, and what that copies."""
    digest = hashlib.sha256(inspected("--format={{.Id}}", BASE).encode())
    dockerfile = (root / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)
    places = [root / place for line in copied for place in line.split()]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*")))]
    for file in [root / "Dockerfile", *files]:
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def installers(environ: Mapping[str, str]) -> dict[str, str]:
    """pip's and uv's configuration for inside the build: this machine's own, as far as it has one."""
    found = {"/etc/pip.conf": "", "/etc/uv/uv.toml": "system-certs = true\n"}
    found |= {place: Path(place).read_text() for place in found if Path(place).is_file()}
    if not found["/etc/pip.conf"]:
        index = environ.get("PIP_INDEX_URL")
        lines = ["[global]", f"cert = {CERTIFICATES}", *([f"index-url = {index}"] if index else [])]
        found["/etc/pip.conf"] = "\n".join(lines) + "\n"
    if (index := environ.get("UV_DEFAULT_INDEX")) and "index" not in found["/etc/uv/uv.toml"]:
        found["/etc/uv/uv.toml"] += f'[[index]]\nurl = "{index}"\ndefault = true\n'
    return found


def ensure_pause() -> None:
    """What holds a Pod's namespaces: a program that waits for its end."""
    if exists(PAUSE):
        return
    go = shutil.which("go")
    assert go is not None
    with tempfile.TemporaryDirectory(prefix="todotasks-pause-") as made:
        folder = Path(made)
        (folder / "main.go").write_text(PAUSE_SOURCE)
        environ = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOWORK": "off"}
        subprocess.run(
            [go, "build", "-ldflags=-s -w", "-o", "pause", "main.go"], cwd=folder, env=environ, check=True
        )
        _from_scratch(folder, "pause", PAUSE)


def ensure_program(name: str) -> str:
    """An image with nothing in it but one of the static programs; its name."""
    image = f"localhost/{name}:{programs.PROGRAMS[name].version}"
    if not exists(image):
        with tempfile.TemporaryDirectory(prefix="todotasks-image-") as made:
            shutil.copy(programs.built_path(name), Path(made) / name)
            _from_scratch(Path(made), name, image)
    return image


def _from_scratch(folder: Path, program: str, image: str) -> None:
    (folder / "Containerfile").write_text(
        f'FROM scratch\nCOPY --chmod=0755 {program} /{program}\nUSER 65532:65532\nENTRYPOINT ["/{program}"]\n'
    )
    podman("build", "--network=host", *RUNNING, f"--tag={image}", str(folder))


def archive_of(images: list[str], name: str = TAG) -> Path:
    """One archive with all of these images, for a node to import. Kept while the images are the same."""
    ids = [inspected("--format={{.Id}}", image).strip()[:12] for image in images]
    folder = cache_folder() / "node" / "images" / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{'-'.join(ids)[:200]}.tar"
    if not path.exists():
        for old in folder.glob("*.tar"):
            old.unlink()
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        podman("save", "--multi-image-archive", f"--output={unfinished}", *images)
        unfinished.replace(path)
    return path
