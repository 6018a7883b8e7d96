"""Ports, progress, addresses, orders: what the launcher decides without starting anything."""

import re
import socket
import stat
import threading
from pathlib import Path

import pytest
from click import BadParameter

from todo_cli.commands.status import without_password
from todo_cli.commands.up import PORT_NAMES, _parse_port
from todo_cli.local.backing.kafka import Kafka, class_archive, pinned_version
from todo_cli.local.backing.mailbox import Mailbox
from todo_cli.local.errors import PortInUse
from todo_cli.local.folder import Folder
from todo_cli.local.parts import PARTS
from todo_cli.local.processes import ports
from todo_cli.local.processes.leftovers import in_stop_order
from todo_cli.local.progress import Progress


# ── ports ────────────────────────────────────────────────────────────────────────────────────────────
def test_a_preferred_port_is_taken_when_it_is_free_and_left_when_it_is_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert ports.choose(preferred=taken) != taken
    assert ports.choose(preferred=taken) == taken


def test_ports_are_chosen_below_those_that_the_kernel_gives_to_outgoing_connections() -> None:
    assert all(ports.LOWEST <= ports.choose() <= ports.HIGHEST for _ in range(20))
    assert ports.HIGHEST < 32768


def test_a_port_that_becomes_free_within_a_moment_is_waited_for() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    server.close()
    ports.require_free(port, "etcd", "")


def test_a_taken_port_is_an_error_with_its_holder_and_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "PATIENCE", 0.0)
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(PortInUse, match=r"etcd needs port \d+, but process \d+ .* listens there\. Do this"),
    ):
        ports.require_free(server.getsockname()[1], "etcd", "Do this.")


@pytest.mark.parametrize(
    "given",
    [
        "kube-apiserver",  # no number
        "kube-apiserver=",
        "kube-apiserver=http",
        "kube-apiserver=0",  # "any" would be another port at each start
        "kube-apiserver=65536",
        "apiserver=6443",  # no such service
        "=6443",
    ],
)
def test_a_port_option_that_means_nothing_says_what_would(given: str) -> None:
    with pytest.raises(BadParameter, match="must be like kube-apiserver=7443"):
        _parse_port(given)


def test_every_part_can_be_given_a_port() -> None:
    assert {f"{part.name}-health" for part in PARTS} <= set(PORT_NAMES)
    assert {part.name for part in PARTS if part.serves} <= set(PORT_NAMES)
    assert _parse_port("kafka=9092") == ("kafka", 9092)


# ── progress ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_step_that_takes_long_gives_a_sign_of_life_with_its_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("todo_cli.local.progress.HEARTBEAT", 0.02)
    lines: list[str] = []
    told = threading.Event()

    def write(line: str) -> None:
        lines.append(line)
        if re.fullmatch(r"  … compiling: package 7 \(\d+ s\)", line):
            told.set()

    progress = Progress(write)
    with progress.step("compiling") as step:
        step.detail = "package 7"
        assert told.wait(60), lines
        step.result = "→ there"
    assert re.match(r"  ✓ compiling → there \d", lines[-1])
    assert progress.steps[0][0] == "compiling"


def test_a_step_that_fails_says_so_and_lets_the_error_through() -> None:
    lines: list[str] = []
    with pytest.raises(ValueError, match="no"), Progress(lines.append).step("compiling"):
        raise ValueError("no")
    assert re.match(r"  ✗ compiling after \d", lines[-1])


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ann:secret@db:5432/todo", "postgresql://ann:***@db:5432/todo"),
        ("postgresql://ann:se:cr/et@db/todo", "postgresql://ann:***@db/todo"),
        ("postgresql://db/todo?user=ann&password=secret", "postgresql://db/todo?user=ann&password=***"),
        ("host=db user=ann password='sec ret' dbname=x", "host=db user=ann password=*** dbname=x"),
        ("smtp://:secret@mail:25", "smtp://:***@mail:25"),
        ("postgresql://postgres:@/todotasks?host=/a/b", "postgresql://postgres:@/todotasks?host=/a/b"),
        ("127.0.0.1:9092", "127.0.0.1:9092"),
    ],
)
def test_a_password_is_never_shown(address: str, shown: str) -> None:
    assert without_password(address) == shown


# ── orders ───────────────────────────────────────────────────────────────────────────────────────────
def test_parts_stop_first_and_etcd_after_the_api_server() -> None:
    everything = [
        "etcd",
        "smtp",
        "kube-apiserver",
        "operator",
        "postgres",
        "kafka",
        "kube-controller-manager",
    ]
    ordered = in_stop_order(everything)
    assert ordered[0] == "operator"
    assert ordered.index("kube-controller-manager") < ordered.index("kube-apiserver") < ordered.index("etcd")


def test_the_folder_of_kafka_is_its_owners_only_also_one_of_an_older_version(
    tmp_path: Path,
) -> None:
    kafka = Kafka(Folder.open(tmp_path / "data"), tmp_path)
    kafka.data.mkdir(mode=0o755)
    (kafka.data / "meta.properties").touch()  # formatted already
    kafka.prepare()
    assert stat.S_IMODE(kafka.data.stat().st_mode) == 0o700


# ── Kafka's settings ─────────────────────────────────────────────────────────────────────────────────
def test_kafka_says_its_retention_and_replicates_nothing(tmp_path: Path) -> None:
    settings = Kafka(Folder.open(tmp_path / "data"), tmp_path).settings()
    assert settings["log.retention.hours"] == 168
    replicas = {key: value for key, value in settings.items() if "replication" in key or "min.isr" in key}
    assert replicas
    assert set(replicas.values()) == {1}
    assert settings["auto.create.topics.enable"] == "false"


def test_classes_that_lie_ready_are_used_by_the_java_that_they_were_made_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = tmp_path / "java"
    java.write_text("one")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    kafka = Kafka(Folder.open(tmp_path / "data"), tmp_path / "jars")
    archive = class_archive(tmp_path / "jars")
    assert archive is not None
    uses_it = f"-XX:SharedArchiveFile={archive}"
    assert uses_it not in kafka.command()
    archive.touch()
    assert uses_it in kafka.command()
    java.write_text("another")
    assert not any("SharedArchiveFile" in word for word in kafka.command())
    java.unlink()
    assert class_archive(tmp_path / "jars") is None


def test_the_version_of_kafka_is_the_one_of_the_pom() -> None:
    assert pinned_version().count(".") == 2


# ── mails ────────────────────────────────────────────────────────────────────────────────────────────
def test_a_mail_is_told_once_and_those_of_earlier_runs_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "1.eml").write_text("X-Envelope-To: ann@example.org\r\nSubject: Old\r\n\r\n")
    mailbox = Mailbox(tmp_path)
    (tmp_path / "2.eml").write_text(
        "X-Envelope-To: ann@example.org\r\nSubject: =?utf-8?q?M=C3=BCll?=\r\n\r\n"
    )
    assert mailbox.new() == [f"✉ to ann@example.org: Müll → {tmp_path / '2.eml'}"]
    assert mailbox.new() == []
