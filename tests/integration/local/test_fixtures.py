"""The fixtures themselves: what every other test stands on."""

from collections.abc import Callable

import psycopg
import pytest
from pytest_kind import KindCluster

from tests.support.plane import Plane
from todo_cli.local.backing import kafka
from todo_cli.local.backing.postgres import Postgres
from todo_cli.local.controlplane.kubectl import Kubectl, KubectlFailed
from todo_cli.local.processes import probe


def test_pytest_kinds_own_fixture_talks_to_the_cluster(plane: Plane, kind_cluster: KindCluster) -> None:
    assert "kube-system" in kind_cluster.kubectl("get", "namespaces", "-o", "name")


def test_each_test_gets_a_namespace_with_a_service_account(namespace: str, kubectl: Kubectl) -> None:
    found = kubectl("wait", "--for=create", "serviceaccount/default", "-n", namespace, "--timeout=20s")
    assert "default" in found


def test_kubectl_raises_with_what_the_server_said(kubectl: Kubectl) -> None:
    with pytest.raises(KubectlFailed, match='namespaces "not-there" not found'):
        kubectl("get", "namespace", "not-there")


def test_a_killed_api_server_comes_back_with_its_data(plane: Plane, namespace: str) -> None:
    plane.kubectl("create", "configmap", "kept", "-n", namespace, "--from-literal=a=b")
    plane.kill_apiserver()
    with pytest.raises(KubectlFailed):
        plane.kubectl("get", "configmap", "kept", "-n", namespace)
    plane.start_apiserver()
    assert "kept" in plane.kubectl("get", "configmap", "kept", "-n", namespace, "-o", "name")


def test_a_killed_etcd_comes_back_with_its_data(plane: Plane, namespace: str) -> None:
    plane.kubectl("create", "configmap", "kept", "-n", namespace, "--from-literal=a=b")
    plane.kill_etcd()
    plane.start_etcd()
    plane.restart_apiserver()
    assert "kept" in plane.kubectl("get", "configmap", "kept", "-n", namespace, "-o", "name")


def test_a_compacted_etcd_names_the_revision_it_starts_at(plane: Plane) -> None:
    assert plane.compact_etcd() > 0


def test_etcd_answers_nobody_who_shows_no_certificate(plane: Plane) -> None:
    stranger = probe.Http(f"{plane.etcd_client_url}/health", plane.local.etcd.probe.authority)
    assert "no answer" in str(stranger.missing())
    assert plane.local.etcd.not_ready() is None


def test_a_module_has_an_empty_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_a_killed_postgres_comes_back_with_its_data(fresh_postgres: Callable[[], Postgres]) -> None:
    server = fresh_postgres()
    with psycopg.connect(server.address) as connection:
        connection.execute("CREATE TABLE kept (a int)")
    server.kill()
    server.start()
    server.wait_ready()
    with psycopg.connect(server.address) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_killed_kafka_comes_back(fresh_kafka: Callable[[], kafka.Kafka]) -> None:
    server = fresh_kafka()
    server.kill()
    assert server.not_ready() is not None
    server.start()
    server.wait_ready()


def test_the_shared_kafka_answers(kafka_bootstrap: str) -> None:
    assert probe.Kafka({"bootstrap.servers": kafka_bootstrap}).missing() is None
