"""Programs of others that tests run, built from their Go modules into the cache, by version.

    python -m tests.support.programs             says which there are, and which of them are built
    python -m tests.support.programs helm …      builds them; what is built already is left alone

A test asks for one with `program("helm")`, and is skipped where it is not built: tests compile nothing
themselves, `make test` builds helm before them. What a download must hold, Go's checksum database knows.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from todo_cli.local.controlplane import binaries
from todo_cli.local.errors import LocalError, ToolMissing
from todo_cli.local.progress import Progress, Step


@dataclass(frozen=True)
class Program:
    """A Go program of others: its main package, and the version of the module that has it."""

    package: str
    version: str
    tags: str = ""
    flags: str = "-s -w"
    replaced: tuple[str, ...] = ()  # each as `module=module@version`
    go_mod: Path | None = None  # the folder of a go.mod to begin with, where one is needed
    files: tuple[tuple[str, str], ...] = ()  # put beside it: a module with its version, and a path in it


KUBERNETES = binaries.pinned_version("k8s.io/kubernetes")


def of_kubernetes(name: str) -> Program:
    """A command of the very version that the embedded API server has, with its dependencies."""
    return Program(
        f"k8s.io/kubernetes/cmd/{name}",
        KUBERNETES,
        flags=binaries.linker_flags(KUBERNETES),
        go_mod=binaries.module_folder(),
    )


def of_containerd(name: str) -> Program:
    return Program(f"github.com/containerd/containerd/v2/cmd/{name}", "v2.2.0")


PROGRAMS = {
    "helm": Program("helm.sh/helm/v4/cmd/helm", "v4.3.2"),
    "actionlint": Program("github.com/rhysd/actionlint/cmd/actionlint", "v1.7.12"),
    "jaeger": Program("github.com/jaegertracing/jaeger/cmd/all-in-one", "v1.76.0"),
    "tofu": Program(
        "github.com/opentofu/opentofu/cmd/tofu",
        "v1.12.6",
        replaced=(  # as its own go.mod has it
            "github.com/hashicorp/hcl/v2=github.com/opentofu/hcl/v2@v2.20.2-0.20251021132045-587d123c2828",
        ),
    ),
    # ── what stands beside us in a cluster ───────────────────────────────────────────────────────────
    # Of Flux only what applies; tests stand in for its source-controller.
    "kustomize-controller": Program(
        "github.com/fluxcd/kustomize-controller",
        "v1.9.0",
        replaced=(
            "github.com/opencontainers/go-digest="
            "github.com/opencontainers/go-digest@v1.0.1-0.20220411205349-bde1400a84be",
        ),
        files=(
            (
                "github.com/fluxcd/kustomize-controller@v1.9.0",
                "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml",
            ),
            *(  # of the last one that Go 1.26 builds; it starts only where all of its sources are known
                (
                    "github.com/fluxcd/source-controller@v1.8.5",
                    f"config/crd/bases/source.toolkit.fluxcd.io_{source}.yaml",
                )
                for source in ("gitrepositories", "buckets", "ocirepositories")
            ),
        ),
    ),
    # A quarter of an hour, and 112 MB.
    "daprd": Program(
        "github.com/dapr/dapr/cmd/daprd",
        "v1.14.0",
        tags="stablecomponents",
        files=(
            ("github.com/dapr/dapr@v1.14.0", "charts/dapr/crds/components.yaml"),
            ("github.com/dapr/dapr@v1.14.0", "charts/dapr/crds/subscription.yaml"),
        ),
    ),
    # ── a node ───────────────────────────────────────────────────────────────────────────────────────
    "kubelet": of_kubernetes("kubelet"),
    "kube-proxy": of_kubernetes("kube-proxy"),
    "kube-scheduler": of_kubernetes("kube-scheduler"),
    "containerd": of_containerd("containerd"),
    "containerd-shim-runc-v2": of_containerd("containerd-shim-runc-v2"),
    "ctr": of_containerd("ctr"),
    "coredns": Program("github.com/coredns/coredns", "v1.14.7"),
    "metrics-server": Program("sigs.k8s.io/metrics-server/cmd/metrics-server", "v0.8.0"),
}


def built_path(name: str) -> Path:
    """Where the program is when it is built."""
    return binaries.cache_folder() / "programs" / PROGRAMS[name].version / name


def why_not(*names: str) -> str | None:
    """None when all of them are built; else which are not, and what builds them."""
    missing = [name for name in names if not built_path(name).is_file()]
    return f"not built: python -m tests.support.programs {' '.join(missing)}" if missing else None


def program(name: str) -> Path:
    """The built program; skips the test where it is not there."""
    if (reason := why_not(name)) is not None:
        pytest.skip(reason)
    return built_path(name)


def file_beside(name: str, file: str) -> Path:
    """A file of the program's modules, such as a CRD; skips the test where it is not there."""
    found = program(name).parent / file
    if not found.is_file():
        pytest.skip(f"not there: python -m tests.support.programs {name}")
    return found


