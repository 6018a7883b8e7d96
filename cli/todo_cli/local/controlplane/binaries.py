"""The programs of the control plane: found, or built from their Go modules.

Looked for in KUBEBUILDER_ASSETS, on the PATH, in our cache, where setup-envtest puts them, and last
built: `go/go.mod` names the exact versions, `go.sum` their content. The API server and etcd
must come from one place; kube-controller-manager and kubectl are taken from beside them, because a
kubectl on the PATH is often years older, or a wrapper that picks a version by itself.
"""

import fcntl
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from todo_cli.local.errors import LocalError, ToolMissing
from todo_cli.local.progress import Progress, Step

GO_PACKAGES = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
}
OLDEST_API_SERVER = (1, 32)  # selectableFields of custom resources are there from 1.32 on
OLDEST_KUBECTL = (1, 28)
VERSION_TIMEOUT = 20.0  # seconds
ENVTEST = "setup-envtest"


@dataclass(frozen=True)
class Binary:
    """A program, and where it was taken from, in words."""

    path: Path
    source: str


@dataclass(frozen=True)
class Binaries:
    """What an embedded control plane is made of."""

    etcd: Binary
    apiserver: Binary
    controllers: Binary
    kubectl: Binary


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    base = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME", "~")).expanduser() / ".cache")
    return Path(base) / "todotasks"


def module_folder() -> Path:
    return Path(str(resources.files("todo_cli"))) / "local" / "controlplane" / "go"


def pinned_version(module: str) -> str:
    """The version of a Go module that `go.mod` requires, as `v1.36.3`."""
    text = (module_folder() / "go.mod").read_text()
    match = re.search(rf"^\s+{re.escape(module)} (v\S+)$", text, re.MULTILINE)
    if match is None:
        raise LocalError(f"{module_folder() / 'go.mod'} does not require {module}")
    return match.group(1)


def cached_path(name: str, environ: Mapping[str, str] = os.environ) -> Path:
    """Where a built program lies: by version, so that an upgrade builds and a return does not."""
    module = "go.etcd.io/etcd/server/v3" if name == "etcd" else "k8s.io/kubernetes"
    return cache_folder(environ) / "controlplane" / pinned_version(module) / name


def obtain(progress: Progress, environ: Mapping[str, str] = os.environ) -> Binaries:
    """All four programs; builds what is not there."""
    apiserver, etcd = _find_server_pair(environ) or (
        _build(progress, "kube-apiserver", environ),
        _build(progress, "etcd", environ),
    )
    beside = apiserver.path.parent
    return Binaries(
        etcd=etcd,
        apiserver=apiserver,
        controllers=_beside_or_built(progress, "kube-controller-manager", beside, apiserver.source, environ),
        kubectl=_beside_or_built(progress, "kubectl", beside, apiserver.source, environ),
    )


def obtain_kubectl(progress: Progress, environ: Mapping[str, str] = os.environ) -> Binary:
    """Only kubectl, for a control plane that is not ours; there one from the PATH will do."""
    if (assets := _assets(environ)) is not None and (assets / "kubectl").is_file():
        return Binary(assets / "kubectl", "KUBEBUILDER_ASSETS")
    if (cached := cached_path("kubectl", environ)).is_file():
        return Binary(cached, "the cache")
    found = shutil.which("kubectl", path=environ.get("PATH"))
    if (fetched := newest_envtest(environ)) is not None and (fetched / "kubectl").is_file():
        return Binary(fetched / "kubectl", ENVTEST)
    if found is not None and version_of(Path(found), "version", "--client") >= OLDEST_KUBECTL:
        return Binary(Path(found), "PATH")
    return _build(progress, "kubectl", environ)


