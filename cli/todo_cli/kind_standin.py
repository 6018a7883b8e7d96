"""A stand-in for `kind` where no Docker runs: the same words, an embedded control plane behind them.

pytest-kind calls `kind get clusters`, `kind create cluster --name= --kubeconfig=` and `kind delete
cluster --name=`, and takes the program from `--kind-bin`. So its `kind_cluster` fixture, and every test
that builds on it, runs with real kind and with this one. A cluster is a data folder under
TODO_KIND_HOME; there are no nodes, so images cannot be loaded and pods do not run.

    TODO_KIND_HOME   where the clusters' folders are (default: <temporary folder>/todotasks-kind-<uid>)
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

from todo_cli.local.controlplane import binaries
from todo_cli.local.controlplane.plane import ControlPlane
from todo_cli.local.errors import LocalError
from todo_cli.local.folder import Folder
from todo_cli.local.progress import Progress


def home() -> Path:
    default = Path(tempfile.gettempdir()) / f"todotasks-kind-{os.getuid()}"
    return Path(os.environ.get("TODO_KIND_HOME") or default)


def cluster_names() -> list[str]:
    """Clusters that were created and not deleted, whether they run or not."""
    return sorted(path.parent.name for path in home().glob("*/folder.json"))


def control_plane(name: str, progress: Progress) -> ControlPlane:
    """The control plane behind a cluster's name. Its port is chosen: many run side by side."""
    found = binaries.obtain(progress)
    return ControlPlane(Folder.open(home() / name), found, preferred_port=None)


def create(name: str, kubeconfig: Path | None, progress: Progress) -> None:
    plane = control_plane(name, progress)
    try:
        plane.start(progress)
    except BaseException:
        # Half a cluster runs nothing; its folder stays for its logs until it is deleted.
        plane.kill()
        raise
    if kubeconfig is not None:
        kubeconfig.parent.mkdir(parents=True, exist_ok=True)
        plane.apiserver.write_kubeconfig(kubeconfig, "todotasks-admin")


def delete(name: str, progress: Progress) -> None:
    if name in cluster_names():
        control_plane(name, progress).stop()
    shutil.rmtree(home() / name, ignore_errors=True)


@click.group()
def kind() -> None:
    """The part of kind's command line that tests use."""


@kind.command()
def version() -> None:
    """Say which kind this is."""
    click.echo(f"todotasks stand-in for kind, Kubernetes {binaries.pinned_version('k8s.io/kubernetes')}")


@kind.group()
def get() -> None:
    """List things."""


@get.command("clusters")
def get_clusters() -> None:
    """List the clusters by name."""
    for name in cluster_names():
        click.echo(name)


@get.command("kubeconfig")
@click.option("--name", default="kind")
def get_kubeconfig(name: str) -> None:
    """Print a cluster's kubeconfig."""
    if name not in cluster_names():
        raise click.ClickException(f"could not locate any control plane for cluster named '{name}'")
    click.echo((home() / name / "kubeconfig").read_text(), nl=False)


@kind.group("create")
def create_group() -> None:
    """Create things."""


@create_group.command("cluster")
@click.option("--name", default="kind")
@click.option("--kubeconfig", type=click.Path(path_type=Path))
@click.option("--image", help="Accepted and not used: there are no nodes.")
@click.option("--config", help="Accepted and not used: there are no nodes.")
@click.option("--wait", help="Accepted and not used: it always waits.")
def create_cluster(
    name: str, kubeconfig: Path | None, image: str | None, config: str | None, wait: str | None
) -> None:
    """Start a control plane and write its kubeconfig."""
    del image, config, wait
    if name in cluster_names():
        raise click.ClickException(f"node(s) already exist for a cluster with the name {name!r}")
    create(name, kubeconfig, Progress(lambda line: click.echo(line, err=True)))


@kind.group("delete")
def delete_group() -> None:
    """Delete things."""


@delete_group.command("cluster")
@click.option("--name", default="kind")
@click.option("--kubeconfig", help="Accepted and not used: a kubeconfig of its own needs no cleaning.")
def delete_cluster(name: str, kubeconfig: str | None) -> None:
    """Stop a control plane and remove its data."""
    del kubeconfig
    delete(name, Progress(lambda line: click.echo(line, err=True)))


@kind.group("load")
def load() -> None:
    """Load things into nodes."""


@load.command("docker-image", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1)
def load_docker_image(arguments: tuple[str, ...]) -> None:
    """Refuse, because there is no node that could run it."""
    del arguments
    raise click.ClickException("this stand-in has no nodes, so there is nothing to load an image into")


def main() -> None:
    try:
        kind(prog_name="kind")
    except LocalError as error:
        click.echo(f"ERROR: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