def build(name: str, progress: Progress) -> Path:
    """The program, built now if it is not there, which takes minutes."""
    target = built_path(name)
    if target.is_file() and all(
        (target.parent / Path(path).name).is_file() for _, path in PROGRAMS[name].files
    ):
        return target
    go = shutil.which("go")
    if go is None:
        raise ToolMissing(f"{name} cannot be built without Go: https://go.dev/dl")
    target.parent.mkdir(parents=True, exist_ok=True)
    title = f"{name} {PROGRAMS[name].version}: compiling, once"
    with progress.step(title) as step, binaries.build_lock(target.parent, step):
        for module, path in PROGRAMS[name].files:
            _fetch_file(go, module, path, target.parent)
        if not target.is_file():  # else another process built it while this one waited
            _build_now(go, PROGRAMS[name], target, step)
    return target


def _fetch_file(go: str, module: str, path: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="todotasks-build-") as made:
        said = _go(go, Path(made), "mod", "download", "-json", module)
    content = (Path(json.loads(said)["Dir"]) / path).read_bytes()
    unfinished = folder / f".{Path(path).name}.{os.getpid()}"
    unfinished.write_bytes(content)
    unfinished.replace(folder / Path(path).name)


def _build_now(go: str, wanted: Program, target: Path, step: Step) -> None:
    with tempfile.TemporaryDirectory(prefix="todotasks-build-") as made:
        module = Path(made)
        if wanted.go_mod is not None:
            for name in ("go.mod", "go.sum"):
                shutil.copy(wanted.go_mod / name, module / name)
        else:
            _go(go, module, "mod", "init", "build")
        for each in wanted.replaced:
            _go(go, module, "mod", "edit", f"-replace={each}")
        step.detail = "asking for its modules"
        _go(go, module, "get", "-tool", f"{wanted.package}@{wanted.version}")
        binaries.compile_program(
            go, wanted.package, target, step, os.environ, folder=module, flags=wanted.flags, tags=wanted.tags
        )


def _go(go: str, folder: Path, *arguments: str) -> str:
    environ = {**os.environ, "GOWORK": "off", "GOFLAGS": "-buildvcs=false"}
    answer = subprocess.run(
        [go, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        said = "\n    ".join(answer.stderr.splitlines()[-12:])
        raise LocalError(f"go {' '.join(arguments)}:\n    {said}")
    return answer.stdout


def main(names: list[str]) -> int:
    if not names:
        for name, known in PROGRAMS.items():
            print(f"{name} {known.version}: {'built' if built_path(name).is_file() else 'not built'}")
        return 0
    if unknown := [name for name in names if name not in PROGRAMS]:
        print(f"Error: no program {', '.join(unknown)}; there are {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    progress = Progress(lambda line: print(line, flush=True))
    try:
        for name in names:
            build(name, progress)
    except LocalError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