def version_of(path: Path, *arguments: str) -> tuple[int, int]:
    """Major and minor version that a program says it has; (0, 0) when it says nothing readable."""
    try:
        answer = subprocess.run(
            [str(path), *arguments], capture_output=True, text=True, timeout=VERSION_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    match = re.search(r"v?(\d+)\.(\d+)\.\d+", answer.stdout)
    return (int(match.group(1)), int(match.group(2))) if match else (0, 0)


def _assets(environ: Mapping[str, str]) -> Path | None:
    return Path(environ["KUBEBUILDER_ASSETS"]) if environ.get("KUBEBUILDER_ASSETS") else None


def _find_server_pair(environ: Mapping[str, str]) -> tuple[Binary, Binary] | None:
    if (assets := _assets(environ)) is not None:
        missing = [name for name in ("kube-apiserver", "etcd") if not (assets / name).is_file()]
        if missing:
            raise ToolMissing(
                f"KUBEBUILDER_ASSETS is {assets}, but there is no {' and no '.join(missing)} in it. Unset it "
                "to let todotasks use its own, or point it at a folder made by setup-envtest."
            )
        _require_recent(assets / "kube-apiserver", "KUBEBUILDER_ASSETS")
        return (
            Binary(assets / "kube-apiserver", "KUBEBUILDER_ASSETS"),
            Binary(assets / "etcd", "KUBEBUILDER_ASSETS"),
        )
    on_path = [shutil.which(name, path=environ.get("PATH")) for name in ("kube-apiserver", "etcd")]
    if on_path[0] and on_path[1] and version_of(Path(on_path[0]), "--version") >= OLDEST_API_SERVER:
        return Binary(Path(on_path[0]), "PATH"), Binary(Path(on_path[1]), "PATH")
    cached = [cached_path(name, environ) for name in ("kube-apiserver", "etcd")]
    if all(path.is_file() for path in cached):
        return Binary(cached[0], "the cache"), Binary(cached[1], "the cache")
    if (fetched := newest_envtest(environ)) is not None:
        return Binary(fetched / "kube-apiserver", ENVTEST), Binary(fetched / "etcd", ENVTEST)
    return None


def envtest_folders(environ: Mapping[str, str]) -> list[Path]:
    """Where `setup-envtest use` puts what it fetches, if not told otherwise; and the older fixed place."""
    home = Path(environ.get("HOME", "~")).expanduser()
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    stores = (
        data / "kubebuilder-envtest",
        home / "Library" / "Application Support" / "io.kubebuilder.envtest",
    )
    fetched = [folder for store in stores for folder in sorted((store / "k8s").glob("*")) if folder.is_dir()]
    return [*fetched, Path("/usr/local/kubebuilder/bin")]


def newest_envtest(environ: Mapping[str, str]) -> Path | None:
    """The folder with the newest API server that is new enough, and etcd. It is asked, whatever its name."""
    found = [
        (version_of(folder / "kube-apiserver", "--version"), folder)
        for folder in envtest_folders(environ)
        if (folder / "kube-apiserver").is_file() and (folder / "etcd").is_file()
    ]
    usable = [(version, folder) for version, folder in found if version >= OLDEST_API_SERVER]
    return max(usable)[1] if usable else None


def _require_recent(path: Path, source: str) -> None:
    version = version_of(path, "--version")
    if version < OLDEST_API_SERVER:
        raise ToolMissing(
            f"{path} (from {source}) is version {version[0]}.{version[1]}; todotasks needs "
            f"{OLDEST_API_SERVER[0]}.{OLDEST_API_SERVER[1]} or newer. Unset {source} to let it use its own."
        )


def _beside_or_built(
    progress: Progress, name: str, beside: Path, source: str, environ: Mapping[str, str]
) -> Binary:
    if source != "PATH" and (beside / name).is_file():
        return Binary(beside / name, source)
    if (cached := cached_path(name, environ)).is_file():
        return Binary(cached, "the cache")
    return _build(progress, name, environ)


# ── building ─────────────────────────────────────────────────────────────────────────────────────────
def _build(progress: Progress, name: str, environ: Mapping[str, str]) -> Binary:
    target = cached_path(name, environ)
    if target.is_file():
        return Binary(target, "the cache")
    go = shutil.which("go", path=environ.get("PATH"))
    if go is None:
        raise ToolMissing(
            f"{name} was found neither in KUBEBUILDER_ASSETS nor on the PATH nor in {target.parent} nor "
            "where setup-envtest puts it, and cannot be built without Go. Install Go 1.26 or newer "
            "(https://go.dev/dl), or point KUBEBUILDER_ASSETS at a folder with etcd, kube-apiserver and "
            "kubectl, or use a cluster that you have: `todotasks up --kubeconfig <file>`."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    version = target.parent.name
    with progress.step(f"{name} {version}: compiling, once") as step, build_lock(target.parent, step):
        if not target.is_file():  # else another process built it while we waited for the lock
            _compile(go, name, target, step, environ)
    return Binary(target, "built just now")


@contextmanager
def build_lock(folder: Path, step: Step) -> Iterator[None]:
    """One build at a time on this machine: two compilers side by side only take memory from each other."""
    with (folder.parent / "build.lock").open("w") as file:
        step.detail = "waiting for another build on this machine"
        fcntl.flock(file, fcntl.LOCK_EX)
        step.detail = ""
        yield


def _compile(go: str, name: str, target: Path, step: Step, environ: Mapping[str, str]) -> None:
    flags = linker_flags(pinned_version("k8s.io/kubernetes"))
    compile_program(go, GO_PACKAGES[name], target, step, environ, folder=module_folder(), flags=flags)


def compile_program(
    go: str,
    package: str,
    target: Path,
    step: Step,
    environ: Mapping[str, str],
    *,
    folder: Path,
    flags: str,
    tags: str = "",
) -> None:
    """Build one Go package of the module in `folder`. `target` is never half of it."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    options = ["-v", "-trimpath", f"-ldflags={flags}", *([f"-tags={tags}"] if tags else [])]
    compiler = subprocess.Popen(
        [go, "build", *options, "-o", str(unfinished), package],
        cwd=folder,
        env={**environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-mod=readonly -buildvcs=false"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    lines: list[str] = []

    def follow() -> None:
        packages = 0
        assert compiler.stderr is not None
        for line in compiler.stderr:
            lines.append(line.rstrip())
            if not line.startswith(("go: ", "#")):
                packages += 1
            step.detail = f"{packages} packages, now {line.strip()}"

    follower = threading.Thread(target=follow, daemon=True)
    follower.start()
    try:
        code = compiler.wait()
        follower.join(timeout=5)
        if code != 0:
            said = "\n    ".join(lines[-12:])
            raise LocalError(f"compiling {target.name} failed (go build, exit code {code}):\n    {said}")
        unfinished.replace(target)
    finally:
        if compiler.poll() is None:
            compiler.kill()
        unfinished.unlink(missing_ok=True)
    step.result = f"→ {target}"


def linker_flags(version: str) -> str:
    """Strip symbols, and stamp the version: without it `/version` is not a semantic version."""
    package = "k8s.io/component-base/version"
    major, minor, _ = version.removeprefix("v").split(".", 2)
    stamps = {"gitVersion": version, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return " ".join(["-s", "-w", *(f"-X {package}.{key}={value}" for key, value in stamps.items())])
